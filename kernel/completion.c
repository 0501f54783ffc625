/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * completion.c - counted events that tasks wait for.
 *
 * x->wait.lock guards `done` as well as the queue, and complete() does everything
 * under it: a waiter that has seen `done` under the lock knows that the waker is
 * finished with *x, so *x may be on the waiter's stack.
 */
#include "kernel/completion.h"

#define DONE_FOR_EVER (~0u)

void init_completion(struct completion *x)
{
	x->done = 0;
	init_waitqueue_head(&x->wait);
}

void reinit_completion(struct completion *x)
{
	x->done = 0;
}

void complete(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != DONE_FOR_EVER)
		x->done++;
	__wake_up_locked(&x->wait, TASK_NORMAL, 1);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = DONE_FOR_EVER;
	__wake_up_locked(&x->wait, TASK_NORMAL, 0);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&x->wait.lock, flags);
	got = x->done;
	if (got && x->done != DONE_FOR_EVER)
		x->done--;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return got;
}

bool completion_done(struct completion *x)
{
	return READ_ONCE(x->done);
}

/*
 * Exclusive: one event wakes one waiter.  A waiter that gives up looks once more after it has left
 * the queue, so that an event whose wake-up went to it is not left lying.
 */
static long do_wait_for_common(struct completion *x, long timeout, unsigned int state)
{
	bool got = try_wait_for_completion(x);
	DEFINE_WAIT(wait);

	while (!got && timeout) {
		prepare_to_wait_exclusive(&x->wait, &wait, state);
		got = try_wait_for_completion(x);
		if (got || signal_pending_state(state, current))
			break;
		timeout = schedule_timeout(timeout);
	}
	finish_wait(&x->wait, &wait);
	if (got || try_wait_for_completion(x))
		return timeout ? timeout : 1;
	return timeout ? -EINTR : 0;
}

void wait_for_completion(struct completion *x)
{
	do_wait_for_common(x, MAX_SCHEDULE_TIMEOUT, TASK_UNINTERRUPTIBLE);
}

int wait_for_completion_interruptible(struct completion *x)
{
	long ret = do_wait_for_common(x, MAX_SCHEDULE_TIMEOUT, TASK_INTERRUPTIBLE);

	return ret < 0 ? (int)ret : 0;
}

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	return do_wait_for_common(x, timeout, TASK_UNINTERRUPTIBLE);
}
