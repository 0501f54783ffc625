/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tick.c - the periodic timer interrupt.
 *
 * Ticks lie on a fixed grid: each is armed for a multiple of TICK_NSEC after the first,
 * not for "a tick from now", so that jiffies do not drift when interrupts were off for long.  A
 * CPU that missed some counts them all at the next.
 *
 * jiffies is advanced by whichever CPU's tick comes first, under jiffies_lock: while one CPU is kept from its interrupts,
 * the others must not see time stand still, and then jump.  tick_next belongs to its CPU's interrupt handler.
 */
#include "arch/arch.h"
#include "kernel/percpu.h"
#include "kernel/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"

volatile unsigned long jiffies = INITIAL_JIFFIES;

static DEFINE_SPINLOCK(jiffies_lock);
static u64 next_jiffy; /* ns: when jiffies is next to be incremented.  jiffies_lock */

static DEFINE_PER_CPU(u64, tick_next); /* ns */

static void tick_do_update_jiffies(u64 now)
{
	spin_lock(&jiffies_lock);
	for (; next_jiffy <= now; next_jiffy += TICK_NSEC)
		jiffies++;
	spin_unlock(&jiffies_lock);
}

static noinline void update_process_times(void)
{
	run_local_timers();
	rcu_sched_clock_irq();
	sched_tick();
}

void tick_handler(void)
{
	u64 now = sched_clock(), *next = this_cpu_ptr(&tick_next);

	tick_do_update_jiffies(now);
	if (*next <= now) {
		for (; *next <= now; *next += TICK_NSEC)
			;
		update_process_times();
	}
	arch_timer_set_next(*next);
}

void time_init(void)
{
	u64 next = sched_clock() + TICK_NSEC;

	*this_cpu_ptr(&tick_next) = next;
	if (smp_processor_id() == 0)
		next_jiffy = next;
	arch_timer_init();
	arch_timer_set_next(next);
}
