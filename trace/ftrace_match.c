/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_match.c - from a pattern to the sites it means.
 *
 * Records and symbols are both sorted by address, so the names of all records come out of one
 * walk over the two together (ksym_walk_to): no search for any of them.
 *
 * Task context; takes ftrace_lock.  The hash being filled is private to the caller.
 */
#include "lib/kstrtox.h"
#include "trace/ftrace_internal.h"
#include "trace/ftrace_probe.h"

/* Puts one site into the hash or takes it out; one that is already as it should be is fine.  0 or -ENOMEM. */
static int enter_record(struct ftrace_hash *hash, const struct dyn_ftrace *rec, bool remove)
{
	struct ftrace_func_entry *entry = ftrace_lookup_ip(hash, ftrace_rec_ip(rec));

	if (!remove)
		return entry ? 0 : add_hash_entry(hash, ftrace_rec_ip(rec));
	if (entry)
		free_hash_entry(hash, entry);
	return 0;
}

/* "42": counted from 1, over all records, also those that may not be touched. */
static int match_index(struct ftrace_hash *hash, const struct ftrace_glob *glob, bool remove)
{
	struct dyn_ftrace *rec;
	unsigned long index;
	int ret;

	if (kstrtoul(glob->search, 0, &index) || !index)
		return 0;
	rec = ftrace_nth_rec(index - 1);
	if (!rec)
		return 0;
	ret = enter_record(hash, rec, remove);
	return ret ? ret : 1;
}

/* All records whose name matches.  `type` is a constant in each caller, so that each has a loop of its own. */
static __always_inline int match_names_as(enum ftrace_match_type type, struct ftrace_hash *hash,
					  const struct ftrace_glob *glob, bool remove)
{
	struct dyn_ftrace *rec, *end;
	struct ftrace_page *pg;
	struct ksym_walk walk;
	int found = 0, ret;

	ksym_walk_start(&walk);
	for (pg = ftrace_pages_start; pg; pg = pg->next) {
		for (rec = pg->records, end = rec + pg->index; rec < end; rec++) {
			size_t len = 0;
			const char *name = ksym_walk_to(&walk, ftrace_rec_ip(rec), &len);

			if (!name || likely(!ftrace_glob_matches_as(type, glob, name, len)) ||
			    (rec->flags & FTRACE_FL_DISABLED))
				continue;
			ret = enter_record(hash, rec, remove);
			if (ret)
				return ret;
			found = 1;
		}
	}
	return found;
}

static int match_names(struct ftrace_hash *hash, const struct ftrace_glob *glob, bool remove)
{
	switch (glob->type) {
	case MATCH_FULL:
		return match_names_as(MATCH_FULL, hash, glob, remove);
	case MATCH_FRONT_ONLY:
		return match_names_as(MATCH_FRONT_ONLY, hash, glob, remove);
	case MATCH_END_ONLY:
		return match_names_as(MATCH_END_ONLY, hash, glob, remove);
	case MATCH_MIDDLE_ONLY:
		return match_names_as(MATCH_MIDDLE_ONLY, hash, glob, remove);
	case MATCH_GLOB:
		return match_names_as(MATCH_GLOB, hash, glob, remove);
	case MATCH_INDEX:
		return match_index(hash, glob, remove);
	}
	return 0;
}

int ftrace_match_glob(struct ftrace_hash *hash, const struct ftrace_glob *glob, bool remove)
{
	int ret = 0;

	mutex_lock(&ftrace_lock);
	if (likely(!ftrace_disabled))
		ret = match_names(hash, glob, remove);
	mutex_unlock(&ftrace_lock);
	return ret;
}

int ftrace_match_records(struct ftrace_hash *hash, char *buff, u32 len)
{
	struct ftrace_glob glob;
	bool remove;

	ftrace_glob_parse(&glob, buff, len, &remove);
	return ftrace_match_glob(hash, &glob, remove);
}

/*
 * FUNCTION:mod:MODULE, the functions of a module, or with '!' before MODULE those that are not in it.  An empty FUNCTION
 * means all of them; a number the record of that number, wherever it is; without a MODULE the word is FUNCTION alone.
 * Here all records are the kernel's own, so none is in any module.
 */
int ftrace_mod_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *module, bool enable)
{
	struct ftrace_glob glob;
	bool remove;
	int ret = 0;

	ftrace_glob_parse(&glob, func, strlen(func), &remove);
	if (module && !glob.len)
		glob.type = MATCH_FRONT_ONLY;
	if (!module || *module == '!' || glob.type == MATCH_INDEX)
		ret = ftrace_match_glob(hash, &glob, remove);
	return ret ? min(ret, 0) : -EINVAL;
}
