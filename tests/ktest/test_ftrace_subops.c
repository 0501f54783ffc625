/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ftrace_subops.c - several ops behind one: on a real machine, with real calls, and while others make them. */
#include "kernel/kallsyms.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_explain.h"
#include "trace/ftrace_internal.h"
#include "trace/trace_seq.h"

#define PROBE ((unsigned long)kallsyms_lookup_name)
#define OTHER ((unsigned long)sprint_symbol)

static unsigned long calls[2], strays;

static void count_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	calls[(unsigned long)op->private]++;
	if (ftrace_location(PROBE) != ip && ftrace_location(OTHER) != ip)
		strays++;
}

static noinline void call_both(void)
{
	char buf[KSYM_SYMBOL_LEN];

	kallsyms_lookup_name("kallsyms_lookup_name");
	sprint_symbol(buf, PROBE);
	barrier();	/* a call, not a jump */
}

static void prepare(struct ftrace_ops *manager, struct ftrace_ops *first, struct ftrace_ops *second)
{
	*manager = (struct ftrace_ops){ .func = ftrace_subops_func, .flags = FTRACE_OPS_FL_RECURSION };
	*first = (struct ftrace_ops){ .func = count_call };
	*second = (struct ftrace_ops){ .func = count_call, .private = (void *)1 };
	calls[0] = calls[1] = strays = 0;
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(first, PROBE, 0, 0), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(second, PROBE, 0, 0), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(second, OTHER, 0, 0), 0);
}

static void finish(struct ftrace_ops *manager, struct ftrace_ops *first, struct ftrace_ops *second)
{
	ftrace_free_filter(manager);
	ftrace_free_filter(first);
	ftrace_free_filter(second);
}

/* How many ops want the function. */
static u32 count_of(unsigned long ip)
{
	return ftrace_rec_count(ftrace_exact_rec(ftrace_location(ip)));
}

/* explain names both, below their manager. */
static void expect_explained(void)
{
	char *text = kzalloc(PAGE_SIZE, GFP_KERNEL), *line;
	struct trace_seq s;
	int lines = 0;

	trace_seq_init(&s, text, PAGE_SIZE);
	KTEST_EXPECT(ftrace_explain(&s, "kallsyms_lookup_name"));
	for (line = text; (line = strstr(line, "\n    subops    ")); line++)
		lines++;
	KTEST_EXPECT_EQ(lines, 2);
	kfree(text);
}

KTEST(ftrace_subops_are_one_for_their_sites_and_each_called_for_its_own)
{
	static struct ftrace_ops manager, first, second, third = { .func = count_call };
	u32 probe = count_of(PROBE), other = count_of(OTHER);

	prepare(&manager, &first, &second);
	KTEST_EXPECT_EQ(ftrace_startup_subops(&manager, &first), 0);
	KTEST_EXPECT_EQ(ftrace_startup_subops(&manager, &second), 0);
	KTEST_EXPECT_EQ(ftrace_startup_subops(&first, &third), -EINVAL);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&first), -EPERM);
	KTEST_EXPECT_EQ(count_of(PROBE), probe + 1);
	KTEST_EXPECT_EQ(count_of(OTHER), other + 1);
	call_both();
	KTEST_EXPECT_EQ(calls[0], 1UL * !!ftrace_enabled);
	KTEST_EXPECT_EQ(calls[1], 2UL * !!ftrace_enabled);

	expect_explained();
	KTEST_EXPECT_EQ(ftrace_shutdown_subops(&manager, &second), 0);
	KTEST_EXPECT_EQ(count_of(PROBE), probe + 1);
	KTEST_EXPECT_EQ(count_of(OTHER), other);
	KTEST_EXPECT_EQ(ftrace_shutdown_subops(&manager, &first), 0);
	KTEST_EXPECT_EQ(count_of(PROBE), probe);
	calls[0] = calls[1] = 0;
	call_both();
	KTEST_EXPECT_EQ(calls[0] + calls[1], 0);
	finish(&manager, &first, &second);
}

static int call_until_stopped(void *unused)
{
	while (!kthread_should_stop()) {
		call_both();
		yield();
	}
	return 0;
}

KTEST(ftrace_subops_come_and_go_while_their_functions_run)
{
	static struct ftrace_ops manager, first;
	struct task_struct *caller = kthread_run(call_until_stopped, NULL, "subops-caller");
	struct ftrace_ops *second;
	struct ftrace_audit audit;

	KTEST_EXPECT(!IS_ERR(caller));
	for (int i = 0; i < 30; i++) {
		second = kzalloc(sizeof(*second), GFP_KERNEL);
		prepare(&manager, &first, second);
		KTEST_EXPECT_EQ(ftrace_startup_subops(&manager, i & 1 ? second : &first), 0);
		KTEST_EXPECT_EQ(ftrace_startup_subops(&manager, i & 1 ? &first : second), 0);
		while (ftrace_enabled && (!READ_ONCE(calls[0]) || !READ_ONCE(calls[1])))
			yield();
		KTEST_EXPECT_EQ(ftrace_set_filter_ip(second, OTHER, 1, 0), 0);
		KTEST_EXPECT_EQ(ftrace_shutdown_subops(&manager, i & 2 ? second : &first), 0);
		KTEST_EXPECT(ftrace_audit(&audit));
		KTEST_EXPECT_EQ(ftrace_shutdown_subops(&manager, i & 2 ? &first : second), 0);
		finish(&manager, &first, second);
		kfree(second);
	}
	kthread_stop(caller);
	KTEST_EXPECT_EQ(strays, 0);
}
