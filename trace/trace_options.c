/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_options.c - the switches of a trace array: the file trace_options, and one file each in options/.
 *
 * The table is in trace.h.  Most options are only looked at when text is made; the
 * few that have an effect at once are in set_tracer_flag().  Lock: trace_types_lock.
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
}

/* "name" or "noname"; -EINVAL: there is no such option. */
int trace_set_options(struct trace_array *tr, char *option)
{
	char *name = strim(option);
	bool off = str_has_prefix(name, "no");
	int i = match_string(trace_options, ARRAY_SIZE(trace_options), off ? name + 2 : name);

	if (i < 0)
		return -EINVAL;
	mutex_lock(&trace_types_lock);
	set_tracer_flag(tr, 1U << i, !off);
	mutex_unlock(&trace_types_lock);
	return 0;
}

static int trace_options_show(struct seq_file *m, void *v)
{
	const struct trace_array *tr = m->private;
	u32 flags = READ_ONCE(tr->trace_flags);

	for (unsigned int i = 0; i < ARRAY_SIZE(trace_options); i++)
		seq_printf(m, flags & 1U << i ? "%s\n" : "no%s\n", trace_options[i]);
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

	if (!option || trace_set_options(file_inode(file)->i_private, option))
		return -EINVAL;
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

static ssize_t trace_option_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct trace_array *tr = *(struct trace_array **)file_inode(file)->i_private;
	unsigned long value;
	int ret = trace_write_number(buf, count, &value);

	if (ret)
		return ret;
	if (value > 1)
		return -EINVAL;
	mutex_lock(&trace_types_lock);
	set_tracer_flag(tr, option_mask(file_inode(file)), value);
	mutex_unlock(&trace_types_lock);
	*ppos += count;
	return count;
}

static const struct file_operations trace_options_core_fops = {
	.read = trace_option_read,
	.write = trace_option_write,
	.llseek = generic_file_llseek,
};

int trace_create_option_files(struct trace_array *tr)
{
	char path[64];
	int ret = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(trace_options) && !ret; i++) {
		option_arrays[i] = tr;
		scnprintf(path, sizeof(path), "options/%s", trace_options[i]);
		ret = trace_create_file(path, TRACE_MODE_WRITE, &option_arrays[i], &trace_options_core_fops);
	}
	return ret;
}
