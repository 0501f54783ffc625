/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysrq.c - /proc/sysrq-trigger: requests of one letter, for when something is wrong, or should be.
 *
 *   c  a panic, to see what one looks like (and whether its report reaches whoever needs it)
 *   t  every task with its state and call trace, to the log (no trace of those that run on other CPUs)
 *
 * The first letter of a write counts.  Any other one logs the list of letters.
 */
#include "kernel/fs/proc.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"

#define pr_sysrq(fmt, ...) pr_info("sysrq: " fmt, ##__VA_ARGS__)

static void show_task_stack(struct task_struct *p)
{
	show_stack(p, NULL);
}

static void sysrq_show_tasks(void)
{
	struct task_struct *p;

	pr_sysrq("Show State\n");
	for_each_task_get(p) {
		pr_info("task:%-15.15s state:%c pid:%d\n", p->comm, task_state_to_char(p), p->pid);
		/* The registers of who runs on another CPU are in that CPU. */
		if (p == current)
			show_stack(NULL, NULL);
		else
			task_call_func(p, show_task_stack);
	}
}

static ssize_t sysrq_trigger_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	switch (count ? buf[0] : '\0') {
	case '\0':
		break;
	case 'c':
		pr_sysrq("Trigger a crash\n");
		panic("sysrq triggered crash");
	case 't':
		sysrq_show_tasks();
		break;
	default:
		pr_sysrq("HELP : crash(c) show-task-states(t)\n");
	}
	return (ssize_t)count;
}

static const struct file_operations sysrq_trigger_fops = {
	.write = sysrq_trigger_write,
};
PROC_FILE(sysrq_trigger, "sysrq-trigger", 0200, &sysrq_trigger_fops, NULL);
