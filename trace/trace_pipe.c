/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_pipe.c - the file trace_pipe: reading takes events out, and waits for more.
 *
 * A reader of an empty buffer sleeps and looks again every few milliseconds.  It cannot
 * be woken: a writer may stand anywhere, also in the scheduler with a run queue
 * locked, and has no time to look for sleepers.
 *
 * Reading ends (returns 0) when tracing_on is 0, the buffer is empty, and something had been
 * read before; else it waits: -EAGAIN with O_NONBLOCK, -EINTR on a signal.
 *
 * Each CPU's events can go to one reader only: a second open is -EBUSY, and as long as
 * anybody has a pipe open, so is changing the tracer.
 *
 * Locks: trace_types_lock for who has what open; pipe->mutex for readers of one open
 * file; inside it the ring buffer's mutex, never while sleeping.
 */
#include "lib/string.h"
#include "trace/trace.h"

#define TRACE_PIPE_POLL_MS 20

struct trace_pipe {
	struct mutex mutex;
	struct trace_iterator iter;
	size_t sent;	/* bytes of iter.seq that were handed out */
	bool read_some; /* since it was opened */
	char text[TRACE_SEQ_SIZE];
};

/* The CPUs that this file reads. */
static unsigned long pipe_cpus(int cpu_file)
{
	return cpu_file == RING_BUFFER_ALL_CPUS ? ~0UL : BIT(cpu_file);
}

static int open_pipe_on_cpu(struct trace_array *tr, int cpu_file)
{
	int ret = -EBUSY;

	mutex_lock(&trace_types_lock);
	if (!(tr->pipe_cpumask & pipe_cpus(cpu_file))) {
		tr->pipe_cpumask |= pipe_cpus(cpu_file);
		tr->trace_ref++;
		ret = 0;
	}
	mutex_unlock(&trace_types_lock);
	return ret;
}

static void close_pipe_on_cpu(struct trace_array *tr, int cpu_file)
{
	mutex_lock(&trace_types_lock);
	tr->pipe_cpumask &= ~pipe_cpus(cpu_file);
	tr->trace_ref--;
	mutex_unlock(&trace_types_lock);
}

static int tracing_open_pipe(struct inode *inode, struct file *file)
{
	struct trace_array *tr = trace_file_array(inode);
	int cpu_file = trace_file_cpu(inode);
	int ret = open_pipe_on_cpu(tr, cpu_file);
	struct trace_pipe *pipe;

	if (ret)
		return ret;
	pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);
	if (!pipe) {
		close_pipe_on_cpu(tr, cpu_file);
		return -ENOMEM;
	}
	mutex_init(&pipe->mutex);
	pipe->iter.tr = tr;
	pipe->iter.buffer = &tr->buffer;
	pipe->iter.cpu_file = cpu_file;
	trace_seq_init(&pipe->iter.seq, pipe->text, sizeof(pipe->text));
	file->private_data = pipe;
	return stream_open(inode, file);
}

static int tracing_release_pipe(struct inode *inode, struct file *file)
{
	struct trace_pipe *pipe = file->private_data;

	close_pipe_on_cpu(pipe->iter.tr, pipe->iter.cpu_file);
	kfree(pipe);
	return 0;
}

static bool trace_empty(const struct trace_iterator *iter)
{
	bool empty = true;
	int cpu;

	ring_buffer_lock(iter->buffer);
	for_each_possible_cpu(cpu)
		if (empty && trace_iterator_has_cpu(iter, cpu))
			empty = ring_buffer_empty_cpu(iter->buffer, cpu);
	ring_buffer_unlock(iter->buffer);
	return empty;
}

/* 1: there is something to read, 0: end of file, or -errno.  pipe->mutex is held, but not while sleeping. */
static int tracing_wait_pipe(struct trace_pipe *pipe, bool nonblock)
{
	while (trace_empty(&pipe->iter)) {
		if (nonblock)
			return -EAGAIN;
		if (!ring_buffer_record_is_set_on(pipe->iter.buffer) && pipe->read_some)
			return 0;
		mutex_unlock(&pipe->mutex);
		msleep_interruptible(TRACE_PIPE_POLL_MS);
		mutex_lock(&pipe->mutex);
		if (signal_pending(current))
			return -EINTR;
	}
	return 1;
}

/* Prints events until there are `count` bytes of text, the buffer is full, or there are no more events. */
static void pipe_fill(struct trace_pipe *pipe, size_t count)
{
	struct trace_iterator *iter = &pipe->iter;
	size_t len;

	trace_seq_reset(&iter->seq);
	pipe->sent = 0;
	ring_buffer_lock(iter->buffer);
	while (iter->seq.len < count && trace_find_next_entry(iter)) {
		len = iter->seq.len;
		print_trace_line(iter);
		/* A line that is cut stays for the next time, unless it would be cut then, too. */
		if (iter->seq.full && len) {
			trace_seq_trim(&iter->seq, len);
			break;
		}
		trace_iterator_advance(iter);
		pipe->read_some = true;
	}
	ring_buffer_unlock(iter->buffer);
}

static ssize_t pipe_to_user(struct trace_pipe *pipe, char *buf, size_t count)
{
	size_t n = min(count, pipe->iter.seq.len - pipe->sent);

	memcpy(buf, pipe->text + pipe->sent, n);
	pipe->sent += n;
	return n;
}

static ssize_t tracing_read_pipe(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	struct trace_pipe *pipe = file->private_data;
	ssize_t ret;

	mutex_lock(&pipe->mutex);
	ret = pipe_to_user(pipe, buf, count);
	while (!ret && count) {
		ret = tracing_wait_pipe(pipe, file->f_flags & O_NONBLOCK);
		if (ret <= 0)
			break;
		pipe_fill(pipe, count);
		ret = pipe_to_user(pipe, buf, count);
	}
	mutex_unlock(&pipe->mutex);
	return ret;
}

const struct file_operations tracing_pipe_fops = {
	.open = tracing_open_pipe,
	.read = tracing_read_pipe,
	.release = tracing_release_pipe,
};
TRACEFS_FILE(trace_pipe, "trace_pipe", TRACE_MODE_READ, &tracing_pipe_fops, &global_trace);
