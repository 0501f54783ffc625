/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_snapshot.c - what the buffer held at one moment, while tracing goes on: the file snapshot.
 *
 * A trace array may have a second buffer.  Taking a snapshot exchanges the two: nothing is copied, so it can be
 * done anywhere, also by a function that is being traced (FUNCTION:snapshot).  What the buffer goes on with is what
 * the snapshot was until then.
 *
 *	echo 1 > snapshot	takes one; the memory comes with the first
 *	echo 0 > snapshot	gives the memory back
 *	echo 2 > snapshot	empties it
 *
 * A CPU's own file shows its part, and can empty it.
 *
 * Locks: trace_types_lock for whether there is a second buffer, and its sizes; inside it snapshot_busy, which is
 * waited for in task context only.  A function that is reached and finds it set takes no snapshot: somebody is just taking one (and
 * would see it undone), or a ring is being changed.
 */
#include "lib/string.h"
#include "trace/trace.h"

static bool snapshot_trylock(struct trace_array *tr)
{
	return !__atomic_exchange_n(&tr->snapshot_busy, 1, __ATOMIC_ACQUIRE);
}

/* Who has it, under trace_types_lock, is a probe on another CPU, and for a moment. */
void trace_snapshot_lock(struct trace_array *tr)
{
	while (!snapshot_trylock(tr))
		cpu_relax();
}

void trace_snapshot_unlock(struct trace_array *tr)
{
	__atomic_store_n(&tr->snapshot_busy, 0, __ATOMIC_RELEASE);
}

static void snapshot_missing(struct trace_array *tr)
{
	trace_array_puts(tr, (unsigned long)tracing_snapshot, "*** SNAPSHOT NOT ALLOCATED ***\n");
	trace_array_puts(tr, (unsigned long)tracing_snapshot, "*** stopping trace here!   ***\n");
	ring_buffer_record_off(&tr->buffer);
}

bool tracing_snapshot(struct trace_array *tr)
{
	bool free, allocated = true;
	unsigned long flags;

	local_irq_save(flags);
	free = snapshot_trylock(tr);
	if (free) {
		allocated = tr->allocated_snapshot;
		if (allocated)
			ring_buffer_swap(&tr->buffer, &tr->max_buffer);
		trace_snapshot_unlock(tr);
	}
	local_irq_restore(flags);
	if (!allocated)
		snapshot_missing(tr);
	return free;
}

/* ---- under trace_types_lock ---- */

/* Each CPU's ring of the spare buffer gets the size of the buffer's. */
static int copy_sizes(struct trace_array *tr)
{
	int cpu, ret = 0;

	for_each_possible_cpu(cpu)
		ret = ret ?: ring_buffer_resize(&tr->max_buffer, ring_buffer_size(&tr->buffer, cpu), cpu);
	return ret;
}

static int alloc_snapshot(struct trace_array *tr)
{
	int cpu, ret;

	if (tr->allocated_snapshot)
		return 0;
	ret = ring_buffer_init(&tr->max_buffer, 1, tr->buffer.clock);
	if (ret)
		return ret;
	ret = copy_sizes(tr);
	if (ret) {
		ring_buffer_free(&tr->max_buffer);
		return ret;
	}
	for_each_possible_cpu(cpu)
		if (!(tr->tracing_cpumask & BIT(cpu)))
			ring_buffer_record_disable_cpu(&tr->max_buffer, cpu);
	trace_snapshot_lock(tr);
	tr->allocated_snapshot = true;
	trace_snapshot_unlock(tr);
	return 0;
}

static void free_snapshot(struct trace_array *tr)
{
	if (!tr->allocated_snapshot)
		return;
	trace_snapshot_lock(tr);
	tr->allocated_snapshot = false;
	trace_snapshot_unlock(tr);
	/* A writer that a swap found in the middle of an event may still be there; or a reader, who keeps to its ring. */
	synchronize_rcu();
	ring_buffer_lock(&tr->max_buffer);
	ring_buffer_free(&tr->max_buffer);
	ring_buffer_unlock(&tr->max_buffer);
}

static void take_snapshot(struct trace_array *tr)
{
	trace_snapshot_lock(tr);
	ring_buffer_swap(&tr->buffer, &tr->max_buffer);
	trace_snapshot_unlock(tr);
}

int trace_resize_buffers(struct trace_array *tr, unsigned long size, int cpu)
{
	int ret;

	if (!tr->allocated_snapshot)
		return ring_buffer_resize(&tr->buffer, size, cpu);
	trace_snapshot_lock(tr);
	ret = ring_buffer_resize(&tr->max_buffer, size, cpu);
	ret = ret ?: ring_buffer_resize(&tr->buffer, size, cpu);
	/* No memory for both: then the second is again as the first. */
	if (ret)
		copy_sizes(tr);
	trace_snapshot_unlock(tr);
	return ret;
}

void trace_reset_snapshot(struct trace_array *tr, int cpu_file)
{
	if (!tr->allocated_snapshot)
		return;
	trace_snapshot_lock(tr);
	if (cpu_file == RING_BUFFER_ALL_CPUS)
		ring_buffer_reset(&tr->max_buffer);
	else
		ring_buffer_reset_cpu(&tr->max_buffer, cpu_file);
	trace_snapshot_unlock(tr);
}

int tracing_alloc_snapshot(struct trace_array *tr)
{
	int ret;

	mutex_lock(&trace_types_lock);
	ret = alloc_snapshot(tr);
	mutex_unlock(&trace_types_lock);
	return ret;
}

/* ---- the file ---- */

void print_snapshot_help(struct seq_file *m, const struct trace_iterator *iter)
{
	print_tracer_name(m, iter->tr);
	seq_printf(m, "#\n# * Snapshot is %s *\n#\n", iter->tr->allocated_snapshot ? "allocated" : "freed");
	if (iter->cpu_file == RING_BUFFER_ALL_CPUS)
		seq_puts(m, "# echo 1 > snapshot   takes one: what trace shows comes here, and the other way round\n"
			    "# echo 0 > snapshot   forgets it, and gives its memory back\n"
			    "# echo 2 > snapshot   forgets it (so does any other number)\n");
	else
		seq_puts(m, "# echo 2 > snapshot   forgets what is here of this CPU (so does any other number)\n"
			    "#                     0 and 1 are for the snapshot of all CPUs\n");
}

static int tracing_snapshot_open(struct inode *inode, struct file *file)
{
	struct trace_array *tr = trace_file_array(inode);
	int ret;

	if (!(file->f_mode & FMODE_READ))
		return 0;
	mutex_lock(&trace_types_lock);
	ret = trace_open_buffer(file, tr, &tr->max_buffer, trace_file_cpu(inode));
	mutex_unlock(&trace_types_lock);
	return ret;
}

/* What a number written to the file asks for; under trace_types_lock. */
static int snapshot_command(struct trace_array *tr, int cpu_file, unsigned long value)
{
	int ret = 0;

	if (value <= 1 && cpu_file != RING_BUFFER_ALL_CPUS)
		return -EINVAL;
	if (value == 0) {
		free_snapshot(tr);
	} else if (value == 1) {
		ret = tracing_update_buffers(tr);
		ret = ret ?: alloc_snapshot(tr);
		if (!ret)
			take_snapshot(tr);
	} else {
		trace_reset_snapshot(tr, cpu_file);
	}
	return ret;
}

static ssize_t tracing_snapshot_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct inode *inode = file_inode(file);
	unsigned long value;
	int ret = trace_write_number(buf, count, &value);

	if (ret)
		return ret;
	mutex_lock(&trace_types_lock);
	ret = snapshot_command(trace_file_array(inode), trace_file_cpu(inode), value);
	mutex_unlock(&trace_types_lock);
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

const struct file_operations tracing_snapshot_fops = {
	.open = tracing_snapshot_open,
	.read = seq_read,
	.write = tracing_snapshot_write,
	.llseek = tracing_lseek,
	.release = tracing_release,
};
TRACEFS_FILE(snapshot, "snapshot", TRACE_MODE_WRITE, &tracing_snapshot_fops, &global_trace);
