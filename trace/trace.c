/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace.c - the trace array, its tracers, and the files that switch them.
 *
 * Owns global_trace and which tracer is current.  Changing the tracer takes the old
 * one off (its ops is unregistered: no new call is traced, but a task that was preempted on its way to the callback may
 * still record the last), empties the buffer, and starts the new one; if that fails the tracer is "nop".
 *
 * Lock: trace_types_lock.  Context: task, or boot (one CPU, interrupts off) in trace_init().
 */
#include "lib/kstrtox.h"
#include "lib/string.h"
#include "trace/trace.h"

#define TRACE_BUF_SIZE_DEFAULT 1441792UL /* bytes a CPU: Linux's default */
#define MAX_TRACER_SIZE 100

DEFINE_MUTEX(trace_types_lock);
unsigned long trace_buf_size = TRACE_BUF_SIZE_DEFAULT;

static int nop_trace_init(struct trace_array *tr)
{
	return 0;
}

static void nop_trace_reset(struct trace_array *tr)
{
}

TRACER(nop_tracer) = {
	.name = "nop",
	.init = nop_trace_init,
	.reset = nop_trace_reset,
};

#define TRACE_OPTION_DEFAULT(name, text, on) | ((on) ? TRACE_ITER_##name : 0)

struct trace_array global_trace __aligned(64) = {
	.ops = &global_ops,
	.current_trace = &nop_tracer,
	.max_buffer.lock = &global_trace.buffer.mutex,
	.trace_flags = 0 TRACE_OPTIONS(TRACE_OPTION_DEFAULT),
};

void tracing_on(void)
{
	ring_buffer_record_on(&global_trace.buffer);
}

void tracing_off(void)
{
	ring_buffer_record_off(&global_trace.buffer);
}

bool tracing_is_on(void)
{
	return ring_buffer_record_is_set_on(&global_trace.buffer);
}

void tracing_reset_online_cpus(struct trace_array *tr)
{
	trace_snapshot_lock(tr);
	ring_buffer_record_disable(&tr->buffer);
	ring_buffer_reset(&tr->buffer);
	ring_buffer_record_enable(&tr->buffer);
	trace_snapshot_unlock(tr);
}

int tracing_update_buffers(struct trace_array *tr)
{
	int ret;

	if (tr->buffer_expanded)
		return 0;
	ret = trace_resize_buffers(tr, trace_buf_size, RING_BUFFER_ALL_CPUS);
	if (!ret)
		tr->buffer_expanded = true;
	return ret;
}

static const struct tracer *find_tracer(const char *name)
{
	const struct tracer *const *t;

	registry_for_each(tracers, t)
		if (!strcmp((*t)->name, name))
			return *t;
	return NULL;
}

static int __tracing_set_tracer(struct trace_array *tr, const char *name)
{
	const struct tracer *t = find_tracer(name);
	int ret;

	if (!t)
		return -EINVAL;
	if (t == tr->current_trace)
		return 0;
	if (tr->trace_ref)
		return -EBUSY;
	ret = tracing_update_buffers(tr);
	if (ret)
		return ret;
	tr->current_trace->reset(tr);
	tr->current_trace = &nop_tracer;
	tracing_reset_online_cpus(tr);
	ret = t->init(tr);
	if (!ret)
		tr->current_trace = t;
	return ret;
}

int tracing_set_tracer(struct trace_array *tr, const char *name)
{
	int ret;

	mutex_lock(&trace_types_lock);
	ret = __tracing_set_tracer(tr, name);
	mutex_unlock(&trace_types_lock);
	return ret;
}

/* ---- current_tracer, available_tracers ---- */

static int current_tracer_show(struct seq_file *m, void *v)
{
	const struct trace_array *tr = m->private;

	seq_printf(m, "%s\n", READ_ONCE(tr->current_trace)->name);
	return 0;
}

static int current_tracer_open(struct inode *inode, struct file *file)
{
	return single_open(file, current_tracer_show, inode->i_private);
}

static ssize_t tracing_set_trace_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	char word[MAX_TRACER_SIZE + 1];
	int ret;

	/* What is longer than any name is cut, and then not found. */
	ret = tracing_set_tracer(file_inode(file)->i_private,
				 trace_write_word(word, sizeof(word), buf, min(count, sizeof(word) - 1)));
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

static const struct file_operations set_tracer_fops = {
	.open = current_tracer_open,
	.read = seq_read,
	.write = tracing_set_trace_write,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(current_tracer, "current_tracer", TRACE_MODE_WRITE, &set_tracer_fops, &global_trace);

/* Latest registered first, as the list has always been shown. */
static int available_tracers_show(struct seq_file *m, void *v)
{
	const struct tracer *const *t = __stop_registry_tracers;

	while (t-- > __start_registry_tracers)
		seq_printf(m, t > __start_registry_tracers ? "%s " : "%s\n", (*t)->name);
	return 0;
}

static int available_tracers_open(struct inode *inode, struct file *file)
{
	return single_open(file, available_tracers_show, NULL);
}

static const struct file_operations show_traces_fops = {
	.open = available_tracers_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(available_tracers, "available_tracers", TRACE_MODE_READ, &show_traces_fops, NULL);

/* ---- tracing_on ---- */

static int tracing_on_show(struct seq_file *m, void *v)
{
	const struct trace_array *tr = m->private;

	seq_printf(m, "%d\n", ring_buffer_record_is_set_on(&tr->buffer));
	return 0;
}

static int tracing_on_open(struct inode *inode, struct file *file)
{
	return single_open(file, tracing_on_show, inode->i_private);
}

static ssize_t tracing_on_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct trace_array *tr = file_inode(file)->i_private;
	unsigned long value;
	int ret = trace_write_number(buf, count, &value);

	if (ret)
		return ret;
	if (value)
		ring_buffer_record_on(&tr->buffer);
	else
		ring_buffer_record_off(&tr->buffer);
	*ppos += count;
	return count;
}

static const struct file_operations tracing_on_fops = {
	.open = tracing_on_open,
	.read = seq_read,
	.write = tracing_on_write,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(tracing_on, "tracing_on", TRACE_MODE_WRITE, &tracing_on_fops, &global_trace);

/* ---- boot ---- */

static struct {
	char tracer[MAX_TRACER_SIZE + 1];
	char clock[32];
	char options[256];
} trace_boot __initdata;

static int __init set_boot_tracer(char *val)
{
	return val && strscpy(trace_boot.tracer, val, sizeof(trace_boot.tracer)) > 0 ? 0 : -EINVAL;
}
early_param("ftrace", set_boot_tracer);

static int __init set_boot_clock(char *val)
{
	return val && strscpy(trace_boot.clock, val, sizeof(trace_boot.clock)) > 0 ? 0 : -EINVAL;
}
early_param("trace_clock", set_boot_clock);

static int __init set_boot_options(char *val)
{
	return val && strscpy(trace_boot.options, val, sizeof(trace_boot.options)) > 0 ? 0 : -EINVAL;
}
early_param("trace_options", set_boot_options);

static int __init set_buf_size(char *val)
{
	char *end = "";
	unsigned long long size = val ? memparse(val, &end) : 0;

	if (!size || *end)
		return -EINVAL;
	trace_buf_size = max(min(size, (unsigned long long)~0UL), (unsigned long long)RB_PAGE_SIZE);
	return 0;
}
early_param("trace_buf_size", set_buf_size);

/* Now that it is known how much memory there is. */
static void __init check_buf_size(void)
{
	if (trace_buf_size / PAGE_SIZE < totalram_pages())
		return;
	pr_err("trace_buf_size: more than all memory: ignored\n");
	trace_buf_size = TRACE_BUF_SIZE_DEFAULT;
}

static void __init apply_boot_options(struct trace_array *tr, char *options)
{
	char *option;

	while ((option = strsep(&options, ",")))
		if (*option && trace_set_options(tr, option))
			pr_warn("trace_options: no option \"%s\"\n", option);
}

static void __init start_boot_tracer(struct trace_array *tr)
{
	int ret;

	pr_info("Starting tracer '%s'\n", trace_boot.tracer);
	ret = tracing_set_tracer(tr, trace_boot.tracer);
	if (ret)
		pr_warn("ftrace=%s: error %d\n", trace_boot.tracer, ret);
}

void __init trace_init(void)
{
	struct trace_array *tr = &global_trace;
	int ret = ring_buffer_init(&tr->buffer, 1, trace_clocks[tr->clock_id].func);

	if (ret) {
		pr_err("ftrace: no memory for the trace buffer: the tracing directory stays empty\n");
		return;
	}
	tr->ops->private = tr;
	tr->tracing_cpumask = trace_possible_cpus();
	check_buf_size();
	if (trace_boot.clock[0] && tracing_set_clock(tr, trace_boot.clock))
		pr_warn("trace_clock: no clock \"%s\"\n", trace_boot.clock);
	if (trace_boot.tracer[0])
		start_boot_tracer(tr);
	/* Only now are the tracer's own options known. */
	apply_boot_options(tr, trace_boot.options);
}
