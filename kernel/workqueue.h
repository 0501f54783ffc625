/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * workqueue.h - functions to be run soon, in task context.
 *
 * A workqueue is one thread and one list: its works run one at a time, in the order
 * they were queued.  A work that is already queued is not queued twice; a work may
 * queue itself again, and must not wait for another one of the same queue.
 */
#ifndef KERNEL_WORKQUEUE_H
#define KERNEL_WORKQUEUE_H

#include "kernel/time/timer.h"
#include "lib/list.h"

struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	unsigned long pending; /* 1 from being queued until just before func is called; atomic */
	struct list_head entry;
	work_func_t func;
	struct workqueue_struct *wq; /* where it was queued last */
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
};

/* Of the kernel itself: for short works that do not sleep for long.  The thread's name is kworker/0:0. */
extern struct workqueue_struct *system_wq;

#define __WORK_INITIALIZER(n, f) { .entry = LIST_HEAD_INIT((n).entry), .func = (f) }
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
#define INIT_WORK(work, f) init_work(work, f)
#define INIT_DELAYED_WORK(dwork, f) init_delayed_work(dwork, f)

void init_work(struct work_struct *work, work_func_t func);
void init_delayed_work(struct delayed_work *dwork, work_func_t func);
static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

/* A queue with a thread of the given name.  Task context.  NULL when memory is short. */
struct workqueue_struct *alloc_workqueue(const char *name);
/* Runs what is still queued, then ends the thread. */
void destroy_workqueue(struct workqueue_struct *wq);

/* Any context.  False when it was queued already. */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
/* Queues it `delay` jiffies from now.  Any context.  False when it was pending already. */
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);
static inline bool schedule_work(struct work_struct *work) { return queue_work(system_wq, work); }
static inline bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work(system_wq, dwork, delay);
}

/* Task context, not from a work of the same queue. */
/* Waits until the last queueing of `work` has run.  False when there was nothing to wait for. */
bool flush_work(struct work_struct *work);
void flush_workqueue(struct workqueue_struct *wq);
/* Takes it back, or waits until it has run.  True when it was pending. */
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *dwork);

#endif
