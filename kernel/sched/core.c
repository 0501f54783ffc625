/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * core.c - switching tasks, putting them to sleep and waking them up.
 *
 * A task is queued (on_rq) exactly while it may run; its state says which wake-ups it wants.
 * The task itself sets the state; that it is then dequeued, and that it is woken, both happen
 * under the lock of its CPU's run queue, so that they cannot miss each other:
 *
 *   sleeper                            waker
 *     state = sleeping; barrier          condition = true; barrier
 *     condition?  then run on            rq->lock
 *     rq->lock                             state sleeping?  state = running, queue it if
 *       state still sleeping?  dequeue     it is dequeued already
 *
 * A task changes its CPU only when it is woken, to the one with the least to do: then it is in no
 * queue and nobody stands on its stack.  A task that may run, preempted or not, stays where it is.
 *
 * A switch happens in __schedule() only, with interrupts off and rq->lock held from before
 * it until finish_task_switch(), which runs on the next task's stack.
 */
#include "kernel/sched/rq.h"
#include "arch/arch.h"
#include "kernel/mm/vmalloc.h"
#include "kernel/panic.h"
#include "kernel/rcu.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "lib/errno.h"

DEFINE_PER_CPU(struct rq, runqueues);

void (*trace_sched_switch_hook)(struct task_struct *prev, struct task_struct *next);

void resched_curr(struct rq *rq)
{
	if (rq->curr->need_resched)
		return;
	WRITE_ONCE(rq->curr->need_resched, 1);
	if (rq->cpu != smp_processor_id())
		smp_send_reschedule(rq->cpu);
}

/* Charges the running task for the time since the last call. */
static void update_rq_clock(struct rq *rq)
{
	rq->clock = sched_clock();
	rq->curr->sum_exec_runtime += rq->clock - rq->curr->exec_start;
	rq->curr->exec_start = rq->clock;
}

/* ---- Waking ---- */

static noinline void ttwu_do_activate(struct rq *rq, struct task_struct *p)
{
	enqueue_task(rq, p);
	wakeup_preempt(rq, p);
}

/* The queue of the task's CPU, locked; interrupts off. */
static struct rq *task_rq_lock(struct task_struct *p)
{
	for (;;) {
		struct rq *rq = cpu_rq(READ_ONCE(p->cpu));

		spin_lock(&rq->lock);
		if (likely(rq == task_rq(p)))
			return rq;
		spin_unlock(&rq->lock);
	}
}

static void set_task_cpu(struct task_struct *p, int cpu)
{
	p->percpu_offset = __per_cpu_offset[cpu];
	WRITE_ONCE(p->cpu, cpu);
}

/* Of the CPUs that p may be put on, the one with the least to do; `cpu` if no other has less.  One is online. */
static int select_task_rq(const struct task_struct *p, int cpu)
{
	unsigned long allowed = READ_ONCE(p->cpus_mask);
	int other, best = allowed & BIT(cpu) ? cpu : -1;

	for_each_online_cpu(other)
		if (allowed & BIT(other) &&
		    (best < 0 || READ_ONCE(cpu_rq(other)->nr_running) < READ_ONCE(cpu_rq(best)->nr_running)))
			best = other;
	return best;
}

/* rq: of the sleeper's old CPU, locked.  Returns the one of its new CPU, locked in its place. */
static struct rq *migrate_sleeper(struct rq *rq, struct task_struct *p)
{
	int cpu = select_task_rq(p, rq->cpu);

	if (cpu == rq->cpu)
		return rq;
	/* Awake already, so that no other waker comes in between, and in no queue: it is ours alone. */
	set_task_cpu(p, cpu);
	spin_unlock(&rq->lock);
	rq = cpu_rq(cpu);
	spin_lock(&rq->lock);
	return rq;
}

bool try_to_wake_up(struct task_struct *p, unsigned int state)
{
	unsigned long flags;
	struct rq *rq;
	bool wanted;

	local_irq_save(flags);
	rq = task_rq_lock(p);
	smp_mb(); /* what the caller made true, before the look at the state */
	wanted = p->__state & state;
	if (wanted) {
		WRITE_ONCE(p->__state, TASK_RUNNING);
		if (!p->on_rq) {
			rq = migrate_sleeper(rq, p);
			ttwu_do_activate(rq, p);
		}
	}
	spin_unlock_irqrestore(&rq->lock, flags);
	return wanted;
}

bool wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL);
}

void wake_up_new_task(struct task_struct *p)
{
	/* It is on the task list already: a signal may be looking for its CPU while that is being chosen. */
	try_to_wake_up(p, TASK_NEW);
}

int set_cpus_allowed(struct task_struct *p, unsigned long mask)
{
	if (!(mask & READ_ONCE(cpu_online_mask)))
		return -EINVAL;
	WRITE_ONCE(p->cpus_mask, mask);
	/* Asleep for a tick, and woken where it may run: by the latest mask, which may be another's. */
	while (p == current && !(READ_ONCE(p->cpus_mask) & BIT(p->cpu)))
		schedule_timeout_uninterruptible(1);
	return 0;
}

/* ---- Switching ---- */

/* First thing after a switch, on the stack of the task that now runs.  noinline: traces show it on Linux. */
static noinline void finish_task_switch(void)
{
	struct rq *rq = this_rq();
	struct task_struct *prev = rq->prev;
	bool dead = READ_ONCE(prev->__state) == TASK_DEAD;
	void *stack = prev->stack;

	if (unlikely(dead))
		prev->stack = NULL; /* under the lock: task_call_func() */
	spin_unlock_irq(&rq->lock);
	if (unlikely(dead)) {
		/* It ran for the last time: now nobody stands on its stack. */
		free_thread_stack(stack);
		put_task_struct(prev);
	}
}

void schedule_tail(void)
{
	finish_task_switch();
	preempt_enable();
}

static void context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	next->exec_start = rq->clock;
	rq->curr = next;
	rq->prev = prev;
	trace_sched_switch(prev, next);
	__switch_to(prev, next);
	barrier();
	finish_task_switch();
}

static noinline void __schedule_bug(struct task_struct *prev)
{
	panic("scheduling while atomic: %s/%d, preempt_count 0x%08x, in_interrupt %d", prev->comm, prev->pid,
	      preempt_count(), in_interrupt());
}

/*
 * Called with preemption off exactly once, interrupts on or off; they are on when it returns.
 * A preempted task stays queued whatever its state says: it was on its way to sleep, not asleep.
 * notrace, as in Linux: preempt_enable() leads here, also from inside a tracer.
 */
static notrace void __schedule(bool preempt)
{
	struct task_struct *prev = current, *next;
	struct rq *rq = this_rq();

	if (unlikely(preempt_count() != PREEMPT_OFFSET))
		__schedule_bug(prev);

	local_irq_disable();
	rcu_note_context_switch();
	spin_lock(&rq->lock);
	update_rq_clock(rq);

	if (!preempt) {
		prev->rcu_tasks_qs++;
		if (signal_pending_state(prev->__state, prev))
			WRITE_ONCE(prev->__state, TASK_RUNNING);
		else if (prev->__state != TASK_RUNNING)
			dequeue_task(rq, prev);
	}

	next = pick_next_task(rq);
	prev->need_resched = 0;
	if (next == prev) {
		spin_unlock_irq(&rq->lock);
		return;
	}
	if (preempt)
		prev->nivcsw++;
	else
		prev->nvcsw++;
	context_switch(rq, prev, next);
}

void schedule(void)
{
	do {
		preempt_disable();
		__schedule(false);
		preempt_enable_no_resched();
	} while (need_resched());
}

void schedule_idle(void)
{
	do {
		__schedule(false);
	} while (need_resched());
}

/* notrace: for the same reason as __schedule(). */
static notrace void preempt_schedule_common(void)
{
	do {
		preempt_disable();
		__schedule(true);
		preempt_enable_no_resched();
	} while (need_resched());
}

void notrace preempt_schedule(void)
{
	if (preemptible())
		preempt_schedule_common();
}

void preempt_schedule_irq(void)
{
	do {
		preempt_disable();
		__schedule(true);
		local_irq_disable();
		preempt_enable_no_resched();
	} while (need_resched());
}

bool cond_resched(void)
{
	bool resched = need_resched() && preemptible();

	if (resched)
		preempt_schedule_common();
	/* The task is not in a trampoline: for synchronize_rcu_tasks() as good as a switch. */
	smp_store_release(&current->rcu_tasks_qs, current->rcu_tasks_qs + 1);
	return resched;
}

void yield(void)
{
	struct rq *rq = this_rq();

	spin_lock_irq(&rq->lock);
	yield_task(rq, current);
	spin_unlock_irq(&rq->lock);
	schedule();
}

void do_task_dead(void)
{
	struct rq *rq = this_rq();

	/* Under the lock: a waker that saw an earlier state must be through with us. */
	spin_lock_irq(&rq->lock);
	WRITE_ONCE(current->__state, TASK_DEAD);
	spin_unlock_irq(&rq->lock);
	__schedule(false);
	panic("task %s/%d came back from the dead", current->comm, current->pid);
}

/* ---- The tick, and the start ---- */

void sched_tick(void)
{
	struct rq *rq = this_rq();

	spin_lock(&rq->lock);
	update_rq_clock(rq);
	task_tick(rq, rq->curr);
	spin_unlock(&rq->lock);
}

char task_state_to_char(const struct task_struct *p)
{
	unsigned int state = READ_ONCE(p->__state);

	if (READ_ONCE(p->exit_state) != EXIT_ALIVE)
		return p->exit_state == EXIT_ZOMBIE ? 'Z' : 'X';
	return state & TASK_INTERRUPTIBLE ? 'S' : state & TASK_UNINTERRUPTIBLE ? 'D' : 'R';
}

bool task_call_func(struct task_struct *p, void (*func)(struct task_struct *p))
{
	unsigned long flags;
	struct rq *rq;
	bool running;

	local_irq_save(flags);
	rq = task_rq_lock(p);
	running = rq->curr == p;
	if (!running)
		func(p);
	spin_unlock_irqrestore(&rq->lock, flags);
	return !running;
}

void init_idle(struct task_struct *idle, int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	idle->flags |= PF_IDLE;
	idle->__state = TASK_RUNNING;
	set_task_cpu(idle, cpu);
	idle->exec_start = sched_clock();
	rq->idle = idle;
	rq->curr = idle;
}

/* init_task runs CPU 0 since its first instruction; here it becomes that CPU's idle task. */
void __init sched_init(void)
{
	int cpu, level;

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		spin_lock_init(&rq->lock);
		rq->cpu = cpu;
		for (level = 0; level < NR_LEVELS; level++)
			INIT_LIST_HEAD(&rq->queue[level]);
	}
	init_idle(&init_task, 0);
}
