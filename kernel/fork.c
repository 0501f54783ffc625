/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fork.c - how tasks come into being, and how their memory goes.
 *
 * A task_struct has two references from the start: one of the task list, dropped by
 * release_task(), and one of the CPU, dropped by finish_task_switch() after the
 * task's last switch.  Its stack goes with the second one already.
 */
#include "arch/arch.h"
#include "kernel/fs/fs.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/mm/vmalloc.h"
#include "kernel/pid.h"
#include "kernel/sched/sched.h"
#include "lib/err.h"
#include "lib/stdio.h"
#include "lib/string.h"

/* As __schedule() leaves a task: once for its caller's preempt_disable(), once for the run queue's lock. */
#define FORK_PREEMPT_COUNT (2 * PREEMPT_OFFSET)

void (*trace_sched_process_fork_hook)(struct task_struct *parent, struct task_struct *child);

void set_task_comm(struct task_struct *p, const char *comm)
{
	strscpy(p->comm, comm, sizeof(p->comm));
}

/* A task that never ran. */
static void free_task(struct task_struct *p)
{
	exit_files(p);
	exit_fs(p);
	free_thread_stack(p->stack);
	kfree(p);
}

void put_task_struct(struct task_struct *p)
{
	if (!atomic_dec_and_test(&p->usage))
		return;
	if (p->kthread)
		free_kthread_struct(p);
	kfree(p);
}

/* The first thing a new task does: on its own stack, interrupts off, the run queue locked. */
static void ret_from_fork(void)
{
	schedule_tail();
	do_exit(current->start_fn(current->start_arg));
}

static struct task_struct *dup_task_struct(struct task_struct *orig)
{
	struct task_struct *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	p->stack = alloc_thread_stack();
	if (!p->stack) {
		kfree(p);
		return NULL;
	}
	p->preempt_count = FORK_PREEMPT_COUNT;
	p->__state = TASK_NEW;
	p->pgrp = orig->pgrp;
	p->parent = orig;
	p->cpus_mask = orig->cpus_mask;
	INIT_LIST_HEAD(&p->children);
	atomic_set(&p->usage, 2);
	sched_fork(p);
	return p;
}

struct task_struct *fork_idle(int cpu, void (*entry)(void))
{
	struct task_struct *p = dup_task_struct(&init_task);

	if (!p)
		return ERR_PTR(-ENOMEM);
	snprintf(p->comm, sizeof(p->comm), "swapper/%d", cpu);
	p->preempt_count = PREEMPT_OFFSET;
	arch_thread_init(p, entry);
	init_idle(p, cpu);
	return p;
}

/* On the task list, as a child of the current task. */
static int link_task(struct task_struct *p)
{
	int ret;

	spin_lock_irq(&tasklist_lock);
	ret = attach_pid(p);
	if (!ret)
		list_add_tail(&p->sibling, &current->children);
	spin_unlock_irq(&tasklist_lock);
	return ret;
}

/* A task that is complete, on the task list, and has never run; ERR_PTR. */
static noinline struct task_struct *copy_process(int (*fn)(void *), void *arg, const char *comm,
						 unsigned int flags)
{
	struct task_struct *p = dup_task_struct(current);
	int ret;

	if (!p)
		return ERR_PTR(-ENOMEM);
	set_task_comm(p, comm ? comm : current->comm);
	if (flags & CLONE_KTHREAD)
		p->flags |= PF_KTHREAD;
	if (flags & (CLONE_KTHREAD | CLONE_AUTOREAP))
		p->flags |= PF_AUTOREAP;
	p->start_fn = fn;
	p->start_arg = arg;
	arch_thread_init(p, ret_from_fork);

	ret = copy_files(flags, p);
	if (!ret)
		ret = copy_fs(flags, p);
	if (!ret)
		ret = link_task(p);
	if (ret) {
		free_task(p);
		return ERR_PTR(ret);
	}
	return p;
}

pid_t kernel_clone(int (*fn)(void *), void *arg, const char *comm, unsigned int flags)
{
	void (*hook)(struct task_struct *, struct task_struct *) = READ_ONCE(trace_sched_process_fork_hook);
	struct task_struct *p = copy_process(fn, arg, comm, flags);
	pid_t pid;

	if (IS_ERR(p))
		return PTR_ERR(p);
	if (hook)
		hook(current, p);
	pid = p->pid; /* it may be gone by the time we return */
	wake_up_new_task(p);
	return pid;
}
