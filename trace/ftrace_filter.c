/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_filter.c - changing which sites an ops wants, whether it is registered or not.
 *
 * Every change is made on a copy of a hash, checked, and then takes effect as one
 * (ftrace_exchange_sets): either all of it, or on an error nothing.  For a
 * registered ops the order matters:
 *
 *	1. the new hashes take the old ones' places	callbacks go by them from now on
 *	2. sites that only the old set has are wanted by one less
 *	3. sites that only the new set has are wanted by one more
 *	4. the sites are patched
 *	5. the old hash is freed when no callback can be looking at it
 *
 * 2 asks, for a site that one ops is left on, which one that is: the answer must come from the
 * sets as they will be, of all ops that share this one.
 *
 * Several ops may share one set (ftrace_ops_set_global_filter()): then all of them are counted.
 *
 * Locks: func_hash->regex_lock from copying to the end, so that no two editors lose each
 * other's changes; inside it ftrace_lock for the exchange.  Task context or boot.
 */
#include "trace/ftrace_internal.h"

/* ---- The exchange ---- */

/* The set of change->ops is another now: for each registered ops that uses it. */
static void count_users(const struct ftrace_set_change *change)
{
	struct ftrace_ops *op;

	for_each_ftrace_op(op) {
		if (op->func_hash != change->ops->func_hash)
			continue;
		ftrace_count_records(op, &change->before, &change->after, false);
		ftrace_count_records(op, &change->after, &change->before, true);
	}
}

static void set_modifying(const struct ftrace_set_change *changes, int nr, unsigned long flag)
{
	for (int i = 0; i < nr; i++)
		changes[i].ops->flags = (changes[i].ops->flags & ~(unsigned long)FTRACE_OPS_FL_MODIFYING) | flag;
}

void ftrace_exchange_sets(const struct ftrace_set_change *changes, int nr)
{
	const struct ftrace_set_change *change;

	for (change = changes; change < changes + nr; change++) {
		smp_store_release(&change->ops->func_hash->filter_hash, change->after.filter_hash);
		smp_store_release(&change->ops->func_hash->notrace_hash, change->after.notrace_hash);
	}
	ftrace_changes_reset();
	for (change = changes; change < changes + nr; change++)
		count_users(change);
	if (ftrace_enabled && ftrace_changes_any()) {
		set_modifying(changes, nr, FTRACE_OPS_FL_MODIFYING);
		ftrace_run_update_code(changes[nr - 1].ops, FTRACE_UPDATE_CALLS);
		set_modifying(changes, nr, 0);
	}
	ftrace_changes_reset();
	for (change = changes; change < changes + nr; change++) {
		if (change->before.filter_hash != change->after.filter_hash)
			free_ftrace_hash_rcu(change->before.filter_hash);
		if (change->before.notrace_hash != change->after.notrace_hash)
			free_ftrace_hash_rcu(change->before.notrace_hash);
	}
}

/* Whether a hash of `ops` may become another: 0 or -errno. */
static int check_hash(struct ftrace_ops *ops, bool enable)
{
	if (unlikely(ftrace_disabled))
		return -ENODEV;
	/* An IPMODIFY ops claims what its filter names: leaving some of it out is not foreseen. */
	if ((ops->flags & FTRACE_OPS_FL_IPMODIFY) && !enable)
		return -EINVAL;
	/* Nobody would know which of its old sites still call the trampoline. */
	if ((ops->flags & FTRACE_OPS_FL_DIRECT) && (ops->flags & FTRACE_OPS_FL_ENABLED))
		return -EBUSY;
	return 0;
}

int ftrace_hash_move_and_update_ops(struct ftrace_ops *ops, struct ftrace_hash **orig_hash, struct ftrace_hash *hash,
				    bool enable)
{
	struct ftrace_set_change changes[2] = { { .ops = ops, .before = ftrace_ops_set(ops) } };
	struct ftrace_hash *new_hash;
	int ret = check_hash(ops, enable), nr = 1;

	if (ret)
		return ret;
	new_hash = ftrace_hash_move(hash);
	if (!new_hash)
		return -ENOMEM;
	changes[0].after = changes[0].before;
	*(enable ? &changes[0].after.filter_hash : &changes[0].after.notrace_hash) = new_hash;

	/* A manager of subops that have this set gets another one, too. */
	ret = ftrace_change_manager(&changes[0], &changes[1]);
	if (ret > 0)
		nr++;
	if (ret >= 0)
		ret = enable ? ftrace_hash_ipmodify_update(ops, new_hash) : 0;
	if (ret) {
		if (nr > 1)
			ftrace_free_set(&changes[1].after);
		free_ftrace_hash(new_hash);
		return ret;
	}
	ftrace_exchange_sets(changes, nr);
	return unlikely(ftrace_disabled) ? -ENODEV : 0;
}

/* ---- Editing ---- */

/* One address into the copy, or out of it. */
static int ftrace_match_addr(struct ftrace_hash *hash, unsigned long ip, bool remove)
{
	struct ftrace_func_entry *entry;

	ip = ftrace_location(ip);
	if (!ip)
		return -EINVAL;
	entry = ftrace_lookup_ip(hash, ip);
	if (!remove)
		return entry ? 0 : add_hash_entry(hash, ip);
	if (!entry)
		return -ENOENT;
	free_hash_entry(hash, entry);
	return 0;
}

/* What to do to a hash: a pattern, or addresses, or (neither) nothing but the reset. */
struct edit {
	char *pattern;
	int len;
	const unsigned long *ips;
	unsigned int cnt;
	bool remove, reset;
};

static int apply_edit(struct ftrace_hash *hash, const struct edit *edit)
{
	int ret;

	if (edit->pattern) {
		ret = ftrace_match_records(hash, edit->pattern, edit->len);
		if (ret <= 0)
			return ret ? ret : -EINVAL;
	}
	for (unsigned int i = 0; edit->ips && i < edit->cnt; i++) {
		ret = ftrace_match_addr(hash, edit->ips[i], edit->remove);
		if (ret)
			return ret;
	}
	return 0;
}

/* enable: edits the filter, else what is left out. */
static int ftrace_set_hash(struct ftrace_ops *ops, const struct edit *edit, bool enable)
{
	struct ftrace_hash **orig_hash, *hash;
	int ret;

	if (unlikely(ftrace_disabled))
		return -ENODEV;
	ftrace_ops_init(ops);
	/* Its set is made of theirs, at any moment: regex_lock does not keep it. */
	if (READ_ONCE(ops->subops))
		return -EBUSY;
	mutex_lock(&ops->func_hash->regex_lock);
	orig_hash = enable ? &ops->func_hash->filter_hash : &ops->func_hash->notrace_hash;
	hash = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, edit->reset ? NULL : *orig_hash);
	ret = hash ? apply_edit(hash, edit) : -ENOMEM;
	if (!ret) {
		mutex_lock(&ftrace_lock);
		ret = ftrace_hash_move_and_update_ops(ops, orig_hash, hash, enable);
		mutex_unlock(&ftrace_lock);
	}
	mutex_unlock(&ops->func_hash->regex_lock);
	free_ftrace_hash(hash);
	return ret;
}

/* ---- The API: see trace/ftrace.h ---- */

int ftrace_set_filter(struct ftrace_ops *ops, unsigned char *buf, int len, int reset)
{
	return ftrace_set_hash(ops, &(struct edit){ .pattern = (char *)buf, .len = len, .reset = reset }, true);
}

int ftrace_set_notrace(struct ftrace_ops *ops, unsigned char *buf, int len, int reset)
{
	return ftrace_set_hash(ops, &(struct edit){ .pattern = (char *)buf, .len = len, .reset = reset }, false);
}

int ftrace_set_filter_ips(struct ftrace_ops *ops, unsigned long *ips, unsigned int cnt, int remove, int reset)
{
	struct edit edit = { .ips = ips, .cnt = cnt, .remove = remove, .reset = reset };

	return ftrace_set_hash(ops, &edit, true);
}

int ftrace_set_filter_ip(struct ftrace_ops *ops, unsigned long ip, int remove, int reset)
{
	return ftrace_set_filter_ips(ops, &ip, 1, remove, reset);
}

void ftrace_set_global_filter(unsigned char *buf, int len, int reset)
{
	ftrace_set_filter(&global_ops, buf, len, reset);
}

void ftrace_set_global_notrace(unsigned char *buf, int len, int reset)
{
	ftrace_set_notrace(&global_ops, buf, len, reset);
}

void ftrace_ops_set_global_filter(struct ftrace_ops *ops)
{
	if (ops->flags & FTRACE_OPS_FL_INITIALIZED)
		return;
	ftrace_ops_init(ops);
	ops->func_hash = &global_ops.local_hash;
}

void ftrace_free_filter(struct ftrace_ops *ops)
{
	struct ftrace_set old;

	ftrace_ops_init(ops);
	if (WARN_ON(ops->flags & FTRACE_OPS_FL_ENABLED))
		return;
	/* It is of another, whose sites are counted by it. */
	if (ops->func_hash != &ops->local_hash)
		return;
	old = ftrace_ops_set(ops);
	WRITE_ONCE(ops->func_hash->filter_hash, EMPTY_HASH);
	WRITE_ONCE(ops->func_hash->notrace_hash, EMPTY_HASH);
	/* Unregistering did not wait for calls on their way to a static ops: one may look for what it has here. */
	free_ftrace_hash_rcu(old.filter_hash);
	free_ftrace_hash_rcu(old.notrace_hash);
}

/* ---- Sites that go away ---- */

static void clear_range_from_set(struct ftrace_ops *ops, unsigned long start, unsigned long end)
{
	ftrace_hash_clear_range(ops->func_hash->filter_hash, start, end);
	ftrace_hash_clear_range(ops->func_hash->notrace_hash, start, end);
}

void ftrace_clear_range_from_hashes(unsigned long start, unsigned long end)
{
	struct ftrace_ops *op, *subop;

	ftrace_hash_clear_range(ftrace_graph_hash, start, end);
	ftrace_hash_clear_range(ftrace_graph_notrace_hash, start, end);
	clear_range_from_set(&global_ops, start, end);
	for_each_ftrace_op(op) {
		clear_range_from_set(op, start, end);
		for_each_subop(subop, op)
			clear_range_from_set(subop, start, end);
	}
}

/* ---- Boot options: ftrace_[graph_]filter=LIST and ftrace_[graph_]notrace=LIST, patterns with commas between ---- */

#define FTRACE_FILTER_SIZE 1024

static char ftrace_filter_buf[FTRACE_FILTER_SIZE] __initdata;
static char ftrace_notrace_buf[FTRACE_FILTER_SIZE] __initdata;
static char ftrace_graph_buf[FTRACE_FILTER_SIZE] __initdata;
static char ftrace_graph_notrace_buf[FTRACE_FILTER_SIZE] __initdata;

static int __init keep_option(char *buf, const char *val)
{
	return val && strscpy(buf, val, FTRACE_FILTER_SIZE) >= 0 ? 0 : -EINVAL;
}

static int __init set_ftrace_filter(char *val)
{
	return keep_option(ftrace_filter_buf, val);
}
early_param("ftrace_filter", set_ftrace_filter);

static int __init set_ftrace_notrace(char *val)
{
	return keep_option(ftrace_notrace_buf, val);
}
early_param("ftrace_notrace", set_ftrace_notrace);

static int __init set_graph_function(char *val)
{
	return keep_option(ftrace_graph_buf, val);
}
early_param("ftrace_graph_filter", set_graph_function);

static int __init set_graph_notrace(char *val)
{
	return keep_option(ftrace_graph_notrace_buf, val);
}
early_param("ftrace_graph_notrace", set_graph_notrace);

static int __init add_filter(char *word)
{
	return ftrace_set_filter(&global_ops, (unsigned char *)word, strlen(word), 0);
}

static int __init add_notrace(char *word)
{
	return ftrace_set_notrace(&global_ops, (unsigned char *)word, strlen(word), 0);
}

static int __init add_graph(char *word)
{
	return ftrace_graph_add(&ftrace_graph_hash, word);
}

static int __init add_graph_notrace(char *word)
{
	return ftrace_graph_add(&ftrace_graph_notrace_hash, word);
}

static void __init apply_option(const char *name, char *list, int (*add)(char *word))
{
	char *word;

	while ((word = strsep(&list, ",")))
		if (*word && add(word))
			pr_warn("ftrace: %s=: nothing matches \"%s\"\n", name, word);
}

void __init ftrace_set_early_filters(void)
{
	apply_option("ftrace_filter", ftrace_filter_buf, add_filter);
	apply_option("ftrace_notrace", ftrace_notrace_buf, add_notrace);
	apply_option("ftrace_graph_filter", ftrace_graph_buf, add_graph);
	apply_option("ftrace_graph_notrace", ftrace_graph_notrace_buf, add_graph_notrace);
}
