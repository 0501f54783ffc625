/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * task.h - struct task_struct: what the kernel knows about one thread.
 *
 * Only the struct and its constants, so that preempt.h and the locks can build
 * on it; the functions are in kernel/sched/sched.h, which includes this file.
 * Fields are grouped by who may touch them.
 */
#ifndef KERNEL_SCHED_TASK_H
#define KERNEL_SCHED_TASK_H

#include "lib/atomic.h"
#include "lib/list.h"
#include <asm/page.h>
#include <asm/processor.h>

#define TASK_COMM_LEN 16
#define PID_MAX 32768 /* as Linux's default: one more than the highest */

/* task->__state.  Runnable is 0; a sleeper names the wake-ups that may end its sleep. */
#define TASK_RUNNING 0x0000
#define TASK_INTERRUPTIBLE 0x0001
#define TASK_UNINTERRUPTIBLE 0x0002
#define TASK_DEAD 0x0080
#define TASK_NEW 0x0800
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/* task->exit_state: how far the end of a task has come. */
#define EXIT_ALIVE 0
#define EXIT_ZOMBIE 1 /* exited, its parent has not collected the code yet */
#define EXIT_DEAD 2   /* collected: not on the task list any more */

/* task->flags */
#define PF_IDLE 0x00000002     /* a CPU's idle task */
#define PF_EXITING 0x00000004  /* inside do_exit() */
#define PF_AUTOREAP 0x00000008 /* nobody waits for it: it is released when it exits */
#define PF_KTHREAD 0x00200000  /* made by kthread_create() */

#define DEFAULT_PRIO 120 /* as Linux numbers it: what traces print for a normal task */

struct fs_struct;
struct files;
struct kthread;

struct task_struct {
	/* Own CPU only.  Assembly and the trace hot path know these offsets: nothing goes before them. */
	int preempt_count;	     /* layout in kernel/preempt.h */
	u32 need_resched;	     /* set: call schedule() at the next chance */
	unsigned long percpu_offset; /* __per_cpu_offset[cpu] */
	int cpu;		     /* changes only while the task sleeps, under the lock of the old CPU's run queue */
	pid_t pid;
	void *stack;		     /* lowest address; THREAD_SIZE bytes; NULL once the task is dead */
	struct thread_struct thread; /* registers while switched out (arch) */

	char comm[TASK_COMM_LEN];
	unsigned int __state; /* TASK_*; written by the task itself and by try_to_wake_up() */
	unsigned int flags;   /* PF_* */
	unsigned long cpus_mask; /* the CPUs it may be put on, when it is woken; children inherit it */
	int prio;

	/* The run queue's lock (rq->lock of task->cpu). */
	bool on_rq;		    /* linked in the run queue; a running task is */
	u8 level;		    /* which of the queue's lists: see kernel/sched/rr.c */
	int time_slice;		    /* ticks left before the task goes to the end of the line */
	struct list_head run_list;
	u64 exec_start;		    /* sched_clock() when it was last accounted, ns */
	u64 sum_exec_runtime;	    /* CPU time used, ns */
	unsigned long nvcsw, nivcsw; /* switches away: it slept or yielded; it was preempted */
	unsigned long rcu_tasks_qs; /* counts the points that synchronize_rcu_tasks() waits for */

	/* tasklist_lock. */
	struct list_head tasks;	   /* all tasks, in the order of their pids */
	struct list_head children; /* through their ->sibling */
	struct list_head sibling;
	struct task_struct *parent;
	bool wait_chldexit;	   /* in kernel_wait4(): wake it when a child exits */
	pid_t pgrp;		   /* signals from the terminal go to a process group */
	int exit_state;		   /* EXIT_* */
	int exit_code;		   /* what do_exit() was given; valid once exit_state is not EXIT_ALIVE */

	atomic_t usage;		   /* get_task_struct(), put_task_struct() */
	unsigned int sigpending;   /* bit n: signal n; changed atomically, see kernel/signal.c */

	/* The task itself (and whoever creates it, before it runs). */
	int (*start_fn)(void *);
	void *start_arg;
	struct kthread *kthread;   /* PF_KTHREAD: see kernel/kthread.c */
	struct fs_struct *fs;	   /* working directory */
	struct files *files;	   /* open files */

	/* trace/: the bits that stop recursion, and what tracers keep per task. */
	unsigned long trace_recursion;
	void *trace_priv[2];
};

static_assert(offsetof(struct task_struct, preempt_count) == 0, "assembly relies on it");
static_assert(offsetof(struct task_struct, need_resched) == 4, "assembly relies on it");
static_assert(offsetof(struct task_struct, percpu_offset) == 8, "assembly relies on it");

#endif
