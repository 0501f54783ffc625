/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_cpumask.c - the file tracing_cpumask: which CPUs record.
 *
 * It holds a hexadecimal number, a bit a CPU.  What the others do is not recorded, by nobody; what they had recorded
 * before stays to be read.
 *
 * Each ring has the switch of its CPU, so that while they are turned no two rings may change places.
 *
 * Lock: trace_types_lock, and that of snapshots.  Task context.
 */
#include "lib/ctype.h"
#include "lib/string.h"
#include "trace/trace.h"

static_assert(NR_CPUS <= 32, "a mask is one word of eight digits");

unsigned long trace_possible_cpus(void)
{
	unsigned long mask = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		mask |= BIT(cpu);
	return mask;
}

static void switch_cpu(struct trace_buffer *buffer, int cpu, bool on)
{
	if (on)
		ring_buffer_record_enable_cpu(buffer, cpu);
	else
		ring_buffer_record_disable_cpu(buffer, cpu);
}

int tracing_set_cpumask(struct trace_array *tr, unsigned long mask)
{
	unsigned long flip;
	int cpu;

	if (mask & ~trace_possible_cpus())
		return -EOVERFLOW;
	mutex_lock(&trace_types_lock);
	trace_snapshot_lock(tr);
	flip = mask ^ tr->tracing_cpumask;
	for_each_possible_cpu(cpu) {
		if (!(flip & BIT(cpu)))
			continue;
		switch_cpu(&tr->buffer, cpu, mask & BIT(cpu));
		if (tr->allocated_snapshot)
			switch_cpu(&tr->max_buffer, cpu, mask & BIT(cpu));
	}
	WRITE_ONCE(tr->tracing_cpumask, mask);
	trace_snapshot_unlock(tr);
	mutex_unlock(&trace_types_lock);
	return 0;
}

static bool is_separator(char c)
{
	return c == ',' || isspace((u8)c);
}

/*
 * As Linux parses it: the first line, from its end, in words of up to eight digits, of which the last is the lowest; none
 * is 0.  A second word is for more CPUs than there are.
 */
static int parse_mask(const char *buf, size_t len, unsigned long *mask)
{
	const char *newline = memchr(buf, '\n', len);
	int digits = 0;

	*mask = 0;
	if (newline)
		len = newline - buf;
	while (len && is_separator(buf[len - 1]))
		len--;
	for (; len && !is_separator(buf[len - 1]); len--) {
		char c = buf[len - 1];

		if (!isxdigit((u8)c))
			return -EINVAL;
		if (digits == 8)
			return -EOVERFLOW;
		*mask |= (unsigned long)(isdigit((u8)c) ? c - '0' : tolower((u8)c) - 'a' + 10) << 4 * digits++;
	}
	while (len && is_separator(buf[len - 1]))
		len--;
	return len ? -EOVERFLOW : 0;
}

static int tracing_cpumask_show(struct seq_file *m, void *v)
{
	const struct trace_array *tr = m->private;
	int cpu, digits = 1;

	for_each_possible_cpu(cpu)
		digits = cpu / 4 + 1;
	seq_printf(m, "%0*lx\n", digits, READ_ONCE(tr->tracing_cpumask));
	return 0;
}

static int tracing_cpumask_open(struct inode *inode, struct file *file)
{
	return single_open(file, tracing_cpumask_show, inode->i_private);
}

static ssize_t tracing_cpumask_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	unsigned long mask;
	int ret = count ? parse_mask(buf, count, &mask) : -EINVAL;

	if (!ret)
		ret = tracing_set_cpumask(file_inode(file)->i_private, mask);
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

static const struct file_operations tracing_cpumask_fops = {
	.open = tracing_cpumask_open,
	.read = seq_read,
	.write = tracing_cpumask_write,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(tracing_cpumask, "tracing_cpumask", TRACE_MODE_WRITE, &tracing_cpumask_fops, &global_trace);
