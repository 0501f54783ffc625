/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rcu.c - grace periods by counting quiescent states.
 *
 * rcu_qs counts, for each CPU, the moments at which it cannot have been inside a reader: it
 * switched tasks, or the tick interrupted something preemptible, or the idle loop came round. Readers
 * keep preemption off, so when the count of every CPU has moved on, all the readers that ran
 * before have left: that is a grace period.  (That the tick interrupted an idle task says nothing: it may be burying the task that
 * ran before it, and be in a trampoline.)
 *
 * Callbacks wait in two lists, oldest first: `wait`, for the grace period in progress, and `next`,
 * for the one after it.  The tick raises RCU_SOFTIRQ while there is any, and rcu_core() moves
 * them on.  rcu.lock guards the lists; taken with interrupts off.
 */
#include "kernel/rcu.h"
#include "kernel/completion.h"
#include "kernel/percpu.h"
#include "kernel/sched/sched.h"
#include "kernel/softirq.h"

static DEFINE_PER_CPU(unsigned long, rcu_qs);

struct rcu_list {
	struct rcu_head *head, **tail;
};

static struct {
	spinlock_t lock;
	struct rcu_list next;
	struct rcu_list wait;		 /* only its head is used: nothing is added to it */
	unsigned long snapshot[NR_CPUS]; /* rcu_qs of each CPU when `wait` began to wait */
	bool running;			 /* a batch is being called: the next one must not overtake it */
} rcu;

static void rcu_list_init(struct rcu_list *list)
{
	list->head = NULL;
	list->tail = &list->head;
}

static void rcu_take_snapshot(unsigned long snapshot[])
{
	int cpu;

	smp_mb(); /* what was unlinked before must be seen by readers that start after the count moves */
	for_each_online_cpu(cpu)
		snapshot[cpu] = READ_ONCE(per_cpu(rcu_qs, cpu));
}

/* This CPU, interrupts off, is in no reader.  What earlier ones did is done before the count; later ones see what is new. */
static void rcu_note_qs(void)
{
	smp_mb();
	this_cpu_inc(rcu_qs);
	smp_mb();
}

static bool rcu_has_passed(int cpu, const unsigned long snapshot[])
{
	return READ_ONCE(per_cpu(rcu_qs, cpu)) != snapshot[cpu];
}

void rcu_note_context_switch(void)
{
	rcu_note_qs();
}

void rcu_idle_enter(void)
{
	rcu_note_qs();
}

void rcu_sched_clock_irq(void)
{
	/* Has it interrupted something preemptible? */
	if (preempt_count() == HARDIRQ_OFFSET)
		rcu_note_qs();
	if (READ_ONCE(rcu.next.head) || READ_ONCE(rcu.wait.head))
		raise_softirq(RCU_SOFTIRQ);
}

void synchronize_rcu(void)
{
	unsigned long snapshot[NR_CPUS];
	int cpu, me = smp_processor_id();

	rcu_take_snapshot(snapshot);
	/* The caller may sleep, so it is in no reader itself, and none is suspended on its CPU. */
	for_each_online_cpu(cpu)
		while (cpu != me && !rcu_has_passed(cpu, snapshot))
			schedule_timeout_uninterruptible(1);
	smp_mb();
}

void synchronize_rcu_tasks(void)
{
	struct task_struct *p;

	smp_mb();
	for_each_task_get(p) {
		unsigned long qs = READ_ONCE(p->rcu_tasks_qs);

		/* A task that is not queued has gone to sleep by its own will. */
		while (p != current && READ_ONCE(p->on_rq) && READ_ONCE(p->rcu_tasks_qs) == qs)
			schedule_timeout_uninterruptible(1);
	}
	/* Idle tasks, and tasks about to die, are not on the list, but keep preemption off. */
	synchronize_rcu();
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	unsigned long flags;

	head->next = NULL;
	head->func = func;
	spin_lock_irqsave(&rcu.lock, flags);
	*rcu.next.tail = head;
	rcu.next.tail = &head->next;
	spin_unlock_irqrestore(&rcu.lock, flags);
}

static bool rcu_gp_is_over(void)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (!rcu_has_passed(cpu, rcu.snapshot))
			return false;
	smp_mb(); /* what the readers did, before what the callbacks do */
	return true;
}

static noinline void rcu_do_batch(struct rcu_head *head)
{
	while (head) {
		struct rcu_head *next = head->next;

		head->func(head);
		head = next;
	}
}

/* RCU_SOFTIRQ: calls the callbacks whose grace period is over, and starts one for those that came since. */
static void rcu_core(void)
{
	struct rcu_head *done = NULL;

	/* At every tick, on every CPU: one at a time is enough, and the others need not queue up. */
	local_irq_disable();
	if (!spin_trylock(&rcu.lock)) {
		local_irq_enable();
		return;
	}
	if (rcu.wait.head && !smp_load_acquire(&rcu.running) && rcu_gp_is_over()) {
		done = rcu.wait.head;
		rcu.wait.head = NULL;
		rcu.running = true;
	}
	if (!rcu.wait.head && rcu.next.head) {
		rcu.wait = rcu.next;
		rcu_list_init(&rcu.next);
		rcu_take_snapshot(rcu.snapshot);
	}
	spin_unlock_irq(&rcu.lock);
	if (!done)
		return;
	rcu_do_batch(done);
	smp_store_release(&rcu.running, false);
}

struct rcu_barrier_wait {
	struct rcu_head head;
	struct completion done;
};

static void rcu_barrier_callback(struct rcu_head *head)
{
	complete(&container_of(head, struct rcu_barrier_wait, head)->done);
}

void rcu_barrier(void)
{
	struct rcu_barrier_wait wait;

	init_completion(&wait.done);
	call_rcu(&wait.head, rcu_barrier_callback);
	wait_for_completion(&wait.done);
}

void __init rcu_init(void)
{
	spin_lock_init(&rcu.lock);
	rcu_list_init(&rcu.next);
	open_softirq(RCU_SOFTIRQ, rcu_core);
}
