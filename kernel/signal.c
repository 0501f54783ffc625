/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.c - sending signals: a bit, and a wake-up.
 *
 * task->sigpending is only changed by atomic operations.  A task that goes to sleep
 * interruptibly looks at it after setting its state (in __schedule() at the latest), and
 * the sender wakes it after setting the bit: none is slept through.
 */
#include "kernel/signal.h"
#include "lib/errno.h"

#define NSIG 32

static bool valid_signal(int sig)
{
	return sig > 0 && sig < NSIG;
}

static noinline void signal_wake_up(struct task_struct *p)
{
	try_to_wake_up(p, TASK_INTERRUPTIBLE);
}

int send_sig(int sig, struct task_struct *p)
{
	if (!valid_signal(sig))
		return -EINVAL;
	if (p->flags & PF_KTHREAD)
		return 0;
	__atomic_fetch_or(&p->sigpending, 1U << sig, __ATOMIC_SEQ_CST);
	signal_wake_up(p);
	return 0;
}

int send_sig_pgrp(int sig, pid_t pgrp)
{
	struct task_struct *p;
	unsigned long flags;
	int ret = -ESRCH;

	if (!valid_signal(sig))
		return -EINVAL;
	spin_lock_irqsave(&tasklist_lock, flags);
	for_each_process(p)
		if (p->pgrp == pgrp)
			ret = send_sig(sig, p);
	spin_unlock_irqrestore(&tasklist_lock, flags);
	return ret;
}

void flush_signals(struct task_struct *p)
{
	__atomic_store_n(&p->sigpending, 0, __ATOMIC_SEQ_CST);
}
