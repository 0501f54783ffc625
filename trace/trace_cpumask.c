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
#include "lib/kstrtox.h"
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

/* As Linux parses it: words of up to eight digits, the last one the lowest; an empty one is 0.  More than one is too many CPUs. */
static int parse_mask(char *text, unsigned long *mask)
{
	char *word = text + strspn(text, ", \t\n"), *end = word + strcspn(word, ", \t\n");

	*mask = 0;
	if (end[strspn(end, ", \t\n")] || end - word > 8)
		return -EOVERFLOW;
	*end = '\0';
	for (const char *c = word; *c; c++)
		if (!isxdigit((u8)*c))
			return -EINVAL;
	return *word ? kstrtoul(word, 16, mask) : 0;
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
	char text[64];
	int ret = -EINVAL;

	if (count && count < sizeof(text)) {
		memcpy(text, buf, count);
		text[count] = '\0';
		ret = parse_mask(text, &mask);
	}
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
