/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - functions called at a given jiffy, and sleeping for a time.
 *
 * Each CPU has a base: its pending timers in a list, soonest first.  The tick looks at
 * the head and raises TIMER_SOFTIRQ when it is due; run_timer_softirq() takes the expired ones off and
 * calls them, interrupts on, without the lock.  base->lock guards the list, the timers on it
 * and running_timer; taken with interrupts off.
 */
#include "kernel/time/timer.h"
#include "kernel/panic.h"
#include "kernel/percpu.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "kernel/softirq.h"
#include <asm/processor.h>

struct timer_base {
	spinlock_t lock;
	struct list_head timers;	  /* sorted by expires; equal ones in the order they were armed */
	struct timer_list *running_timer; /* its function is being called now */
};

static DEFINE_PER_CPU(struct timer_base, timer_bases);

/* ---- Arming and disarming ---- */

void timer_setup(struct timer_list *timer, void (*function)(struct timer_list *timer), unsigned int flags)
{
	timer->entry.next = NULL;
	timer->function = function;
	timer->base = this_cpu_ptr(&timer_bases);
}

/* base->lock held. */
static noinline void enqueue_timer(struct timer_base *base, struct timer_list *timer)
{
	struct list_head *pos = base->timers.prev;

	while (pos != &base->timers &&
	       time_after(list_entry(pos, struct timer_list, entry)->expires, timer->expires))
		pos = pos->prev;
	list_add(&timer->entry, pos);
}

/* base->lock held.  Whether it was pending. */
static bool detach_if_pending(struct timer_list *timer)
{
	if (!timer_pending(timer))
		return false;
	list_del(&timer->entry); /* leaves entry.next NULL */
	return true;
}

bool mod_timer(struct timer_list *timer, unsigned long expires)
{
	struct timer_base *base = timer->base;
	unsigned long flags;
	bool pending;

	spin_lock_irqsave(&base->lock, flags);
	pending = detach_if_pending(timer);
	timer->expires = expires;
	enqueue_timer(base, timer);
	spin_unlock_irqrestore(&base->lock, flags);
	return pending;
}

void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer));
	mod_timer(timer, timer->expires);
}

bool del_timer(struct timer_list *timer)
{
	struct timer_base *base = timer->base;
	unsigned long flags;
	bool pending;

	spin_lock_irqsave(&base->lock, flags);
	pending = detach_if_pending(timer);
	spin_unlock_irqrestore(&base->lock, flags);
	return pending;
}

bool del_timer_sync(struct timer_list *timer)
{
	struct timer_base *base = timer->base;
	bool pending = false, running;
	unsigned long flags;

	/* Tasks do not preempt softirqs: on this CPU the function is not running, unless it calls us. */
	WARN_ON_ONCE(in_hardirq());
	do {
		spin_lock_irqsave(&base->lock, flags);
		/* Both at one time: a function that is running may yet arm the timer again. */
		running = base->running_timer == timer;
		pending |= detach_if_pending(timer);
		spin_unlock_irqrestore(&base->lock, flags);
		if (WARN_ON_ONCE(running && base == this_cpu_ptr(&timer_bases)))
			break;
		cpu_relax();
	} while (running);
	return pending;
}

/* ---- Expiry ---- */

static noinline void call_timer_fn(struct timer_list *timer, void (*fn)(struct timer_list *timer))
{
	int count = preempt_count();

	fn(timer);
	if (count != preempt_count())
		panic("timer function %pS: preempt_count was 0x%x, is 0x%x", fn, count, preempt_count());
}

/* The first timer of the base if it is due.  base->lock held, or for a hint. */
static struct timer_list *next_expired(struct timer_base *base)
{
	struct timer_list *timer = list_first_entry_or_null(&base->timers, struct timer_list, entry);

	return timer && time_after_eq(jiffies, timer->expires) ? timer : NULL;
}

static noinline void __run_timers(struct timer_base *base)
{
	struct timer_list *timer;

	spin_lock_irq(&base->lock);
	while ((timer = next_expired(base))) {
		void (*fn)(struct timer_list *timer) = timer->function;

		list_del(&timer->entry);
		base->running_timer = timer;
		spin_unlock_irq(&base->lock);
		call_timer_fn(timer, fn); /* which may free it */
		spin_lock_irq(&base->lock);
		base->running_timer = NULL;
	}
	spin_unlock_irq(&base->lock);
}

static void run_timer_softirq(void)
{
	__run_timers(this_cpu_ptr(&timer_bases));
}

void run_local_timers(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);
	bool due;

	spin_lock(&base->lock);
	due = next_expired(base);
	spin_unlock(&base->lock);
	if (due)
		raise_softirq(TIMER_SOFTIRQ);
}

void __init init_timers(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		spin_lock_init(&per_cpu(timer_bases, cpu).lock);
		INIT_LIST_HEAD(&per_cpu(timer_bases, cpu).timers);
	}
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}
