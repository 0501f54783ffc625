/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_regex.c - set_ftrace_filter and set_ftrace_notrace: files that are edited, not switched.
 *
 *	open	copies the set of the ops, or with O_TRUNC starts from an empty one
 *	write	each word changes the copy: a pattern adds what it matches, "!pattern" takes it out
 *	close	the copy takes effect, all of it at once
 *
 * So `echo a b > set_ftrace_filter` never shows anybody the set without b, and with `>>` a
 * word is added to what is there.  A word that matches nothing is -EINVAL, and what was
 * written before it still takes effect at close: a shell closes the file anyway.  A word at
 * the very end, without white space behind it, is only known to be complete at close; whether
 * it matched is then not told, as in Linux.  What close does tell is that the set could
 * not be put into effect (-ENOMEM, also for a word written before; -EBUSY for IPMODIFY;
 * -ENODEV); the old one is then still there.
 *
 * Reading lists the records of the set as it was when the file was opened (ftrace_lists.c).
 *
 * inode->i_private is the ops.  Locks: regex_lock while copying and committing; words are
 * matched without it, on the copy.  Two who edit at the same time: the last to
 * close wins.  Task context.
 */
#include "trace/ftrace_internal.h"
#include "trace/tracefs.h"

/* The longest word, with its NUL: a symbol's name, '!', and a star at each end. */
#define FTRACE_BUFF_MAX (KSYM_SYMBOL_LEN + 4)

static bool edits_filter(const struct ftrace_iterator *iter)
{
	return iter->kind == FTRACE_LIST_FILTER;
}

static struct ftrace_hash **edited_hash(const struct ftrace_iterator *iter)
{
	struct ftrace_ops_hash *set = iter->ops->func_hash;

	return edits_filter(iter) ? &set->filter_hash : &set->notrace_hash;
}

static struct ftrace_iterator *file_iter(struct file *file)
{
	if (file->f_mode & FMODE_READ)
		return ((struct seq_file *)file->private_data)->private;
	return file->private_data;
}

static void free_iter(struct ftrace_iterator *iter)
{
	trace_parser_put(&iter->parser);
	free_ftrace_hash(iter->hash);
	kfree(iter);
}

static struct ftrace_iterator *new_iter(struct ftrace_ops *ops, enum ftrace_list_kind kind, bool truncate)
{
	struct ftrace_iterator *iter = kzalloc(sizeof(*iter), GFP_KERNEL);
	struct ftrace_hash *old;

	if (!iter)
		return NULL;
	ftrace_ops_init(ops);
	iter->kind = kind;
	iter->ops = ops;
	mutex_lock(&ops->func_hash->regex_lock);
	old = truncate ? NULL : *edited_hash(iter);
	iter->hash = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, old);
	mutex_unlock(&ops->func_hash->regex_lock);
	if (!iter->hash || trace_parser_get_init(&iter->parser, FTRACE_BUFF_MAX)) {
		free_iter(iter);
		return NULL;
	}
	return iter;
}

static int ftrace_regex_open(struct inode *inode, struct file *file, enum ftrace_list_kind kind)
{
	bool truncate = (file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC);
	struct ftrace_iterator *iter;
	int ret;

	if (unlikely(ftrace_disabled))
		return -ENODEV;
	iter = new_iter(inode->i_private, kind, truncate);
	if (!iter)
		return -ENOMEM;
	if (!(file->f_mode & FMODE_READ)) {
		file->private_data = iter;
		return 0;
	}
	ret = seq_open(file, &ftrace_list_seq_ops);
	if (ret)
		free_iter(iter);
	else
		((struct seq_file *)file->private_data)->private = iter;
	return ret;
}

static int ftrace_filter_open(struct inode *inode, struct file *file)
{
	return ftrace_regex_open(inode, file, FTRACE_LIST_FILTER);
}

static int ftrace_notrace_open(struct inode *inode, struct file *file)
{
	return ftrace_regex_open(inode, file, FTRACE_LIST_NOTRACE);
}

/* The word in the parser changes the copy. */
static int take_word(struct ftrace_iterator *iter)
{
	int ret = ftrace_process_regex(iter->hash, iter->parser.buffer, iter->parser.idx);

	if (ret == -ENOMEM)
		iter->error = ret;
	trace_parser_clear(&iter->parser);
	return ret;
}

/* One word at most: returns how many bytes it used. */
static ssize_t ftrace_regex_write(struct file *file, const char *buf, size_t cnt, loff_t *ppos)
{
	struct ftrace_iterator *iter = file_iter(file);
	struct trace_parser *parser = &iter->parser;
	ssize_t used;
	int ret;

	if (!cnt)
		return 0;
	if (unlikely(ftrace_disabled))
		return -ENODEV;
	used = trace_get_user(parser, buf, cnt, ppos);
	if (used < 0 || !trace_parser_loaded(parser) || trace_parser_cont(parser))
		return used;
	ret = take_word(iter);
	return ret ? ret : used;
}

/* The edited copy becomes the set. */
static int commit(struct ftrace_iterator *iter)
{
	struct ftrace_ops *ops = iter->ops;
	int ret;

	if (trace_parser_loaded(&iter->parser))
		take_word(iter);
	if (iter->error)
		return iter->error;
	mutex_lock(&ops->func_hash->regex_lock);
	mutex_lock(&ftrace_lock);
	ret = ftrace_hash_move_and_update_ops(ops, edited_hash(iter), iter->hash, edits_filter(iter));
	mutex_unlock(&ftrace_lock);
	mutex_unlock(&ops->func_hash->regex_lock);
	return ret;
}

static int ftrace_regex_release(struct inode *inode, struct file *file)
{
	struct ftrace_iterator *iter = file_iter(file);
	int ret = file->f_mode & FMODE_WRITE ? commit(iter) : 0;

	if (file->f_mode & FMODE_READ)
		seq_release(inode, file);
	free_iter(iter);
	return ret;
}

/* Only a reader has a position that means something. */
static loff_t ftrace_regex_lseek(struct file *file, loff_t offset, int whence)
{
	if (file->f_mode & FMODE_READ)
		return seq_lseek(file, offset, whence);
	file->f_pos = 0;
	return 0;
}

const struct file_operations ftrace_filter_fops = {
	.open = ftrace_filter_open,
	.read = seq_read,
	.write = ftrace_regex_write,
	.llseek = ftrace_regex_lseek,
	.release = ftrace_regex_release,
};

const struct file_operations ftrace_notrace_fops = {
	.open = ftrace_notrace_open,
	.read = seq_read,
	.write = ftrace_regex_write,
	.llseek = ftrace_regex_lseek,
	.release = ftrace_regex_release,
};

TRACEFS_FILE(set_ftrace_filter, "set_ftrace_filter", TRACE_MODE_WRITE, &ftrace_filter_fops, &global_ops);
TRACEFS_FILE(set_ftrace_notrace, "set_ftrace_notrace", TRACE_MODE_WRITE, &ftrace_notrace_fops, &global_ops);
