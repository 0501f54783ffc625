/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_recursion.h - keeps a callback from being called because of itself.
 *
 * A callback that calls a traced function is called again for it, and again for
 * that, until the stack is used up.  But being entered twice is not always that: an
 * interrupt may come while the callback runs, and what it traces is new.  So there is
 * one bit for each context a task can be in, in current->trace_recursion:
 *
 *	normal < softirq < hard interrupt < NMI		each can only be interrupted by those to its right
 *
 * The bit of the present context set means "called because of itself".  One exception: the
 * kernel's own entry code is traced too, before (or after) it changes preempt_count() to say
 * that it is in an interrupt.  A call from there looks like recursion and is not.  So one
 * such call is let through, which takes the bit TRANSITION; if that is taken too, it is
 * recursion indeed: refused, and noted in the file recursed_functions.
 *
 * There are two groups of bits, because a callback may guard itself while the list
 * function that called it guards all.  Bits are of the task, so no atomicity is
 * needed: whoever interrupts gives every bit back before it returns.  A task that is preempted between
 * setting the bit and preempt_disable() takes its bits along, to any CPU.
 *
 * Any context; nothing here may be traced.
 */
#ifndef TRACE_TRACE_RECURSION_H
#define TRACE_TRACE_RECURSION_H

#include "trace/os.h"

/* Bits in a group. */
enum {
	TRACE_CTX_NMI,
	TRACE_CTX_IRQ,
	TRACE_CTX_SOFTIRQ,
	TRACE_CTX_NORMAL,
	TRACE_CTX_TRANSITION,
	TRACE_CTX_BITS,
};

#define TRACE_FTRACE_START 0			/* for a callback that guards itself */
#define TRACE_LIST_START TRACE_CTX_BITS		/* for who calls callbacks */

static inline int trace_context_bit(void)
{
	int count = preempt_count();

	if (likely(!(count & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET))))
		return TRACE_CTX_NORMAL;
	if (count & NMI_MASK)
		return TRACE_CTX_NMI;
	return count & HARDIRQ_MASK ? TRACE_CTX_IRQ : TRACE_CTX_SOFTIRQ;
}

/* Notes that the call of the function at `ip` from parent_ip was refused (trace_recursion_record.c). */
void ftrace_record_recursion(unsigned long ip, unsigned long parent_ip);

/*
 * Enters: a bit number >= 0, and preemption is off until trace_clear_recursion() of it; or
 * -1: recursion, go back (and clear nothing).
 */
static __always_inline int trace_test_and_set_recursion(unsigned long ip, unsigned long parent_ip, int start)
{
	unsigned long val = READ_ONCE(current->trace_recursion);
	int bit = start + trace_context_bit();

	if (unlikely(val & BIT(bit))) {
		bit = start + TRACE_CTX_TRANSITION;
		if (val & BIT(bit)) {
			ftrace_record_recursion(ip, parent_ip);
			return -1;
		}
	}
	WRITE_ONCE(current->trace_recursion, val | BIT(bit));
	barrier();
	preempt_disable_notrace();
	return bit;
}

/* The bit goes first: if preempt_enable_notrace() switches tasks, what that calls is nobody's recursion. */
static __always_inline void trace_clear_recursion(int bit)
{
	WRITE_ONCE(current->trace_recursion, current->trace_recursion & ~BIT(bit));
	barrier();
	preempt_enable_notrace();
}

/* For callbacks: the same pair under the names they have in Linux. */
static __always_inline int ftrace_test_recursion_trylock(unsigned long ip, unsigned long parent_ip)
{
	return trace_test_and_set_recursion(ip, parent_ip, TRACE_FTRACE_START);
}

static __always_inline void ftrace_test_recursion_unlock(int bit)
{
	trace_clear_recursion(bit);
}

#endif
