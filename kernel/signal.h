/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.h - a pending bit a signal, that ends interruptible sleeps.
 *
 * Everything runs in the kernel, so there are no handlers and nothing is killed from outside:
 * a task that sees signal_pending() winds up and returns -EINTR, up to where it may exit.
 * Kernel threads have nowhere to wind up to: what is sent to a PF_KTHREAD is dropped.
 */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#include "kernel/sched/sched.h"

#define SIGINT 2
#define SIGKILL 9
#define SIGPIPE 13

/* Any context.  0, or -EINVAL when there is no such signal. */
int send_sig(int sig, struct task_struct *p);
/* To every task of a process group.  Any context.  0, -EINVAL, or -ESRCH when the group is empty. */
int send_sig_pgrp(int sig, pid_t pgrp);
/* Forgets what is pending. */
void flush_signals(struct task_struct *p);

static inline bool signal_pending(const struct task_struct *p)
{
	return unlikely(READ_ONCE(p->sigpending) != 0);
}
static inline bool signal_pending_sig(const struct task_struct *p, int sig)
{
	return READ_ONCE(p->sigpending) & (1U << sig);
}
/* Must a sleep in `state` end now? */
static inline bool signal_pending_state(unsigned int state, const struct task_struct *p)
{
	return (state & TASK_INTERRUPTIBLE) && signal_pending(p);
}

#endif
