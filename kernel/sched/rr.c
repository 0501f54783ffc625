/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rr.c - the policy: whose turn is it?
 *
 * Two lists a CPU, both first in, first out:
 *
 *   woken     tasks that have just slept, and are not yet through the time slice they
 *             had then: they go first, and preempt one of the other list
 *   expired   tasks that used a whole slice up without sleeping
 *
 * So whoever waits for something (a key, a lock, a timer) runs at once when it comes,
 * and those that compute share the rest in turns.  A slice is refilled only when it is
 * used up, not by sleeping: tasks that keep waking each other use theirs up together
 * and then stand in line like everybody else.
 *
 * The running task stays in its list, at the head; a new comer goes to the tail.
 * Everything here is called with rq->lock held.
 */
#include "kernel/sched/rq.h"

#define SLICE_TICKS 2

void sched_fork(struct task_struct *p)
{
	p->cpu = current->cpu;
	p->percpu_offset = current->percpu_offset;
	p->prio = DEFAULT_PRIO;
	p->level = LEVEL_WOKEN;
	p->time_slice = SLICE_TICKS;
	p->on_rq = false;
	INIT_LIST_HEAD(&p->run_list);
}

void enqueue_task(struct rq *rq, struct task_struct *p)
{
	p->level = LEVEL_WOKEN;
	list_add_tail(&p->run_list, &rq->queue[LEVEL_WOKEN]);
	p->on_rq = true;
	rq->nr_running++;
}

void dequeue_task(struct rq *rq, struct task_struct *p)
{
	list_del_init(&p->run_list);
	p->on_rq = false;
	rq->nr_running--;
}

struct task_struct *pick_next_task(struct rq *rq)
{
	int level;

	for (level = 0; level < NR_LEVELS; level++)
		if (!list_empty(&rq->queue[level]))
			return list_first_entry(&rq->queue[level], struct task_struct, run_list);
	return rq->idle;
}

void wakeup_preempt(struct rq *rq, struct task_struct *p)
{
	if (is_idle_task(rq->curr) || p->level < rq->curr->level)
		resched_curr(rq);
}

/* To the end of the line. */
void yield_task(struct rq *rq, struct task_struct *p)
{
	p->level = LEVEL_EXPIRED;
	list_move_tail(&p->run_list, &rq->queue[LEVEL_EXPIRED]);
}

void task_tick(struct rq *rq, struct task_struct *curr)
{
	if (is_idle_task(curr) || --curr->time_slice > 0)
		return;
	curr->time_slice = SLICE_TICKS;
	yield_task(rq, curr);
	if (rq->nr_running > 1)
		resched_curr(rq);
}
