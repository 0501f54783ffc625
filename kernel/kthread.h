/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kthread.h - kernel threads: children of kthreadd, with a name and a polite way to stop them.
 *
 * A thread runs threadfn(data) until that returns; a thread that is to be stopped checks
 * kthread_should_stop() whenever it wakes up.
 */
#ifndef KERNEL_KTHREAD_H
#define KERNEL_KTHREAD_H

#include "kernel/sched/sched.h"
#include "lib/err.h"

/* Asleep until the first wake_up_process().  Task context.  ERR_PTR(-ENOMEM), ERR_PTR(-EAGAIN). */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt, ...)
	__printf(3, 4);

#define kthread_run(threadfn, data, namefmt, ...)                                        \
	({                                                                               \
		struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
		if (!IS_ERR(__k))                                                        \
			wake_up_process(__k);                                            \
		__k;                                                                     \
	})

/* A thread that was just created, and not woken yet, will run on `cpu`, which is online, and nowhere else. */
static inline void kthread_bind(struct task_struct *k, int cpu)
{
	set_cpus_allowed(k, BIT(cpu));
}

/*
 * Asks the thread to stop, wakes it, waits until it has returned.  The caller must know that it still
 * exists: because it waits for kthread_should_stop(), or by a reference.  Returns what threadfn
 * returned, or -EINTR if it never ran.
 */
int kthread_stop(struct task_struct *k);
bool kthread_should_stop(void);

/* What the task with pid 2 runs: it makes the threads.  Cloned by rest_init() with CLONE_KTHREAD. */
int kthreadd(void *unused);

/* put_task_struct() frees a thread's part with it. */
void free_kthread_struct(struct task_struct *k);

#endif
