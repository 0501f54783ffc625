/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_graph_filter.c - set_graph_function and set_graph_notrace: where the function_graph tracer begins, and where it does
 * not go.
 *
 * The tracer is not there yet; what it will ask is here: two sets of sites, which are no ops' and switch no site, and
 * the files that hold them, which are of ftrace_regex.c's kind.  Two things about their words are Linux's: a number is a
 * name as any other, so that no function has it, and '!' before what is not in the set is -EINVAL.
 *
 * A set that somebody may be asking is never changed; another takes its place (ftrace_hash.c).  Who asks needs no lock, but
 * must be somebody for whom RCU waits.
 *
 * Lock: ftrace_lock, for which sets there are.  Task context, or boot.
 */
#include "trace/ftrace_internal.h"
#include "trace/tracefs.h"

struct ftrace_hash *ftrace_graph_hash, *ftrace_graph_notrace_hash;

static int graph_match(struct ftrace_hash *hash, char *word, u32 len)
{
	unsigned long count = hash->count;
	struct ftrace_glob glob;
	bool remove;
	int ret;

	ftrace_glob_parse(&glob, word, len, &remove);
	if (glob.type == MATCH_INDEX)
		return 0;
	ret = ftrace_match_glob(hash, &glob, remove);
	return remove && hash->count == count ? 0 : ret;
}

/* `data` is the address of one of the two. */
static struct ftrace_hash *graph_copy(void *data)
{
	struct ftrace_hash **set = data, *copy;

	mutex_lock(&ftrace_lock);
	copy = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, *set);
	mutex_unlock(&ftrace_lock);
	return copy;
}

static int graph_commit(void *data, struct ftrace_hash *hash)
{
	struct ftrace_hash **set = data, *old_hash = NULL, *new_hash;
	int ret = -ENODEV;

	mutex_lock(&ftrace_lock);
	if (likely(!ftrace_disabled)) {
		new_hash = ftrace_hash_move(hash);
		ret = new_hash ? 0 : -ENOMEM;
	}
	if (!ret) {
		old_hash = *set;
		smp_store_release(set, new_hash);
	}
	mutex_unlock(&ftrace_lock);
	free_ftrace_hash_rcu(old_hash);
	return ret;
}

static const struct ftrace_hash_file graph_file = {
	.empty = "#### all functions enabled ####\n",
	.match = graph_match,
	.copy = graph_copy,
	.commit = graph_commit,
};

static const struct ftrace_hash_file graph_notrace_file = {
	.empty = "#### no functions disabled ####\n",
	.match = graph_match,
	.copy = graph_copy,
	.commit = graph_commit,
};

static int graph_open(struct inode *inode, struct file *file)
{
	const bool begins = inode->i_private == &ftrace_graph_hash;

	return ftrace_hash_file_open(inode, file, begins ? &graph_file : &graph_notrace_file);
}

static const struct file_operations graph_fops = {
	.open = graph_open,
	.read = seq_read,
	.write = ftrace_hash_file_write,
	.llseek = ftrace_hash_file_lseek,
	.release = ftrace_hash_file_release,
};

TRACEFS_FILE(set_graph_function, "set_graph_function", TRACE_MODE_WRITE, &graph_fops, &ftrace_graph_hash);
TRACEFS_FILE(set_graph_notrace, "set_graph_notrace", TRACE_MODE_WRITE, &graph_fops, &ftrace_graph_notrace_hash);

int ftrace_graph_add(struct ftrace_hash **set, char *word)
{
	struct ftrace_hash *hash = graph_copy(set);
	int ret;

	if (!hash)
		return -ENOMEM;
	ret = graph_match(hash, word, strlen(word)) ?: -EINVAL;
	if (ret > 0)
		ret = graph_commit(set, hash);
	free_ftrace_hash(hash);
	return ret;
}
