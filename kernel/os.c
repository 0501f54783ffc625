/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * os.c - what this kernel does for trace/ beyond lending its functions: /proc/sys/kernel/ftrace_enabled.
 *
 * The file holds one number.  Written are white space, a number as C writes it, and then
 * white space or the end; anything after that is ignored, as sysctl files do.
 * -EINVAL: no number, or one that is no int; other errors: ftrace_set_enabled().
 * Task context.
 */
#include "kernel/fs/proc.h"
#include "kernel/os.h"
#include "lib/ctype.h"
#include "lib/kstrtox.h"
#include "lib/seq_file.h"
#include "trace/ftrace.h"

static int ftrace_enabled_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", ftrace_get_enabled());
	return 0;
}

static int ftrace_enabled_open(struct inode *inode, struct file *file)
{
	return single_open(file, ftrace_enabled_show, NULL);
}

/* The first word of buf[0..count) as a number. */
static int first_int(const char *buf, size_t count, int *value)
{
	char word[16];
	size_t len = 0;

	while (count && isspace((u8)*buf)) {
		buf++;
		count--;
	}
	while (len < count && buf[len] && !isspace((u8)buf[len])) {
		if (len == sizeof(word) - 1)
			return -EINVAL;
		word[len] = buf[len];
		len++;
	}
	word[len] = '\0';
	return kstrtoint(word, 0, value) ? -EINVAL : 0;
}

static ssize_t ftrace_enabled_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	int value, ret;

	/* A number is written at the beginning of the file or not at all. */
	if (*ppos)
		return count;
	ret = first_int(buf, count, &value);
	if (!ret)
		ret = ftrace_set_enabled(value);
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

static const struct file_operations ftrace_enabled_fops = {
	.open = ftrace_enabled_open,
	.read = seq_read,
	.write = ftrace_enabled_write,
	.llseek = seq_lseek,
	.release = single_release,
};

PROC_FILE(ftrace_enabled, "sys/kernel/ftrace_enabled", 0644, &ftrace_enabled_fops, NULL);
