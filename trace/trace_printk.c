/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_printk.c - text in the trace: trace_marker for users, trace_printk() for code.
 *
 * Also where every event that is not on the hot path gets its common fields.  Writers
 * may be in any context; the ring buffer keeps interrupts off while a text is copied.
 */
#include "lib/string.h"
#include "trace/trace.h"

/* Longest text of one event: what fits beside its header, the fixed fields and the NUL. */
#define TRACE_TEXT_MAX (BUF_MAX_DATA_SIZE - sizeof(struct print_entry) - 1)
#define TRACE_PRINTK_MAX 1024
/* Longest raw marker, its id included: Linux's limit. */
#define TRACE_RAW_MAX 3072

void trace_entry_init(struct trace_entry *entry, unsigned short type, unsigned long ctx)
{
	entry->type = type;
	entry->flags = ctx;
	entry->preempt_count = ctx >> 8;
	entry->pid = current->pid;
}

void tracing_generic_entry_update(struct trace_entry *entry, unsigned short type, bool irqs_off)
{
	trace_entry_init(entry, type, tracing_gen_ctx(preempt_count(), need_resched(), irqs_off));
}

/* `newline`: what is written ends with one.  Returns how much of the text that is, or 0. */
static int trace_write_text(struct trace_array *tr, unsigned long ip, const char *text, size_t len, bool newline)
{
	bool irqs_off = irqs_disabled();
	struct print_entry *entry;

	len = min(len, TRACE_TEXT_MAX - newline);
	newline = newline && (!len || text[len - 1] != '\n');
	entry = ring_buffer_lock_reserve(&tr->buffer, sizeof(*entry) + len + newline + 1);
	if (!entry)
		return 0;
	tracing_generic_entry_update(&entry->ent, TRACE_PRINT, irqs_off);
	entry->ip = ip;
	memcpy(entry->buf, text, len);
	if (newline)
		entry->buf[len] = '\n';
	entry->buf[len + newline] = '\0';
	ring_buffer_unlock_commit(&tr->buffer);
	return len;
}

int trace_array_puts(struct trace_array *tr, unsigned long ip, const char *text)
{
	return trace_write_text(tr, ip, text, strlen(text), false);
}

int trace_vprintk(unsigned long ip, const char *fmt, va_list args)
{
	char text[TRACE_PRINTK_MAX];
	int len;

	if (!(global_trace.trace_flags & TRACE_ITER_PRINTK))
		return 0;
	len = vscnprintf(text, sizeof(text), fmt, args);
	return trace_write_text(&global_trace, ip, text, len, false);
}

int __trace_printk(unsigned long ip, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = trace_vprintk(ip, fmt, args);
	va_end(args);
	return len;
}

/* ---- trace_marker, trace_marker_raw ---- */

/* Its own name is what the trace shows as the writer. */
static ssize_t tracing_mark_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct trace_array *tr = file_inode(file)->i_private;
	int written;

	if (!(tr->trace_flags & TRACE_ITER_MARKERS))
		return -EINVAL;
	if (!count)
		return 0;
	written = trace_write_text(tr, (unsigned long)tracing_mark_write, buf, count, true);
	if (!written)
		return -EBADF;
	*ppos += written;
	return written;
}

static const struct file_operations tracing_mark_fops = {
	.open = stream_open,
	.write = tracing_mark_write,
};
TRACEFS_FILE(trace_marker, "trace_marker", 0220, &tracing_mark_fops, &global_trace);

/* An int, the writer's own id of what follows, and the bytes. */
static ssize_t tracing_mark_raw_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct trace_array *tr = file_inode(file)->i_private;
	const size_t fixed = offsetof(struct raw_data_entry, id);
	bool irqs_off = irqs_disabled();
	struct raw_data_entry *entry;
	size_t len;

	if (!(tr->trace_flags & TRACE_ITER_MARKERS) || count < sizeof(entry->id) || count > TRACE_RAW_MAX)
		return -EINVAL;
	/* The reader cannot tell padding from data: it is data, and 0. */
	len = ALIGN(fixed + count, sizeof(long));
	entry = ring_buffer_lock_reserve(&tr->buffer, len);
	if (!entry)
		return -EBADF;
	memset((char *)entry + fixed, 0, len - fixed);
	tracing_generic_entry_update(&entry->ent, TRACE_RAW_DATA, irqs_off);
	memcpy(&entry->id, buf, count);
	ring_buffer_unlock_commit(&tr->buffer);
	*ppos += count;
	return count;
}

static const struct file_operations tracing_mark_raw_fops = {
	.open = stream_open,
	.write = tracing_mark_raw_write,
};
TRACEFS_FILE(trace_marker_raw, "trace_marker_raw", 0220, &tracing_mark_raw_fops, &global_trace);
