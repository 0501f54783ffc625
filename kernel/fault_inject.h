/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault_inject.h - making the n-th allocation, or the n-th change of a patch site, fail.  See fault_inject.c.
 *
 *	fault_arm(FAULT_ALLOC, 3, -ENOMEM);
 *	ret = register_ftrace_function(&ops);
 *	not_reached = fault_disarm(FAULT_ALLOC);
 */
#ifndef KERNEL_FAULT_INJECT_H
#define KERNEL_FAULT_INJECT_H

#include "lib/atomic.h"

enum fault_kind {
	FAULT_ALLOC,	/* kmalloc() and its like, kmem_cache_alloc(), __get_free_pages() */
	FAULT_PATCH,	/* a patch site, or the slot in the trampolines, is switched */
	NR_FAULT_KINDS,
};

struct task_struct;

struct fault {
	atomic_long_t left;			/* the call that makes this 0 fails; <= 0: none will */
	int error;				/* with this: -errno */
	const struct task_struct *task;		/* if the task that calls is this, or a child of it */
};

extern struct fault faults[NR_FAULT_KINDS];

int __should_fail(struct fault *fault);

/* 0; or -errno: the caller is to fail with it and to change nothing.  Any context.  One load while nothing is armed. */
static __always_inline int should_fail(enum fault_kind kind)
{
	return unlikely(atomic_long_read(&faults[kind].left) > 0) ? __should_fail(&faults[kind]) : 0;
}

/*
 * The nth such call (n > 0) from now on, by the current task or a child of it, fails with error (-errno).
 * Replaces what was armed before.  Task context.
 */
void fault_arm(enum fault_kind kind, unsigned long n, int error);

/* No call will fail.  Returns how many calls were missing: 0 if the failure has happened, or nothing was armed. */
unsigned long fault_disarm(enum fault_kind kind);

#endif
