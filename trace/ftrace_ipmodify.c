/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_ipmodify.c - at most one ops a site may change where the function goes on.
 *
 * Two callbacks that each redirect the same function would silently undo each other, so
 * FTRACE_OPS_FL_IPMODIFY is a claim: a record with FTRACE_FL_IPMODIFY is taken, and
 * the second to want it gets -EBUSY.  "Every site" cannot be claimed, so such an ops must have a
 * filter, and may not lose it while it is registered: -EINVAL.
 *
 * A change is checked for all its sites before any record is marked, so there is
 * nothing to take back.  Under ftrace_lock, task context.
 */
#include "trace/ftrace_internal.h"

/* The records of the sites that are in `hash` but not in `without`: fn(rec) for each, until it returns not 0. */
static int for_each_rec_in(const struct ftrace_hash *hash, const struct ftrace_hash *without,
			   int (*fn)(struct dyn_ftrace *rec))
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
			ret = fn(rec);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static int check_free(struct dyn_ftrace *rec)
{
	return rec->flags & FTRACE_FL_IPMODIFY ? -EBUSY : 0;
}

static int claim(struct dyn_ftrace *rec)
{
	rec->flags |= FTRACE_FL_IPMODIFY;
	return 0;
}

static int give_back(struct dyn_ftrace *rec)
{
	rec->flags &= ~FTRACE_FL_IPMODIFY;
	return 0;
}

/* From the sites of `old` to those of `new` (NULL: none). */
static int change_claims(const struct ftrace_hash *old, const struct ftrace_hash *new)
{
	int ret = for_each_rec_in(new, old, check_free);

	if (ret)
		return ret;
	for_each_rec_in(old, new, give_back);
	for_each_rec_in(new, old, claim);
	return 0;
}

int ftrace_hash_ipmodify_enable(struct ftrace_ops *ops)
{
	if (!(ops->flags & FTRACE_OPS_FL_IPMODIFY))
		return 0;
	if (ftrace_hash_empty(ops->func_hash->filter_hash))
		return -EINVAL;
	return change_claims(NULL, ops->func_hash->filter_hash);
}

void ftrace_hash_ipmodify_disable(struct ftrace_ops *ops)
{
	if (ops->flags & FTRACE_OPS_FL_IPMODIFY)
		change_claims(ops->func_hash->filter_hash, NULL);
}

int ftrace_hash_ipmodify_update(struct ftrace_ops *ops, struct ftrace_hash *new_hash)
{
	unsigned long both = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_ENABLED;

	if ((ops->flags & both) != both)
		return 0;
	if (ftrace_hash_empty(new_hash))
		return -EINVAL;
	return change_claims(ops->func_hash->filter_hash, new_hash);
}
