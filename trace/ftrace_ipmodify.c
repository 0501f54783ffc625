/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_ipmodify.c - at most one ops a site may change where the function goes on, and one may have a direct call.
 *
 * Two callbacks that each redirect the same function would silently undo each other, so
 * FTRACE_OPS_FL_IPMODIFY is a claim: a record with FTRACE_FL_IPMODIFY is taken, and
 * the second to want it gets -EBUSY.  "Every site" cannot be claimed, so such an ops must have a
 * filter of its own, and may not lose it while it is registered: -EINVAL.
 *
 * A direct call is a claim of the same kind, whose mark FTRACE_FL_DIRECT comes with the count
 * (ftrace_count.c).  One of each on a site only if the ops with the direct call agrees (ops_func): it is asked here when
 * it comes second, and in ftrace_direct.c when it is there already.
 *
 * A change is checked for all its sites before any record is marked, so there is
 * nothing to take back.  Under ftrace_lock, task context.
 */
#include "trace/ftrace_internal.h"

/* The records of the sites that are in `hash` but not in `without`: fn(ops, rec) for each, until it returns not 0. */
static int for_each_rec_in(const struct ftrace_hash *hash, const struct ftrace_hash *without, struct ftrace_ops *ops,
			   int (*fn)(struct ftrace_ops *ops, struct dyn_ftrace *rec))
{
	struct ftrace_func_entry *entry;
	struct dyn_ftrace *rec;
	int ret;

	if (ftrace_hash_empty(hash))
		return 0;
	for (unsigned long i = 0; i < 1UL << hash->size_bits; i++) {
		hlist_for_each_entry(entry, &hash->buckets[i], hlist) {
			if (ftrace_lookup_ip(without, entry->ip))
				continue;
			rec = ftrace_exact_rec(entry->ip);
			if (!rec || (rec->flags & FTRACE_FL_DISABLED))
				continue;
			ret = fn(ops, rec);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static int check_free(struct ftrace_ops *ops, struct dyn_ftrace *rec)
{
	return rec->flags & FTRACE_FL_IPMODIFY ? -EBUSY : 0;
}

/* A set that changes: there is no asking whether a direct call would share its site. */
static int check_free_of_both(struct ftrace_ops *ops, struct dyn_ftrace *rec)
{
	return rec->flags & (FTRACE_FL_IPMODIFY | FTRACE_FL_DIRECT) ? -EBUSY : 0;
}

static int check_free_for_direct(struct ftrace_ops *ops, struct dyn_ftrace *rec)
{
	if (rec->flags & FTRACE_FL_DIRECT)
		return -EBUSY;
	if (!(rec->flags & FTRACE_FL_IPMODIFY))
		return 0;
	return ops->ops_func ? ops->ops_func(ops, FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_SELF) : -EBUSY;
}

static int claim(struct ftrace_ops *ops, struct dyn_ftrace *rec)
{
	rec->flags |= FTRACE_FL_IPMODIFY;
	return 0;
}

static int give_back(struct ftrace_ops *ops, struct dyn_ftrace *rec)
{
	rec->flags &= ~FTRACE_FL_IPMODIFY;
	return 0;
}

int ftrace_hash_ipmodify_enable(struct ftrace_ops *ops)
{
	const struct ftrace_hash *hash = ops->func_hash->filter_hash;
	int ret;

	if (!(ops->flags & (FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_DIRECT)))
		return 0;
	if (ftrace_hash_empty(hash))
		return -EINVAL;
	if (ops->flags & FTRACE_OPS_FL_DIRECT)
		return for_each_rec_in(hash, NULL, ops, check_free_for_direct);
	ret = for_each_rec_in(hash, NULL, ops, check_free);
	return ret ? ret : for_each_rec_in(hash, NULL, ops, claim);
}

bool ftrace_shares_ipmodify(struct ftrace_ops *ops)
{
	return for_each_rec_in(ops->func_hash->filter_hash, NULL, ops, check_free);
}

void ftrace_hash_ipmodify_disable(struct ftrace_ops *ops)
{
	if (ops->flags & FTRACE_OPS_FL_IPMODIFY)
		for_each_rec_in(ops->func_hash->filter_hash, NULL, ops, give_back);
}

int ftrace_hash_ipmodify_update(struct ftrace_ops *ops, struct ftrace_hash *new_hash)
{
	unsigned long both = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_ENABLED;
	const struct ftrace_hash *old_hash = ops->func_hash->filter_hash;
	int ret;

	if ((ops->flags & FTRACE_OPS_FL_DIRECT) && (ops->flags & FTRACE_OPS_FL_ENABLED))
		return for_each_rec_in(new_hash, old_hash, ops, check_free_for_direct);
	if ((ops->flags & both) != both)
		return 0;
	if (ftrace_hash_empty(new_hash))
		return -EINVAL;
	ret = for_each_rec_in(new_hash, old_hash, ops, check_free_of_both);
	if (ret)
		return ret;
	for_each_rec_in(old_hash, new_hash, ops, give_back);
	return for_each_rec_in(new_hash, old_hash, ops, claim);
}
