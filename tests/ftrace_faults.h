/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_faults.h - every failure that an operation on ftrace can meet, one after the other: the test, for both kernels.
 *
 * An operation is run again and again, with its first, second, third, ... allocation failing, until it does not
 * get as far as the one that would fail.  Each time it must have happened completely, or not at all and said
 * -ENOMEM; every site must be what the ops ask for; and without a failure it must work as before.  When all
 * are through, as much memory is in use as before.
 *
 * In the same way with changes of sites, each with each error: then ftrace must be dead, say so to whoever
 * wants something changed, and whatever is on must do no harm.  A machine would have to be booted to go on;
 * restart() takes the place of that.
 *
 * ktest/test_faults.c and unit/test_ftrace_faults.c include this after they have defined, as functions or macros,
 *
 *	SITE_A, SITE_B, SITE_C		the names (string literals) of three functions
 *	unsigned long sites[3]		their addresses
 *	DIRECT_A, DIRECT_B		the addresses of two trampolines, for direct calls of the first and the third
 *	call_sites()			calls all three
 *	edit_file(name, how, text)	writes all of text to a tracefs file opened with O_TRUNC or O_APPEND, and closes
 *					it; the first error
 *	write_ftrace_enabled(value)	kernel.ftrace_enabled
 *	arm_alloc(n), arm_patch(n, error)	allocation, or change of a site or slot, number n from now fails once
 *	disarm_alloc(), disarm_patch()	not any more; true if it has
 *	memory_in_use()			in any unit that counts all
 *	EXPECT(cond), EXPECT_EQ(a, b)	or the test has failed, and the function returns or worse
 *	failed()			it has
 *	report(fmt, ...)		prints
 *
 * Each operation reports how many failures it met: tests/README.md quotes that, and tests/test_faults.py compares.
 */
#ifndef TESTS_FTRACE_FAULTS_H
#define TESTS_FTRACE_FAULTS_H

#include "tests/ftrace_fault_operations.h"

/* ---- around an operation ---- */

/* Nobody registered, no filters.  Of a dead ftrace, as much of that as is possible. */
static void clean_up(void)
{
	tracing_set_tracer(&global_trace, "nop");
	if (direct.direct_call)
		unregister_direct();
	else if ((direct.flags & FTRACE_OPS_FL_ENABLED) && !trampolines_of_direct())
		del_trampolines();
	if (ops.managed)
		stop_subops();
	if (other->managed)
		stop_other_subops();
	if (ops.flags & FTRACE_OPS_FL_ENABLED)
		unregister_ftrace_function(&ops);
	if (other->flags & FTRACE_OPS_FL_ENABLED)
		unregister_ftrace_function(other);
	ftrace_free_filter(&ops);
	ftrace_free_filter(other);
	ftrace_free_filter(&direct);
	free_ftrace_hash(trampolines);
	trampolines = NULL;
	ftrace_set_enabled(1);
	ftrace_set_filter(&global_ops, NULL, 0, 1);
	ftrace_set_notrace(&global_ops, NULL, 0, 1);
	forget_graphs();
}

/* Whoever knew where its direct call leads may be gone. */
static void take_off_direct(struct dyn_ftrace *rec)
{
	if (!(rec->flags & FTRACE_FL_DIRECT_EN))
		return;
	EXPECT(!ftrace_make_nop(ftrace_rec_ip(rec), DIRECT_A) || !ftrace_make_nop(ftrace_rec_ip(rec), DIRECT_B));
	rec->flags &= ~FTRACE_FL_STATE;
	ftrace_sites_on--;
}

/*
 * What a new boot would do to a dead ftrace: it lives, and who is registered has his sites.  After clean_up() that is
 * direct calls at most.
 */
static void restart(void)
{
	struct dyn_ftrace *rec;
	struct ftrace_page *pg;
	struct ftrace_ops *op;

	mutex_lock(&ftrace_lock);
	ftrace_disabled = 0;
	if (!ftrace_arch_code_modify_prepare())
		for (unsigned int i = 0; i < ARRAY_SIZE(sites); i++)
			take_off_direct(ftrace_exact_rec(ftrace_location(sites[i])));
	ftrace_arch_code_modify_post_process();
	for_each_ftrace_rec(pg, rec)
		rec->flags &= FTRACE_FL_STATE | FTRACE_NOCLEAR_FLAGS;
	for_each_ftrace_op(op) {
		struct ftrace_set set = ftrace_ops_set(op);

		ftrace_count_records(op, &set, NULL, true);
	}
	ftrace_changes_set_all();
	ftrace_run_update_code(NULL, ftrace_enabled ? FTRACE_UPDATE_CALLS : FTRACE_DISABLE_CALLS);
	ftrace_changes_reset();
	mutex_unlock(&ftrace_lock);
	ftrace_set_enabled(1);
}

/* Everything that an operation may change, in a number. */
static u32 fingerprint(void)
{
	const struct ftrace_ops *const all[] = { &ops, other, &manager, &direct, &global_ops };
	const struct ftrace_hash *const graphs[] = { ftrace_graph_hash, ftrace_graph_notrace_hash };
	struct dyn_ftrace *rec;
	struct ftrace_page *pg;
	u32 sum = ftrace_enabled + 2 * (global_trace.current_trace->name[0] == 'f');

	for_each_ftrace_rec(pg, rec)
		sum = sum * 31 + (rec->flags & ~FTRACE_FL_HISTORY);
	for (unsigned int i = 0; i < ARRAY_SIZE(sites); i++)
		sum = sum * 31 + (u32)ftrace_find_rec_direct(ftrace_location(sites[i]));
	for (unsigned int i = 0; i < ARRAY_SIZE(graphs); i++)
		for (unsigned int j = 0; j < ARRAY_SIZE(sites); j++)
			sum = sum * 31 + !!ftrace_lookup_ip(graphs[i], ftrace_location(sites[j]));
	for (unsigned int i = 0; i < ARRAY_SIZE(all); i++) {
		const struct ftrace_ops_hash *set = all[i]->func_hash;

		sum = sum * 31 + (all[i]->flags & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_SUBOP));
		sum = sum * 31 + (set && set->filter_hash ? set->filter_hash->count : 0);
		sum = sum * 31 + (set && set->notrace_hash ? set->notrace_hash->count : 0);
	}
	return sum;
}

static bool alive_and_consistent(void)
{
	struct ftrace_audit audit;

	return ftrace_audit(&audit) && !audit.dead;
}

/* From nothing, with nothing failing: `before` and `after` are what it then looks like. */
static void run_once(const struct operation *o, u32 *before, u32 *after)
{
	EXPECT_EQ(o->prepare(), 0);
	*before = fingerprint();
	EXPECT_EQ(o->run(), 0);
	*after = fingerprint();
	EXPECT(alive_and_consistent());
	call_sites();
	clean_up();
	EXPECT(alive_and_consistent());
}

/* ---- sweeps ---- */

struct totals {
	unsigned int operations, faults, refused, unnoticed, dead;
};

/* Allocation n of it fails.  *reached: it has that many. */
static void fail_alloc(const struct operation *o, unsigned long n, u32 before, u32 after, struct totals *totals,
		       bool *reached)
{
	u32 now;
	int ret;

	EXPECT_EQ(o->prepare(), 0);
	arm_alloc(n);
	ret = o->run();
	*reached = disarm_alloc();
	now = fingerprint();
	EXPECT(alive_and_consistent());
	EXPECT(ret == 0 || ret == -ENOMEM);
	EXPECT_EQ(now, ret ? before : after);
	EXPECT(*reached || !ret);
	clean_up();
	totals->faults += *reached;
	totals->refused += !!ret;
	totals->unnoticed += *reached && !ret;
}

/* Sites that are on, and an ops that is registered, after which nothing of that may change. */
static void expect_dead(void)
{
	static struct ftrace_ops late = { .func = count_hit };
	struct ftrace_audit audit;

	EXPECT(ftrace_is_dead());
	EXPECT(ftrace_audit(&audit));
	EXPECT_EQ(register_ftrace_function(&late), -ENODEV);
	EXPECT_EQ(ftrace_set_filter_ip(&ops, sites[0], 0, 0), -ENODEV);
	EXPECT_EQ(edit_file("set_ftrace_filter", O_APPEND, "counted_function\n"), -ENODEV);
	EXPECT_EQ(enable(), -ENODEV);
	call_sites();
}

/* Whoever was registered is gone, and no site leads to it. */
static void expect_silence(void)
{
	hits = 0;
	call_sites();
	EXPECT_EQ(hits, 0);
}

/* Change n of it fails. */
static void fail_patch(const struct operation *o, unsigned long n, int error, struct totals *totals, bool *reached)
{
	int ret;

	EXPECT_EQ(o->prepare(), 0);
	arm_patch(n, error);
	ret = o->run();
	*reached = disarm_patch();
	if (!*reached) {
		EXPECT_EQ(ret, 0);
		EXPECT(alive_and_consistent());
		clean_up();
		return;
	}
	totals->faults++;
	EXPECT(ret == 0 || ret == -ENODEV);
	expect_dead();
	clean_up();
	expect_silence();
	restart();
	clean_up();
	EXPECT(alive_and_consistent());
	totals->dead++;
}

static void sweep_allocations(const struct operation *o, struct totals *totals)
{
	struct totals t = { 0 };
	u32 before, after;
	bool reached = true;

	run_once(o, &before, &after);
	for (unsigned long n = 1; reached && !failed(); n++)
		fail_alloc(o, n, before, after, &t, &reached);
	run_once(o, &before, &after);
	report("# faults: %s: %u allocations: %u refused, %u unnoticed%s\n", o->name, t.faults, t.refused,
		  t.unnoticed, o->kind == VARIES ? ", varies" : "");
	if (o->kind == VARIES)
		return;
	totals->faults += t.faults;
	totals->refused += t.refused;
	totals->unnoticed += t.unnoticed;
}

static void sweep_patches(const struct operation *o, struct totals *totals)
{
	static const int errors[] = { -EFAULT, -EINVAL, -EPERM };
	struct totals t = { 0 };
	u32 before, after;
	bool reached = true;

	for (unsigned long n = 1; reached && !failed(); n++) {
		/* Where they are as many as there are sites, each gets one of the errors. */
		if (o->kind == VARIES)
			fail_patch(o, n, errors[n % ARRAY_SIZE(errors)], &t, &reached);
		for (unsigned int e = 0; o->kind != VARIES && reached && e < ARRAY_SIZE(errors); e++)
			fail_patch(o, n, errors[e], &t, &reached);
	}
	run_once(o, &before, &after);
	report("# faults: %s: %u changes of sites: %u dead%s\n", o->name, t.faults, t.dead,
		  o->kind == VARIES ? ", varies" : "");
	if (o->kind == VARIES)
		return;
	totals->faults += t.faults;
	totals->dead += t.dead;
}

/* Runs the sweep over every operation, and compares the memory.  What dies says so each time: hush the console. */
static void sweep(void (*sweep_one)(const struct operation *o, struct totals *totals), struct totals *totals)
{
	unsigned long buf_size = trace_buf_size;
	u32 print[2];

	other = kzalloc(sizeof(*other), GFP_KERNEL);
	EXPECT(other != NULL);
	other->func = count_hit;
	other->flags = FTRACE_OPS_FL_SAVE_REGS;
	ftrace_ops_init(&ops);
	ftrace_ops_init(other);
	ftrace_ops_init(&direct);
	trace_buf_size = 16 * RB_PAGE_SIZE;
	for (unsigned int i = 0; i < ARRAY_SIZE(operations) && !failed(); i++) {
		unsigned long before;

		if (FTRACE_BEHIND_PROLOGUE && operations[i].kind == DIRECT)
			continue;
		run_once(&operations[i], &print[0], &print[1]);
		before = memory_in_use();
		sweep_one(&operations[i], totals);
		totals->operations++;
		if (!failed())
			EXPECT_EQ(memory_in_use(), before);
	}
	if (failed()) {
		clean_up();
		restart();
	}
	small_buffer();
	clean_up();
	trace_buf_size = buf_size;
	kfree(other);
}

static void every_allocation(void)
{
	struct totals t = { 0 };

	sweep(sweep_allocations, &t);
	if (failed())
		return;
	report("# faults: %u operations, %u failed allocations: %u refused, %u unnoticed\n",
	       t.operations, t.faults, t.refused, t.unnoticed);
	EXPECT(t.faults && t.faults == t.refused + t.unnoticed);
}

static void every_change_of_a_site(void)
{
	struct totals t = { 0 };

	sweep(sweep_patches, &t);
	if (failed())
		return;
	report("# faults: %u operations, %u failed changes of sites: %u dead\n", t.operations, t.faults, t.dead);
	EXPECT(t.faults && t.faults == t.dead);
}

#endif
