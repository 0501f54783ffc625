/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_dump.c - the trace buffer on the console: for a kernel that is about to end, or when a function is reached
 * (FUNCTION:dump, FUNCTION:cpudump).
 *
 * ftrace_dump_on_oops on the command line asks for the first (=orig_cpu or =2: only the CPU
 * that oopsed).  Nothing can be relied on by then: no lock is taken, no memory
 * allocated, no other CPU called.  Recording is turned off before the oops prints
 * anything, so that the buffer ends with what led to it, and stays off; the live pages
 * are read where they are.  Nothing is taken out: what was dumped once and has not changed is not dumped again.
 */
#include "lib/string.h"
#include "trace/trace.h"

static enum ftrace_dump_mode ftrace_dump_on_oops;

static struct {
	struct trace_iterator iter;
	struct ring_buffer_iter cpu_iter[NR_CPUS];
	char line[TRACE_SEQ_SIZE];
	int running; /* an oops within a dump must not dump again */
	struct {
		const struct ring_buffer_per_cpu *ring;
		unsigned long written, seq;
	} dumped[NR_CPUS]; /* what was there then */
} trace_dump;

/* printk() takes the text a line at a time. */
static void trace_dump_text(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line)
			pr_emerg("%s\n", line);
}

/* Is there anything in a CPU's ring that was not dumped yet?  It counts as dumped from now on. */
static bool trace_dump_is_new(const struct ring_buffer_per_cpu *ring, int cpu)
{
	bool same = trace_dump.dumped[cpu].ring == ring && trace_dump.dumped[cpu].written == ring->written &&
		    trace_dump.dumped[cpu].seq == ring->seq;

	trace_dump.dumped[cpu].ring = ring;
	trace_dump.dumped[cpu].written = ring->written;
	trace_dump.dumped[cpu].seq = ring->seq;
	return !same;
}

static void trace_dump_events(struct trace_iterator *iter)
{
	while (trace_find_next_entry(iter)) {
		if (!iter->idx)
			pr_emerg("---------------------------------\n");
		trace_seq_reset(&iter->seq);
		print_trace_line(iter);
		trace_dump_text(iter->seq.buffer);
		trace_iterator_advance(iter);
	}
}

void ftrace_dump(struct trace_array *tr, enum ftrace_dump_mode mode)
{
	struct trace_iterator *iter = &trace_dump.iter;
	bool is_new = false;
	int cpu;

	ring_buffer_record_off(&tr->buffer);
	if (__atomic_exchange_n(&trace_dump.running, 1, __ATOMIC_SEQ_CST))
		return;
	*iter = (struct trace_iterator){
		.tr = tr,
		.buffer = &tr->buffer,
		.cpu_file = mode == DUMP_ORIG ? raw_smp_processor_id() : RING_BUFFER_ALL_CPUS,
		.iter = trace_dump.cpu_iter,
	};
	trace_seq_init(&iter->seq, trace_dump.line, sizeof(trace_dump.line));
	ring_buffer_live_begin();
	for_each_possible_cpu(cpu) {
		if (!ring_buffer_exists(&tr->buffer) || !trace_iterator_has_cpu(iter, cpu))
			continue;
		ring_buffer_read_live(&trace_dump.cpu_iter[cpu], &tr->buffer, cpu);
		is_new |= trace_dump_is_new(tr->buffer.buffers[cpu], cpu);
	}
	pr_emerg("Dumping ftrace buffer:\n");
	if (is_new)
		trace_dump_events(iter);
	pr_emerg("%s\n", iter->idx ? "---------------------------------" : "   (ftrace buffer empty)");
	ring_buffer_live_end();
	smp_store_release(&trace_dump.running, 0);
}

static void trace_oops_enter(void)
{
	ring_buffer_record_disable(&global_trace.buffer);
}

static void trace_oops_dump(void)
{
	if (ftrace_dump_on_oops != DUMP_NONE)
		ftrace_dump(&global_trace, ftrace_dump_on_oops);
}

static int __init set_ftrace_dump_on_oops(char *val)
{
	if (!val || !strcmp(val, "1"))
		ftrace_dump_on_oops = DUMP_ALL;
	else if (!strcmp(val, "2") || !strcmp(val, "orig_cpu"))
		ftrace_dump_on_oops = DUMP_ORIG;
	else if (!strcmp(val, "0"))
		ftrace_dump_on_oops = DUMP_NONE;
	else
		return -EINVAL;
	oops_enter_hook = trace_oops_enter;
	oops_dump_hook = trace_oops_dump;
	return 0;
}
early_param("ftrace_dump_on_oops", set_ftrace_dump_on_oops);
