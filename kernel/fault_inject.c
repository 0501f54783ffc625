/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault_inject.c - /proc/fail-nth and fail_nth=: failures on purpose.
 *
 * What a program does when memory is out, or a patch site cannot be written, is hard to
 * see: it never happens.  Here it does, at the n-th opportunity, once:
 *
 *	echo alloc 3 > /proc/fail-nth		the third allocation from now on finds no memory
 *	echo patch 20 EPERM > /proc/fail-nth	the 20th site (or slot in the trampolines) to be switched cannot be written
 *	echo alloc 0 > /proc/fail-nth		never mind
 *	cat /proc/fail-nth			how many are still missing; 0: it has happened, or never will
 *
 * With n = 1, 2, 3, ... until it is not reached any more, every failure that an operation
 * can meet is met.  Only what the task that wrote it does is counted, and what its
 * children do: not interrupts on top of them, and nobody else.  The file is
 * named after Linux's /proc/PID/fail-nth, and means the same.
 *
 * The errors of a patch say how far it came: EFAULT the site could not be read, EINVAL
 * (default) its words were others, EPERM it could not be written.
 *
 * On the command line, words are joined by commas: fail_nth=patch,3,EPERM.  It counts from there
 * on, with the task that boots, so it reaches ftrace_init().
 *
 * No lock: two who write at the same time both get what they should not expect.
 */
#include "kernel/fault_inject.h"
#include "init/params.h"
#include "kernel/fs/proc.h"
#include "kernel/preempt.h"
#include "lib/errno.h"
#include "lib/kstrtox.h"
#include "lib/string.h"

static const char *const kind_names[NR_FAULT_KINDS] = {
	[FAULT_ALLOC] = "alloc",
	[FAULT_PATCH] = "patch",
};

static const struct error_name {
	const char *name;
	int error;
	enum fault_kind kind;
} errors[] = {
	/* The first of a kind is the default. */
	{ "ENOMEM", -ENOMEM, FAULT_ALLOC },
	{ "EINVAL", -EINVAL, FAULT_PATCH },
	{ "EFAULT", -EFAULT, FAULT_PATCH },
	{ "EPERM", -EPERM, FAULT_PATCH },
	{ "EIO", -EIO, FAULT_PATCH },
};

struct fault faults[NR_FAULT_KINDS];

/* Interrupts run in the name of the task that they interrupt, but not for it. */
int __should_fail(struct fault *fault)
{
	if (!in_task() || (current != fault->task && current->parent != fault->task))
		return 0;
	return atomic_dec_return(&fault->left) ? 0 : fault->error;
}

void fault_arm(enum fault_kind kind, unsigned long n, int error)
{
	struct fault *fault = &faults[kind];

	atomic_long_set(&fault->left, 0);
	fault->task = current;
	fault->error = error;
	smp_wmb();
	atomic_long_set(&fault->left, (long)n);
}

static unsigned long fault_left(const struct fault *fault)
{
	return (unsigned long)max(atomic_long_read(&fault->left), 0L);
}

unsigned long fault_disarm(enum fault_kind kind)
{
	unsigned long left = fault_left(&faults[kind]);

	atomic_long_set(&faults[kind].left, 0);
	return left;
}

/* The error called `name` (NULL: the default) that is one of `kind`, or NULL. */
static const struct error_name *find_error(enum fault_kind kind, const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].kind == kind && (!name || !strcmp(errors[i].name, name)))
			return &errors[i];
	return NULL;
}

static char *next_word(char **text)
{
	char *word;

	do
		word = strsep(text, ", \t\n");
	while (word && !*word);
	return word;
}

/* "KIND N [ERROR]".  Cuts the text.  0 or -EINVAL. */
static int arm_from_text(char *text)
{
	char *kind = next_word(&text), *n = next_word(&text), *error = next_word(&text);
	const struct error_name *found;
	unsigned int i = 0;
	long value;

	while (kind && i < NR_FAULT_KINDS && strcmp(kind, kind_names[i]))
		i++;
	if (!n || i == NR_FAULT_KINDS || next_word(&text) || kstrtol(n, 0, &value) || value < 0)
		return -EINVAL;
	found = find_error((enum fault_kind)i, error);
	if (!found)
		return -EINVAL;
	fault_arm((enum fault_kind)i, (unsigned long)value, found->error);
	return 0;
}

static int __init set_fail_nth(char *val)
{
	char text[64];

	return val && strscpy(text, val, sizeof(text)) > 0 ? arm_from_text(text) : -EINVAL;
}
early_param("fail_nth", set_fail_nth);

/* ---- /proc/fail-nth ---- */

static int fail_nth_show(struct seq_file *m, void *v)
{
	for (unsigned int i = 0; i < NR_FAULT_KINDS; i++)
		seq_printf(m, "%s %lu\n", kind_names[i], fault_left(&faults[i]));
	return 0;
}

static int fail_nth_open(struct inode *inode, struct file *file)
{
	return single_open(file, fail_nth_show, NULL);
}

static ssize_t fail_nth_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	char text[64];
	int ret;

	if (count >= sizeof(text))
		return -EINVAL;
	memcpy(text, buf, count);
	text[count] = '\0';
	ret = arm_from_text(text);
	return ret ? ret : (ssize_t)count;
}

static const struct file_operations fail_nth_fops = {
	.open = fail_nth_open,
	.read = seq_read,
	.write = fail_nth_write,
	.llseek = seq_lseek,
	.release = single_release,
};

PROC_FILE(fail_nth, "fail-nth", 0644, &fail_nth_fops, NULL);
