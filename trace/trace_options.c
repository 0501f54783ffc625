/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_options.c - the switches of a trace array: the file trace_options, and one file each in options/.
 *
 * The table is in trace.h.  Most options are only looked at when text is made; the
 * few that have an effect at once are in set_tracer_flag().  A tracer may have options of its own (struct tracer_flags):
 * trace_options knows those of the current one, options/ has a file for each there is.
 * Lock: trace_types_lock.
 */
#include "lib/string.h"
#include "trace/trace.h"

#define TRACE_OPTION_TEXT(name, text, on) text,
static const char *const trace_options[] = { TRACE_OPTIONS(TRACE_OPTION_TEXT) };
static_assert(ARRAY_SIZE(trace_options) <= 32, "trace_flags has 32 bits");

/* trace_types_lock is held. */
static void set_tracer_flag(struct trace_array *tr, u32 mask, bool enabled)
{
	if (!(tr->trace_flags & mask) == !enabled)
		return;
	WRITE_ONCE(tr->trace_flags, enabled ? tr->trace_flags | mask : tr->trace_flags & ~mask);
	if (mask == TRACE_ITER_OVERWRITE)
		ring_buffer_change_overwrite(&tr->buffer, enabled);
	if (mask == TRACE_ITER_RECORD_CMD)
		tracing_update_cmdline_record(tr);
	if (mask == TRACE_ITER_FUNC_FORK)
		ftrace_pid_follow_fork(enabled);
}

/* ---- those of a tracer: under trace_types_lock ---- */

static void set_tracer_option(struct trace_array *tr, const struct tracer *tracer, u32 bit, bool enabled)
{
	u32 val = tracer->flags->val;

	WRITE_ONCE(tracer->flags->val, enabled ? val | bit : val & ~bit);
	if (tracer == tr->current_trace && tracer->flags_changed)
		tracer->flags_changed(tr);
}

#define for_each_tracer_opt(opt, tracer) \
	for ((opt) = (tracer)->flags ? (tracer)->flags->opts : NULL; (opt) && (opt)->name; (opt)++)

static int set_current_tracer_option(struct trace_array *tr, const char *name, bool enabled)
{
	const struct tracer_opt *opt;

	for_each_tracer_opt(opt, tr->current_trace) {
		if (strcmp(opt->name, name))
			continue;
		set_tracer_option(tr, tr->current_trace, opt->bit, enabled);
		return 0;
	}
	return -EINVAL;
}

/* ---- the file trace_options ---- */

/* "name" or "noname"; -EINVAL: there is no such option. */
int trace_set_options(struct trace_array *tr, char *option)
{
	char *name = strim(option);
	bool off = str_has_prefix(name, "no");
	int i, ret = 0;

	name += off ? 2 : 0;
	i = match_string(trace_options, ARRAY_SIZE(trace_options), name);
	mutex_lock(&trace_types_lock);
	if (i >= 0)
		set_tracer_flag(tr, 1U << i, !off);
	else
		ret = set_current_tracer_option(tr, name, !off);
	mutex_unlock(&trace_types_lock);
	return ret;
}

static int trace_options_show(struct seq_file *m, void *v)
{
	const struct trace_array *tr = m->private;
	const struct tracer_opt *opt;

	mutex_lock(&trace_types_lock);
	for (unsigned int i = 0; i < ARRAY_SIZE(trace_options); i++)
		seq_printf(m, tr->trace_flags & 1U << i ? "%s\n" : "no%s\n", trace_options[i]);
	for_each_tracer_opt(opt, tr->current_trace)
		seq_printf(m, tr->current_trace->flags->val & opt->bit ? "%s\n" : "no%s\n", opt->name);
	mutex_unlock(&trace_types_lock);
	return 0;
}

static int trace_options_open(struct inode *inode, struct file *file)
{
	return single_open(file, trace_options_show, inode->i_private);
}

static ssize_t trace_options_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	char word[64];
	char *option = trace_write_word(word, sizeof(word), buf, count);
	int ret = option ? trace_set_options(file_inode(file)->i_private, option) : -EINVAL;

	if (ret)
		return ret;
	*ppos += count;
	return count;
}

static const struct file_operations tracing_iter_fops = {
	.open = trace_options_open,
	.read = seq_read,
	.write = trace_options_write,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(trace_options, "trace_options", TRACE_MODE_WRITE, &tracing_iter_fops, &global_trace);

/* ---- options/NAME: "0" or "1" ---- */

/* i_private is an entry of this: an option's number is its place. */
static struct trace_array *option_arrays[ARRAY_SIZE(trace_options)];

static u32 option_mask(const struct inode *inode)
{
	return 1U << ((struct trace_array **)inode->i_private - option_arrays);
}

static ssize_t trace_option_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	const struct trace_array *tr = *(struct trace_array **)file_inode(file)->i_private;

	return simple_read_from_buffer(buf, count, ppos,
				       tr->trace_flags & option_mask(file_inode(file)) ? "1\n" : "0\n", 2);
}

/* "0" or "1".  0 or -errno. */
static int write_switch(const char *buf, size_t count, bool *on)
{
	unsigned long value;
	int ret = trace_write_number(buf, count, &value);

	if (!ret && value > 1)
		ret = -EINVAL;
	*on = !ret && value;
	return ret;
}

static ssize_t trace_option_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct trace_array *tr = *(struct trace_array **)file_inode(file)->i_private;
	bool on;
	int ret = write_switch(buf, count, &on);

	if (ret)
		return ret;
	mutex_lock(&trace_types_lock);
	set_tracer_flag(tr, option_mask(file_inode(file)), on);
	mutex_unlock(&trace_types_lock);
	*ppos += count;
	return count;
}

static const struct file_operations trace_options_core_fops = {
	.read = trace_option_read,
	.write = trace_option_write,
	.llseek = generic_file_llseek,
};

/* i_private is the option of a tracer, which is found by it. */
static const struct tracer *option_tracer(const struct tracer_opt *wanted)
{
	const struct tracer *const *t;
	const struct tracer_opt *opt;

	registry_for_each(tracers, t)
		for_each_tracer_opt(opt, *t)
			if (opt == wanted)
				return *t;
	return NULL;
}

static ssize_t tracer_option_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	const struct tracer_opt *opt = file_inode(file)->i_private;

	return simple_read_from_buffer(buf, count, ppos,
				       option_tracer(opt)->flags->val & opt->bit ? "1\n" : "0\n", 2);
}

static ssize_t tracer_option_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	const struct tracer_opt *opt = file_inode(file)->i_private;
	bool on;
	int ret = write_switch(buf, count, &on);

	if (ret)
		return ret;
	mutex_lock(&trace_types_lock);
	set_tracer_option(&global_trace, option_tracer(opt), opt->bit, on);
	mutex_unlock(&trace_types_lock);
	*ppos += count;
	return count;
}

static const struct file_operations tracer_options_fops = {
	.read = tracer_option_read,
	.write = tracer_option_write,
	.llseek = generic_file_llseek,
};

static int create_option_file(const char *name, const void *data, const struct file_operations *fops)
{
	char path[64];

	scnprintf(path, sizeof(path), "options/%s", name);
	return trace_create_file(path, TRACE_MODE_WRITE, (void *)data, fops);
}

int trace_create_option_files(struct trace_array *tr)
{
	const struct tracer *const *t;
	const struct tracer_opt *opt;
	int ret = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(trace_options) && !ret; i++) {
		option_arrays[i] = tr;
		ret = create_option_file(trace_options[i], &option_arrays[i], &trace_options_core_fops);
	}
	registry_for_each(tracers, t)
		for_each_tracer_opt(opt, *t)
			ret = ret ?: create_option_file(opt->name, opt, &tracer_options_fops);
	return ret;
}
