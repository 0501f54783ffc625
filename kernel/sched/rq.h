/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rq.h - private to kernel/sched: the run queue of a CPU, and the policy's functions on it.
 *
 * Lock order: anything, then rq->lock.  It is taken with interrupts off.  The lock
 * is held across the switch: the previous task takes it, the next one lets it go.
 */
#ifndef KERNEL_SCHED_RQ_H
#define KERNEL_SCHED_RQ_H

#include "kernel/percpu.h"
#include "kernel/sched/sched.h"
#include "kernel/spinlock.h"

/* Which list of the run queue a task is in (task->level): see rr.c. */
enum { LEVEL_WOKEN, LEVEL_EXPIRED, NR_LEVELS };

struct rq {
	spinlock_t lock;
	int cpu;
	unsigned int nr_running; /* queued tasks, the running one too; not the idle task */
	struct list_head queue[NR_LEVELS];
	struct task_struct *curr, *idle;
	struct task_struct *prev; /* while a switch is going on: who was running */
	u64 clock;		  /* sched_clock() at the last update_rq_clock(), ns */
};

DECLARE_PER_CPU(struct rq, runqueues);

#define cpu_rq(cpu) (&per_cpu(runqueues, cpu))
#define this_rq() this_cpu_ptr(&runqueues)
#define task_rq(p) cpu_rq((p)->cpu)

/* All with rq->lock held. */

/* Asks the CPU of rq to call schedule() (core.c). */
void resched_curr(struct rq *rq);

/* The policy (rr.c). */
void enqueue_task(struct rq *rq, struct task_struct *p);
void dequeue_task(struct rq *rq, struct task_struct *p);
struct task_struct *pick_next_task(struct rq *rq);
/* `p` has just been queued: should it run instead of rq->curr? */
void wakeup_preempt(struct rq *rq, struct task_struct *p);
/* One tick has passed with rq->curr running. */
void task_tick(struct rq *rq, struct task_struct *curr);
void yield_task(struct rq *rq, struct task_struct *p);

#endif
