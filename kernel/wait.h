/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.h - wait queues: tasks that sleep until a condition may have become true.
 *
 * wake_up*() work from any context.  A waker changes the condition first, then wakes;
 * a waiter queues itself and sets its state first, then checks: no wake-up can be lost.
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"
#include "lib/list.h"

typedef struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
} wait_queue_head_t;

#define WQ_FLAG_EXCLUSIVE 1 /* one wake_up() wakes only one of these */

struct wait_queue_entry {
	unsigned int flags;
	struct task_struct *task;
	/* Wakes the waiter if its state is in `mode`; under the queue's lock.  Returns whether it did. */
	bool (*func)(struct wait_queue_entry *entry, unsigned int mode);
	struct list_head entry;
};

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ __SPIN_LOCK_UNLOCKED((name).lock), LIST_HEAD_INIT((name).head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) wait_queue_head_t name = __WAIT_QUEUE_HEAD_INITIALIZER(name)

bool default_wake_function(struct wait_queue_entry *entry, unsigned int mode);
/* The same, and takes the waiter off the queue if it was woken. */
bool autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode);

#define DEFINE_WAIT(name)                                                                  \
	struct wait_queue_entry name = { .task = current, .func = autoremove_wake_function, \
					 .entry = LIST_HEAD_INIT((name).entry) }
#define DECLARE_WAITQUEUE(name, tsk)                                                 \
	struct wait_queue_entry name = { .task = (tsk), .func = default_wake_function, \
					 .entry = LIST_HEAD_INIT((name).entry) }

void init_waitqueue_head(wait_queue_head_t *wq);
void add_wait_queue(wait_queue_head_t *wq, struct wait_queue_entry *entry);
void remove_wait_queue(wait_queue_head_t *wq, struct wait_queue_entry *entry);

/* Queues the entry (if it is not yet) and sets current's state. */
void prepare_to_wait(wait_queue_head_t *wq, struct wait_queue_entry *entry, unsigned int state);
void prepare_to_wait_exclusive(wait_queue_head_t *wq, struct wait_queue_entry *entry, unsigned int state);
/* Running again, and off the queue. */
void finish_wait(wait_queue_head_t *wq, struct wait_queue_entry *entry);

/* Wakes all non-exclusive waiters in `mode` and up to `nr` exclusive ones (0: all). */
void __wake_up(wait_queue_head_t *wq, unsigned int mode, int nr);
/* The same for a caller that holds wq->lock. */
void __wake_up_locked(wait_queue_head_t *wq, unsigned int mode, int nr);

#define wake_up(wq) __wake_up(wq, TASK_NORMAL, 1)
#define wake_up_nr(wq, nr) __wake_up(wq, TASK_NORMAL, nr)
#define wake_up_all(wq) __wake_up(wq, TASK_NORMAL, 0)
#define wake_up_interruptible(wq) __wake_up(wq, TASK_INTERRUPTIBLE, 1)
#define wake_up_interruptible_all(wq) __wake_up(wq, TASK_INTERRUPTIBLE, 0)

static inline bool waitqueue_active(wait_queue_head_t *wq) { return !list_empty(&wq->head); }

/* Sleeps in `state` by `sleep` until `condition`; 0, or -EINTR when a signal ends it first. */
#define ___wait_event(wq, condition, state, exclusive, sleep)                            \
	({                                                                               \
		DEFINE_WAIT(__wait);                                                     \
		long __err = 0;                                                          \
		for (;;) {                                                               \
			if (exclusive)                                                   \
				prepare_to_wait_exclusive(&(wq), &__wait, state);        \
			else                                                             \
				prepare_to_wait(&(wq), &__wait, state);                  \
			if (condition)                                                   \
				break;                                                   \
			if (signal_pending_state(state, current)) {                      \
				__err = -EINTR;                                          \
				break;                                                   \
			}                                                                \
			sleep;                                                           \
		}                                                                        \
		finish_wait(&(wq), &__wait);                                             \
		__err;                                                                   \
	})

/* The same with a limit in jiffies: what was left of it (at least 1), 0 when it ran out, or -EINTR. */
#define ___wait_event_timeout(wq, condition, state, timeout)                             \
	({                                                                               \
		long __left = (timeout);                                                 \
		bool __met = false;                                                      \
		long __ret = ___wait_event(wq, (__met = (condition)) || !__left, state, false, \
					   __left = schedule_timeout(__left));           \
		__ret ? __ret : !__met ? 0 : __left ? __left : 1;                        \
	})

#define wait_event(wq, condition)                                                        \
	do {                                                                             \
		if (!(condition))                                                        \
			(void)___wait_event(wq, condition, TASK_UNINTERRUPTIBLE, false, schedule()); \
	} while (0)
#define wait_event_interruptible(wq, condition)                                          \
	((condition) ? 0 : (int)___wait_event(wq, condition, TASK_INTERRUPTIBLE, false, schedule()))
#define wait_event_interruptible_exclusive(wq, condition)                                \
	((condition) ? 0 : (int)___wait_event(wq, condition, TASK_INTERRUPTIBLE, true, schedule()))
#define wait_event_timeout(wq, condition, timeout) \
	___wait_event_timeout(wq, condition, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_interruptible_timeout(wq, condition, timeout) \
	___wait_event_timeout(wq, condition, TASK_INTERRUPTIBLE, timeout)

#endif
