/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * softirq.c - interrupt entry and exit, and the work put off to the exit.
 *
 * Each CPU has a word of pending bits; only that CPU touches it, with interrupts off.
 * __do_softirq() runs on the stack of whatever was interrupted, with SOFTIRQ_OFFSET in
 * preempt_count, which keeps it from nesting and from being preempted.
 */
#include "kernel/softirq.h"
#include "kernel/panic.h"
#include "kernel/percpu.h"
#include "kernel/preempt.h"

/*
 * Softirqs may raise softirqs.  After this many rounds the rest waits for the next
 * interrupt, so that a flood of them cannot keep a CPU from its task.
 */
#define MAX_SOFTIRQ_RESTART 10

static void (*softirq_vec[NR_SOFTIRQS])(void);
static DEFINE_PER_CPU(u32, softirq_pending);

void open_softirq(int nr, void (*action)(void))
{
	softirq_vec[nr] = action;
}

u32 local_softirq_pending(void)
{
	return this_cpu_read(softirq_pending);
}

void raise_softirq_irqoff(unsigned int nr)
{
	this_cpu_write(softirq_pending, local_softirq_pending() | 1u << nr);
}

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}

static void handle_softirqs(u32 pending)
{
	for (unsigned int nr = 0; nr < NR_SOFTIRQS; nr++) {
		int count = preempt_count();

		if (!(pending & 1u << nr))
			continue;
		softirq_vec[nr]();
		if (WARN_ONCE(preempt_count() != count, "softirq %ps left preempt_count %x, had %x\n",
			      (void *)softirq_vec[nr], preempt_count(), count))
			preempt_count_add(count - preempt_count());
	}
}

/* Interrupts off on entry and on return, on in between. */
static void __do_softirq(void)
{
	u32 pending = local_softirq_pending();

	preempt_count_add(SOFTIRQ_OFFSET);
	for (int round = 0; pending && round < MAX_SOFTIRQ_RESTART; round++) {
		this_cpu_write(softirq_pending, 0);
		local_irq_enable();
		handle_softirqs(pending);
		local_irq_disable();
		pending = local_softirq_pending();
	}
	preempt_count_sub(SOFTIRQ_OFFSET);
}

void do_softirq(void)
{
	unsigned long flags;

	if (in_interrupt())
		return;
	local_irq_save(flags);
	if (local_softirq_pending())
		__do_softirq();
	local_irq_restore(flags);
}

void irq_enter(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
}

void irq_exit(void)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	if (!in_interrupt() && local_softirq_pending())
		__do_softirq();
}
