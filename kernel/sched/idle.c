/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idle.c - what a CPU does when no task can run.
 *
 * The idle task is never on a run queue and never sleeps.  It keeps preemption off, so
 * that interrupts return to its loop, which looks at need_resched itself.  Interrupts are off
 * between that look and the wait: one that comes in between ends the wait at once.
 */
#include "kernel/rcu.h"
#include "kernel/sched/rq.h"
#include <asm/processor.h>

static noinline void default_idle_call(void)
{
	arch_cpu_idle();
}

static void do_idle(void)
{
	for (;;) {
		local_irq_disable();
		if (need_resched())
			break;
		rcu_idle_enter();
		default_idle_call();
	}
	schedule_idle();
}

void cpu_startup_entry(void)
{
	for (;;)
		do_idle();
}
