/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_regex.c - set_ftrace_filter, set_ftrace_notrace and their like: files that are edited, not switched.
 *
 *	open	copies the set, or with O_TRUNC starts from an empty one
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
 * A word with a colon is a command (ftrace_command.c): most take effect at once, and not on the set.
 *
 * Reading lists the records of the set as it was when the file was opened (ftrace_lists.c).
 *
 * Whose set it is, and how it takes effect, is in a struct ftrace_hash_file: that of an ops is at the end
 * of this file.  Words are matched without a lock, on the copy.  Two who edit at the same time: the last to
 * close wins.  Task context.
 */
#include "trace/ftrace_internal.h"
#include "trace/tracefs.h"

/* The longest word, with its NUL: a symbol's name, '!', and a star at each end. */
#define FTRACE_BUFF_MAX (KSYM_SYMBOL_LEN + 4)

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

static struct ftrace_iterator *new_iter(const struct ftrace_hash_file *type, void *data, bool truncate)
{
	struct ftrace_iterator *iter = kzalloc(sizeof(*iter), GFP_KERNEL);

	if (!iter)
		return NULL;
	iter->kind = FTRACE_LIST_HASH;
	iter->type = type;
	iter->data = data;
	iter->tr = type->probes ? type->probes(data) : NULL;
	iter->hash = truncate ? alloc_ftrace_hash(FTRACE_HASH_DEFAULT_BITS) : type->copy(data);
	if (!iter->hash || trace_parser_get_init(&iter->parser, FTRACE_BUFF_MAX)) {
		free_iter(iter);
		return NULL;
	}
	return iter;
}

int ftrace_hash_file_open(struct inode *inode, struct file *file, const struct ftrace_hash_file *type)
{
	bool truncate = (file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC);
	struct ftrace_iterator *iter;
	int ret;

	if (unlikely(ftrace_disabled))
		return -ENODEV;
	iter = new_iter(type, inode->i_private, truncate);
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

/* A word changes the copy, or does what its command says.  -EINVAL: it matches nothing, or there is no such command. */
static int process_word(struct ftrace_iterator *iter, char *word, u32 len)
{
	int ret;

	if (iter->type->command && strchr(word, ':'))
		ret = iter->type->command(iter->data, iter->hash, word);
	else
		ret = iter->type->match(iter->hash, word, len) ?: -EINVAL;
	/* A command may have been at the set, too. */
	if (ret == -ENOMEM)
		iter->error = ret;
	return min(ret, 0);
}

/* The word in the parser. */
static int take_word(struct ftrace_iterator *iter)
{
	int ret = process_word(iter, iter->parser.buffer, iter->parser.idx);

	trace_parser_clear(&iter->parser);
	return ret;
}

/* One word at most: returns how many bytes it used. */
ssize_t ftrace_hash_file_write(struct file *file, const char *buf, size_t cnt, loff_t *ppos)
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
	if (trace_parser_loaded(&iter->parser))
		take_word(iter);
	return iter->error ? iter->error : iter->type->commit(iter->data, iter->hash);
}

int ftrace_hash_file_release(struct inode *inode, struct file *file)
{
	struct ftrace_iterator *iter = file_iter(file);
	int ret = file->f_mode & FMODE_WRITE ? commit(iter) : 0;

	if (file->f_mode & FMODE_READ)
		seq_release(inode, file);
	free_iter(iter);
	return ret;
}

/* Only a reader has a position that means something. */
loff_t ftrace_hash_file_lseek(struct file *file, loff_t offset, int whence)
{
	if (file->f_mode & FMODE_READ)
		return seq_lseek(file, offset, whence);
	file->f_pos = 0;
	return 0;
}

/* ---- The two sets of an ops ---- */

static struct ftrace_hash *copy_hash(struct ftrace_ops *ops, bool filter)
{
	struct ftrace_ops_hash *set;
	struct ftrace_hash *copy;

	ftrace_ops_init(ops);
	set = ops->func_hash;
	mutex_lock(&set->regex_lock);
	copy = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, filter ? set->filter_hash : set->notrace_hash);
	mutex_unlock(&set->regex_lock);
	return copy;
}

static int commit_hash(struct ftrace_ops *ops, struct ftrace_hash *hash, bool filter)
{
	struct ftrace_ops_hash *set;
	int ret;

	ftrace_ops_init(ops);
	set = ops->func_hash;
	mutex_lock(&set->regex_lock);
	mutex_lock(&ftrace_lock);
	ret = ftrace_hash_move_and_update_ops(ops, filter ? &set->filter_hash : &set->notrace_hash, hash, filter);
	mutex_unlock(&ftrace_lock);
	mutex_unlock(&set->regex_lock);
	return ret;
}

/* What commands are about: the trace array that an ops with FTRACE_OPS_FL_PID belongs to. */
static struct trace_array *ops_array(void *data)
{
	const struct ftrace_ops *ops = data;

	return ops->flags & FTRACE_OPS_FL_PID ? ops->private : NULL;
}

static struct ftrace_hash *filter_copy(void *data)
{
	return copy_hash(data, true);
}

static int filter_commit(void *data, struct ftrace_hash *hash)
{
	return commit_hash(data, hash, true);
}

static int filter_command(void *data, struct ftrace_hash *hash, char *word)
{
	return ftrace_process_command(ops_array(data), hash, word, true);
}

static const struct ftrace_hash_file filter_file = {
	.empty = "#### all functions enabled ####\n",
	.match = ftrace_match_records,
	.copy = filter_copy,
	.commit = filter_commit,
	.command = filter_command,
	.probes = ops_array,
};

static struct ftrace_hash *notrace_copy(void *data)
{
	return copy_hash(data, false);
}

static int notrace_commit(void *data, struct ftrace_hash *hash)
{
	return commit_hash(data, hash, false);
}

static int notrace_command(void *data, struct ftrace_hash *hash, char *word)
{
	return ftrace_process_command(ops_array(data), hash, word, false);
}

static const struct ftrace_hash_file notrace_file = {
	.empty = "#### no functions disabled ####\n",
	.match = ftrace_match_records,
	.copy = notrace_copy,
	.commit = notrace_commit,
	.command = notrace_command,
};

static int ftrace_filter_open(struct inode *inode, struct file *file)
{
	return ftrace_hash_file_open(inode, file, &filter_file);
}

static int ftrace_notrace_open(struct inode *inode, struct file *file)
{
	return ftrace_hash_file_open(inode, file, &notrace_file);
}

const struct file_operations ftrace_filter_fops = {
	.open = ftrace_filter_open,
	.read = seq_read,
	.write = ftrace_hash_file_write,
	.llseek = ftrace_hash_file_lseek,
	.release = ftrace_hash_file_release,
};

const struct file_operations ftrace_notrace_fops = {
	.open = ftrace_notrace_open,
	.read = seq_read,
	.write = ftrace_hash_file_write,
	.llseek = ftrace_hash_file_lseek,
	.release = ftrace_hash_file_release,
};

TRACEFS_FILE(set_ftrace_filter, "set_ftrace_filter", TRACE_MODE_WRITE, &ftrace_filter_fops, &global_ops);
TRACEFS_FILE(set_ftrace_notrace, "set_ftrace_notrace", TRACE_MODE_WRITE, &ftrace_notrace_fops, &global_ops);
