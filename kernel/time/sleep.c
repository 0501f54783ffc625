/* SPDX-License-Identifier: BSD-2-Clause */
/* sleep.c - sleeping for a time: a timer on the sleeper's stack that wakes it.  Task context. */
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "lib/math64.h"

struct process_timer {
	struct timer_list timer;
	struct task_struct *task;
};

static void process_timeout(struct timer_list *t)
{
	struct process_timer *timeout = from_timer(timeout, t, timer);

	wake_up_process(timeout->task);
}

long schedule_timeout(long timeout)
{
	struct process_timer timer = { .task = current };
	unsigned long expire = jiffies + timeout;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (timeout < 0) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	timer_setup(&timer.timer, process_timeout, 0);
	mod_timer(&timer.timer, expire);
	schedule();
	del_timer_sync(&timer.timer);

	timeout = expire - jiffies;
	return timeout < 0 ? 0 : timeout;
}

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

/*
 * Ticks for what is left until `end` (0: it is over).  One more than that takes, since the first is not a whole one; and
 * jiffies may be behind the clock, if the tick is late, so who wakes has to look at the clock again.
 */
static long jiffies_until(u64 end)
{
	u64 now = ktime_get_ns();

	return now >= end ? 0 : (long)div_u64(end - now + TICK_NSEC - 1, TICK_NSEC) + 1;
}

void msleep(unsigned int ms)
{
	const u64 end = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
	long timeout;

	while ((timeout = jiffies_until(end)))
		schedule_timeout_uninterruptible(timeout);
}

unsigned long msleep_interruptible(unsigned int ms)
{
	const u64 end = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
	long timeout;

	while ((timeout = jiffies_until(end)) && !signal_pending(current))
		schedule_timeout_interruptible(timeout);
	return jiffies_to_msecs(timeout);
}

unsigned long msecs_to_jiffies(unsigned int ms)
{
	if ((int)ms < 0)
		return MAX_JIFFY_OFFSET;
	return DIV_ROUND_UP(ms, MSEC_PER_SEC / HZ);
}

unsigned int jiffies_to_msecs(unsigned long j)
{
	return j * (MSEC_PER_SEC / HZ);
}
