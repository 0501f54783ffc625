/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_storm.c - all functions at once, under every workload, on and off again, a thousand times
 * (storm_rounds=N on the kernel command line: N times).
 *
 * A round switches the function tracer on for all sites, runs each workload and then a
 * function that counts its own calls, and switches off.  The buffer must hold an event for each
 * of those calls, its counters must account for all others, and every site must be what its
 * record says, while it is on and after.
 */
#include "init/params.h"
#include "kernel/fs/fs.h"
#include "kernel/workload/counted.h"
#include "kernel/workload/textfile.h"
#include "kernel/workload/workload.h"
#include "lib/kstrtox.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/trace.h"
#include "trace/trace_entries.h"

#define TRACING "/sys/kernel/tracing/"
#define CALLS 50

static unsigned long rounds = 1000;

static int __init set_rounds(char *val)
{
	unsigned long n;

	if (kstrtoul(val, 10, &n) || !n)
		return 0;
	rounds = n;
	return 1;
}
__setup("storm_rounds=", set_rounds);

/* What the workloads print does not belong into the report: standard output is /dev/null meanwhile. */
static int mute(void)
{
	int saved = do_sys_open("/dev/null", O_WRONLY, 0);
	struct file *null;

	if (saved < 0)
		return saved;
	null = current->files->fd[saved];
	current->files->fd[saved] = current->files->fd[1];
	current->files->fd[1] = null;
	return saved;
}

static void unmute(int saved)
{
	ksys_dup2(saved, 1);
	close_fd(saved);
}

/* Every workload, each as short as it can be.  The name of one that failed, or "none". */
static const char *run_workloads(void)
{
	const struct workload *const *w;

	registry_for_each(workloads, w)
		if ((*w)->fn(1))
			return (*w)->name;
	return "none";
}

struct tally {
	unsigned long events, counted;	/* of one CPU; of all: those of counted_function() */
};

static int count_events(int cpu, struct tally *tally)
{
	struct trace_buffer *buffer = &global_trace.buffer;
	struct ring_buffer_iter iter;
	struct rb_event event;
	int err;

	ring_buffer_lock(buffer);
	err = ring_buffer_read_start(&iter, buffer->buffers[cpu]);
	ring_buffer_unlock(buffer);
	if (err)
		return err;
	while (ring_buffer_iter_peek(&iter, &event)) {
		const struct ftrace_entry *entry = event.data;

		tally->events++;
		tally->counted += entry->ent.type == TRACE_FN && entry->ip == (unsigned long)counted_function;
		ring_buffer_iter_advance(&iter);
	}
	ring_buffer_read_finish(&iter);
	return 0;
}

static void check_events_of(int cpu, struct tally *tally)
{
	struct ring_buffer_stats stats;

	tally->events = 0;
	KTEST_EXPECT_EQ(count_events(cpu, tally), 0);
	ring_buffer_lock(&global_trace.buffer);
	ring_buffer_stats(&global_trace.buffer, cpu, &stats);
	ring_buffer_unlock(&global_trace.buffer);
	KTEST_EXPECT_EQ(tally->events, stats.entries);
	KTEST_EXPECT_EQ(stats.dropped, 0);
	KTEST_EXPECT_EQ(stats.commit_overrun, 0);
	KTEST_EXPECT_EQ(stats.entries + stats.overrun, global_trace.buffer.buffers[cpu]->written);
}

static void check_events(void)
{
	struct tally tally = { 0 };
	int cpu;

	for_each_online_cpu(cpu)
		check_events_of(cpu, &tally);
	KTEST_EXPECT_EQ(tally.counted, CALLS);
}

static void one_round(void)
{
	struct ftrace_audit audit;
	const char *failed;
	int saved;

	KTEST_EXPECT_EQ(write_text_file(TRACING "trace", "\n"), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "current_tracer", "function\n"), 0);
	KTEST_EXPECT(ftrace_audit(&audit));
	KTEST_EXPECT_EQ(audit.on, audit.sites);
	saved = mute();
	KTEST_EXPECT(saved >= 0);
	failed = run_workloads();
	for (int i = 0; i < CALLS; i++)
		counted_function();
	unmute(saved);
	KTEST_EXPECT_STREQ(failed, "none");
	KTEST_EXPECT_EQ(write_text_file(TRACING "tracing_on", "0\n"), 0);
	check_events();	/* before the switch to nop, which empties the buffer */
	if (ktest_failed())
		return;
	KTEST_EXPECT_EQ(write_text_file(TRACING "current_tracer", "nop\n"), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "tracing_on", "1\n"), 0);
	KTEST_EXPECT(ftrace_audit(&audit));
	KTEST_EXPECT_EQ(audit.on, 0);
}

KTEST(storm_of_all_sites_under_workloads_loses_nothing)
{
	unsigned long before = atomic_long_read(&counted_calls);

	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_filter", "\n"), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "tracing_on", "1\n"), 0);
	for (unsigned long round = 0; round < rounds && !ktest_failed(); round++)
		one_round();
	write_text_file(TRACING "tracing_on", "1\n");
	write_text_file(TRACING "current_tracer", "nop\n");
	if (!ktest_failed())
		KTEST_EXPECT_EQ(atomic_long_read(&counted_calls) - before, rounds * CALLS);
}
