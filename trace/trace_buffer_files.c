/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_buffer_files.c - the buffer's sizes and counters: buffer_size_kb, buffer_total_size_kb,
 * per_cpu/cpuN/{trace,trace_pipe,snapshot,stats,buffer_size_kb}.
 *
 * Until a tracer is first used the buffer has its smallest size, and the files say
 * what it will grow to.  Lock: trace_types_lock for sizes, the ring buffer's
 * mutex for counters.
 */
#include "trace/trace.h"

/* ---- sizes ---- */

static int buffer_size_show(struct seq_file *m, void *v)
{
	const struct inode *inode = m->private;
	struct trace_array *tr = trace_file_array(inode);
	unsigned long size;
	bool same = true;
	int cpu;

	mutex_lock(&trace_types_lock);
	size = ring_buffer_size(&tr->buffer, max(trace_file_cpu(inode), 0));
	for_each_possible_cpu(cpu)
		same = same && ring_buffer_size(&tr->buffer, cpu) == size;
	if (!same && trace_file_cpu(inode) == RING_BUFFER_ALL_CPUS)
		seq_puts(m, "X\n");
	else if (tr->buffer_expanded || trace_file_cpu(inode) != RING_BUFFER_ALL_CPUS)
		seq_printf(m, "%lu\n", size >> 10);
	else
		seq_printf(m, "%lu (expanded: %lu)\n", size >> 10, trace_buf_size >> 10);
	mutex_unlock(&trace_types_lock);
	return 0;
}

static int buffer_size_open(struct inode *inode, struct file *file)
{
	return single_open(file, buffer_size_show, inode);
}

static ssize_t tracing_entries_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct trace_array *tr = trace_file_array(file_inode(file));
	unsigned long kb;
	int ret = trace_write_number(buf, count, &kb);

	if (ret)
		return ret;
	if (!kb)
		return -EINVAL;
	if (kb > ~0UL >> 10)
		return -ENOMEM;
	mutex_lock(&trace_types_lock);
	ret = trace_resize_buffers(tr, kb << 10, trace_file_cpu(file_inode(file)));
	if (!ret)
		tr->buffer_expanded = true;
	mutex_unlock(&trace_types_lock);
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

static const struct file_operations tracing_entries_fops = {
	.open = buffer_size_open,
	.read = seq_read,
	.write = tracing_entries_write,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(buffer_size_kb, "buffer_size_kb", TRACE_MODE_WRITE, &tracing_entries_fops, &global_trace);

static int total_size_show(struct seq_file *m, void *v)
{
	struct trace_array *tr = m->private;
	unsigned long total = 0, expanded = 0;
	int cpu;

	mutex_lock(&trace_types_lock);
	for_each_possible_cpu(cpu) {
		total += ring_buffer_size(&tr->buffer, cpu) >> 10;
		expanded += trace_buf_size >> 10;
	}
	if (tr->buffer_expanded)
		seq_printf(m, "%lu\n", total);
	else
		seq_printf(m, "%lu (expanded: %lu)\n", total, expanded);
	mutex_unlock(&trace_types_lock);
	return 0;
}

static int total_size_open(struct inode *inode, struct file *file)
{
	return single_open(file, total_size_show, inode->i_private);
}

static const struct file_operations tracing_total_entries_fops = {
	.open = total_size_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(buffer_total_size_kb, "buffer_total_size_kb", TRACE_MODE_READ, &tracing_total_entries_fops,
	     &global_trace);

/* ---- counters ---- */

static void show_time(struct seq_file *m, const struct trace_array *tr, const char *what, u64 ts)
{
	u64 secs;
	u32 usec;

	if (trace_clock_in_ns(tr)) {
		secs = trace_ns_to_secs(ts, &usec);
		seq_printf(m, "%s: %5llu.%06u\n", what, (unsigned long long)secs, usec);
	} else {
		seq_printf(m, "%s: %llu\n", what, (unsigned long long)ts);
	}
}

static int tracing_stats_show(struct seq_file *m, void *v)
{
	const struct inode *inode = m->private;
	struct trace_array *tr = trace_file_array(inode);
	struct ring_buffer_stats stats;

	ring_buffer_lock(&tr->buffer);
	ring_buffer_stats(&tr->buffer, trace_file_cpu(inode), &stats);
	ring_buffer_unlock(&tr->buffer);
	seq_printf(m, "entries: %lu\n", stats.entries);
	seq_printf(m, "overrun: %lu\n", stats.overrun);
	seq_printf(m, "commit overrun: %lu\n", stats.commit_overrun);
	seq_printf(m, "bytes: %lu\n", stats.bytes);
	show_time(m, tr, "oldest event ts", stats.oldest_ts);
	show_time(m, tr, "now ts", tr->buffer.clock());
	seq_printf(m, "dropped events: %lu\n", stats.dropped);
	seq_printf(m, "read events: %lu\n", stats.read);
	return 0;
}

static int tracing_stats_open(struct inode *inode, struct file *file)
{
	return single_open(file, tracing_stats_show, inode);
}

static const struct file_operations tracing_stats_fops = {
	.open = tracing_stats_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/* ---- per_cpu/cpuN/ ---- */

static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
} cpu_files[] = {
	{ "trace", TRACE_MODE_WRITE, &tracing_fops },
	{ "trace_pipe", TRACE_MODE_READ, &tracing_pipe_fops },
	{ "snapshot", TRACE_MODE_WRITE, &tracing_snapshot_fops },
	{ "stats", TRACE_MODE_READ, &tracing_stats_fops },
	{ "buffer_size_kb", TRACE_MODE_WRITE, &tracing_entries_fops },
};

int trace_create_cpu_files(struct trace_array *tr)
{
	char path[64];
	int cpu, ret = 0;

	for_each_possible_cpu(cpu)
		for (unsigned int i = 0; i < ARRAY_SIZE(cpu_files) && !ret; i++) {
			scnprintf(path, sizeof(path), "per_cpu/cpu%d/%s", cpu, cpu_files[i].name);
			ret = trace_create_file(path, cpu_files[i].mode, trace_cpu_file_data(tr, cpu), cpu_files[i].fops);
		}
	return ret;
}
