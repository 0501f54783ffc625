/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tick.c - the periodic timer interrupt.
 *
 * Ticks lie on a fixed grid: each is armed for a multiple of TICK_NSEC after the first,
 * not for "a tick from now", so that jiffies do not drift when interrupts were off for long.  A
 * CPU that missed some counts them all at the next.
 *
 * jiffies is advanced by whichever CPU's tick comes first: while one CPU is kept from its interrupts, the others must not see
 * time stand still, and then jump.  Nobody waits for anybody in that: with a lock, CPUs that an emulator's host stops now
 * and then queue up for it at every tick, until they do nothing else.  tick_next belongs to its CPU's interrupt handler.
 */
#include "arch/arch.h"
#include "kernel/percpu.h"
#include "kernel/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "lib/math64.h"

volatile unsigned long jiffies = INITIAL_JIFFIES;

static u64 first_jiffy; /* ns: when jiffies was INITIAL_JIFFIES */

static DEFINE_PER_CPU(u64, tick_next); /* ns */

/* Up to what they are at `now`, unless another CPU that looked later has been here. */
static void tick_do_update_jiffies(u64 now)
{
	unsigned long new = INITIAL_JIFFIES + (unsigned long)div_u64(now - first_jiffy, TICK_NSEC), old = jiffies, seen;

	for (; time_after(new, old); old = seen) {
		seen = cmpxchg((unsigned long *)&jiffies, old, new);
		if (seen == old)
			break;
	}
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
		first_jiffy = next - TICK_NSEC;
	arch_timer_init();
	arch_timer_set_next(next);
}
