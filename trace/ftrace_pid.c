/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_pid.c - only some tasks are traced: set_ftrace_pid and set_ftrace_notrace_pid.
 *
 * They are for ops with FTRACE_OPS_FL_PID, whose `private` is the trace array that the files belong to:
 *
 *	neither list			op->func is what was registered, op->saved_func
 *	a list				op->func is ftrace_pid_func(), which asks the lists and calls op->saved_func
 *
 * so that whoever does not use them does not pay for them.  The current task's pid is looked up at each call, in a
 * set of bits: as fast as a flag that the scheduler would have to keep up to date.
 *
 * With the option function-fork a child of a task on a list is put on it, too, and a task that is gone is taken
 * off (else its number would stand for another one day).
 *
 * Lock: ftrace_lock, for which lists there are.  What is on one changes without it, atomically.  Task context, but for
 * ftrace_pid_func().
 */
#include "trace/ftrace_internal.h"
#include "trace/trace.h"
#include "trace/trace_pid.h"

static bool is_ignored(const struct trace_array *tr, int pid)
{
	const struct trace_pid_list *only = READ_ONCE(tr->function_pids), *never = READ_ONCE(tr->function_no_pids);

	return (only && !trace_pid_list_is_set(only, pid)) || (never && trace_pid_list_is_set(never, pid));
}

/* Any context. */
static void ftrace_pid_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			    struct ftrace_regs *fregs)
{
	if (!is_ignored(op->private, current->pid))
		op->saved_func(ip, parent_ip, op, fregs);
}

ftrace_func_t ftrace_ops_pid_func(const struct ftrace_ops *ops)
{
	const struct trace_array *tr = ops->flags & FTRACE_OPS_FL_PID ? ops->private : NULL;

	return tr && (tr->function_pids || tr->function_no_pids) ? ftrace_pid_func : ops->saved_func;
}

/* A list came or went.  ftrace_lock is held. */
static void ftrace_update_pid_func(void)
{
	struct ftrace_ops *op, *subop;

	for_each_ftrace_op(op) {
		ftrace_update_ops_func(op);
		for_each_subop(subop, op)
			ftrace_update_ops_func(subop);
	}
}

/* ---- Which lists there are: a slot of a trace array each ---- */

static void clear_list(struct trace_pid_list **slot)
{
	struct trace_pid_list *list;

	mutex_lock(&ftrace_lock);
	list = *slot;
	WRITE_ONCE(*slot, NULL);
	if (list)
		ftrace_update_pid_func();
	mutex_unlock(&ftrace_lock);
	if (!list)
		return;
	/* Who looks at it may be in a callback with preemption on, or forking. */
	synchronize_rcu();
	synchronize_rcu_tasks();
	kfree(list);
}

/* `list`, which has something in it, becomes the caller's again only on a list that was there already. */
static struct trace_pid_list *add_to_list(struct trace_pid_list **slot, struct trace_pid_list *list)
{
	mutex_lock(&ftrace_lock);
	if (*slot) {
		trace_pid_list_add(*slot, list);
	} else {
		smp_store_release(slot, list);
		list = NULL;
		ftrace_update_pid_func();
	}
	mutex_unlock(&ftrace_lock);
	return list;
}

/* ---- Following tasks ---- */

static void follow_fork(struct trace_pid_list *list, const struct task_struct *parent, const struct task_struct *child)
{
	if (list && trace_pid_list_is_set(list, parent->pid))
		trace_pid_list_set(list, child->pid);
}

static void ftrace_pid_fork(struct task_struct *parent, struct task_struct *child)
{
	follow_fork(READ_ONCE(global_trace.function_pids), parent, child);
	follow_fork(READ_ONCE(global_trace.function_no_pids), parent, child);
}

static void follow_exit(struct trace_pid_list *list, const struct task_struct *task)
{
	if (list)
		trace_pid_list_clear(list, task->pid);
}

static void ftrace_pid_exit(struct task_struct *task)
{
	follow_exit(READ_ONCE(global_trace.function_pids), task);
	follow_exit(READ_ONCE(global_trace.function_no_pids), task);
}

void ftrace_pid_follow_fork(bool enable)
{
	WRITE_ONCE(trace_sched_process_fork_hook, enable ? ftrace_pid_fork : NULL);
	WRITE_ONCE(trace_sched_process_exit_hook, enable ? ftrace_pid_exit : NULL);
}

/* ---- The files: a pid a line, in order; i_private is the slot.  A record's number is the lowest pid that it can be. ---- */

#define PID_RECORD 2	/* of pid 0; below are NULL and SEQ_START_TOKEN */

static void *pid_record(const struct trace_pid_list *list, loff_t *pos)
{
	int pid = *pos < PID_MAX ? trace_pid_list_next(list, *pos) : -1;

	if (pid < 0)
		return NULL;
	*pos = pid;
	return (void *)(long)(pid + PID_RECORD);
}

static void *fpid_start(struct seq_file *m, loff_t *pos)
{
	struct trace_pid_list *list;

	mutex_lock(&ftrace_lock);
	list = *(struct trace_pid_list **)m->private;
	if (!list)
		return *pos ? NULL : SEQ_START_TOKEN;
	return pid_record(list, pos);
}

static void *fpid_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return v == SEQ_START_TOKEN ? NULL : pid_record(*(struct trace_pid_list **)m->private, pos);
}

static void fpid_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&ftrace_lock);
}

static int fpid_show(struct seq_file *m, void *v)
{
	if (v == SEQ_START_TOKEN)
		seq_puts(m, "no pid\n");
	else
		seq_printf(m, "%d\n", (int)(long)v - PID_RECORD);
	return 0;
}

static const struct seq_operations ftrace_pid_sops = {
	.start = fpid_start,
	.next = fpid_next,
	.stop = fpid_stop,
	.show = fpid_show,
};

static int ftrace_pid_open(struct inode *inode, struct file *file)
{
	int ret;

	if ((file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC))
		clear_list(inode->i_private);
	ret = seq_open(file, &ftrace_pid_sops);
	if (!ret)
		((struct seq_file *)file->private_data)->private = inode->i_private;
	return ret;
}

/* All of the numbers, or on an error none. */
static ssize_t ftrace_pid_write(struct file *file, const char *buf, size_t cnt, loff_t *ppos)
{
	struct trace_pid_list *list = trace_pid_list_alloc();
	int ret = list ? trace_pid_list_parse(list, buf, cnt) : -ENOMEM;

	if (ret > 0)
		list = add_to_list(file_inode(file)->i_private, list);
	kfree(list);
	if (ret < 0)
		return ret;
	*ppos += cnt;
	return cnt;
}

static const struct file_operations ftrace_pid_fops = {
	.open = ftrace_pid_open,
	.read = seq_read,
	.write = ftrace_pid_write,
	.llseek = seq_lseek,
	.release = seq_release,
};

TRACEFS_FILE(set_ftrace_pid, "set_ftrace_pid", TRACE_MODE_WRITE, &ftrace_pid_fops, &global_trace.function_pids);
TRACEFS_FILE(set_ftrace_notrace_pid, "set_ftrace_notrace_pid", TRACE_MODE_WRITE, &ftrace_pid_fops,
	     &global_trace.function_no_pids);
