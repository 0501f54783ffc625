/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_trace_races.c - who comes in between while trace/ changes or reads its buffers.
 *
 * trace/ itself is not traced, but it calls functions that are: a callback on one of them stands in the middle of the
 * change, every time, and does there what another CPU may do at that moment; or looks whether it could.
 */
#include "kernel/fs/fs.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
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

/* ---- snapshots, which a traced function takes at any moment, in the middle of what needs both buffers as they are ---- */

static int take_snapshots_until_stopped(void *unused)
{
	while (!kthread_should_stop())
		tracing_snapshot(&global_trace);
	return 0;
}

/* How often the text is in the file's first page. */
static unsigned int count_in_file(struct file *file, const char *text)
{
	char *page = get_zeroed_page(GFP_KERNEL), *at = page;
	unsigned int count = 0;
	long len = 0, n;

	while (page && len < (long)PAGE_SIZE - 1 &&
	       (n = kernel_read(file, page + len, PAGE_SIZE - 1 - len, &file->f_pos)) > 0)
		len += n;
	for (; at && (at = strstr(at, text)); at++)
		count++;
	free_page(page);
	return count;
}

static bool filter_says(const char *text)
{
	struct file *file = filp_open(TRACING "set_ftrace_filter", O_RDONLY, 0);
	bool found = count_in_file(file, text);

	fput(file);
	return found;
}

KTEST(snapshot_that_was_not_taken_does_not_count)
{
	struct trace_array *tr = &global_trace;
	bool kept, taken;

	SKIP_IF_BUSY();
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "counted_function:snapshot:1\n"), 0);
	mutex_lock(&trace_types_lock);
	trace_snapshot_lock(tr);
	counted_function();
	trace_snapshot_unlock(tr);
	mutex_unlock(&trace_types_lock);
	kept = filter_says("counted_function:snapshot:count=1");
	counted_function();
	taken = filter_says("counted_function:snapshot:count=0");
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "!counted_function:snapshot:0\n"), 0);
	KTEST_EXPECT_EQ(write_to("snapshot", "0\n"), 0);
	KTEST_EXPECT(kept);
	KTEST_EXPECT(taken);
}

KTEST(snapshot_that_was_opened_is_shown_though_its_memory_is_given_back)
{
	struct file *file;
	bool shown;

	SKIP_IF_BUSY();
	trace_printk("before the snapshot\n");
	KTEST_EXPECT_EQ(write_to("snapshot", "1\n"), 0);
	file = filp_open(TRACING "snapshot", O_RDONLY, 0);
	KTEST_EXPECT(!IS_ERR(file));
	KTEST_EXPECT_EQ(write_to("snapshot", "0\n"), 0);
	shown = count_in_file(file, "before the snapshot");
	fput(file);
	KTEST_EXPECT(shown);
}

/* The reasons not to record, of all rings of both buffers. */
static int reasons(void)
{
	int cpu, sum = 0;

	for_each_possible_cpu(cpu)
		sum |= atomic_read(&global_trace.buffer.buffers[cpu]->record_disabled) |
		       atomic_read(&global_trace.max_buffer.buffers[cpu]->record_disabled);
	return sum;
}

KTEST(tracing_cpumask_switches_both_rings_of_a_cpu_while_snapshots_are_taken)
{
	struct trace_array *tr = &global_trace;
	unsigned long all = trace_possible_cpus();
	struct task_struct *taker;
	int left = 0;

	SKIP_IF_BUSY();
	if (num_online_cpus() == 1)
		KTEST_SKIP("one CPU only");
	KTEST_EXPECT_EQ(tracing_alloc_snapshot(tr), 0);
	taker = kthread_run(take_snapshots_until_stopped, NULL, "snapshots");
	KTEST_EXPECT(!IS_ERR(taker));
	for (int i = 0; i < 2000 && !left; i++) {
		tracing_set_cpumask(tr, 0);
		tracing_set_cpumask(tr, all);
		if (i % 100 == 0)
			left = reasons();
	}
	kthread_stop(taker);
	left |= reasons();
	KTEST_EXPECT_EQ(write_to("snapshot", "0\n"), 0);
	KTEST_EXPECT_EQ(left, 0);
}

/* ---- another clock, by which nothing may be there that has the time of the one before ---- */

/* The time of the latest event in the buffer; ~0: it cannot be read. */
static u64 latest_event(void)
{
	struct trace_buffer *buffer = &global_trace.buffer;
	struct ring_buffer_iter iter;
	struct rb_event event;
	u64 latest = 0;
	int cpu, err;

	for_each_possible_cpu(cpu) {
		ring_buffer_lock(buffer);
		err = ring_buffer_read_start(&iter, buffer->buffers[cpu]);
		ring_buffer_unlock(buffer);
		if (err)
			return ~0ULL;
		for (; ring_buffer_iter_peek(&iter, &event); ring_buffer_iter_advance(&iter))
			latest = max(latest, event.ts);
		ring_buffer_read_finish(&iter);
	}
	return latest;
}

static void trace_counted_function(void)
{
	/* Events that belong together are to be in one ring. */
	set_cpus_allowed(current, BIT(smp_processor_id()));
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "counted_function\n"), 0);
	KTEST_EXPECT_EQ(write_to("current_tracer", "function\n"), 0);
	counted_function();
}

static void trace_nothing(void)
{
	KTEST_EXPECT_EQ(write_to("current_tracer", "nop\n"), 0);
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "\n"), 0);
	KTEST_EXPECT_EQ(write_to("trace_clock", "local\n"), 0);
}

KTEST(trace_clock_changes_for_both_buffers_though_a_traced_function_swaps_them)
{
	u64 latest;

	SKIP_IF_BUSY();
	trace_counted_function();
	KTEST_EXPECT_EQ(write_to("snapshot", "1\n"), 0);
	counted_function();
	/* Called for each ring that is emptied. */
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "smp_call_function_single:snapshot counted_function\n"), 0);
	KTEST_EXPECT_EQ(write_to("trace_clock", "counter\n"), 0);
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "!smp_call_function_single:snapshot counted_function\n"), 0);
	counted_function();
	latest = latest_event();
	trace_nothing();
	KTEST_EXPECT_EQ(write_to("snapshot", "0\n"), 0);
	KTEST_EXPECT(latest > 0);
	KTEST_EXPECT(latest < trace_clock_counter());
}

/* ---- a reader of all CPUs, while each of its steps has the two buffers swapped ---- */

static void print_text(void *text)
{
	trace_array_puts(&global_trace, (unsigned long)print_text, text);
}

KTEST(trace_shows_all_cpus_before_a_snapshot_or_all_after_it)
{
	unsigned int old, new, cpus = num_online_cpus();
	struct file *file;

	SKIP_IF_BUSY();
	KTEST_EXPECT_EQ(write_to("trace", "\n"), 0);
	on_each_cpu(print_text, "old text\n", true);
	KTEST_EXPECT_EQ(write_to("snapshot", "1\n"), 0);
	on_each_cpu(print_text, "new text\n", true);
	/* Called for each ring that is copied, three times. */
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "smp_call_function_single:snapshot\n"), 0);
	file = filp_open(TRACING "trace", O_RDONLY, 0);
	KTEST_EXPECT_EQ(write_to("set_ftrace_filter", "!smp_call_function_single:snapshot\n"), 0);
	KTEST_EXPECT(!IS_ERR(file));
	new = count_in_file(file, "new text");
	file->f_pos = 0;
	old = count_in_file(file, "old text");
	fput(file);
	KTEST_EXPECT_EQ(write_to("snapshot", "0\n"), 0);
	KTEST_EXPECT_EQ(write_to("trace", "\n"), 0);
	KTEST_EXPECT_EQ(old + new, cpus);
	KTEST_EXPECT(!old || !new);
}
