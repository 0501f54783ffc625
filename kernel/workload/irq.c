/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - a workload for interrupts: makes them hit a running loop, and softirqs follow.
 *
 * In each round a timer (TIMER_SOFTIRQ) and an RCU callback (RCU_SOFTIRQ) are due, and the task spins,
 * interrupts on, until the tick has run both on top of it.  It checks in what context they ran.
 */
#include "kernel/preempt.h"
#include "kernel/rcu.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "kernel/workload/workload.h"
#include "lib/errno.h"
#include <asm/processor.h>

#define ROUND_TICKS_MAX 1000

struct irq_round {
	struct timer_list timer;
	struct rcu_head rcu;
	atomic_t softirqs;
	bool wrong_context;
};

static void note_softirq(struct irq_round *round)
{
	round->wrong_context |= !in_serving_softirq() || in_hardirq() || irqs_disabled();
	atomic_inc_return(&round->softirqs);
}

static void irq_timer_fn(struct timer_list *timer)
{
	struct irq_round *round = from_timer(round, timer, timer);

	note_softirq(round);
}

static void irq_rcu_fn(struct rcu_head *head)
{
	note_softirq(container_of(head, struct irq_round, rcu));
}

/*
 * A host that stops the machine for a while makes jiffies jump at the next tick.  What bounds the wait
 * is the ticks that ran, which is how often jiffies changed.
 */
static void wait_for_softirqs(struct irq_round *round)
{
	unsigned long now, last = jiffies;
	int ticks = 0;

	while (atomic_read(&round->softirqs) < 2 && ticks < ROUND_TICKS_MAX) {
		cpu_relax();
		now = jiffies;
		ticks += now != last;
		last = now;
	}
}

static int irq_round(struct irq_round *round, unsigned long *ticks)
{
	unsigned long start = jiffies;

	round->softirqs = (atomic_t)ATOMIC_INIT(0);
	call_rcu(&round->rcu, irq_rcu_fn);
	mod_timer(&round->timer, start + 1);
	wait_for_softirqs(round);
	*ticks += jiffies - start;
	return atomic_read(&round->softirqs) == 2 && !round->wrong_context ? 0 : -EIO;
}

static int irq_main(unsigned long n)
{
	struct irq_round round = { .wrong_context = false };
	unsigned long i, ticks = 0;
	int ret = 0;

	timer_setup(&round.timer, irq_timer_fn, 0);
	for (i = 0; i < n && !ret; i++)
		ret = signal_pending(current) ? -EINTR : irq_round(&round, &ticks);
	del_timer_sync(&round.timer);
	if (ret)
		rcu_barrier(); /* a callback that is late must not find our stack reused */
	else if (ticks < n)
		ret = -EIO;
	else
		sh_printf("workload irq: %lu timer and RCU softirqs on top of a busy task, ok\n", 2 * n);
	return ret;
}
WORKLOAD(irq, irq_main, 3, "N rounds of a busy task that ticks and softirqs interrupt");
