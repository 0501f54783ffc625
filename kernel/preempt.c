/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * preempt.c - the end of a section that held softirqs off.
 *
 * The count itself is all inline (preempt.h): the owner of a count is the running
 * task, so there is nothing to lock.
 */
#include "kernel/preempt.h"
#include "kernel/panic.h"
#include "kernel/softirq.h"

void local_bh_enable(void)
{
	WARN_ON_ONCE(in_hardirq() || irqs_disabled());

	/* One preempt_disable() is kept of it, so that what is pending runs here, before anybody else does. */
	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET - PREEMPT_OFFSET);
	if (!in_interrupt() && local_softirq_pending())
		do_softirq();
	preempt_enable();
}
