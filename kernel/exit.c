/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.c - how tasks end, and how their parents learn of it.
 *
 *   do_exit()       gives back what the task holds; a zombie from exit_notify() on
 *   do_task_dead()  its last switch (core.c)
 *   release_task()  off the task list: by the parent in kernel_wait4(), or by the
 *                   task itself if nobody will wait (PF_AUTOREAP)
 *
 * Children of a task that ends pass to init and become PF_AUTOREAP.  All of it
 * is under tasklist_lock.
 */
#include "kernel/fs/fs.h"
#include "kernel/panic.h"
#include "kernel/pid.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "lib/errno.h"

#define INIT_PID 1

void (*trace_sched_process_exit_hook)(struct task_struct *p);

/* tasklist_lock held.  The caller drops the list's reference afterwards. */
static noinline void release_task(struct task_struct *p)
{
	void (*hook)(struct task_struct *) = READ_ONCE(trace_sched_process_exit_hook);

	if (hook)
		hook(p);
	p->exit_state = EXIT_DEAD;
	list_del_init(&p->sibling);
	detach_pid(p);
}

static void __wake_up_parent(struct task_struct *parent)
{
	if (parent->wait_chldexit)
		wake_up_process(parent);
}

/* tasklist_lock held. */
static noinline void forget_original_parent(struct task_struct *father)
{
	struct task_struct *init = find_task_by_pid(INIT_PID), *p, *next;

	list_for_each_entry_safe(p, next, &father->children, sibling) {
		if (p->exit_state == EXIT_ZOMBIE) {
			release_task(p);
			put_task_struct(p);
			continue;
		}
		p->flags |= PF_AUTOREAP;
		p->parent = init;
		list_move_tail(&p->sibling, &init->children);
	}
}

static noinline void exit_notify(struct task_struct *tsk)
{
	bool autoreap;

	spin_lock_irq(&tasklist_lock);
	forget_original_parent(tsk);
	autoreap = tsk->flags & PF_AUTOREAP;
	if (autoreap) {
		release_task(tsk);
	} else {
		tsk->exit_state = EXIT_ZOMBIE;
		__wake_up_parent(tsk->parent);
	}
	spin_unlock_irq(&tasklist_lock);
	if (autoreap)
		put_task_struct(tsk); /* the CPU's reference remains */
}

void do_exit(int code)
{
	struct task_struct *tsk = current;

	if (in_interrupt())
		panic("do_exit(%d) in an interrupt", code);
	if (tsk->pid <= INIT_PID)
		panic("%s/%d exits with status %d", tsk->comm, tsk->pid, code);

	tsk->flags |= PF_EXITING;
	tsk->exit_code = code;
	exit_files(tsk);
	exit_fs(tsk);

	/* From here on it must not be preempted: off the list, synchronize_rcu_tasks() would not know of it. */
	preempt_disable();
	exit_notify(tsk);
	do_task_dead();
}

/*
 * Looks for a child to collect.  Its pid; 0 when those that match are alive; -ECHILD.
 * tasklist_lock held; *zombie is off the list on success, with the list's reference.
 */
static pid_t wait_task_zombie(pid_t pid, struct task_struct **zombie)
{
	struct task_struct *p;
	pid_t ret = -ECHILD;

	list_for_each_entry(p, &current->children, sibling) {
		if (p->flags & PF_AUTOREAP || (pid > 0 && p->pid != pid))
			continue;
		if (p->exit_state == EXIT_ZOMBIE) {
			release_task(p);
			*zombie = p;
			return p->pid;
		}
		ret = 0;
	}
	return ret;
}

static noinline pid_t do_wait(pid_t pid, struct task_struct **zombie, int options)
{
	pid_t ret;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		spin_lock_irq(&tasklist_lock);
		ret = wait_task_zombie(pid, zombie);
		current->wait_chldexit = ret == 0;
		spin_unlock_irq(&tasklist_lock);
		if (ret || options & WNOHANG)
			break;
		if (signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

pid_t kernel_wait4(pid_t pid, int *status, int options)
{
	struct task_struct *zombie = NULL;
	pid_t ret = do_wait(pid, &zombie, options);

	if (ret > 0) {
		if (status)
			*status = zombie->exit_code;
		put_task_struct(zombie);
	}
	return ret;
}
