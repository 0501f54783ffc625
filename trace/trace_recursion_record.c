/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_recursion_record.c - the file recursed_functions: whose calls were refused because of recursion.
 *
 * A callback that calls a traced function of its own set is protected from itself
 * (trace_recursion.h), but every such call costs, and is lost.  Each function that was
 * refused is kept once, with the caller of the first time:
 *
 *	PARENT+0x10/0x20:	FUNCTION+0x0/0x18
 *
 * Opening the file with O_TRUNC (`> recursed_functions`) clears it; what is written is ignored.
 *
 * Calls are refused in any context, on several CPUs at once, in the middle of anything: no lock.  An
 * entry is free while its ip is 0; the first free one is claimed by exchanging that for the
 * function's address, so two who come with the same function claim one entry, and the
 * entry counts once it has its parent.  When all are taken, others are not kept.  A
 * function that is refused while the file is being cleared may be listed twice, or not.
 */
#include "lib/seq_file.h"
#include "trace/os.h"
#include "trace/trace_recursion.h"
#include "trace/tracefs.h"

#define RECURSED_MAX 128	/* as many as Linux keeps by default */

static struct {
	unsigned long ip, parent_ip;
} recursed[RECURSED_MAX];

void ftrace_record_recursion(unsigned long ip, unsigned long parent_ip)
{
	for (int i = 0; i < RECURSED_MAX; i++) {
		unsigned long taken = READ_ONCE(recursed[i].ip);

		if (!taken)
			taken = cmpxchg(&recursed[i].ip, 0, ip);
		if (!taken)
			smp_store_release(&recursed[i].parent_ip, parent_ip);
		if (!taken || taken == ip)
			return;
	}
}

static void clear_recursed(void)
{
	for (int i = 0; i < RECURSED_MAX; i++) {
		WRITE_ONCE(recursed[i].parent_ip, 0);
		smp_store_release(&recursed[i].ip, 0);
	}
}

static int recursed_functions_show(struct seq_file *m, void *v)
{
	for (int i = 0; i < RECURSED_MAX; i++) {
		unsigned long parent_ip = smp_load_acquire(&recursed[i].parent_ip);

		if (parent_ip)
			seq_printf(m, "%pS:\t%pS\n", (void *)parent_ip, (void *)READ_ONCE(recursed[i].ip));
	}
	return 0;
}

static int recursed_functions_open(struct inode *inode, struct file *file)
{
	if ((file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC))
		clear_recursed();
	return single_open(file, recursed_functions_show, NULL);
}

static ssize_t recursed_functions_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	return count;
}

static const struct file_operations recursed_functions_fops = {
	.open = recursed_functions_open,
	.read = seq_read,
	.write = recursed_functions_write,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(recursed_functions, "recursed_functions", TRACE_MODE_WRITE, &recursed_functions_fops, NULL);
