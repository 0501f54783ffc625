/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_lists.c - the files that list records: what can be traced, what is, and what ever was.
 *
 *	available_filter_functions	the name of every site
 *	available_filter_functions_addrs	the same, with addresses
 *	enabled_functions		sites that are on
 *	touched_functions		sites that were on at some time since boot
 *	dyn_ftrace_total_info		how many records, in how much memory
 *
 * and the reading side of set_ftrace_filter and its like (ftrace_regex.c), which lists the sites of a set, and
 * behind them, probe by probe, what else is to be done at which function (ftrace_probe.c).
 *
 * enabled_functions and touched_functions print behind each name
 *
 *	" (COUNT)" " R" " I" " D" " O" " M "
 *
 * how many ops want the site, and with letters, or as many blanks: its callback gets all registers; one may
 * change where it goes on; has a direct call, which is named in a line of its own; calls the
 * one ops that wants it without a detour, which is then named; was ever modified.  Where several want it, the list
 * function is named behind "->".
 *
 * Each read makes lines for the records from where the last one stopped, under
 * ftrace_lock, and gives the lock back: a line is true when it is made, and between two reads
 * anything may change.  Task context.
 */
#include "trace/ftrace_internal.h"
#include "trace/tracefs.h"

/* FTRACE_LIST_HASH: the set whose sites are being listed. */
static const struct ftrace_hash *listed_hash(const struct ftrace_iterator *iter)
{
	return iter->probe ? ftrace_probe_hash(iter->probe) : iter->hash;
}

static bool is_listed(const struct ftrace_iterator *iter, const struct dyn_ftrace *rec)
{
	switch (iter->kind) {
	case FTRACE_LIST_ENABLED:
		return rec->flags & FTRACE_FL_ENABLED;
	case FTRACE_LIST_TOUCHED:
		return rec->flags & FTRACE_FL_TOUCHED;
	case FTRACE_LIST_HASH:
		return ftrace_lookup_ip(listed_hash(iter), ftrace_rec_ip(rec));
	case FTRACE_LIST_ALL:
	case FTRACE_LIST_ADDRS:
		break;
	}
	return true;
}

static void rewind_records(struct ftrace_iterator *iter)
{
	iter->pg = ftrace_pages_start;
	iter->idx = 0;
}

/* The first record to list at or after (pg, idx), which then point at it. */
static struct dyn_ftrace *seek_listed(struct ftrace_iterator *iter)
{
	for (;;) {
		for (; iter->pg; iter->pg = iter->pg->next, iter->idx = 0)
			for (; iter->idx < iter->pg->index; iter->idx++)
				if (is_listed(iter, &iter->pg->records[iter->idx]))
					return &iter->pg->records[iter->idx];
		if (iter->tr)
			iter->probe = ftrace_next_probe(iter->tr, iter->probe);
		if (!iter->probe)
			return NULL;
		rewind_records(iter);
	}
}

/* Record number `pos` of those listed.  From where the last one was found, unless that is too far. */
static struct dyn_ftrace *find_listed(struct ftrace_iterator *iter, loff_t pos)
{
	struct dyn_ftrace *rec;

	if (!iter->pos || pos < iter->pos) {
		iter->pos = 0;
		iter->probe = NULL;
		rewind_records(iter);
	}
	for (rec = seek_listed(iter); rec && iter->pos < pos; iter->pos++) {
		iter->idx++;
		rec = seek_listed(iter);
	}
	if (!rec)
		iter->pos = 0;	/* at the end there is nothing to go on from */
	return rec;
}

/* An empty set says in words what it means: a line before all others. */
static bool has_text(const struct ftrace_iterator *iter)
{
	return iter->kind == FTRACE_LIST_HASH && ftrace_hash_empty(iter->hash);
}

static void *find_line(struct ftrace_iterator *iter, loff_t pos)
{
	bool text = has_text(iter);

	return text && !pos ? SEQ_START_TOKEN : (void *)find_listed(iter, pos - text);
}

static void *t_start(struct seq_file *m, loff_t *pos)
{
	struct ftrace_iterator *iter = m->private;

	mutex_lock(&ftrace_lock);
	if (unlikely(ftrace_disabled) && iter->kind != FTRACE_LIST_ENABLED && iter->kind != FTRACE_LIST_TOUCHED)
		return NULL;
	/* A probe may have gone since the last read. */
	if (iter->probe)
		iter->pos = 0;
	return find_line(iter, *pos);
}

static void *t_next(struct seq_file *m, void *v, loff_t *pos)
{
	return find_line(m->private, ++*pos);
}

static void t_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&ftrace_lock);
}

static void show_ops(struct seq_file *m, const struct ftrace_ops *ops)
{
	char name[KSYM_SYMBOL_LEN];

	if (ops)
		seq_printf(m, "\tops: %s (%pS)", ftrace_ops_name(ops, name), ops->func);
	else
		seq_puts(m, "\tops: ERROR!");
}

static void show_details(struct seq_file *m, const struct dyn_ftrace *rec)
{
	unsigned long ip = ftrace_rec_ip(rec);

	seq_printf(m, " (%u)%s%s%s%s%s", ftrace_rec_count(rec), rec->flags & FTRACE_FL_REGS ? " R" : "  ",
		   rec->flags & FTRACE_FL_IPMODIFY ? " I" : "  ", rec->flags & FTRACE_FL_DIRECT ? " D" : "  ",
		   rec->flags & FTRACE_FL_CALL_OPS ? " O" : "  ", rec->flags & FTRACE_FL_MODIFIED ? " M " : "   ");
	if (rec->flags & FTRACE_FL_CALL_OPS_EN)
		show_ops(m, ftrace_find_unique_ops(ip));
	else if (rec->flags & FTRACE_FL_ENABLED)
		seq_printf(m, " ->%pS", ftrace_slot_func);
	if (rec->flags & FTRACE_FL_DIRECT)
		seq_printf(m, "\n\tdirect-->%pS", (void *)ftrace_find_rec_direct(ip));
}

static int t_show(struct seq_file *m, void *v)
{
	const struct ftrace_iterator *iter = m->private;
	const struct dyn_ftrace *rec = v;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, iter->type->empty);
		return 0;
	}
	if (iter->probe) {
		ftrace_probe_show(m, iter->probe, ftrace_rec_ip(rec));
		return 0;
	}
	if (iter->kind == FTRACE_LIST_ADDRS)
		seq_printf(m, "%lx ", ftrace_rec_ip(rec));
	seq_printf(m, "%ps", (void *)ftrace_rec_ip(rec));
	if (iter->kind == FTRACE_LIST_ENABLED || iter->kind == FTRACE_LIST_TOUCHED)
		show_details(m, rec);
	seq_putc(m, '\n');
	return 0;
}

const struct seq_operations ftrace_list_seq_ops = {
	.start = t_start,
	.next = t_next,
	.stop = t_stop,
	.show = t_show,
};

/* ---- The files ---- */

/* inode->i_private is the kind. */
static int ftrace_list_open(struct inode *inode, struct file *file)
{
	enum ftrace_list_kind kind = (unsigned long)inode->i_private;
	struct ftrace_iterator *iter;

	/* What is on stays on when ftrace is dead, and is then most interesting. */
	if (unlikely(ftrace_disabled) && (kind == FTRACE_LIST_ALL || kind == FTRACE_LIST_ADDRS))
		return -ENODEV;
	iter = __seq_open_private(file, &ftrace_list_seq_ops, sizeof(*iter));
	if (!iter)
		return -ENOMEM;
	iter->kind = kind;
	return 0;
}

static const struct file_operations ftrace_list_fops = {
	.open = ftrace_list_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

TRACEFS_FILE(available_filter_functions, "available_filter_functions", TRACE_MODE_READ, &ftrace_list_fops,
	     (void *)FTRACE_LIST_ALL);
TRACEFS_FILE(available_filter_functions_addrs, "available_filter_functions_addrs", TRACE_MODE_READ,
	     &ftrace_list_fops, (void *)FTRACE_LIST_ADDRS);
TRACEFS_FILE(enabled_functions, "enabled_functions", TRACE_MODE_READ, &ftrace_list_fops, (void *)FTRACE_LIST_ENABLED);
TRACEFS_FILE(touched_functions, "touched_functions", TRACE_MODE_READ, &ftrace_list_fops, (void *)FTRACE_LIST_TOUCHED);

static int total_info_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%lu pages:%lu groups: %lu\n", ftrace_number_of_records, ftrace_number_of_pages,
		   ftrace_number_of_groups);
	return 0;
}

static int total_info_open(struct inode *inode, struct file *file)
{
	return single_open(file, total_info_show, NULL);
}

static const struct file_operations total_info_fops = {
	.open = total_info_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

TRACEFS_FILE(dyn_ftrace_total_info, "dyn_ftrace_total_info", TRACE_MODE_READ, &total_info_fops, NULL);
