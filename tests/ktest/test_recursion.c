/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_recursion.c - a callback that calls a traced function of its own set: in every context, in several at once, and
 * under preemption.
 *
 * The callback `again` calls counted_function(), which is in its set and which nobody else calls meanwhile.
 * Guarded, it is called twice for each call from outside: for that, and, because that could have been
 * an interrupt's entry code, once because of itself.  The third call is refused and listed in recursed_functions;
 * counted_function() itself runs all three times.
 */
#include "kernel/fs/fs.h"
#include "kernel/irq.h"
#include "kernel/kthread.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/softirq.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "kernel/workload/counted.h"
#include "kernel/workload/textfile.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_internal.h"
#include "trace/trace_recursion.h"

#define UNUSED_IRQ 3		/* see test_irq.c */
#define DEPTH_LIMIT 6		/* of a callback that nothing else stops */
#define RECURSED "/sys/kernel/tracing/recursed_functions"

#define SKIP_IF_TRACED()                                                                             \
	do {                                                                                         \
		if (!ftrace_enabled)                                                                 \
			KTEST_SKIP("kernel.ftrace_enabled is 0");                                    \
		if (ftrace_find_unique_ops(ftrace_location((unsigned long)counted_function)) ||      \
		    ftrace_rec_count(ftrace_exact_rec(ftrace_location((unsigned long)counted_function)))) \
			KTEST_SKIP("somebody traces counted_function");                              \
	} while (0)

/* What the callback saw.  depth is the running task's: one at a time in all tests that look at it. */
static struct {
	atomic_long_t hits;
	unsigned int contexts;	/* BIT(trace_context_bit()) of each call */
	int depth, deepest;
} seen;

static noinline void again(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	atomic_long_inc(&seen.hits);
	seen.contexts |= BIT(trace_context_bit());
	seen.deepest = max(seen.deepest, ++seen.depth);
	if (seen.depth < DEPTH_LIMIT)
		counted_function();
	seen.depth--;
}

static void start(struct ftrace_ops *ops, ftrace_func_t func, unsigned long flags)
{
	memset(&seen, 0, sizeof(seen));
	*ops = (struct ftrace_ops){ .func = func, .flags = flags };
	KTEST_EXPECT_EQ(write_text_file(RECURSED, ""), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(ops, (unsigned long)counted_function, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(ops), 0);
}

static void stop(struct ftrace_ops *ops)
{
	int ret = unregister_ftrace_function(ops);

	ftrace_free_filter(ops);
	KTEST_EXPECT_EQ(ret, 0);
	KTEST_EXPECT_EQ(current->trace_recursion, 0);
}

/* Is there a line for a call of counted_function from `parent`?  *lines: how many lines there are. */
static bool is_recorded(const char *parent, int *lines)
{
	static char text[2048];
	struct file *file = filp_open(RECURSED, O_RDONLY, 0);
	char wanted[KSYM_NAME_LEN];
	loff_t pos = 0;
	ssize_t n;

	*lines = -1;
	if (IS_ERR(file))
		return false;
	n = vfs_read(file, text, sizeof(text) - 1, &pos);
	filp_close(file);
	text[max(n, (ssize_t)0)] = '\0';
	*lines = 0;
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		++*lines;
	snprintf(wanted, sizeof(wanted), "%s+0x", parent);
	return !strncmp(text, wanted, strlen(wanted)) && strstr(text, ":\tcounted_function+0x0/0x");
}

/* ---- who is guarded ---- */

KTEST(recursion_a_lone_callback_that_does_not_ask_for_protection_has_none)
{
	static struct ftrace_ops ops;
	int lines;

	SKIP_IF_TRACED();
	start(&ops, again, 0);
	counted_function();
	stop(&ops);
	KTEST_EXPECT_EQ(seen.deepest, DEPTH_LIMIT);
	KTEST_EXPECT(!is_recorded("again", &lines));
	KTEST_EXPECT_EQ(lines, 0);
}

KTEST(recursion_a_callback_that_asks_for_protection_is_not_called_because_of_itself)
{
	static struct ftrace_ops ops;
	long calls;
	int lines;

	SKIP_IF_TRACED();
	start(&ops, again, FTRACE_OPS_FL_RECURSION);
	calls = atomic_long_read(&counted_calls);
	counted_function();
	counted_function();
	calls = atomic_long_read(&counted_calls) - calls;
	stop(&ops);
	KTEST_EXPECT_EQ(seen.deepest, 2);
	KTEST_EXPECT_EQ(atomic_long_read(&seen.hits), 4);
	KTEST_EXPECT_EQ(calls, 6);
	KTEST_EXPECT(is_recorded("again", &lines));
	KTEST_EXPECT_EQ(lines, 1);
	KTEST_EXPECT_EQ(write_text_file(RECURSED, ""), 0);
	KTEST_EXPECT(!is_recorded("again", &lines));
	KTEST_EXPECT_EQ(lines, 0);
}

static void do_nothing(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

KTEST(recursion_a_shared_site_guards_all_callbacks)
{
	static struct ftrace_ops ops, other;
	int lines;

	SKIP_IF_TRACED();
	start(&other, do_nothing, 0);
	start(&ops, again, 0);
	counted_function();
	stop(&ops);
	stop(&other);
	KTEST_EXPECT_EQ(seen.deepest, 2);
	KTEST_EXPECT(is_recorded("again", &lines));
}

static void guards_itself(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	int bit = ftrace_test_recursion_trylock(ip, parent_ip);

	if (bit < 0)
		return;
	again(ip, parent_ip, op, fregs);
	ftrace_test_recursion_unlock(bit);
}

KTEST(recursion_a_callback_may_guard_itself)
{
	static struct ftrace_ops ops;
	int lines;

	SKIP_IF_TRACED();
	start(&ops, guards_itself, 0);
	counted_function();
	stop(&ops);
	KTEST_EXPECT_EQ(seen.deepest, 2);
	KTEST_EXPECT(is_recorded("again", &lines));
}

/* ---- contexts ---- */

static irqreturn_t call_in_irq(unsigned int irq, void *dev)
{
	counted_function();
	return IRQ_HANDLED;
}

/* As arch code does when UNUSED_IRQ is pending. */
static void pretend_interrupt(void)
{
	unsigned long flags;

	local_irq_save(flags);
	irq_enter();
	generic_handle_irq(UNUSED_IRQ);
	irq_exit();
	local_irq_restore(flags);
}

static volatile bool timer_ran;

static void call_in_softirq(struct timer_list *timer)
{
	counted_function();
	timer_ran = true;
}

static bool wait_for_timer(struct timer_list *timer, void (*fn)(struct timer_list *timer))
{
	u64 end = ktime_get_ns() + NSEC_PER_SEC;

	timer_ran = false;
	timer_setup(timer, fn, 0);
	mod_timer(timer, jiffies + 1);
	while (!timer_ran && ktime_get_ns() < end)
		barrier();
	return timer_ran;
}

KTEST(recursion_is_refused_in_each_context)
{
	static struct ftrace_ops ops;
	static struct timer_list timer;
	unsigned int contexts[3];
	long hits[3];

	SKIP_IF_TRACED();
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, call_in_irq, 0, "ktest", &ops), 0);
	start(&ops, again, FTRACE_OPS_FL_RECURSION);
	for (int i = 0; i < 3; i++) {
		memset(&seen, 0, sizeof(seen));
		if (i == 0)
			counted_function();
		else if (i == 1)
			wait_for_timer(&timer, call_in_softirq);
		else
			pretend_interrupt();
		contexts[i] = seen.contexts;
		hits[i] = atomic_long_read(&seen.hits);
	}
	stop(&ops);
	free_irq(UNUSED_IRQ, &ops);
	KTEST_EXPECT_EQ(contexts[0], BIT(TRACE_CTX_NORMAL));
	KTEST_EXPECT_EQ(contexts[1], BIT(TRACE_CTX_SOFTIRQ));
	KTEST_EXPECT_EQ(contexts[2], BIT(TRACE_CTX_IRQ));
	for (int i = 0; i < 3; i++)
		KTEST_EXPECT_EQ(hits[i], 2);
}

static struct timer_list nest_timer;

static void call_in_nested_softirq(struct timer_list *timer)
{
	counted_function();
	timer_ran = true;
}

/* In a task it waits for a softirq, in which it is called and makes an interrupt, in which it is called and recurses. */
static void nest(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	int context = trace_context_bit();
	bool first = !(seen.contexts & BIT(context));

	atomic_long_inc(&seen.hits);
	seen.contexts |= BIT(context);
	if (!first)
		return;
	if (context == TRACE_CTX_NORMAL)
		wait_for_timer(&nest_timer, call_in_nested_softirq);
	else if (context == TRACE_CTX_SOFTIRQ)
		pretend_interrupt();
	else
		counted_function();
}

KTEST(recursion_a_callback_that_is_interrupted_is_called_for_what_interrupts)
{
	static struct ftrace_ops ops;
	int lines;

	SKIP_IF_TRACED();
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, call_in_irq, 0, "ktest", &ops), 0);
	start(&ops, nest, FTRACE_OPS_FL_RECURSION);
	counted_function();
	stop(&ops);
	free_irq(UNUSED_IRQ, &ops);
	KTEST_EXPECT_EQ(seen.contexts, BIT(TRACE_CTX_NORMAL) | BIT(TRACE_CTX_SOFTIRQ) | BIT(TRACE_CTX_IRQ));
	/* One in each, and the one of the three that recursed was let through once. */
	KTEST_EXPECT_EQ(atomic_long_read(&seen.hits), 4);
	KTEST_EXPECT(!is_recorded("nest", &lines));
	KTEST_EXPECT_EQ(lines, 0);
}

/* ---- the transition: irq_enter() is traced, and called before anything says that there is an interrupt ---- */

static unsigned long entry_hits;
static const struct task_struct *pretending;

static void interrupt_once(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	bool is_entry = ip == ftrace_location((unsigned long)irq_enter);

	/* Other interrupts come when they like, those of other CPUs even now. */
	if (is_entry && pretending != current)
		return;
	if (is_entry) {
		entry_hits++;
		counted_function();	/* but this is recursion */
		barrier();		/* not a jump: we are the parent */
		return;
	}
	atomic_long_inc(&seen.hits);
	seen.contexts |= BIT(trace_context_bit());
	if (in_hardirq())
		return;
	pretending = current;
	pretend_interrupt();
	pretending = NULL;
}

KTEST(recursion_entry_code_is_let_through_once_and_what_it_calls_is_not)
{
	static struct ftrace_ops ops;
	int lines;

	SKIP_IF_TRACED();
	entry_hits = 0;
	KTEST_EXPECT_EQ(request_irq(UNUSED_IRQ, call_in_irq, 0, "ktest", &ops), 0);
	start(&ops, interrupt_once, FTRACE_OPS_FL_RECURSION);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, (unsigned long)irq_enter, 0, 0), 0);
	local_irq_disable();
	counted_function();
	local_irq_enable();
	stop(&ops);
	free_irq(UNUSED_IRQ, &ops);
	KTEST_EXPECT_EQ(entry_hits, 1);
	/* The task's call, and the handler's. */
	KTEST_EXPECT_EQ(atomic_long_read(&seen.hits), 2);
	KTEST_EXPECT_EQ(seen.contexts, BIT(TRACE_CTX_NORMAL) | BIT(TRACE_CTX_IRQ));
	KTEST_EXPECT(is_recorded("interrupt_once", &lines));
	KTEST_EXPECT_EQ(lines, 1);
}

/* ---- several tasks, several CPUs ---- */

static void again_anywhere(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	atomic_long_inc(&seen.hits);
	counted_function();
}

#define CALLERS 4
#define CALLS 3000

static atomic_t callers_left;

static int call_many_times(void *unused)
{
	for (int i = 0; i < CALLS; i++) {
		counted_function();
		if (!(i % 100))
			cond_resched();
	}
	atomic_dec(&callers_left);
	return 0;
}

static void call_on_this_cpu(void *unused)
{
	counted_function();
}

/* The bits are the task's: who is preempted, or runs elsewhere at the same time, takes nothing from the others. */
KTEST(recursion_tasks_and_cpus_are_guarded_one_by_one)
{
	static struct ftrace_ops ops;
	long calls, outer = CALLERS * CALLS + num_online_cpus();

	SKIP_IF_TRACED();
	start(&ops, again_anywhere, FTRACE_OPS_FL_RECURSION);
	calls = atomic_long_read(&counted_calls);
	atomic_set(&callers_left, CALLERS);
	for (int i = 0; i < CALLERS; i++)
		if (IS_ERR(kthread_run(call_many_times, NULL, "ktest-caller/%d", i)))
			atomic_set(&callers_left, -1);
	on_each_cpu(call_on_this_cpu, NULL, 1);
	while (atomic_read(&callers_left) > 0)
		schedule_timeout(1);
	calls = atomic_long_read(&counted_calls) - calls;
	stop(&ops);
	KTEST_EXPECT_EQ(atomic_read(&callers_left), 0);
	/* A cross-call on top of a caller's one transition finds that taken: its nested call is refused then. */
	KTEST_EXPECT(atomic_long_read(&seen.hits) <= 2 * outer);
	KTEST_EXPECT(atomic_long_read(&seen.hits) > 2 * outer - (long)num_online_cpus());
	KTEST_EXPECT_EQ(calls, outer + atomic_long_read(&seen.hits));
}
