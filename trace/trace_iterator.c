/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_iterator.c - merging the CPUs' events by time; the file `trace`.
 *
 * Opening `trace` for reading takes a snapshot of what the ring buffers hold: the text is
 * of that moment, the same whenever it is read again, and reading it takes
 * nothing out and stops no writer.  Opening it with O_TRUNC (echo > trace) empties the
 * buffers.  per_cpu/cpuN/trace is the same for one CPU.
 *
 * Lock: the ring buffer's mutex while the snapshot is made; none afterwards.  seq_file
 * serialises the readers of one open file.
 */
#include "trace/trace.h"

bool trace_iterator_has_cpu(const struct trace_iterator *iter, int cpu)
{
	return iter->cpu_file == RING_BUFFER_ALL_CPUS || iter->cpu_file == cpu;
}

static bool trace_peek_cpu(struct trace_iterator *iter, int cpu, struct rb_event *event, unsigned long *lost)
{
	if (!iter->iter)
		return ring_buffer_peek(iter->buffer, cpu, event, lost);
	if (!ring_buffer_iter_peek(&iter->iter[cpu], event))
		return false;
	*lost = iter->iter[cpu].lost;
	return true;
}

bool trace_find_next_entry(struct trace_iterator *iter)
{
	struct rb_event event;
	unsigned long lost;
	int cpu;

	iter->ent = NULL;
	for_each_possible_cpu(cpu) {
		if (!trace_iterator_has_cpu(iter, cpu) || !trace_peek_cpu(iter, cpu, &event, &lost))
			continue;
		if (iter->ent && event.ts >= iter->ts)
			continue;
		iter->ent = event.data;
		iter->ent_size = event.length;
		iter->ts = event.ts;
		iter->cpu = cpu;
		iter->lost_events = lost;
	}
	return iter->ent;
}

void trace_iterator_advance(struct trace_iterator *iter)
{
	iter->idx++;
	iter->started |= BIT(iter->cpu);
	if (iter->iter)
		ring_buffer_iter_advance(&iter->iter[iter->cpu]);
	else
		ring_buffer_consume(iter->buffer, iter->cpu);
}

/* ---- the snapshot behind an open file ---- */

/* What __seq_open_private allocates for one. */
struct trace_snapshot {
	struct trace_iterator iter;
	loff_t pos; /* record number of iter.ent; 0: before the first */
	bool paused;
	struct ring_buffer_iter cpu_iter[NR_CPUS];
	char line[TRACE_SEQ_SIZE];
};

/* Of all CPUs, as in Linux: of one that is shown what the snapshot has, of the others what they have now. */
static void trace_count_entries(struct trace_iterator *iter)
{
	struct ring_buffer_stats stats;
	int cpu;

	for_each_possible_cpu(cpu) {
		if (!ring_buffer_exists(iter->buffer))
			continue;
		ring_buffer_stats(iter->buffer, cpu, &stats);
		if (trace_iterator_has_cpu(iter, cpu)) {
			stats.entries = iter->iter[cpu].entries;
			stats.overrun = iter->iter[cpu].overrun;
		}
		iter->entries += stats.entries;
		iter->written += stats.entries + stats.overrun;
		if (stats.overrun)
			iter->annotate = true;
	}
}

static void trace_snapshot_free(struct trace_snapshot *snap)
{
	for (int cpu = 0; cpu < NR_CPUS; cpu++)
		ring_buffer_read_finish(&snap->cpu_iter[cpu]);
	if (snap->paused)
		ring_buffer_record_enable(snap->iter.buffer);
}

static int trace_snapshot_init(struct trace_snapshot *snap, struct trace_array *tr, struct trace_buffer *buffer,
			       int cpu_file)
{
	struct trace_iterator *iter = &snap->iter;
	struct ring_buffer_per_cpu *rings[NR_CPUS];
	int cpu, ret = 0;

	iter->tr = tr;
	iter->buffer = buffer;
	iter->cpu_file = cpu_file;
	iter->iter = snap->cpu_iter;
	trace_seq_init(&iter->seq, snap->line, sizeof(snap->line));
	if (tr->trace_flags & TRACE_ITER_PAUSE_ON_TRACE) {
		ring_buffer_record_disable(buffer);
		snap->paused = true;
	}
	ring_buffer_lock(buffer);
	ring_buffer_rings(buffer, rings);
	for_each_possible_cpu(cpu) {
		if (!rings[cpu] || !trace_iterator_has_cpu(iter, cpu))
			continue;
		ret = ring_buffer_read_start(&snap->cpu_iter[cpu], rings[cpu]);
		if (ret)
			break;
	}
	trace_count_entries(iter);
	ring_buffer_unlock(buffer);
	if (ret)
		trace_snapshot_free(snap);
	return ret;
}

static void trace_snapshot_rewind(struct trace_snapshot *snap)
{
	for (int cpu = 0; cpu < NR_CPUS; cpu++)
		ring_buffer_iter_reset(&snap->cpu_iter[cpu]);
	snap->iter.idx = 0;
	snap->iter.started = 0;
	snap->iter.ent = NULL;
	snap->pos = 0;
}

/* ---- seq_file: record 0 is the header, record n the event number n ---- */

static void *s_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct trace_snapshot *snap = m->private;

	++*pos;
	if (snap->iter.ent)
		trace_iterator_advance(&snap->iter);
	snap->pos = *pos;
	return trace_find_next_entry(&snap->iter) ? snap : NULL;
}

static void *s_start(struct seq_file *m, loff_t *pos)
{
	struct trace_snapshot *snap = m->private;
	void *v = SEQ_START_TOKEN;
	loff_t at = 0;

	if (*pos && *pos == snap->pos)
		return snap->iter.ent ? snap : NULL;
	trace_snapshot_rewind(snap);
	while (v && at < *pos)
		v = s_next(m, v, &at);
	return v;
}

static void s_stop(struct seq_file *m, void *v)
{
}

static int s_show(struct seq_file *m, void *v)
{
	struct trace_snapshot *snap = m->private;
	struct trace_iterator *iter = &snap->iter;

	if (v == SEQ_START_TOKEN) {
		if (iter->buffer == &iter->tr->max_buffer && !iter->entries)
			print_snapshot_help(m, iter);
		else
			print_trace_header(m, iter);
		return 0;
	}
	trace_seq_reset(&iter->seq);
	print_trace_line(iter);
	seq_write(m, iter->seq.buffer, iter->seq.len);
	return 0;
}

static const struct seq_operations tracer_seq_ops = {
	.start = s_start,
	.next = s_next,
	.stop = s_stop,
	.show = s_show,
};

/* ---- the file ---- */

static void trace_erase(struct trace_array *tr, int cpu_file)
{
	mutex_lock(&trace_types_lock);
	if (cpu_file == RING_BUFFER_ALL_CPUS)
		tracing_reset_online_cpus(tr);
	else
		ring_buffer_reset_cpu(&tr->buffer, cpu_file);
	mutex_unlock(&trace_types_lock);
}

int trace_open_buffer(struct file *file, struct trace_array *tr, struct trace_buffer *buffer, int cpu_file)
{
	struct trace_snapshot *snap = __seq_open_private(file, &tracer_seq_ops, sizeof(*snap));
	int ret;

	if (!snap)
		return -ENOMEM;
	ret = trace_snapshot_init(snap, tr, buffer, cpu_file);
	if (ret)
		seq_release_private(file_inode(file), file);
	return ret;
}

static int tracing_open(struct inode *inode, struct file *file)
{
	struct trace_array *tr = trace_file_array(inode);
	int cpu_file = trace_file_cpu(inode);

	if ((file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC))
		trace_erase(tr, cpu_file);
	return file->f_mode & FMODE_READ ? trace_open_buffer(file, tr, &tr->buffer, cpu_file) : 0;
}

int tracing_release(struct inode *inode, struct file *file)
{
	if (!(file->f_mode & FMODE_READ))
		return 0;
	trace_snapshot_free(((struct seq_file *)file->private_data)->private);
	return seq_release_private(inode, file);
}

/* Whatever is written: opening with O_TRUNC was what counted. */
static ssize_t tracing_write_stub(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	return count;
}

loff_t tracing_lseek(struct file *file, loff_t offset, int whence)
{
	if (file->f_mode & FMODE_READ)
		return seq_lseek(file, offset, whence);
	file->f_pos = 0;
	return 0;
}

const struct file_operations tracing_fops = {
	.open = tracing_open,
	.read = seq_read,
	.write = tracing_write_stub,
	.llseek = tracing_lseek,
	.release = tracing_release,
};
TRACEFS_FILE(trace, "trace", TRACE_MODE_WRITE, &tracing_fops, &global_trace);
