/* SPDX-License-Identifier: BSD-2-Clause */
/* completion.h - "it is done": counts events and lets tasks wait for them; may live on the waiter's stack. */
#ifndef KERNEL_COMPLETION_H
#define KERNEL_COMPLETION_H

#include "kernel/wait.h"

struct completion {
	unsigned int done; /* events not consumed yet; under wait.lock */
	wait_queue_head_t wait;
};

#define COMPLETION_INITIALIZER(name) { 0, __WAIT_QUEUE_HEAD_INITIALIZER((name).wait) }
#define DECLARE_COMPLETION(name) struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) DECLARE_COMPLETION(name)

void init_completion(struct completion *x);
void reinit_completion(struct completion *x);
/* Lets one waiter go / all, now and in future.  Any context. */
void complete(struct completion *x);
void complete_all(struct completion *x);

/* Task context.  Each consumes one event. */
void wait_for_completion(struct completion *x);
int __must_check wait_for_completion_interruptible(struct completion *x); /* 0 or -EINTR */
/* Jiffies left (at least 1), or 0 when `timeout` jiffies ran out. */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);

#endif
