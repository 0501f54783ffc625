/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_clock.c - what events can be ordered by, and the file trace_clock.
 *
 * The machines here have one clock, counted in step on all CPUs, never adjusted and
 * never suspended; so `local`, `perf`, `mono`, `mono_raw` and `boot`, which differ elsewhere, are
 * one.  `global` and `counter` add an order between CPUs that no clock alone
 * gives, at the price of a lock that all CPUs share.
 *
 * The clock functions run in callbacks: interrupts off, nothing they call is traced,
 * hence a lock of their own that is a plain flag.
 */
#include "lib/math64.h"
#include "trace/trace.h"

#define NSEC_PER_CLOCK_TICK 10000000 /* `uptime` counts hundredths of a second, as Linux shows it to users */

u64 trace_clock_local(void)
{
	return sched_clock();
}

u64 trace_clock_jiffies(void)
{
	return div_u64(sched_clock(), NSEC_PER_CLOCK_TICK);
}

static struct {
	u32 locked;
	u64 prev_time, counter; /* under `locked` */
} trace_clock_shared;

static unsigned long trace_clock_lock(void)
{
	unsigned long flags;

	local_irq_save(flags);
	while (__atomic_exchange_n(&trace_clock_shared.locked, 1, __ATOMIC_ACQUIRE))
		;
	return flags;
}

static void trace_clock_unlock(unsigned long flags)
{
	__atomic_store_n(&trace_clock_shared.locked, 0, __ATOMIC_RELEASE);
	local_irq_restore(flags);
}

/* Never less than what any CPU was told before. */
u64 trace_clock_global(void)
{
	unsigned long flags = trace_clock_lock();
	u64 now = max(trace_clock_shared.prev_time, sched_clock());

	trace_clock_shared.prev_time = now;
	trace_clock_unlock(flags);
	return now;
}

/* Not a time: one more than the last answer. */
u64 trace_clock_counter(void)
{
	unsigned long flags = trace_clock_lock();
	u64 count = ++trace_clock_shared.counter;

	trace_clock_unlock(flags);
	return count;
}

const struct trace_clock trace_clocks[] = {
	{ "local", trace_clock_local, true },
	{ "global", trace_clock_global, true },
	{ "counter", trace_clock_counter, false },
	{ "uptime", trace_clock_jiffies, false },
	{ "perf", trace_clock_local, true },
	{ "mono", trace_clock_local, true },
	{ "mono_raw", trace_clock_local, true },
	{ "boot", trace_clock_local, true },
};

int tracing_set_clock(struct trace_array *tr, const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(trace_clocks); i++)
		if (!strcmp(trace_clocks[i].name, name))
			break;
	if (i == ARRAY_SIZE(trace_clocks))
		return -EINVAL;
	mutex_lock(&trace_types_lock);
	tr->clock_id = i;
	WRITE_ONCE(tr->buffer.clock, trace_clocks[i].func);
	WRITE_ONCE(tr->max_buffer.clock, trace_clocks[i].func);
	if (tr->current_trace->clock_changed)
		tr->current_trace->clock_changed(tr);
	/* A ring's last time is the least that its next event gets: none with those of the old clock may come back. */
	trace_snapshot_lock(tr);
	ring_buffer_reset(&tr->buffer);
	if (tr->allocated_snapshot)
		ring_buffer_reset(&tr->max_buffer);
	trace_snapshot_unlock(tr);
	mutex_unlock(&trace_types_lock);
	return 0;
}

static int tracing_clock_show(struct seq_file *m, void *v)
{
	const struct trace_array *tr = m->private;

	for (unsigned int i = 0; i < ARRAY_SIZE(trace_clocks); i++)
		seq_printf(m, i == tr->clock_id ? "%s[%s]" : "%s%s", i ? " " : "", trace_clocks[i].name);
	seq_putc(m, '\n');
	return 0;
}

static int tracing_clock_open(struct inode *inode, struct file *file)
{
	return single_open(file, tracing_clock_show, inode->i_private);
}

static ssize_t tracing_clock_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	char word[64];
	char *name = trace_write_word(word, sizeof(word), buf, count);
	int ret = tracing_set_clock(file_inode(file)->i_private, name ? name : "");

	if (ret)
		return ret;
	*ppos += count;
	return count;
}

static const struct file_operations trace_clock_fops = {
	.open = tracing_clock_open,
	.read = seq_read,
	.write = tracing_clock_write,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(clock, "trace_clock", TRACE_MODE_WRITE, &trace_clock_fops, &global_trace);
