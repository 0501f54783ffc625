/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_update.c - makes the sites in memory what their records say.
 *
 * A record says twice what its site is like: what it should be, by the count of ops
 * and the WANTED bits beside it (ftrace_count.c), and what it is, by the STATE bits.
 * Here the first is compared with the second, and a difference is one of
 *
 *	should be on, is off	MAKE_CALL
 *	on, and is on, but otherwise	MODIFY_CALL	another trampoline, or another payload
 *	should be off, is on	MAKE_NOP
 *
 * Records with the same flags need the same change.  So it is worked out for a run of neighbours and handed to the
 * arch side as one (ftrace_change_sites): what it costs a site is a loop there.
 *
 * The arch side compares the old bytes of the site before each change.  The state bits
 * are written only after it succeeded, so that they are always true: whoever wants to
 * check the memory against the records can.  The first failure ends everything
 * (ftrace_bug).
 *
 * A site without an index calls through the slot ftrace_call in the trampoline, and that changes in three steps:
 *
 *	the slot calls the list function, which asks every ops for every call: whatever mixture of old and new is
 *	hit from now on, it sorts it out
 *	the sites
 *	function_trace_op, a barrier, a wait until nobody is in a trampoline that he entered before; then the slot
 *	calls what it is to call in the end
 *
 * That is the list function itself, or nobody when nobody is left; a callback only with ftrace_patch=stop_machine.
 * The wait is for it: it must not be called for a site that was switched off before, nor with another's ops. Linux
 * sends an interrupt to all CPUs there; a task that was preempted in the trampoline would not notice it.
 *
 * With ftrace_patch=stop_machine all this is done while the other CPUs stand still, as Linux does it on machines where several
 * words of a site change together, and no site carries an index.
 *
 * Sites are visited in address order (so that each page of text is mapped once), and only
 * those noted as changed.  Everything here: under ftrace_lock, task context or boot.
 */
#include "lib/sort.h"
#include "trace/ftrace_internal.h"

unsigned int ftrace_sites_on;
bool ftrace_patch_stopped;

ftrace_func_t ftrace_slot_func = ftrace_stub;

/* ---- One record ---- */

/* Does the site itself call the trampoline?  Shared with callbacks, or too far away, it is reached through ours. */
static bool site_calls_direct(const struct dyn_ftrace *rec)
{
	unsigned long ip = ftrace_rec_ip(rec);

	return ftrace_rec_count(rec) == 1 && ftrace_site_reaches(ip, ftrace_find_rec_direct(ip));
}

/* The STATE bits that the site should have. */
static inline u32 wanted_state(const struct dyn_ftrace *rec, bool enable)
{
	u32 state = FTRACE_FL_ENABLED | (rec->flags & FTRACE_FL_WANTED) >> 1;

	if (!enable || !ftrace_rec_count(rec))
		return 0;
	if (unlikely(state & FTRACE_FL_DIRECT_EN) && !site_calls_direct(rec))
		state &= ~FTRACE_FL_DIRECT_EN;
	return state;
}

static inline enum ftrace_update state_change(u32 have, u32 want)
{
	if (have == want)
		return FTRACE_UPDATE_IGNORE;
	if (!have)
		return FTRACE_UPDATE_MAKE_CALL;
	return want ? FTRACE_UPDATE_MODIFY_CALL : FTRACE_UPDATE_MAKE_NOP;
}

enum ftrace_update ftrace_test_record(const struct dyn_ftrace *rec, bool enable)
{
	if (rec->flags & FTRACE_FL_DISABLED)
		return FTRACE_UPDATE_IGNORE;
	return state_change(rec->flags & FTRACE_FL_STATE, wanted_state(rec, enable));
}

/*
 * Which ops a site with count 1 belongs to, if that is the same for all such sites: the only one
 * there is, or the one that changed if it wants every site.  NULL: it must be looked for.
 */
static const struct ftrace_ops *sole_ops(const struct ftrace_ops *changed)
{
	const struct ftrace_ops *first = READ_ONCE(ftrace_ops_list);
	struct ftrace_set set;

	if (first != &ftrace_list_end && first->next == &ftrace_list_end)
		return first;
	if (!changed || !(changed->flags & FTRACE_OPS_FL_ENABLED))
		return NULL;
	set = ftrace_ops_set(changed);
	return ftrace_set_is_all(&set) ? changed : NULL;
}

/* Of a record whose site went to `state`. */
static u32 flags_after(u32 flags, u32 state)
{
	flags = (flags & ~FTRACE_FL_STATE) | state;
	if (state)
		flags |= FTRACE_FL_TOUCHED;
	if (state && (flags & (FTRACE_FL_IPMODIFY | FTRACE_FL_DIRECT)))
		flags |= FTRACE_FL_MODIFIED;
	/* Nobody wants it: forget what they wanted. */
	if (!state && !(flags & FTRACE_REF_MAX))
		flags &= FTRACE_NOCLEAR_FLAGS;
	return flags;
}

static u32 site_payload(unsigned long ip, const struct ftrace_ops *sole)
{
	if (!sole)
		sole = ftrace_find_unique_ops(ip);
	return sole ? sole->dispatch_index : 0;
}

/*
 * What is to be done to the site of `rec`.  Returns whether that holds for other records with its flags too, or
 * only for this one.
 */
static bool work_out_change(struct ftrace_change *change, const struct dyn_ftrace *rec, bool enable,
			    const struct ftrace_ops *sole)
{
	u32 have = rec->flags & FTRACE_FL_STATE, want = wanted_state(rec, enable);
	unsigned long ip = ftrace_rec_ip(rec);
	bool carries = want & FTRACE_FL_CALL_OPS_EN;

	change->base = ftrace_text_base;
	change->old_addr = have ? ftrace_state_addr(ip, have) : 0;
	change->addr = want ? ftrace_state_addr(ip, want) : 0;
	change->payload = carries ? site_payload(ip, sole) : 0;
	change->flags = rec->flags;
	change->new_flags = flags_after(rec->flags, want);
	return (sole || !carries) && !(rec->flags & FTRACE_FL_DIRECT);
}

static noinline void change_failed(const struct dyn_ftrace *rec, enum ftrace_update what, int err)
{
	static const enum ftrace_bug_type type[] = {
		[FTRACE_UPDATE_MAKE_CALL] = FTRACE_BUG_CALL,
		[FTRACE_UPDATE_MODIFY_CALL] = FTRACE_BUG_UPDATE,
		[FTRACE_UPDATE_MAKE_NOP] = FTRACE_BUG_NOP,
	};

	ftrace_bug_type = type[what];
	ftrace_bug(err, rec);
}

/*
 * Makes the sites of records from `rec` on what their records say, as many in one go as the change of the first
 * holds for.  Returns the first that was left; NULL: a change failed, after ftrace_bug().
 */
static struct dyn_ftrace *change_run(struct dyn_ftrace *rec, const struct dyn_ftrace *end, bool enable,
				     const struct ftrace_ops *sole)
{
	enum ftrace_update what = ftrace_test_record(rec, enable);
	struct ftrace_change change;
	struct dyn_ftrace *done;
	int err;

	if (what == FTRACE_UPDATE_IGNORE) {
		u32 flags = rec->flags;

		/* Records with direct calls are not alike: some are out of reach. */
		while (++rec < end && rec->flags == flags && !(flags & FTRACE_FL_DIRECT))
			;
		return rec;
	}
	if (!work_out_change(&change, rec, enable, sole) || patch_failure_armed())
		end = rec + 1;
	done = rec;
	err = should_fail_patch();
	if (likely(!err))
		done = ftrace_change_sites(rec, end, &change, &err);
	if (what == FTRACE_UPDATE_MAKE_CALL)
		ftrace_sites_on += done - rec;
	else if (what == FTRACE_UPDATE_MAKE_NOP)
		ftrace_sites_on -= done - rec;
	if (likely(!err))
		return done;
	change_failed(done, what, err);
	return NULL;
}

/* ---- All that changed ---- */

static int cmp_recs(const void *a, const void *b)
{
	const struct dyn_ftrace *x = *(struct dyn_ftrace *const *)a, *y = *(struct dyn_ftrace *const *)b;

	return x->ip_offset < y->ip_offset ? -1 : x->ip_offset > y->ip_offset;
}

static void replace_noted(bool enable, const struct ftrace_ops *sole)
{
	for (u32 i = 0; i < ftrace_changes.nr; i++)
		if (!change_run(ftrace_changes.recs[i], ftrace_changes.recs[i] + 1, enable, sole))
			return;
}

/* Neighbours mostly have the same flags: few runs make up all. */
static void replace_all(bool enable, const struct ftrace_ops *sole)
{
	struct ftrace_page *pg;

	for (pg = ftrace_pages_start; pg; pg = pg->next) {
		struct dyn_ftrace *rec = pg->records, *end = rec + pg->index;

		while (rec < end) {
			rec = change_run(rec, end, enable, sole);
			if (!rec)
				return;
		}
	}
}

static void ftrace_replace_code(const struct ftrace_ops *changed, bool enable)
{
	const struct ftrace_ops *sole = sole_ops(changed);

	if (unlikely(ftrace_disabled))
		return;
	if (ftrace_changes.all)
		replace_all(enable, sole);
	else
		replace_noted(enable, sole);
}

/* ---- The slot, then the sites, then the slot ---- */

static int set_slot(ftrace_func_t func)
{
	int ret;

	if (ftrace_slot_func == func)
		return 0;
	ret = should_fail_patch();
	if (!ret)
		ret = ftrace_update_ftrace_func(func);
	if (ret) {
		ftrace_bug_type = FTRACE_BUG_UNKNOWN;
		ftrace_bug(ret, NULL);
		return ret;
	}
	ftrace_slot_func = func;
	return 0;
}

struct update {
	const struct ftrace_ops *ops;
	int command;
};

/* Is the slot to call a callback in the end? */
static bool slot_gets_callback(const struct update *update)
{
	return (update->command & FTRACE_UPDATE_TRACE_FUNC) && !ftrace_disabled && ftrace_slot_ops() != &ftrace_list_end;
}

/* All steps, if the last needs no waiting. */
static void ftrace_modify_all_code(const struct update *update)
{
	bool slot = update->command & FTRACE_UPDATE_TRACE_FUNC;

	if (slot) {
		if (set_slot(ftrace_ops_list_func))
			return;
		if (!ftrace_patch_stopped)	/* else nobody runs before the end anyway */
			arch_sync_instruction_streams();
		function_trace_op = &ftrace_list_end;
	}
	if (update->command & FTRACE_UPDATE_CALLS)
		ftrace_replace_code(update->ops, true);
	else if (update->command & FTRACE_DISABLE_CALLS)
		ftrace_replace_code(update->ops, false);
	if (slot && !ftrace_disabled && !slot_gets_callback(update))
		set_slot(ftrace_trace_function);
}

static void set_final_slot(const struct update *unused)
{
	set_slot(ftrace_trace_function);
}

typedef void (*step_t)(const struct update *update);

struct stopped_step {
	step_t step;
	const struct update *update;
};

static int run_stopped(void *data)
{
	const struct stopped_step *stopped = data;

	stopped->step(stopped->update);
	return 0;
}

/* Runs a step as a batch. */
static void run(step_t step, const struct update *update)
{
	struct stopped_step stopped = { step, update };
	int ret;

	if (ftrace_patch_stopped) {
		ret = ftrace_arch_code_modify_stopped(run_stopped, &stopped);
		FTRACE_WARN_ON(ret);
		return;
	}
	ret = ftrace_arch_code_modify_prepare();
	if (FTRACE_WARN_ON(ret))
		return;
	step(update);
	ret = ftrace_arch_code_modify_post_process();
	FTRACE_WARN_ON(ret);
}

void ftrace_run_update_code(struct ftrace_ops *ops, int command)
{
	struct update update = { ops, command };

	if (ftrace_changes.nr > 1)
		sort(ftrace_changes.recs, ftrace_changes.nr, sizeof(*ftrace_changes.recs), cmp_recs, NULL);

	run(ftrace_modify_all_code, &update);
	if (!slot_gets_callback(&update))
		return;
	function_trace_op = ftrace_slot_ops();
	smp_wmb();
	synchronize_rcu_tasks();
	run(set_final_slot, &update);
}

/* ---- The protocol ---- */

static int __init set_ftrace_patch(char *val)
{
	if (!val || (strcmp(val, "stop_machine") && strcmp(val, "word")))
		return -EINVAL;
	ftrace_patch_stopped = !strcmp(val, "stop_machine");
	return 0;
}
early_param("ftrace_patch", set_ftrace_patch);
