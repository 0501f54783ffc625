/* SPDX-License-Identifier: BSD-2-Clause */
/* test_irq.c - interrupt handlers, their registration, and softirqs. */
#include "kernel/irq.h"
#include "kernel/preempt.h"
#include "kernel/smp.h"
#include "kernel/softirq.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "lib/errno.h"
#include "tests/ktest/ktest.h"

/* A number that no machine here wires to a device. */
#define UNUSED_IRQ 3

static int calls;
static void *got_dev;
static bool was_in_hardirq, was_off;

static irqreturn_t count_call(unsigned int irq, void *dev)
{
	calls++;
	got_dev = dev;
	was_in_hardirq = in_hardirq();
	was_off = irqs_disabled();
	return irq == UNUSED_IRQ ? IRQ_HANDLED : IRQ_NONE;
}

/* As arch code does when the controller says that UNUSED_IRQ is pending. */
static void pretend_interrupt(void)
{
	unsigned long flags;

	local_irq_save(flags);
	irq_enter();
	generic_handle_irq(UNUSED_IRQ);
	irq_exit();
	local_irq_restore(flags);
}

KTEST(irq_handler_runs_in_hardirq_context_with_its_device)
{
	int cpu = smp_processor_id();
	unsigned int before = kstat_irqs_cpu(UNUSED_IRQ, cpu);
	const char *action, *chip;

	calls = 0;
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, count_call, 0, "ktest", &calls), 0);
	KTEST_EXPECT(irq_describe(UNUSED_IRQ, &action, &chip));
	KTEST_EXPECT_STREQ(action, "ktest");
	pretend_interrupt();
	free_irq(UNUSED_IRQ, &calls);
	KTEST_EXPECT_EQ(calls, 1);
	KTEST_EXPECT(got_dev == &calls);
	KTEST_EXPECT(was_in_hardirq && was_off);
	KTEST_EXPECT_EQ(kstat_irqs_cpu(UNUSED_IRQ, cpu), before + 1);
	KTEST_EXPECT(!irq_describe(UNUSED_IRQ, &action, &chip));
}

KTEST(irq_request_refuses_what_is_wrong_or_taken)
{
	KTEST_EXPECT_EQ(request_irq(NR_IRQS, count_call, 0, "ktest", NULL), -EINVAL);
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, NULL, 0, "ktest", NULL), -EINVAL);
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, count_call, 1, "ktest", NULL), -EINVAL);
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, count_call, 0, "ktest", NULL), 0);
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, count_call, 0, "again", NULL), -EBUSY);
	free_irq(UNUSED_IRQ, NULL);
}

static bool timer_was_in_softirq, timer_was_in_hardirq;
static volatile bool timer_ran;

static void note_context(struct timer_list *timer)
{
	timer_was_in_softirq = in_serving_softirq();
	timer_was_in_hardirq = in_hardirq();
	timer_ran = true;
}

KTEST(softirq_runs_after_the_interrupt_not_in_it)
{
	static struct timer_list timer;

	timer_ran = false;
	timer_setup(&timer, note_context, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(50);
	KTEST_EXPECT(timer_ran);
	KTEST_EXPECT(timer_was_in_softirq);
	KTEST_EXPECT(!timer_was_in_hardirq);
}

KTEST(softirq_waits_for_local_bh_enable)
{
	static struct timer_list timer;
	u64 end = ktime_get_ns() + 50 * NSEC_PER_MSEC;
	bool ran_early;

	timer_ran = false;
	timer_setup(&timer, note_context, 0);
	mod_timer(&timer, jiffies + 1);
	local_bh_disable();
	while (ktime_get_ns() < end)
		barrier();
	ran_early = timer_ran;
	local_bh_enable();
	KTEST_EXPECT(!ran_early);
	KTEST_EXPECT(timer_ran);
	KTEST_EXPECT_EQ(local_softirq_pending(), 0);
}
