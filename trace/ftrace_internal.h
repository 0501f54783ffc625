/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_internal.h - what the ftrace_*.c files share and nobody else sees.
 *
 * The parts, from the bottom up; each file's head has its theory:
 *
 *   ftrace_records.c   one record per site, sorted; from address to record
 *   ftrace_hash.c      sets of sites
 *   ftrace_glob.c      is this name meant by that pattern?
 *   ftrace_match.c     from a pattern to the set of sites it means
 *   ftrace_count.c     how many ops want each record, and what follows for its site
 *   ftrace_update.c    make the sites in memory what the records say
 *   ftrace_dispatch.c  from a site that was hit to the callbacks
 *   ftrace_ops.c       the list of ops; registering and unregistering
 *   ftrace_pid.c       only some tasks are traced
 *   ftrace_ipmodify.c  at most one ops a site may change where the function goes on
 *   ftrace_direct.c    trampolines of others, called from sites without a callback
 *   ftrace_filter.c    changing the set of an ops
 *   ftrace_subops.c    several ops behind one that is registered for all of them
 *   ftrace_bug.c       when something is not as it must be
 *   ftrace_lists.c     the files that list records
 *   ftrace_regex.c     the files that are written: set_ftrace_filter and its like
 *   ftrace_graph_filter.c  such files and sets for the function_graph tracer
 *   ftrace_probe.c     something to do when a function is reached, other than to trace it
 *   ftrace_command.c   words in a filter file that ask for that: FUNCTION:COMMAND:PARAMETERS
 *   ftrace_explain.c   why is this function traced, or not?
 *   ftrace_audit.c     is everything as the ops ask for?
 *   ftrace.c           boot, and kernel.ftrace_enabled
 *
 * Lock order: ftrace_cmd_mutex (ftrace_command.c), ftrace_probe_lock (ftrace_probe.c), those of trace.h, direct_mutex (ftrace_direct.c),
 * ops->func_hash->regex_lock, then ftrace_lock, then whatever the os and arch functions take.  ftrace_lock guards records,
 * counts, the list of ops (against other writers), the dispatch table and all text of sites.
 */
#ifndef TRACE_FTRACE_INTERNAL_H
#define TRACE_FTRACE_INTERNAL_H

#include "lib/seq_file.h"
#include "trace/ftrace.h"
#include "trace/ftrace_glob.h"
#include "trace/trace_parser.h"

#ifdef FTRACE_REGS_ADDR
#define FTRACE_WITH_REGS 1
#else
#define FTRACE_WITH_REGS 0
#define FTRACE_REGS_ADDR FTRACE_ADDR	/* never asked for: no ops with SAVE_REGS gets in */
#endif

/* Machines may have sites that a function reaches only with its frame made: it is too late to go elsewhere then. */
#ifndef FTRACE_BEHIND_PROLOGUE
#define FTRACE_BEHIND_PROLOGUE 0
#endif

/* ---- Records (ftrace_records.c) ---- */

/*
 * struct dyn_ftrace (arch/arch.h): ip_offset is from ftrace_text_base; flags are FTRACE_FL_* and, in the low bits, how
 * many ops want the site.
 */
static_assert(sizeof(struct dyn_ftrace) == 8, "the memory cost of a site is 8 bytes");

/*
 * Bits of dyn_ftrace.flags, with Linux's values.  What the site should be like when it is
 * on is kept apart from what it is like: bit n says "should", bit n - 1 (_EN) says "does".
 * ftrace_count.c writes the first kind, ftrace_update.c the second.
 */
#define FTRACE_FL_ENABLED (1U << 31)	/* the site is on */
#define FTRACE_FL_REGS (1U << 30)	/* somebody wants all registers */
#define FTRACE_FL_REGS_EN (1U << 29)	/* the site calls the trampoline that saves them */
#define FTRACE_FL_IPMODIFY (1U << 26)	/* an ops with IPMODIFY has this site */
#define FTRACE_FL_DISABLED (1U << 25)	/* not to be touched, nor counted */
#define FTRACE_FL_DIRECT (1U << 24)	/* has a direct call */
#define FTRACE_FL_DIRECT_EN (1U << 23)	/* the site itself calls it: nobody else wants the site, and it is near enough */
#define FTRACE_FL_CALL_OPS (1U << 22)	/* one ops wants this site, and has a dispatch index */
#define FTRACE_FL_CALL_OPS_EN (1U << 21)	/* the site carries that index */
#define FTRACE_FL_TOUCHED (1U << 20)	/* was on at some time since boot */
#define FTRACE_FL_MODIFIED (1U << 19)	/* was under IPMODIFY at some time */

#define FTRACE_REF_MAX ((1U << 19) - 1)
#define FTRACE_FL_WANTED (FTRACE_FL_REGS | FTRACE_FL_DIRECT | FTRACE_FL_CALL_OPS)
#define FTRACE_FL_STATE (FTRACE_FL_ENABLED | FTRACE_FL_REGS_EN | FTRACE_FL_DIRECT_EN | FTRACE_FL_CALL_OPS_EN)
/* What was once; nothing else depends on these. */
#define FTRACE_FL_HISTORY (FTRACE_FL_TOUCHED | FTRACE_FL_MODIFIED)
/* What stays when nobody wants the site any more. */
#define FTRACE_NOCLEAR_FLAGS (FTRACE_FL_DISABLED | FTRACE_FL_HISTORY)

static_assert((FTRACE_FL_WANTED >> 1 | FTRACE_FL_ENABLED) == FTRACE_FL_STATE, "should >> 1 is does");

static inline u32 ftrace_rec_count(const struct dyn_ftrace *rec)
{
	return rec->flags & FTRACE_REF_MAX;
}

static inline unsigned long ftrace_rec_ip(const struct dyn_ftrace *rec)
{
	return ftrace_text_base + (long)rec->ip_offset;
}

/* An array of records in ascending order.  All records of one table are in one or more of these, in order. */
struct ftrace_page {
	struct ftrace_page *next;
	struct dyn_ftrace *records;
	u32 index;	/* records in use */
	u32 order;	/* records has 2^order pages */
};

extern struct ftrace_page *ftrace_pages_start;	/* never NULL once booted and alive */
extern unsigned long ftrace_number_of_records, ftrace_number_of_pages, ftrace_number_of_groups;

/* Every record, in order of address.  A `break` leaves only the inner of two loops: return or goto. */
#define for_each_ftrace_rec(pg, rec)                                        \
	for ((pg) = ftrace_pages_start; (pg); (pg) = (pg)->next)            \
		for ((rec) = (pg)->records; (rec) < (pg)->records + (pg)->index; (rec)++)

#define FTRACE_RECS_PER_PAGE (PAGE_SIZE / sizeof(struct dyn_ftrace))

/*
 * Makes records for the sites [start, end), sorting that table in place if it is not sorted, and leaves out what is
 * zero, not text, or there twice.  Returns how many were left out, or -ENOMEM (then there are none).
 */
long ftrace_add_records(unsigned long *start, unsigned long *end);
/* Removes the records of [start, end) and returns how many of their sites were on. */
unsigned int ftrace_remove_records(unsigned long start, unsigned long end);
/* The record with a byte in [start, end], or NULL. */
struct dyn_ftrace *ftrace_lookup_rec(unsigned long start, unsigned long end);
/* The record whose site is exactly ip, or NULL. */
struct dyn_ftrace *ftrace_exact_rec(unsigned long ip);
/* Record number n (from 0), or NULL. */
struct dyn_ftrace *ftrace_nth_rec(unsigned long n);

/* ---- Hashes (ftrace_hash.c) ---- */

#define FTRACE_HASH_MAX_BITS 12

/* hash->flags: sites of modules that are not here yet belong to the set, so it is not empty. */
#define FTRACE_HASH_FL_MOD 1

struct ftrace_func_entry {
	struct hlist_node hlist;
	unsigned long ip;
	void *data;		/* of who made the set, for this site: copied with it, and otherwise left alone */
};

struct ftrace_hash {
	unsigned long size_bits;	/* 2^size_bits buckets */
	struct hlist_head *buckets;
	unsigned long count;
	unsigned long flags;
	struct rcu_head rcu;
};

#define for_each_hash_entry(hash, i, entry)                      \
	for ((i) = 0; (i) < 1UL << (hash)->size_bits; (i)++)     \
		hlist_for_each_entry(entry, &(hash)->buckets[i], hlist)

/* The empty set that any number of ops may point to.  Never freed, never written. */
extern const struct ftrace_hash ftrace_empty_hash;
#define EMPTY_HASH ((struct ftrace_hash *)&ftrace_empty_hash)

static inline bool ftrace_hash_empty(const struct ftrace_hash *hash)
{
	return !hash || !(hash->count || (hash->flags & FTRACE_HASH_FL_MOD));
}

struct ftrace_hash *alloc_and_copy_ftrace_hash(int size_bits, const struct ftrace_hash *hash);
struct ftrace_hash *ftrace_hash_move(struct ftrace_hash *src);
void free_ftrace_hash_rcu(struct ftrace_hash *hash);
struct ftrace_func_entry *ftrace_lookup_ip(const struct ftrace_hash *hash, unsigned long ip);
int add_hash_entry(struct ftrace_hash *hash, unsigned long ip);
void free_hash_entry(struct ftrace_hash *hash, struct ftrace_func_entry *entry);
/* [start, end) goes away.  In place, under ftrace_lock: a set that others see may not become empty. */
void ftrace_hash_clear_range(const struct ftrace_hash *hash, unsigned long start, unsigned long end);

/* A set of sites as struct ftrace_ops_hash means it, but without a lock: for passing around. */
struct ftrace_set {
	struct ftrace_hash *filter_hash, *notrace_hash;
};

static inline bool ftrace_set_is_all(const struct ftrace_set *set)
{
	return ftrace_hash_empty(set->filter_hash) && ftrace_hash_empty(set->notrace_hash);
}

static inline bool ftrace_set_has(const struct ftrace_set *set, unsigned long ip)
{
	return (ftrace_hash_empty(set->filter_hash) || ftrace_lookup_ip(set->filter_hash, ip)) &&
	       (ftrace_hash_empty(set->notrace_hash) || !ftrace_lookup_ip(set->notrace_hash, ip));
}

static inline struct ftrace_set ftrace_ops_set(const struct ftrace_ops *ops)
{
	struct ftrace_set set = {
		.filter_hash = READ_ONCE(ops->func_hash->filter_hash),
		.notrace_hash = READ_ONCE(ops->func_hash->notrace_hash),
	};

	return set;
}

/* Of a set that nobody can have seen. */
static inline void ftrace_free_set(const struct ftrace_set *set)
{
	free_ftrace_hash(set->filter_hash);
	free_ftrace_hash(set->notrace_hash);
}

/* ---- Patterns (ftrace_match.c) ---- */

/*
 * Puts the sites that buff[0..len) means into hash, or takes them out for a pattern with '!'.
 * Returns 1 if any record matched, else 0; -ENOMEM.  Takes ftrace_lock.
 */
int ftrace_match_records(struct ftrace_hash *hash, char *buff, u32 len);
/* The same for a pattern that has been taken apart. */
int ftrace_match_glob(struct ftrace_hash *hash, const struct ftrace_glob *glob, bool remove);

/* ---- Direct calls (ftrace_direct.c); under ftrace_lock ---- */

/* The trampoline that the function with the site ip is to run through, 0: none.  True until its site is off. */
unsigned long ftrace_find_rec_direct(unsigned long ip);
/* The callback of every ops with direct calls. */
void call_direct_funcs(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *fregs);

/* ---- Counting and patching (ftrace_count.c, ftrace_update.c); under ftrace_lock ---- */

/*
 * The sites whose patching is due, since ftrace_changes_reset(): some, or all.  A site may be there twice, and one
 * that needs nothing may be there.
 */
struct ftrace_changes {
	struct dyn_ftrace **recs;
	u32 nr, size;
	bool all;
};

extern struct ftrace_changes ftrace_changes;

void ftrace_changes_reset(void);
void ftrace_changes_set_all(void);
static inline bool ftrace_changes_any(void)
{
	return ftrace_changes.all || ftrace_changes.nr;
}

/* Every record of `in` that is not also of `not_in` (NULL: nothing) is wanted by one ops more (inc) or less. */
void ftrace_count_records(struct ftrace_ops *ops, const struct ftrace_set *in, const struct ftrace_set *not_in,
			  bool inc);

enum {
	FTRACE_UPDATE_CALLS = 1 << 0,		/* sites become what their records say */
	FTRACE_DISABLE_CALLS = 1 << 1,		/* all sites become NOPs, whatever their records say */
	FTRACE_UPDATE_TRACE_FUNC = 1 << 2,	/* the slot becomes ftrace_trace_function */
};

enum ftrace_update {
	FTRACE_UPDATE_IGNORE,
	FTRACE_UPDATE_MAKE_CALL,
	FTRACE_UPDATE_MODIFY_CALL,
	FTRACE_UPDATE_MAKE_NOP,
};

/* What has to be done to the site so that it is what its record says (enable), or NOPs.  Changes nothing. */
enum ftrace_update ftrace_test_record(const struct dyn_ftrace *rec, bool enable);
/* Does what `command` says.  `ops` is the one whose registration or set changed, or NULL. */
void ftrace_run_update_code(struct ftrace_ops *ops, int command);
/* The address that the site at ip calls while it is in `state` (FTRACE_FL_STATE bits). */
static inline unsigned long ftrace_state_addr(unsigned long ip, u32 state)
{
	if (unlikely(state & FTRACE_FL_DIRECT_EN))
		return ftrace_find_rec_direct(ip);
	return state & FTRACE_FL_REGS_EN ? FTRACE_REGS_ADDR : FTRACE_ADDR;
}

extern unsigned int ftrace_sites_on;	/* records with FTRACE_FL_ENABLED */
extern ftrace_func_t ftrace_slot_func;	/* what the slot ftrace_call calls now */

/* ---- Dispatch (ftrace_dispatch.c) ---- */

extern ftrace_func_t ftrace_trace_function;	/* what the slot should call */

/* What to call for ops where nobody else is to be called: its func, or a guard around it. */
ftrace_func_t ftrace_ops_get_func(const struct ftrace_ops *ops);
/* The ops that the slot should call alone, which is then the only one there is; else &ftrace_list_end. */
struct ftrace_ops *ftrace_slot_ops(void);
void ftrace_ops_list_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs);
void ftrace_dispatch_assign(struct ftrace_ops *ops);
void ftrace_dispatch_update(struct ftrace_ops *ops);
void ftrace_dispatch_retire(struct ftrace_ops *ops);
void ftrace_dispatch_free(struct ftrace_ops *ops);
void ftrace_dispatch_silence(struct ftrace_ops *ops);
u32 ftrace_dispatch_check(void);

/* ---- Ops (ftrace_ops.c) ---- */

extern struct mutex ftrace_lock;
extern struct ftrace_ops ftrace_list_end;	/* after the last; alone when nobody is registered */
extern struct ftrace_ops *ftrace_ops_list;	/* newest first; published with release */

#define for_each_ftrace_op(op) \
	for ((op) = READ_ONCE(ftrace_ops_list); (op) != &ftrace_list_end; (op) = READ_ONCE((op)->next))

extern ftrace_func_t saved_ftrace_func;		/* the ftrace_trace_function that was last applied */

/* Sets ftrace_trace_function to what the list of ops asks for. */
void update_ftrace_function(void);
/* UPDATE_TRACE_FUNC if that is not what was last applied; it then counts as applied. */
int ftrace_trace_func_command(void);
/* The one registered ops that wants the site ip; NULL if none or several do. */
struct ftrace_ops *ftrace_find_unique_ops(unsigned long ip);
bool ftrace_permanent_ops_registered(void);
/* In `buf`: its symbol; the address of one that is not of the image, which may lie where an object of boot has been. */
const char *ftrace_ops_name(const struct ftrace_ops *ops, char buf[KSYM_SYMBOL_LEN]);
/* What is called for ops becomes what follows from its saved_func. */
void ftrace_update_ops_func(struct ftrace_ops *ops);

/* ---- Tasks (ftrace_pid.c); under ftrace_lock ---- */

/* What is to be called for ops: saved_func, or what asks first whether the task is to be traced. */
ftrace_func_t ftrace_ops_pid_func(const struct ftrace_ops *ops);

/* What registering and unregistering is, without other locks than ftrace_lock: no IPMODIFY, no direct calls. */
int ftrace_startup(struct ftrace_ops *ops);
int ftrace_shutdown(struct ftrace_ops *ops);

/* Under direct_mutex. */
int register_ftrace_function_nolock(struct ftrace_ops *ops);
int unregister_ftrace_function_nolock(struct ftrace_ops *ops);

/* Guards the list of ops with direct calls, and who shares a function with them. */
extern struct mutex direct_mutex;
/* ops is about to be registered, or was unregistered: asks or tells those it shares functions with.  Under direct_mutex. */
int prepare_direct_functions_for_ipmodify(struct ftrace_ops *ops);
void cleanup_direct_functions_after_ipmodify(struct ftrace_ops *ops);

/* ---- IPMODIFY (ftrace_ipmodify.c); under ftrace_lock ---- */

int ftrace_hash_ipmodify_enable(struct ftrace_ops *ops);
void ftrace_hash_ipmodify_disable(struct ftrace_ops *ops);
/* Is one of its sites claimed?  By itself, if it claims any. */
bool ftrace_shares_ipmodify(struct ftrace_ops *ops);
int ftrace_hash_ipmodify_update(struct ftrace_ops *ops, struct ftrace_hash *new_hash);

/* ---- Filters (ftrace_filter.c); under ftrace_lock, or the lock it says ---- */

/* The set of `ops`, and what is to take its place.  What the hashes of `before` that are not in `after` hold goes. */
struct ftrace_set_change {
	struct ftrace_ops *ops;
	struct ftrace_set before, after;
};

/* Makes these changes, all at once, and the sites follow. */
void ftrace_exchange_sets(const struct ftrace_set_change *changes, int nr);

/*
 * Makes *orig_hash (a hash of ops->func_hash) what `hash` holds, and the sites follow.  `hash` is left empty.
 * The caller holds both locks.
 */
int ftrace_hash_move_and_update_ops(struct ftrace_ops *ops, struct ftrace_hash **orig_hash, struct ftrace_hash *hash,
				    bool enable);
void ftrace_set_early_filters(void);
/* Takes [start, end) out of the set of every ops that has one and is known, and out of those of graphs. */
void ftrace_clear_range_from_hashes(unsigned long start, unsigned long end);

/* ---- Subops (ftrace_subops.c); under ftrace_lock ---- */

/*
 * What happens to the set of the manager whose subops have the set of change->ops: 1; 0: there is no such manager;
 * -ENOMEM.
 */
int ftrace_change_manager(const struct ftrace_set_change *change, struct ftrace_set_change *manager);

/* ---- Commands and probes (ftrace_command.c, ftrace_probe.c) ---- */

struct trace_array;

/* FUNCTION:COMMAND:PARAMETERS, terminated; is cut apart.  enable: it stood in a filter.  0; -EINVAL: no such command; its error. */
int ftrace_process_command(struct trace_array *tr, struct ftrace_hash *hash, char *word, bool enable);

/* Under ftrace_lock: the next of the probes of tr, newest first; the first after NULL; NULL: no more. */
struct ftrace_func_probe *ftrace_next_probe(const struct trace_array *tr, const struct ftrace_func_probe *probe);
const struct ftrace_hash *ftrace_probe_hash(const struct ftrace_func_probe *probe);
/* The probe whose ops this is, NULL: no probe's. */
const struct ftrace_probe_ops *ftrace_ops_probe(const struct ftrace_ops *op);
/* "FUNCTION:PROBE:..." and a newline, for a site of its hash. */
void ftrace_probe_show(struct seq_file *m, const struct ftrace_func_probe *probe, unsigned long ip);

/* ---- Files (ftrace_lists.c, ftrace_regex.c) ---- */

/*
 * What there is to know of a file that shows and edits a set of sites.  With one of these, an open() that calls
 * ftrace_hash_file_open(), and ftrace_hash_file_*() for the other operations, a tracer has such a file.
 * `data` is the file's inode->i_private.
 */
struct ftrace_hash_file {
	const char *empty;	/* what is shown for an empty set: a line */
	/* Does to `hash` what a pattern asks for: > 0; 0: it means nothing here; -ENOMEM. */
	int (*match)(struct ftrace_hash *hash, char *word, u32 len);
	/* A copy of the set, with FTRACE_HASH_DEFAULT_BITS, for the caller to edit; NULL when memory is out. */
	struct ftrace_hash *(*copy)(void *data);
	/* The set becomes what `hash` holds; it is the caller's still, also when it is left empty.  0 or -errno. */
	int (*commit)(void *data, struct ftrace_hash *hash);
	/* Does what a word with a colon asks for, 0 or -errno.  NULL: that is a pattern, too. */
	int (*command)(void *data, struct ftrace_hash *hash, char *word);
	/* Whose probes are listed behind the set.  NULL: nobody's. */
	struct trace_array *(*probes)(void *data);
};

int ftrace_hash_file_open(struct inode *inode, struct file *file, const struct ftrace_hash_file *type);
ssize_t ftrace_hash_file_write(struct file *file, const char *buf, size_t cnt, loff_t *ppos);
loff_t ftrace_hash_file_lseek(struct file *file, loff_t offset, int whence);
int ftrace_hash_file_release(struct inode *inode, struct file *file);

/* Which records a file lists. */
enum ftrace_list_kind {
	FTRACE_LIST_ALL,
	FTRACE_LIST_ADDRS,	/* all, with their addresses */
	FTRACE_LIST_ENABLED,
	FTRACE_LIST_TOUCHED,
	FTRACE_LIST_HASH,	/* those of `hash`, then those of probes */
};

/* One open file. */
struct ftrace_iterator {
	enum ftrace_list_kind kind;
	loff_t pos;			/* of those listed, the number of the record at (pg, idx) */
	struct ftrace_page *pg;
	u32 idx;

	/* HASH only. */
	const struct ftrace_hash_file *type;
	void *data;			/* for its operations */
	struct ftrace_hash *hash;	/* a private copy */
	struct trace_array *tr;		/* whose probes are listed; NULL: nobody's */
	const struct ftrace_func_probe *probe;	/* the record is a site of this one; NULL: of `hash` */
	struct trace_parser parser;	/* what was written and is not a whole word yet */
	int error;			/* -ENOMEM: `hash` holds half of what a word means, and must not take effect */
};

extern const struct seq_operations ftrace_list_seq_ops;	/* m->private is the iterator */

/* ---- The sets of the function_graph tracer (ftrace_graph_filter.c) ---- */

extern struct ftrace_hash *ftrace_graph_hash, *ftrace_graph_notrace_hash;

/* Does a call of the function with the site ip begin a graph?  Any context for which RCU waits, as the next. */
static inline bool ftrace_graph_addr(unsigned long ip)
{
	const struct ftrace_hash *hash = READ_ONCE(ftrace_graph_hash);

	return ftrace_hash_empty(hash) || ftrace_lookup_ip(hash, ip);
}

/* Is it left out of graphs, with all that it calls? */
static inline bool ftrace_graph_notrace_addr(unsigned long ip)
{
	return ftrace_lookup_ip(READ_ONCE(ftrace_graph_notrace_hash), ip);
}

/* Does to one of the two sets what a word of its file does.  0; -EINVAL: it matches nothing; -ENOMEM; -ENODEV. */
int ftrace_graph_add(struct ftrace_hash **set, char *word);

/* ---- Errors (ftrace_bug.c) ---- */

enum ftrace_bug_type {
	FTRACE_BUG_UNKNOWN,
	FTRACE_BUG_INIT,
	FTRACE_BUG_NOP,
	FTRACE_BUG_CALL,
	FTRACE_BUG_UPDATE,
};

extern enum ftrace_bug_type ftrace_bug_type;	/* what was being done to a site */
extern int ftrace_disabled;			/* dead: nothing is changed any more */
extern int ftrace_enabled;			/* kernel.ftrace_enabled */

/* Prints all there is to know about a failed change (-EFAULT, -EINVAL, ...) of a site (NULL: of the slot); kills ftrace. */
void ftrace_bug(int failed, const struct dyn_ftrace *rec);

/* A condition that must not be: warns, and ftrace is dead. */
#define FTRACE_WARN_ON(cond)                    \
	({                                      \
		bool _bad = WARN_ON(cond);      \
		if (_bad)                       \
			ftrace_kill();          \
		_bad;                           \
	})
#define FTRACE_WARN_ON_ONCE(cond)               \
	({                                      \
		bool _bad = WARN_ON_ONCE(cond); \
		if (_bad)                       \
			ftrace_kill();          \
		_bad;                           \
	})

#endif
