/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - a workload for timers, sleeping and the workqueue.
 *
 * N timers are armed in no particular order for the next ticks; each must be called once, not
 * before its time, and in order of time.  Meanwhile a work and a delayed work
 * run on the system's workqueue, and msleep() must not be too short.
 */
#include "kernel/completion.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "kernel/workload/workload.h"
#include "kernel/workqueue.h"

#define SPREAD 5 /* the timers expire within that many ticks */

struct alarm {
	struct timer_list timer;
	struct alarm_set *set;
	unsigned int calls;
};

struct alarm_set {
	atomic_t left;
	unsigned long last;  /* expires of the timer called last */
	bool early, unsorted;
	struct completion done;
};

static void alarm_fn(struct timer_list *timer)
{
	struct alarm *alarm = from_timer(alarm, timer, timer);
	struct alarm_set *set = alarm->set;

	alarm->calls++;
	set->early |= time_before(jiffies, timer->expires);
	set->unsorted |= time_before(timer->expires, set->last);
	set->last = timer->expires;
	if (atomic_dec_and_test(&set->left))
		complete(&set->done);
}

static int run_alarms(struct alarm *alarms, unsigned long n)
{
	struct alarm_set set = { .left = ATOMIC_INIT((int)n), .last = jiffies };
	unsigned long i;
	int ret;

	init_completion(&set.done);
	for (i = 0; i < n; i++) {
		alarms[i].set = &set;
		timer_setup(&alarms[i].timer, alarm_fn, 0);
		mod_timer(&alarms[i].timer, jiffies + 1 + i * 3 % SPREAD);
	}
	ret = n ? wait_for_completion_interruptible(&set.done) : 0;
	for (i = 0; i < n; i++)
		del_timer_sync(&alarms[i].timer);
	if (ret)
		return ret;
	for (i = 0; i < n; i++)
		if (alarms[i].calls != 1)
			return -EIO;
	return set.early || set.unsorted ? -EIO : 0;
}

struct job {
	struct work_struct work;
	struct delayed_work later;
	struct completion later_done;
	unsigned int runs;
};

static void job_work_fn(struct work_struct *work)
{
	container_of(work, struct job, work)->runs++;
}

static void job_later_fn(struct work_struct *work)
{
	struct job *job = container_of(to_delayed_work(work), struct job, later);

	job->runs++;
	complete(&job->later_done);
}

static int run_works(void)
{
	struct job job = { .runs = 0 };
	u64 start = ktime_get_ns();
	bool early;

	INIT_WORK(&job.work, job_work_fn);
	INIT_DELAYED_WORK(&job.later, job_later_fn);
	init_completion(&job.later_done);
	schedule_work(&job.work);
	schedule_delayed_work(&job.later, 1);
	flush_work(&job.work);
	msleep(20);
	early = ktime_get_ns() - start < 20 * NSEC_PER_MSEC;
	wait_for_completion(&job.later_done);
	return cancel_delayed_work_sync(&job.later) || job.runs != 2 || early ? -EIO : 0;
}

static int timer_main(unsigned long n)
{
	struct alarm *alarms = kcalloc(n, sizeof(*alarms), GFP_KERNEL);
	int ret;

	if (!alarms)
		return -ENOMEM;
	ret = run_alarms(alarms, n);
	kfree(alarms);
	if (!ret)
		ret = run_works();
	if (!ret)
		sh_printf("workload timer: %lu timers in time and in order, 2 works, ok\n", n);
	return ret;
}
WORKLOAD(timer, timer_main, 20, "N timers that must be called in time and in order; works; msleep");
