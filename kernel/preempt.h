/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * preempt.h - the preemption count: which context is running, and may it be switched away?
 *
 *   bits  0-7   preempt_disable() depth (every held spinlock counts)
 *   bits  8-15  softirq: bit 8 while one is served, 2 << 8 for each local_bh_disable()
 *   bits 16-19  hard interrupt depth
 *   bits 20-23  NMI depth (no machine here has one; the layout is Linux's)
 *
 * 0 means a task that may be switched away at any moment.  The count belongs to the task, and only
 * the CPU that runs the task changes it: an interrupt puts back what it found, so plain arithmetic is enough.
 */
#ifndef KERNEL_PREEMPT_H
#define KERNEL_PREEMPT_H

#include "kernel/irqflags.h"
#include "kernel/sched/task.h"
#include <asm/current.h>

#define PREEMPT_SHIFT 0
#define SOFTIRQ_SHIFT 8
#define HARDIRQ_SHIFT 16
#define NMI_SHIFT 20

#define PREEMPT_OFFSET (1 << PREEMPT_SHIFT)
#define SOFTIRQ_OFFSET (1 << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET (1 << HARDIRQ_SHIFT)
#define NMI_OFFSET (1 << NMI_SHIFT)
#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)

#define PREEMPT_MASK 0x000000ff
#define SOFTIRQ_MASK 0x0000ff00
#define HARDIRQ_MASK 0x000f0000
#define NMI_MASK 0x00f00000

static inline int preempt_count(void) { return READ_ONCE(current->preempt_count); }

static inline void preempt_count_add(int val)
{
	WRITE_ONCE(current->preempt_count, preempt_count() + val);
	barrier();
}

static inline void preempt_count_sub(int val)
{
	barrier();
	WRITE_ONCE(current->preempt_count, preempt_count() - val);
}

static inline int hardirq_count(void) { return preempt_count() & HARDIRQ_MASK; }
static inline int softirq_count(void) { return preempt_count() & SOFTIRQ_MASK; }
static inline bool in_nmi(void) { return preempt_count() & NMI_MASK; }
static inline bool in_hardirq(void) { return hardirq_count(); }
static inline bool in_serving_softirq(void) { return softirq_count() & SOFTIRQ_OFFSET; }
/* Serving a softirq, or a task that holds softirqs off. */
static inline bool in_softirq(void) { return softirq_count(); }
static inline bool in_interrupt(void) { return preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK); }
static inline bool in_task(void)
{
	return !(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET));
}
static inline bool in_atomic(void) { return preempt_count() != 0; }
static inline bool preemptible(void) { return preempt_count() == 0 && !irqs_disabled(); }

static inline bool need_resched(void) { return READ_ONCE(current->need_resched); }

/* Switches away if that is allowed here, and returns at once if not (kernel/sched/core.c). */
void preempt_schedule(void);

static inline void preempt_disable(void) { preempt_count_add(PREEMPT_OFFSET); }
static inline void preempt_enable_no_resched(void) { preempt_count_sub(PREEMPT_OFFSET); }
/* The last one out switches to a task that should run instead, if one became ready meanwhile. */
static inline void preempt_enable(void)
{
	preempt_count_sub(PREEMPT_OFFSET);
	if (unlikely(need_resched()) && preempt_count() == 0)
		preempt_schedule();
}

/* Linux's names for use inside a tracer.  Nothing on these paths is traced, so they are the same. */
#define preempt_disable_notrace() preempt_disable()
#define preempt_enable_notrace() preempt_enable()
#define preempt_enable_no_resched_notrace() preempt_enable_no_resched()

/*
 * Softirqs off and on, for a task that shares data with one.  Task or softirq context, interrupts on.
 * The enabling half serves what became pending meanwhile.
 */
static inline void local_bh_disable(void) { preempt_count_add(SOFTIRQ_DISABLE_OFFSET); }
void local_bh_enable(void);

#endif
