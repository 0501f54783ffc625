/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * os.c - what this kernel does for trace/ beyond lending its functions: it knows which code is never traced, and
 * has /proc/sys/kernel/ftrace_enabled.
 *
 * That file holds one number.  Written are white space, a number as C writes it, and then
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

/* linker/sections.lds.h */
#define FOLDER_BOUNDS(folder) extern char __start_text_##folder[], __stop_text_##folder[]
FOLDER_BOUNDS(arch);
FOLDER_BOUNDS(lib);
FOLDER_BOUNDS(trace);
FOLDER_BOUNDS(tests);

const char *untraced_folder(unsigned long addr)
{
	static const struct {
		const char *name, *start, *stop;
	} folders[] = {
		{ "arch", __start_text_arch, __stop_text_arch },
		{ "lib", __start_text_lib, __stop_text_lib },
		{ "trace", __start_text_trace, __stop_text_trace },
		{ "tests", __start_text_tests, __stop_text_tests },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(folders); i++)
		if (addr >= (unsigned long)folders[i].start && addr < (unsigned long)folders[i].stop)
			return folders[i].name;
	return NULL;
}

static int ftrace_enabled_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", ftrace_get_enabled());
	return 0;
}

static int ftrace_enabled_open(struct inode *inode, struct file *file)
{
	return single_open(file, ftrace_enabled_show, NULL);
}

/* The first word of buf[0..count) as a number; of more than 20 characters Linux takes none. */
static int first_int(const char *buf, size_t count, int *value)
{
	char word[21];
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
	/* No '+'. */
	if (!isdigit((u8)word[word[0] == '-']))
		return -EINVAL;
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
