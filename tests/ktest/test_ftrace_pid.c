/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ftrace_pid.c - set_ftrace_pid with real tasks: who is traced, and that a child follows its parent. */
#include "kernel/fs/fs.h"
#include "kernel/kthread.h"
#include "kernel/sched/sched.h"
#include "kernel/workload/counted.h"
#include "kernel/workload/textfile.h"
#include "lib/stdio.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_internal.h"
#include "trace/trace.h"
#include "trace/trace_pid.h"

#define TRACING "/sys/kernel/tracing/"

static unsigned long hits;

static void count_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	__atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
}

static int call_once(void *unused)
{
	counted_function();
	return 0;
}

/* A child that calls counted_function(); it has ended, and nothing is left of it, when this returns.  Its pid. */
static pid_t run_child(void)
{
	pid_t pid = kernel_clone(call_once, NULL, "pid-child", 0);

	return pid < 0 ? pid : kernel_wait4(pid, NULL, 0);
}

#define SKIP_UNLESS_UNUSED()                                                        \
	do {                                                                        \
		if (!ftrace_enabled)                                                \
			KTEST_SKIP("kernel.ftrace_enabled is 0");                   \
		if (global_trace.function_pids || global_trace.function_no_pids)    \
			KTEST_SKIP("set_ftrace_pid or set_ftrace_notrace_pid is in use"); \
	} while (0)

KTEST(ftrace_pid_list_limits_an_ops_to_its_tasks)
{
	static struct ftrace_ops ops;
	char pid[16];

	SKIP_UNLESS_UNUSED();
	ops = (struct ftrace_ops){ .func = count_call, .flags = FTRACE_OPS_FL_PID, .private = &global_trace };
	hits = 0;
	snprintf(pid, sizeof(pid), "%d\n", current->pid);
	ftrace_set_filter_ip(&ops, (unsigned long)counted_function, 0, 1);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_pid", pid), 0);
	counted_function();
	KTEST_EXPECT_EQ(hits, 1);
	KTEST_EXPECT(run_child() > 0);
	KTEST_EXPECT_EQ(hits, 1);
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_pid", "\n"), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_notrace_pid", pid), 0);
	counted_function();
	KTEST_EXPECT_EQ(hits, 1);
	KTEST_EXPECT(run_child() > 0);
	KTEST_EXPECT_EQ(hits, 2);
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_notrace_pid", "\n"), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	KTEST_EXPECT(ops.func == count_call);
	ftrace_free_filter(&ops);
}

KTEST(ftrace_pid_list_follows_children_until_they_end)
{
	static struct ftrace_ops ops;
	char pid[16], on[] = "function-fork", off[] = "nofunction-fork";
	pid_t child;

	SKIP_UNLESS_UNUSED();
	ops = (struct ftrace_ops){ .func = count_call, .flags = FTRACE_OPS_FL_PID, .private = &global_trace };
	hits = 0;
	snprintf(pid, sizeof(pid), "%d\n", current->pid);
	ftrace_set_filter_ip(&ops, (unsigned long)counted_function, 0, 1);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_pid", pid), 0);
	KTEST_EXPECT_EQ(trace_set_options(&global_trace, on), 0);
	child = run_child();
	KTEST_EXPECT(child > 0);
	KTEST_EXPECT_EQ(hits, 1);
	KTEST_EXPECT(!trace_pid_list_is_set(global_trace.function_pids, child));
	KTEST_EXPECT(trace_pid_list_is_set(global_trace.function_pids, current->pid));
	KTEST_EXPECT_EQ(trace_set_options(&global_trace, off), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_pid", "\n"), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	ftrace_free_filter(&ops);
}
