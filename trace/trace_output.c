/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_output.c - an event as a line of text, and the column titles above.
 *
 *            <comm>-PID     [CPU] ctx..   seconds.micros: what happened
 *
 * The five context columns: interrupts off ('d'), softirqs off ('b'), both ('D'); need-resched ('n'); in a hard
 * interrupt ('h'), a softirq ('s'), a hard interrupt within a softirq ('H'); preempt depth;
 * migrate-disable depth.  '.' is "no" or 0.  Formats are Linux's: scripts parse them.
 *
 * Reads nothing but the iterator, the symbol table and the table of comms; any context.
 */
#include "lib/math64.h"
#include "lib/string.h"
#include "trace/trace.h"

void seq_print_ip_sym(struct trace_seq *s, unsigned long ip, u32 trace_flags)
{
	char name[KSYM_SYMBOL_LEN];

	if (!ip) {
		trace_seq_putc(s, '0');
		return;
	}
	if (trace_flags & TRACE_ITER_SYM_OFFSET)
		sprint_symbol(name, ip);
	else
		sprint_symbol_no_offset(name, ip);
	trace_seq_puts(s, name);
	if (trace_flags & TRACE_ITER_SYM_ADDR)
		trace_seq_printf(s, " <%0*lx>", (int)sizeof(long) * 2, ip);
}

/* ---- the columns before the colon ---- */

static char irqs_off_char(unsigned int flags)
{
	const bool irqs = flags & TRACE_FLAG_IRQS_OFF, bh = flags & TRACE_FLAG_BH_OFF;

	return irqs && bh ? 'D' : irqs ? 'd' : bh ? 'b' : '.';
}

static char hardsoft_irq_char(unsigned int flags)
{
	const bool hard = flags & TRACE_FLAG_HARDIRQ, soft = flags & TRACE_FLAG_SOFTIRQ;

	if (flags & TRACE_FLAG_NMI)
		return hard ? 'Z' : 'z';
	return hard && soft ? 'H' : hard ? 'h' : soft ? 's' : '.';
}

static char depth_char(unsigned int depth)
{
	return depth ? "0123456789abcdef"[depth & 15] : '.';
}

static void trace_print_lat_fmt(struct trace_seq *s, const struct trace_entry *entry)
{
	trace_seq_putc(s, irqs_off_char(entry->flags));
	trace_seq_putc(s, entry->flags & TRACE_FLAG_NEED_RESCHED ? 'n' : '.');
	trace_seq_putc(s, hardsoft_irq_char(entry->flags));
	trace_seq_putc(s, depth_char(entry->preempt_count & 15));
	trace_seq_putc(s, depth_char(entry->preempt_count >> 4));
}

u64 trace_ns_to_secs(u64 ns, u32 *usec)
{
	return div_u64_rem(div_u64(ns + 500, 1000), 1000000, usec);
}

static void trace_print_context(struct trace_iterator *iter)
{
	char comm[TASK_COMM_LEN];
	u64 secs;
	u32 usec;

	trace_find_cmdline(iter->ent->pid, comm);
	trace_seq_printf(&iter->seq, "%16s-%-7d [%03d] ", comm, iter->ent->pid, iter->cpu);
	if (iter->tr->trace_flags & TRACE_ITER_IRQ_INFO)
		trace_print_lat_fmt(&iter->seq, iter->ent);
	if (trace_clock_in_ns(iter->tr)) {
		secs = trace_ns_to_secs(iter->ts, &usec);
		trace_seq_printf(&iter->seq, " %5lu.%06lu: ", (unsigned long)secs, (unsigned long)usec);
	} else {
		trace_seq_printf(&iter->seq, " %12llu: ", (unsigned long long)iter->ts);
	}
}

/* ---- what comes after it, by type ---- */

static void trace_print_fn(struct trace_iterator *iter)
{
	const struct ftrace_entry *entry = (const void *)iter->ent;

	seq_print_ip_sym(&iter->seq, entry->ip, iter->tr->trace_flags);
	if ((iter->tr->trace_flags & TRACE_ITER_PRINT_PARENT) && entry->parent_ip) {
		trace_seq_puts(&iter->seq, " <-");
		seq_print_ip_sym(&iter->seq, entry->parent_ip, iter->tr->trace_flags);
	}
	trace_seq_putc(&iter->seq, '\n');
}

/* The frames of a stack, the newest first: `size` of them, but never trusted beyond the event's end. */
static void trace_print_stack(struct trace_iterator *iter)
{
	const struct stack_entry *entry = (const void *)iter->ent;
	size_t room = (iter->ent_size - offsetof(struct stack_entry, caller)) / sizeof(entry->caller[0]);

	trace_seq_puts(&iter->seq, "<stack trace>\n");
	for (size_t i = 0; i < min(room, (size_t)max(entry->size, 0)); i++) {
		trace_seq_puts(&iter->seq, " => ");
		seq_print_ip_sym(&iter->seq, entry->caller[i], iter->tr->trace_flags);
		trace_seq_putc(&iter->seq, '\n');
	}
}

/* The text of a print event: terminated by its writer, but never trusted beyond the event's end. */
static void trace_print_text(struct trace_iterator *iter)
{
	const struct print_entry *entry = (const void *)iter->ent;
	size_t room = iter->ent_size - offsetof(struct print_entry, buf);

	trace_seq_putmem(&iter->seq, entry->buf, strnlen(entry->buf, room));
}

static void trace_print_print(struct trace_iterator *iter)
{
	const struct print_entry *entry = (const void *)iter->ent;

	seq_print_ip_sym(&iter->seq, entry->ip, iter->tr->trace_flags);
	trace_seq_puts(&iter->seq, ": ");
	trace_print_text(iter);
}

static void trace_print_raw_data(struct trace_iterator *iter)
{
	const struct raw_data_entry *entry = (const void *)iter->ent;
	unsigned int len = iter->ent_size - offsetof(struct raw_data_entry, buf);

	trace_seq_printf(&iter->seq, "# %x buf:", entry->id);
	for (unsigned int i = 0; i < len; i++)
		trace_seq_printf(&iter->seq, " %02x", (unsigned char)entry->buf[i]);
	trace_seq_putc(&iter->seq, '\n');
}

static const struct {
	unsigned short type;
	unsigned int min_size; /* a shorter event is damaged */
	void (*print)(struct trace_iterator *iter);
} trace_printers[] = {
	{ TRACE_FN, sizeof(struct ftrace_entry), trace_print_fn },
	{ TRACE_STACK, offsetof(struct stack_entry, caller), trace_print_stack },
	{ TRACE_PRINT, offsetof(struct print_entry, buf), trace_print_print },
	{ TRACE_RAW_DATA, offsetof(struct raw_data_entry, buf), trace_print_raw_data },
};

static void trace_print_event(struct trace_iterator *iter)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(trace_printers); i++)
		if (trace_printers[i].type == iter->ent->type && iter->ent_size >= trace_printers[i].min_size) {
			trace_printers[i].print(iter);
			return;
		}
	trace_seq_printf(&iter->seq, "Unknown type %d\n", iter->ent->type);
}

void print_trace_line(struct trace_iterator *iter)
{
	const u32 flags = iter->tr->trace_flags;

	if (iter->lost_events)
		trace_seq_printf(&iter->seq, "CPU:%d [LOST %lu EVENTS]\n", iter->cpu, iter->lost_events);
	if (iter->ent->type == TRACE_PRINT && (flags & TRACE_ITER_PRINTK_MSGONLY)) {
		trace_print_text(iter);
		return;
	}
	/* The others' events before this CPU's first one are older than what was kept of this CPU. */
	if ((flags & TRACE_ITER_ANNOTATE) && iter->annotate && iter->idx && !(iter->started & BIT(iter->cpu)))
		trace_seq_printf(&iter->seq, "##### CPU %d buffer started ####\n", iter->cpu);
	if (flags & TRACE_ITER_CONTEXT_INFO)
		trace_print_context(iter);
	trace_print_event(iter);
}

/* ---- the titles ---- */

static const char trace_titles[] =
	"#           TASK-PID     CPU#     TIMESTAMP  FUNCTION\n"
	"#              | |         |         |         |\n";

static const char trace_titles_irq_info[] =
	"#                                _-----=> irqs-off/BH-disabled\n"
	"#                               / _----=> need-resched\n"
	"#                              | / _---=> hardirq/softirq\n"
	"#                              || / _--=> preempt-depth\n"
	"#                              ||| / _-=> migrate-disable\n"
	"#                              |||| /     delay\n"
	"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
	"#              | |         |   |||||     |         |\n";

void print_tracer_name(struct seq_file *m, const struct trace_array *tr)
{
	seq_printf(m, "# tracer: %s\n#\n", READ_ONCE(tr->current_trace)->name);
}

void print_trace_header(struct seq_file *m, const struct trace_iterator *iter)
{
	const struct trace_array *tr = iter->tr;
	const struct tracer *tracer = READ_ONCE(tr->current_trace);

	print_tracer_name(m, tr);
	if (ftrace_is_dead())
		seq_puts(m, "# ftrace found an error and shut itself off: functions may be missing.  See the kernel log.\n");
	if (tracer->print_header) {
		tracer->print_header(m, tr);
		return;
	}
	if (!(tr->trace_flags & TRACE_ITER_CONTEXT_INFO))
		return;
	seq_printf(m, "# entries-in-buffer/entries-written: %lu/%lu   #P:%d\n#\n", iter->entries, iter->written,
		   (int)num_online_cpus());
	seq_puts(m, tr->trace_flags & TRACE_ITER_IRQ_INFO ? trace_titles_irq_info : trace_titles);
}
