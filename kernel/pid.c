/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pid.c - the task list, and numbers for its members.
 *
 * task_list holds every task from kernel_clone() to release_task(), in the order of
 * their pids; the idle tasks (pid 0) are not in it.  tasklist_lock guards the list, the
 * family ties and exit_state; interrupts are off under it, since Ctrl-C arrives in a
 * handler and walks the list.  Run queue locks nest inside it.
 */
#include "kernel/pid.h"
#include "lib/errno.h"

#define RESERVED_PIDS 300 /* after the wrap, numbers start here */

DEFINE_SPINLOCK(tasklist_lock);
LIST_HEAD(task_list);

static pid_t last_pid;

/* The first free number from `from` on, below PID_MAX; *after: the task it belongs behind.  0: none. */
static pid_t find_free_pid(pid_t from, struct list_head **after)
{
	struct task_struct *p;
	pid_t pid = from;

	*after = &task_list;
	for_each_process(p) {
		if (p->pid > pid)
			break;
		if (p->pid == pid)
			pid++;
		*after = &p->tasks;
	}
	return pid < PID_MAX ? pid : 0;
}

int attach_pid(struct task_struct *p)
{
	struct list_head *after;
	pid_t pid = find_free_pid(last_pid + 1, &after);

	if (!pid)
		pid = find_free_pid(RESERVED_PIDS, &after);
	if (!pid)
		return -EAGAIN;
	last_pid = pid;
	p->pid = pid;
	list_add(&p->tasks, after);
	return 0;
}

void detach_pid(struct task_struct *p)
{
	list_del_init(&p->tasks);
}

/* The task with the lowest pid that is not below `pid`. */
static struct task_struct *find_task_ge(pid_t pid)
{
	struct task_struct *p;

	for_each_process(p)
		if (p->pid >= pid)
			return p;
	return NULL;
}

struct task_struct *find_task_by_pid(pid_t pid)
{
	struct task_struct *p = find_task_ge(pid);

	return p && p->pid == pid ? p : NULL;
}

struct task_struct *find_get_task_ge(pid_t pid)
{
	struct task_struct *p;

	spin_lock_irq(&tasklist_lock);
	p = find_task_ge(pid);
	if (p)
		get_task_struct(p);
	spin_unlock_irq(&tasklist_lock);
	return p;
}

struct task_struct *next_task_get(struct task_struct *p)
{
	struct task_struct *next = find_get_task_ge(p->pid + 1);

	put_task_struct(p);
	return next;
}
