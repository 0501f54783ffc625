/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_trace_races.c - who comes in between while trace/ changes or reads its buffers.
 *
 * trace/ itself is not traced, but it calls functions that are: a callback on one of them stands in the middle of the
 * change, every time, and does there what another CPU may do at that moment; or looks whether it could.
 */
#include "kernel/fs/fs.h"
#include "kernel/kthread.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/workload/counted.h"
#include "kernel/workload/textfile.h"
#include "lib/errno.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_internal.h"
#include "trace/trace.h"

#define TRACING "/sys/kernel/tracing/"

#define SKIP_IF_BUSY()                                                                               \
	do {                                                                                         \
		if (!ftrace_enabled)                                                                 \
			KTEST_SKIP("kernel.ftrace_enabled is 0");                                    \
		if (global_trace.allocated_snapshot || strcmp(global_trace.current_trace->name, "nop")) \
			KTEST_SKIP("somebody is tracing");                                           \
	} while (0)

static int write_to(const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), TRACING "%s", file);
	return write_text_file(path, text);
}

/* ---- the reader's pages are the reader's who has the lock ---- */

static struct task_struct *watched;
static unsigned long cross_calls, without_lock;

static void look_for_lock(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	if (current != watched)
		return;
	cross_calls++;
	without_lock += !mutex_is_owned(global_trace.buffer.lock);
}

KTEST(trace_pipe_looks_for_events_under_the_lock_of_readers)
{
	static struct ftrace_ops ops = { .func = look_for_lock };
	struct file *file;
	char text[64];
	ssize_t ret;

	SKIP_IF_BUSY();
	KTEST_EXPECT_EQ(write_to("trace", "\n"), 0);
	watched = current;
	cross_calls = without_lock = 0;
	file = filp_open(TRACING "trace_pipe", O_RDONLY | O_NONBLOCK, 0);
	KTEST_EXPECT(!IS_ERR(file));
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, (unsigned long)smp_call_function_single, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	ret = kernel_read(file, text, sizeof(text), &file->f_pos);
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
	fput(file);
	KTEST_EXPECT_EQ(ret, -EAGAIN);
	KTEST_EXPECT(cross_calls > 0);
	KTEST_EXPECT_EQ(without_lock, 0);
}
