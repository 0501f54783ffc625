/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_kallsyms.c - /proc/kallsyms: every symbol of the kernel, by address.
 *
 * A record is a symbol; an iterator value is its number + 1, so that none is NULL.
 */
#include "kernel/fs/proc.h"
#include "kernel/kallsyms.h"

static void *s_start(struct seq_file *m, loff_t *pos)
{
	return *pos < kallsyms_num_syms ? (void *)((unsigned long)*pos + 1) : NULL;
}

static void *s_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return s_start(m, pos);
}

static void s_stop(struct seq_file *m, void *v)
{
}

static int s_show(struct seq_file *m, void *v)
{
	unsigned int i = (unsigned long)v - 1;

	seq_printf(m, "%0*lx %c %s\n", (int)(2 * sizeof(long)), kallsyms_sym_address(i), kallsyms_sym_type(i),
		   kallsyms_sym_name(i));
	return 0;
}

static const struct seq_operations kallsyms_op = {
	.start = s_start,
	.next = s_next,
	.stop = s_stop,
	.show = s_show,
};

static int kallsyms_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &kallsyms_op);
}

static const struct file_operations kallsyms_fops = {
	.open = kallsyms_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};

PROC_FILE(kallsyms, "kallsyms", 0444, &kallsyms_fops, NULL);
