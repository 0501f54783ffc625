/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_crowd.c - several who use the files of the tracing directory at the same time, each as if he were alone.
 *
 * Each task writes to a file or reads one, at random, while functions are traced.  Whether a write succeeds depends on what the
 * others did; that it, and what comes of all of them, leaves everything as it must be does not.
 */
#include "kernel/fs/fs.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/workload/counted.h"
#include "kernel/workload/textfile.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"
#include "trace/trace.h"

#define TRACING "/sys/kernel/tracing/"
#define CROWD 6
#define STEPS 200

static const struct {
	const char *file, *text;
} writes[] = {
	{ "set_ftrace_filter", "counted_function\n" },
	{ "set_ftrace_filter", "vfs_* counted_function\n" },
	{ "set_ftrace_filter", "\n" },
	{ "set_ftrace_filter", "counted_function:traceoff vfs_read:traceon\n" },
	{ "set_ftrace_filter", "!counted_function:traceoff !vfs_read:traceon\n" },
	{ "set_ftrace_filter", "vfs_open:snapshot:3 schedule:stacktrace:5\n" },
	{ "set_ftrace_filter", "!vfs_open:snapshot:0 !schedule:stacktrace:0\n" },
	{ "set_ftrace_notrace", "*lock*\n" },
	{ "set_ftrace_notrace", "\n" },
	{ "set_graph_function", "vfs_* counted_function !vfs_read\n" },
	{ "set_graph_function", "\n" },
	{ "set_graph_notrace", "*lock*\n" },
	{ "current_tracer", "function\n" },
	{ "current_tracer", "function\n" },
	{ "current_tracer", "nop\n" },
	{ "tracing_on", "0\n" },
	{ "tracing_on", "1\n" },
	{ "trace", "\n" },
	{ "per_cpu/cpu0/trace", "\n" },
	{ "trace_clock", "counter\n" },
	{ "trace_clock", "local\n" },
	{ "buffer_size_kb", "32\n" },
	{ "buffer_size_kb", "64\n" },
	{ "per_cpu/cpu0/buffer_size_kb", "16\n" },
	{ "tracing_cpumask", "1\n" },
	{ "snapshot", "0\n" },
	{ "snapshot", "1\n" },
	{ "snapshot", "2\n" },
	{ "per_cpu/cpu0/snapshot", "2\n" },
	{ "set_ftrace_pid", "1 2 3\n" },
	{ "set_ftrace_notrace_pid", "4\n" },
	{ "set_ftrace_pid", "\n" },
	{ "options/func_stack_trace", "1\n" },
	{ "options/func_stack_trace", "0\n" },
	{ "options/overwrite", "0\n" },
	{ "options/overwrite", "1\n" },
	{ "options/function-fork", "1\n" },
	{ "options/function-fork", "0\n" },
	{ "trace_marker", "a mark\n" },
	{ "recursed_functions", "\n" },
	{ "../../../proc/sys/kernel/ftrace_enabled", "0\n" },
	{ "../../../proc/sys/kernel/ftrace_enabled", "1\n" },
};

static const char *const reads[] = {
	"trace", "trace_pipe", "snapshot", "per_cpu/cpu0/trace", "per_cpu/cpu0/stats", "per_cpu/cpu0/trace_pipe", "enabled_functions",
	"touched_functions", "set_ftrace_filter", "set_graph_function", "set_ftrace_pid", "buffer_size_kb", "buffer_total_size_kb",
	"saved_cmdlines", "ftrace_audit", "trace_options", "tracing_cpumask", "current_tracer",
};

/* What is as it was before. */
static const struct {
	const char *file, *text;
} defaults[] = {
	{ "../../../proc/sys/kernel/ftrace_enabled", "1\n" },
	{ "current_tracer", "nop\n" },
	/* One by one: where there is none it is an error, and ends the write. */
	{ "set_ftrace_filter", "!*:traceoff\n" },
	{ "set_ftrace_filter", "!*:traceon\n" },
	{ "set_ftrace_filter", "!*:snapshot:0\n" },
	{ "set_ftrace_filter", "!*:stacktrace:0\n" },
	{ "set_ftrace_filter", "\n" },
	{ "set_graph_function", "\n" },
	{ "set_graph_notrace", "\n" },
	{ "set_ftrace_notrace", "\n" },
	{ "set_ftrace_pid", "\n" },
	{ "set_ftrace_notrace_pid", "\n" },
	{ "options/func_stack_trace", "0\n" },
	{ "options/overwrite", "1\n" },
	{ "options/function-fork", "0\n" },
	{ "trace_clock", "local\n" },
	{ "snapshot", "0\n" },
	{ "buffer_size_kb", "1408\n" },
	{ "trace", "\n" },
	{ "tracing_on", "1\n" },
};

static int write_to(const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), TRACING "%s", file);
	return write_text_file(path, text);
}

static void read_some(const char *name, char *page)
{
	char path[64];
	struct file *file;

	snprintf(path, sizeof(path), TRACING "%s", name);
	file = filp_open(path, O_RDONLY | O_NONBLOCK, 0);
	if (IS_ERR(file))
		return;
	for (int i = 0; i < 16 && kernel_read(file, page, PAGE_SIZE, &file->f_pos) > 0; i++)
		;
	fput(file);
}

/* xorshift32 (Marsaglia 2003). */
static u32 random_below(u32 *state, u32 n)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % n;
}

static int one_of_the_crowd(void *number)
{
	u32 n, state = 4711 + (unsigned long)number;
	char *page = get_zeroed_page(GFP_KERNEL);

	for (int i = 0; page && i < STEPS && !ftrace_is_dead(); i++) {
		counted_function();
		n = random_below(&state, ARRAY_SIZE(writes) + ARRAY_SIZE(reads));
		if (n < ARRAY_SIZE(writes))
			write_to(writes[n].file, writes[n].text);
		else
			read_some(reads[n - ARRAY_SIZE(writes)], page);
	}
	free_page(page);
	return 0;
}


/* Would each CPU record? */
static bool all_record(void)
{
	const struct trace_buffer *buffer = &global_trace.buffer;
	int cpu, reasons = atomic_read(&buffer->record_disabled);

	for_each_possible_cpu(cpu)
		reasons |= atomic_read(&buffer->buffers[cpu]->record_disabled);
	return !reasons;
}

KTEST(crowd_at_the_files_of_the_tracing_directory_breaks_nothing)
{
	struct task_struct *tasks[CROWD];
	unsigned int on = ftrace_sites_on;
	struct ftrace_audit audit;
	int started = 0;

	if (!ftrace_enabled)
		KTEST_SKIP("kernel.ftrace_enabled is 0");
	if (global_trace.allocated_snapshot || strcmp(global_trace.current_trace->name, "nop"))
		KTEST_SKIP("somebody is tracing");
	for (; started < CROWD; started++) {
		tasks[started] = kthread_create(one_of_the_crowd, (void *)(unsigned long)started, "crowd/%d", started);
		if (IS_ERR(tasks[started]))
			break;
		get_task_struct(tasks[started]);
		wake_up_process(tasks[started]);
	}
	for (int i = 0; i < started; i++) {
		while (READ_ONCE(tasks[i]->exit_state) == EXIT_ALIVE)
			msleep(1);
		put_task_struct(tasks[i]);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(defaults); i++)
		write_to(defaults[i].file, defaults[i].text);
	tracing_set_cpumask(&global_trace, trace_possible_cpus());
	KTEST_EXPECT_EQ(started, CROWD);
	KTEST_EXPECT(!ftrace_is_dead());
	KTEST_EXPECT(all_record());
	KTEST_EXPECT(ftrace_audit(&audit));
	KTEST_EXPECT_EQ(ftrace_sites_on, on);
}
