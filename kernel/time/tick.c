/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tick.c - the periodic timer interrupt.
 *
 * Ticks lie on a fixed grid: each is armed for a multiple of TICK_NSEC after the first,
 * not for "a tick from now", so that jiffies do not drift when interrupts were off for long.  A
 * CPU that missed some counts them all at the next.
 *
 * jiffies is written by CPU 0's tick alone.  tick_next belongs to its CPU's interrupt handler.
 */
#include "arch/arch.h"
#include "kernel/percpu.h"
#include "kernel/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"

volatile unsigned long jiffies = INITIAL_JIFFIES;

static DEFINE_PER_CPU(u64, tick_next); /* ns */

static void do_timer(unsigned long ticks)
{
	jiffies += ticks;
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
	unsigned long ticks = 0;

	for (; *next <= now; *next += TICK_NSEC)
		ticks++;
	if (ticks) {
		if (smp_processor_id() == 0)
			do_timer(ticks);
		update_process_times();
	}
	arch_timer_set_next(*next);
}

void __init time_init(void)
{
	*this_cpu_ptr(&tick_next) = sched_clock() + TICK_NSEC;
	arch_timer_init();
	arch_timer_set_next(*this_cpu_ptr(&tick_next));
}
