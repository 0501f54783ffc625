/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * init_task.c - the task that exists before there is memory to make one: pid 0.
 *
 * The boot code runs start_kernel() on it, with preemption off (count 1); it ends as the idle task
 * of CPU 0, and is the parent of what start_kernel() creates.  It is not on the task list.
 */
#include "kernel/sched/sched.h"

extern char init_stack[]; /* THREAD_SIZE bytes, from the linker script */

struct task_struct init_task = {
	.preempt_count = PREEMPT_OFFSET,
	.stack = init_stack,
	.comm = "swapper/0",
	.flags = PF_IDLE,
	.prio = DEFAULT_PRIO,
	.cpus_mask = ~0UL,
	.run_list = LIST_HEAD_INIT(init_task.run_list),
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.children = LIST_HEAD_INIT(init_task.children),
	.sibling = LIST_HEAD_INIT(init_task.sibling),
	.parent = &init_task,
	.usage = ATOMIC_INIT(1),
};
