/* SPDX-License-Identifier: BSD-2-Clause */
/* test_snapshot.c - snapshots taken by a traced function, while all functions are traced and somebody reads. */
#include "kernel/kthread.h"
#include "kernel/sched/sched.h"
#include "kernel/workload/counted.h"
#include "kernel/workload/textfile.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"
#include "trace/trace.h"

#define TRACING "/sys/kernel/tracing/"

static unsigned long consumed, disorder;

/* Takes events out of the buffer, which is another one every now and then. */
static int consume_until_stopped(void *unused)
{
	struct trace_buffer *buffer = &global_trace.buffer;
	struct rb_event event;

	while (!kthread_should_stop()) {
		int cpu;

		ring_buffer_lock(buffer);
		for_each_possible_cpu(cpu) {
			for (int n = 0; n < 20 && ring_buffer_peek(buffer, cpu, &event, NULL); n++) {
				const struct trace_entry *entry = event.data;

				disorder += entry->type != TRACE_FN || event.length < sizeof(struct ftrace_entry);
				consumed++;
				ring_buffer_consume(buffer, cpu);
			}
		}
		ring_buffer_unlock(buffer);
		cond_resched();
	}
	return 0;
}

/* Events of `buffer`, or -errno; each must be one of the function tracer, and none older than the one before. */
static long count_events(struct trace_buffer *buffer, int cpu)
{
	struct ring_buffer_iter iter;
	struct rb_event event;
	long n = 0, err;
	u64 last = 0;

	ring_buffer_lock(buffer);
	err = ring_buffer_read_start(&iter, buffer->buffers[cpu]);
	ring_buffer_unlock(buffer);
	for (; !err && ring_buffer_iter_peek(&iter, &event); n++) {
		disorder += ((const struct trace_entry *)event.data)->type != TRACE_FN || event.ts < last;
		last = event.ts;
		ring_buffer_iter_advance(&iter);
	}
	ring_buffer_read_finish(&iter);
	return err ? err : n;
}

static void take_snapshots(void)
{
	struct task_struct *reader = kthread_run(consume_until_stopped, NULL, "snapshot-reader");
	bool audited = true;

	KTEST_EXPECT(!IS_ERR(reader));
	/* The reader may be on another CPU, and only begin. */
	for (int i = 0; i < 200 || READ_ONCE(consumed) < 1000; i++) {
		struct ftrace_audit audit;

		counted_function();
		yield();
		if (i % 50 == 0)
			audited &= ftrace_audit(&audit);
	}
	kthread_stop(reader);
	KTEST_EXPECT(audited);
}

KTEST(snapshot_by_a_traced_function_keeps_both_buffers_whole)
{
	struct trace_array *tr = &global_trace;
	int cpu;

	if (!ftrace_enabled)
		KTEST_SKIP("kernel.ftrace_enabled is 0");
	if (tr->allocated_snapshot || strcmp(tr->current_trace->name, "nop"))
		KTEST_SKIP("somebody is tracing");
	consumed = disorder = 0;
	KTEST_EXPECT_EQ(write_text_file(TRACING "trace", "\n"), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_filter", "counted_function:snapshot\n"), 0);
	KTEST_EXPECT(tr->allocated_snapshot);
	KTEST_EXPECT_EQ(write_text_file(TRACING "current_tracer", "function\n"), 0);
	take_snapshots();
	KTEST_EXPECT_EQ(write_text_file(TRACING "set_ftrace_filter", "!counted_function:snapshot\n"), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "tracing_on", "0\n"), 0);
	for_each_possible_cpu(cpu) {
		KTEST_EXPECT(count_events(&tr->buffer, cpu) >= 0);
		KTEST_EXPECT(count_events(&tr->max_buffer, cpu) >= 0);
	}
	KTEST_EXPECT(consumed > 0);
	KTEST_EXPECT_EQ(disorder, 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "current_tracer", "nop\n"), 0);
	KTEST_EXPECT_EQ(write_text_file(TRACING "snapshot", "0\n"), 0);
	KTEST_EXPECT(!tr->allocated_snapshot);
	KTEST_EXPECT_EQ(write_text_file(TRACING "tracing_on", "1\n"), 0);
}
