/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rcu.h - readers that take no lock, and writers that wait until the readers of the old are gone.
 *
 * A reader only turns preemption off.  So a CPU that has switched tasks, or that is found running a
 * preemptible task by the tick, has no reader left from before: it has been quiescent.
 */
#ifndef KERNEL_RCU_H
#define KERNEL_RCU_H

#include "kernel/preempt.h"
#include "lib/atomic.h"

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

static inline void rcu_read_lock(void) { preempt_disable(); }
static inline void rcu_read_unlock(void) { preempt_enable(); }

#define rcu_assign_pointer(p, v) smp_store_release(&(p), v)
#define rcu_dereference(p) __atomic_load_n(&(p), __ATOMIC_CONSUME)
#define rcu_dereference_raw(p) rcu_dereference(p)
#define rcu_dereference_protected(p, cond) READ_ONCE(p)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)

/* Returns when all readers that were inside rcu_read_lock() have left.  Task context, may sleep. */
void synchronize_rcu(void);
/*
 * Returns when every task has been at a point where it switched away by its own will: none is still,
 * preempted, in code (a trampoline) that it entered before the call.  Task context, may sleep.
 */
void synchronize_rcu_tasks(void);
/* Calls func(head), in softirq context, when synchronize_rcu() would have returned.  Any context. */
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
/* Returns when the callbacks queued before it have run.  Task context, may sleep. */
void rcu_barrier(void);

/* For the scheduler: this CPU switches tasks, or waits for an interrupt (both: interrupts off); the tick came. */
void rcu_note_context_switch(void);
void rcu_idle_enter(void);
void rcu_sched_clock_irq(void);
/* Interrupts off, boot. */
void rcu_init(void);

#endif
