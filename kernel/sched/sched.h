/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - tasks and the scheduler, as the rest of the kernel sees them.
 *
 * To sleep: set_current_state(), check the condition, schedule(); whoever makes the condition
 * true calls wake_up_process().  wait.h, completion.h and mutex.h wrap that in safer clothes.
 */
#ifndef KERNEL_SCHED_SCHED_H
#define KERNEL_SCHED_SCHED_H

#include "kernel/preempt.h"
#include "kernel/sched/task.h"
#include "kernel/spinlock.h"
#include <asm/current.h>

#define MAX_SCHEDULE_TIMEOUT (~0UL >> 1)

extern struct task_struct init_task; /* CPU 0 boots on it; then it is that CPU's idle task, pid 0 */

/* ---- Sleeping and waking (kernel/sched/core.c) ---- */

/* The barrier orders the new state before the check of the condition that follows. */
#define set_current_state(state)                    \
	do {                                        \
		WRITE_ONCE(current->__state, state); \
		smp_mb();                           \
	} while (0)
#define __set_current_state(state) WRITE_ONCE(current->__state, state)

/* Switches away: for good until a wake-up if the state is a sleeping one, else until its turn. Task context. */
void schedule(void);
/* Called by the trap exit path: interrupts off, preempt_count 0, need_resched set. */
void preempt_schedule_irq(void);
/* Lets others run if they should, in a long loop in task context.  Returns whether it switched. */
bool cond_resched(void);
/* To the end of the line. */
void yield(void);

/* Makes a sleeper runnable if its state is in `state`.  Any context.  Returns whether it was woken. */
bool try_to_wake_up(struct task_struct *p, unsigned int state);
/* try_to_wake_up() from either kind of sleep. */
bool wake_up_process(struct task_struct *p);
/* First wake-up of a new task.  Task context. */
void wake_up_new_task(struct task_struct *p);

/*
 * p may only run on the CPUs in `mask` (bit n: CPU n), from its next wake-up on; the current task, from the return on.
 * -EINVAL, and nothing changes, when none of them is online.  Task context, may sleep.
 */
int set_cpus_allowed(struct task_struct *p, unsigned long mask);

/* Sleep for `timeout` jiffies; return how many were left (MAX_SCHEDULE_TIMEOUT: no limit). */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);

/* ---- The scheduler itself ---- */

/* Run queues and CPU 0's idle task.  Interrupts off, after setup_per_cpu_areas(). */
void sched_init(void);
/* Charges the running task one tick.  Timer interrupt. */
void sched_tick(void);
/* The idle loop of this CPU, on its idle task; interrupts off, preemption off once. */
void cpu_startup_entry(void) __noreturn;
/* schedule() for the idle loop, which keeps preemption off. */
void schedule_idle(void);
/* First thing a new task does, on its own stack: lets the previous one go. */
void schedule_tail(void);
/* Sets the scheduler's part of a new task up. */
void sched_fork(struct task_struct *p);
/* Makes `idle` the task that runs on `cpu` when nothing else does.  Before the CPU starts. */
void init_idle(struct task_struct *idle, int cpu);
/* Last thing a task does. */
void do_task_dead(void) __noreturn;

static inline bool is_idle_task(const struct task_struct *p) { return p->flags & PF_IDLE; }
static inline bool task_is_running(const struct task_struct *p)
{
	return READ_ONCE(p->__state) == TASK_RUNNING;
}
/* One letter as ps and /proc show it: R S D Z X. */
char task_state_to_char(const struct task_struct *p);
/*
 * func(p), unless p is running; and it does not run meanwhile, nor does its stack go.  func must not wake anybody: interrupts are
 * off and a run queue is locked.  Returns whether it was called.  Any context.
 */
bool task_call_func(struct task_struct *p, void (*func)(struct task_struct *p));

/* Called at each switch with interrupts off and the run queue locked; NULL when nobody traces. */
extern void (*trace_sched_switch_hook)(struct task_struct *prev, struct task_struct *next);

static inline void trace_sched_switch(struct task_struct *prev, struct task_struct *next)
{
	void (*hook)(struct task_struct *, struct task_struct *) = READ_ONCE(trace_sched_switch_hook);

	if (unlikely(hook))
		hook(prev, next);
}

/* The same for a new task, before it first runs; and for one that has ended, while its pid is its own, under tasklist_lock. */
extern void (*trace_sched_process_fork_hook)(struct task_struct *parent, struct task_struct *child);
extern void (*trace_sched_process_exit_hook)(struct task_struct *p);

/* ---- Birth, death, and finding tasks (kernel/fork.c, kernel/exit.c, kernel/pid.c) ---- */

/* kernel_clone()'s flags.  The first two as in Linux. */
#define CLONE_FS 0x00000200    /* share the working directory with the parent, instead of a copy */
#define CLONE_FILES 0x00000400 /* share the open files with the parent, instead of copies */
#define CLONE_AUTOREAP 0x1     /* nobody will wait for it */
#define CLONE_KTHREAD 0x2      /* for kthreadd: a PF_KTHREAD, and nobody will wait for it */

/*
 * A new task, child of the current one, that runs do_exit(fn(arg)).  `comm` is cut to 15 characters; NULL: the
 * parent's.  It inherits the process group, and what the flags say of the rest.  Task context.  Returns its
 * pid (> 0); -ENOMEM; -EAGAIN when no pid is free.
 */
pid_t kernel_clone(int (*fn)(void *), void *arg, const char *comm, unsigned int flags);

/*
 * The idle task of a CPU that is to be started: it enters `entry`, preemption off, when the CPU does.  It is not on the
 * task list.  ERR_PTR(-ENOMEM).  Task context.
 */
struct task_struct *fork_idle(int cpu, void (*entry)(void));

/* Ends the current task.  Task context, no lock held. */
void do_exit(int code) __noreturn;

#define WNOHANG 1

/*
 * Waits for a child (pid > 0: that one, -1: any) to exit, and releases it.  *status (may be NULL) receives what
 * do_exit() was given, unchanged.  Returns its pid; 0 with WNOHANG when none has exited; -ECHILD when there is
 * no such child; -EINTR.  Children whose parent has exited need nobody: they are released when they exit.
 */
pid_t kernel_wait4(pid_t pid, int *status, int options);

extern spinlock_t tasklist_lock; /* taken with interrupts off */
extern struct list_head task_list;

/* Under tasklist_lock.  All tasks but the idle ones, by pid. */
#define for_each_process(p) list_for_each_entry(p, &task_list, tasks)
/* Under tasklist_lock.  NULL when there is none. */
struct task_struct *find_task_by_pid(pid_t pid);

/*
 * The same for callers that sleep or print in the loop: no lock is held in the body, `p` is kept by a
 * reference.  A loop that leaves early calls put_task_struct(p).
 */
struct task_struct *find_get_task_ge(pid_t pid); /* the task with the lowest pid >= `pid`, or NULL */
struct task_struct *next_task_get(struct task_struct *p);
#define for_each_task_get(p) for ((p) = find_get_task_ge(1); (p); (p) = next_task_get(p))

static inline void get_task_struct(struct task_struct *p) { atomic_inc(&p->usage); }
void put_task_struct(struct task_struct *p);

void set_task_comm(struct task_struct *p, const char *comm);

#endif
