/* SPDX-License-Identifier: BSD-2-Clause */
/* test_timer.c - jiffies, timers, sleeping for a time. */
#include "kernel/completion.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "tests/ktest/ktest.h"
#include <asm/processor.h>

struct counted_timer {
	struct timer_list timer;
	int calls, rearm;
	unsigned long called; /* the jiffy of the last call */
	bool in_softirq, early;
};

static void count_call(struct timer_list *timer)
{
	struct counted_timer *t = from_timer(t, timer, timer);

	t->calls++;
	t->called = jiffies;
	t->in_softirq = in_serving_softirq() && !irqs_disabled();
	t->early |= time_before(jiffies, timer->expires);
	if (t->rearm-- > 0)
		mod_timer(timer, jiffies + 1);
}

static struct counted_timer new_timer(void)
{
	return (struct counted_timer){ .calls = 0 };
}

KTEST(timer_fires_once_in_softirq_not_early)
{
	struct counted_timer t = new_timer();

	timer_setup(&t.timer, count_call, 0);
	KTEST_EXPECT(!timer_pending(&t.timer));
	t.timer.expires = jiffies + 2;
	add_timer(&t.timer);
	KTEST_EXPECT(timer_pending(&t.timer));
	msleep(50);
	del_timer_sync(&t.timer);
	KTEST_EXPECT_EQ(t.calls, 1);
	KTEST_EXPECT(t.in_softirq);
	KTEST_EXPECT(!t.early);
	KTEST_EXPECT(!timer_pending(&t.timer));
}

KTEST(timer_deleted_does_not_fire)
{
	struct counted_timer t = new_timer();

	timer_setup(&t.timer, count_call, 0);
	mod_timer(&t.timer, jiffies + 2);
	KTEST_EXPECT(del_timer(&t.timer));
	KTEST_EXPECT(!del_timer(&t.timer));
	msleep(40);
	KTEST_EXPECT_EQ(t.calls, 0);
}

KTEST(timer_mod_moves_a_pending_timer)
{
	struct counted_timer t = new_timer();
	unsigned long due;
	bool was_pending;

	timer_setup(&t.timer, count_call, 0);
	local_irq_disable(); /* no tick between the two */
	mod_timer(&t.timer, jiffies + 1);
	due = jiffies + 8;
	was_pending = mod_timer(&t.timer, due);
	local_irq_enable();
	msleep(110);
	del_timer_sync(&t.timer);
	KTEST_EXPECT(was_pending);
	KTEST_EXPECT_EQ(t.calls, 1);
	KTEST_EXPECT(time_after_eq(t.called, due));
}

KTEST(timer_may_rearm_itself)
{
	struct counted_timer t = new_timer();
	int i;

	t.rearm = 2;
	timer_setup(&t.timer, count_call, 0);
	mod_timer(&t.timer, jiffies + 1);
	for (i = 0; i < 8; i++) /* at least a tick each, however late it is */
		msleep(10);
	del_timer_sync(&t.timer);
	KTEST_EXPECT_EQ(t.calls, 3);
}

KTEST(timer_in_the_past_fires_at_the_next_tick)
{
	struct counted_timer t = new_timer();

	timer_setup(&t.timer, count_call, 0);
	mod_timer(&t.timer, jiffies - 5);
	msleep(20);
	del_timer_sync(&t.timer);
	KTEST_EXPECT_EQ(t.calls, 1);
}

KTEST(timer_time_after_survives_the_wrap)
{
	KTEST_EXPECT(time_after(2UL, ~0UL));
	KTEST_EXPECT(time_before(~0UL, 2UL));
	KTEST_EXPECT(!time_after(1UL, 1UL));
	KTEST_EXPECT(time_after_eq(1UL, 1UL));
}

KTEST(timer_msecs_to_jiffies_rounds_up)
{
	KTEST_EXPECT_EQ(msecs_to_jiffies(0), 0);
	KTEST_EXPECT_EQ(msecs_to_jiffies(1), 1);
	KTEST_EXPECT_EQ(msecs_to_jiffies(10), 1);
	KTEST_EXPECT_EQ(msecs_to_jiffies(11), 2);
	KTEST_EXPECT_EQ(msecs_to_jiffies(-1), MAX_JIFFY_OFFSET);
	KTEST_EXPECT_EQ(jiffies_to_msecs(5), 50);
}

/* Several ticks go by meanwhile, each of which moves the point that the clock counts from. */
KTEST(timer_clock_of_the_hot_path_is_the_same_clock)
{
	const unsigned long end = jiffies + 3;

	while (time_before(jiffies, end) && !ktest_failed()) {
		unsigned long flags = arch_local_irq_save();
		u64 before = arch_clock_ns(), between = __arch_clock_ns(), after = arch_clock_ns();

		arch_local_irq_restore(flags);
		KTEST_EXPECT(before <= between);
		KTEST_EXPECT(between <= after);
	}
}

KTEST(timer_msleep_is_never_too_short)
{
	u64 start;
	unsigned int ms;

	for (ms = 1; ms <= 31; ms += 10) {
		start = ktime_get_ns();
		msleep(ms);
		KTEST_EXPECT(ktime_get_ns() - start >= (u64)ms * NSEC_PER_MSEC);
	}
}

/* When interrupts were off for long, or the host stopped the machine, the clock is ahead of jiffies until the tick comes. */
KTEST(timer_msleep_is_not_too_short_when_ticks_are_late)
{
	u64 start = ktime_get_ns();

	local_irq_disable();
	while (ktime_get_ns() - start < 5 * TICK_NSEC)
		cpu_relax();
	start = ktime_get_ns();
	msleep(20);
	local_irq_enable();
	KTEST_EXPECT(ktime_get_ns() - start >= 20 * NSEC_PER_MSEC);
}

KTEST(timer_msleep_interruptible_tells_what_is_left)
{
	unsigned long left;

	KTEST_EXPECT_EQ(msleep_interruptible(10), 0);
	send_sig(SIGINT, current);
	left = msleep_interruptible(3600000);
	flush_signals(current);
	KTEST_EXPECT(left >= 1800000); /* nearly all of it */
}

KTEST(timer_schedule_timeout_returns_zero_when_it_runs_out)
{
	KTEST_EXPECT_EQ(schedule_timeout_uninterruptible(2), 0);
	KTEST_EXPECT_EQ(schedule_timeout_interruptible(1), 0);
	KTEST_EXPECT(task_is_running(current));
}

KTEST(timer_tick_counts_what_was_missed_with_interrupts_off)
{
	unsigned long before = jiffies;
	u64 start = ktime_get_ns();

	local_irq_disable();
	while (ktime_get_ns() - start < 50 * NSEC_PER_MSEC)
		cpu_relax();
	local_irq_enable();
	msleep(1);
	KTEST_EXPECT(jiffies - before >= 5);
}

KTEST(timer_sched_clock_never_goes_back)
{
	u64 last = sched_clock(), now;
	int i;

	for (i = 0; i < 1000; i++, last = now) {
		now = sched_clock();
		KTEST_EXPECT(now >= last);
	}
}
