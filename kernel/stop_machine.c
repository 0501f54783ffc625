/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stop_machine.c - one CPU works while all others stand still.
 *
 * The others are caught by a cross-call, count themselves in, and spin with interrupts
 * off until the gate opens.  stop_mutex: one caller at a time, or two would park each other.
 */
#include "kernel/stop_machine.h"
#include "kernel/mutex.h"
#include "kernel/smp.h"
#include "lib/atomic.h"
#include <asm/processor.h>

static DEFINE_MUTEX(stop_mutex);

struct multi_stop {
	atomic_t parked;
	int open;
};

static void multi_cpu_stop(void *data)
{
	struct multi_stop *stop = data;

	atomic_inc_return(&stop->parked);
	while (!smp_load_acquire(&stop->open))
		cpu_relax();
	atomic_dec_return(&stop->parked);
}

int stop_machine(int (*fn)(void *), void *data)
{
	struct multi_stop stop = { ATOMIC_INIT(0), 0 };
	unsigned long flags;
	int ret, others;

	mutex_lock(&stop_mutex);
	preempt_disable();
	others = num_online_cpus() - 1;
	smp_call_function(multi_cpu_stop, &stop, false);
	while (atomic_read(&stop.parked) != others)
		cpu_relax();
	smp_mb(); /* what they did before they were parked is done */

	local_irq_save(flags);
	ret = fn(data);
	local_irq_restore(flags);

	smp_store_release(&stop.open, 1);
	while (atomic_read(&stop.parked)) /* `stop` is on our stack */
		cpu_relax();
	preempt_enable();
	mutex_unlock(&stop_mutex);
	return ret;
}
