/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_count.c - how many ops want each site, and what the site should therefore be like.
 *
 * A record counts the ops that want its site.  Nothing else is stored about who they
 * are: what follows from it is kept in bits beside the count,
 *
 *	REGS		at least one of them wants all registers
 *	DIRECT		one of them has a trampoline for it
 *	CALL_OPS	there is exactly one, and it has a dispatch index: the site shall carry it
 *
 * and only changes of the count change them.  So that the sum is always that of all
 * registered ops, a changed filter is taken as what it is: some sites are wanted by one
 * less (those of the old set only), some by one more (those of the new only), and the
 * rest is not looked at.
 *
 * The work is proportional to the sites that change: those of a filter are found by
 * looking up each of its entries, O(log n); only a set that means nearly everything makes us walk
 * all records.  Each record that changed is noted, for ftrace_update.c to patch those and no
 * others; when they are many, or there is no memory to note them, "all" is noted.
 *
 * Everything here: under ftrace_lock, task context or boot.
 */
#include "trace/ftrace_internal.h"

/* ---- What has changed ---- */

struct ftrace_changes ftrace_changes;

void ftrace_changes_reset(void)
{
	kfree(ftrace_changes.recs);
	memset(&ftrace_changes, 0, sizeof(ftrace_changes));
}

void ftrace_changes_set_all(void)
{
	ftrace_changes_reset();
	ftrace_changes.all = true;
}

/* A list of more than a part of all records would be sorted for longer than they take to walk. */
#define CHANGES_MAX_PART 8

static bool grow_changes(void)
{
	u32 size = max_t(u32, 2 * ftrace_changes.size, 16);
	struct dyn_ftrace **recs;

	if (ftrace_changes.size > ftrace_number_of_records / CHANGES_MAX_PART)
		return false;
	recs = kcalloc(size, sizeof(*recs), GFP_KERNEL);
	if (!recs)
		return false;
	if (ftrace_changes.nr)
		memcpy(recs, ftrace_changes.recs, ftrace_changes.nr * sizeof(*recs));
	kfree(ftrace_changes.recs);
	ftrace_changes.recs = recs;
	ftrace_changes.size = size;
	return true;
}

static void note_change(struct dyn_ftrace *rec)
{
	if (ftrace_changes.all)
		return;
	if (ftrace_changes.nr == ftrace_changes.size && !grow_changes()) {
		ftrace_changes_set_all();
		return;
	}
	ftrace_changes.recs[ftrace_changes.nr++] = rec;
}

/* ---- One record ---- */

static bool anybody_wants_regs(unsigned long ip)
{
	struct ftrace_ops *op;

	for_each_ftrace_op(op) {
		struct ftrace_set set = ftrace_ops_set(op);

		if ((op->flags & FTRACE_OPS_FL_SAVE_REGS) && ftrace_set_has(&set, ip))
			return true;
	}
	return false;
}

static inline void count_up(const struct ftrace_ops *ops, struct dyn_ftrace *rec)
{
	u32 flags = rec->flags;

	if (FTRACE_WARN_ON((flags & FTRACE_REF_MAX) == FTRACE_REF_MAX))
		return;
	flags++;
	if ((flags & FTRACE_REF_MAX) == 1 && ops->dispatch_index)
		flags |= FTRACE_FL_CALL_OPS;
	else
		flags &= ~FTRACE_FL_CALL_OPS;
	if (ops->flags & FTRACE_OPS_FL_SAVE_REGS)
		flags |= FTRACE_FL_REGS;
	if (ops->flags & FTRACE_OPS_FL_DIRECT)
		flags |= FTRACE_FL_DIRECT;
	rec->flags = flags;
}

/* `ops` does not want the site any more: it is out of the list, or has another set. */
static inline void count_down(const struct ftrace_ops *ops, struct dyn_ftrace *rec)
{
	u32 flags = rec->flags;

	if (FTRACE_WARN_ON(!(flags & FTRACE_REF_MAX)))
		return;
	flags--;
	flags &= ~FTRACE_FL_CALL_OPS;
	/* There is one such ops at most. */
	if (ops->flags & FTRACE_OPS_FL_DIRECT)
		flags &= ~FTRACE_FL_DIRECT;
	if (!(flags & FTRACE_REF_MAX)) {
		flags &= ~FTRACE_FL_REGS;
	} else {
		unsigned long ip = ftrace_rec_ip(rec);

		if ((ops->flags & FTRACE_OPS_FL_SAVE_REGS) && !anybody_wants_regs(ip))
			flags &= ~FTRACE_FL_REGS;
		if ((flags & FTRACE_REF_MAX) == 1) {
			const struct ftrace_ops *last = ftrace_find_unique_ops(ip);

			if (last && last->dispatch_index)
				flags |= FTRACE_FL_CALL_OPS;
		}
	}
	rec->flags = flags;
}

static __always_inline void count_record(struct ftrace_ops *ops, struct dyn_ftrace *rec, bool inc)
{
	if (inc)
		count_up(ops, rec);
	else
		count_down(ops, rec);
}

/* ---- Sets of records ---- */

/* The flags of records from `rec` on become `to` as long as they are `from`, four at a time.  Returns the first that was not. */
static inline struct dyn_ftrace *replace_flags(struct dyn_ftrace *rec, const struct dyn_ftrace *end, u32 from, u32 to)
{
	for (; end - rec >= 4; rec += 4) {
		if ((rec[0].flags ^ from) | (rec[1].flags ^ from) | (rec[2].flags ^ from) | (rec[3].flags ^ from))
			break;
		rec[0].flags = rec[1].flags = rec[2].flags = rec[3].flags = to;
	}
	for (; rec != end && rec->flags == from; rec++)
		rec->flags = to;
	return rec;
}

/*
 * Every record, without a look at any hash: what a tracer without a filter needs.  Neighbours mostly have the same
 * flags, so what follows from those is worked out once (`from` becomes `to`) and then only copied.
 */
static void count_all(struct ftrace_ops *ops, bool inc)
{
	u32 from = FTRACE_FL_DISABLED, to = FTRACE_FL_DISABLED;
	struct ftrace_page *pg;

	ftrace_changes_set_all();
	for (pg = ftrace_pages_start; pg; pg = pg->next) {
		struct dyn_ftrace *rec = pg->records, *end = rec + pg->index;

		while ((rec = replace_flags(rec, end, from, to)) != end) {
			u32 flags = rec->flags;

			if (!(flags & FTRACE_FL_DISABLED)) {
				count_record(ops, rec, inc);
				/* One ops left on the site?  Which one that is differs from site to site. */
				if (inc || !ftrace_rec_count(rec)) {
					from = flags;
					to = rec->flags;
				}
			}
			rec++;
		}
	}
}

static void count_each(struct ftrace_ops *ops, const struct ftrace_set *in, const struct ftrace_set *not_in, bool inc)
{
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;

	for_each_ftrace_rec(pg, rec) {
		unsigned long ip = ftrace_rec_ip(rec);

		if ((rec->flags & FTRACE_FL_DISABLED) || !ftrace_set_has(in, ip) ||
		    (not_in && ftrace_set_has(not_in, ip)))
			continue;
		count_record(ops, rec, inc);
		note_change(rec);
	}
}

static void count_filtered(struct ftrace_ops *ops, const struct ftrace_set *in, const struct ftrace_set *not_in,
			   bool inc)
{
	struct ftrace_func_entry *entry;

	for (unsigned long i = 0; i < 1UL << in->filter_hash->size_bits; i++) {
		hlist_for_each_entry(entry, &in->filter_hash->buckets[i], hlist) {
			struct dyn_ftrace *rec;

			if (ftrace_lookup_ip(in->notrace_hash, entry->ip) ||
			    (not_in && ftrace_set_has(not_in, entry->ip)))
				continue;
			/* A set may name sites that are gone. */
			rec = ftrace_exact_rec(entry->ip);
			if (!rec || (rec->flags & FTRACE_FL_DISABLED))
				continue;
			count_record(ops, rec, inc);
			note_change(rec);
		}
	}
}

/* Both sets leave out what their notrace hash names and nothing else: then only those names can differ. */
static bool differ_in_notrace_only(const struct ftrace_set *in, const struct ftrace_set *not_in)
{
	return not_in && ftrace_hash_empty(in->filter_hash) && ftrace_hash_empty(not_in->filter_hash);
}

void ftrace_count_records(struct ftrace_ops *ops, const struct ftrace_set *in, const struct ftrace_set *not_in,
			  bool inc)
{
	if (differ_in_notrace_only(in, not_in)) {
		struct ftrace_set left_out = { .filter_hash = not_in->notrace_hash, .notrace_hash = in->notrace_hash };

		/* In `in` but not in `not_in` is what not_in leaves out and `in` does not. */
		if (!ftrace_hash_empty(left_out.filter_hash))
			count_filtered(ops, &left_out, NULL, inc);
	} else if (!not_in && ftrace_set_is_all(in)) {
		count_all(ops, inc);
	} else if (ftrace_hash_empty(in->filter_hash) ||
		   in->filter_hash->count > ftrace_number_of_records / CHANGES_MAX_PART) {
		count_each(ops, in, not_in, inc);
	} else {
		count_filtered(ops, in, not_in, inc);
	}
}
