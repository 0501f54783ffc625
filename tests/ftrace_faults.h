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
 *	call_sites()			calls all three
 *	edit_file(name, how, text)	writes all of text to a tracefs file opened with O_TRUNC or O_APPEND, and closes
 *					it; the first error
 *	write_ftrace_enabled(value)	kernel.ftrace_enabled
 *	arm_alloc(n), arm_patch(n, error)	allocation, or change of a site or slot, number n from now fails once
 *	disarm_alloc(), disarm_patch()	not any more; true if it has
 *	restart()			after ftrace died: alive, all sites off, nobody registered
 *	memory_in_use()			in any unit that counts all
 *	EXPECT(cond), EXPECT_EQ(a, b)	or the test has failed, and the function returns or worse
 *	failed()			it has
 *	report(fmt, ...)		prints
 *
 * Each operation reports how many failures it met: tests/README.md quotes that, and tests/test_faults.py compares.
 */
#ifndef TESTS_FTRACE_FAULTS_H
#define TESTS_FTRACE_FAULTS_H

#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"
#include "trace/trace.h"

static unsigned long hits;

static void count_hit(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	hits++;
}

/* Part of the image; and not, as far as ftrace knows. */
static struct ftrace_ops ops = { .func = count_hit }, *other;

/* ---- what there is to do ---- */

static int set_pattern(int (*set)(struct ftrace_ops *ops, unsigned char *buf, int len, int reset),
		       struct ftrace_ops *of, const char *pattern)
{
	unsigned char buf[64];

	strscpy((char *)buf, pattern, sizeof(buf));
	return set(of, buf, strlen(pattern), 1);
}

static int filter_three(void)
{
	return ftrace_set_filter_ips(&ops, sites, ARRAY_SIZE(sites), 0, 1);
}

static int do_register(void)
{
	return register_ftrace_function(&ops);
}

static int do_unregister(void)
{
	return unregister_ftrace_function(&ops);
}

static int register_three(void)
{
	return filter_three() ?: do_register();
}

static int register_all(void)
{
	return ftrace_set_filter(&ops, NULL, 0, 1) ?: do_register();
}

static int nothing(void)
{
	return 0;
}

/* A second ops wants two of the sites, one of them with all registers. */
static int register_other(void)
{
	return register_ftrace_function(other);
}

static int three_and_other_filter(void)
{
	return register_three() ?: ftrace_set_filter_ips(other, sites, 2, 0, 1);
}

static int three_and_other(void)
{
	return three_and_other_filter() ?: register_other();
}

static int unregister_other(void)
{
	return unregister_ftrace_function(other);
}

static int set_one_ip(void)
{
	return ftrace_set_filter_ip(&ops, sites[0], 0, 1);
}

static int set_two_ips(void)
{
	return ftrace_set_filter_ips(&ops, sites, 2, 0, 1);
}

static int set_filter_pattern(void)
{
	return set_pattern(ftrace_set_filter, &ops, SITE_B);
}

static int set_notrace_pattern(void)
{
	return set_pattern(ftrace_set_notrace, &ops, SITE_A);
}

static int set_tracer(void)
{
	return edit_file("current_tracer", O_TRUNC, "function\n");
}

static int set_nop(void)
{
	return edit_file("current_tracer", O_TRUNC, "nop\n");
}

static int global_one(void)
{
	return edit_file("set_ftrace_filter", O_TRUNC, SITE_B "\n");
}

static int tracer_on_one(void)
{
	return global_one() ?: set_tracer();
}

/* It has no result: what it did must tell. */
static int set_global(void)
{
	unsigned char pattern[] = SITE_C;

	ftrace_set_global_filter(pattern, sizeof(pattern) - 1, 1);
	return ftrace_is_dead() ? -ENODEV : ftrace_lookup_ip(global_ops.func_hash->filter_hash, ftrace_location(sites[2])) ?
	       0 : -ENOMEM;
}

static int truncate_filter(void)
{
	return edit_file("set_ftrace_filter", O_TRUNC,
			 SITE_A " " SITE_C " !" SITE_B "\n" SITE_A "*");
}

static int append_filter(void)
{
	return edit_file("set_ftrace_filter", O_APPEND, SITE_A "\n!" SITE_B "\n");
}

static int truncate_notrace(void)
{
	return edit_file("set_ftrace_notrace", O_TRUNC, SITE_B " " SITE_A "\n");
}

/* As at boot: a page a CPU, until there is a tracer. */
static int small_buffer(void)
{
	global_trace.buffer_expanded = false;
	return ring_buffer_resize(&global_trace.buffer, RB_PAGE_SIZE, RING_BUFFER_ALL_CPUS) ?: global_one();
}

static int disable(void)
{
	return write_ftrace_enabled(0);
}

static int enable(void)
{
	return write_ftrace_enabled(1);
}

static int three_disabled(void)
{
	return register_three() ?: disable();
}

static const struct operation {
	const char *name;
	int (*prepare)(void), (*run)(void);
	bool varies;	/* how much it does depends on how many sites or CPUs there are */
} operations[] = {
	{ "register_ftrace_function", filter_three, do_register, false },
	{ "register_ftrace_function, a second", three_and_other_filter, register_other, false },
	{ "register_ftrace_function, all sites", nothing, do_register, true },
	{ "unregister_ftrace_function", register_three, do_unregister, false },
	{ "unregister_ftrace_function, one of two", three_and_other, unregister_other, false },
	{ "unregister_ftrace_function, all sites", register_all, do_unregister, true },
	{ "ftrace_set_filter_ip", nothing, set_one_ip, false },
	{ "ftrace_set_filter_ip, registered", register_three, set_one_ip, false },
	{ "ftrace_set_filter_ips, one of two", three_and_other, set_two_ips, false },
	{ "ftrace_set_filter, registered", register_three, set_filter_pattern, false },
	{ "ftrace_set_notrace, registered", register_three, set_notrace_pattern, false },
	{ "ftrace_set_global_filter, tracing", tracer_on_one, set_global, false },
	{ "> set_ftrace_filter", nothing, truncate_filter, false },
	{ "> set_ftrace_filter, tracing", tracer_on_one, truncate_filter, false },
	{ ">> set_ftrace_filter, tracing", tracer_on_one, append_filter, false },
	{ "> set_ftrace_notrace, tracing", tracer_on_one, truncate_notrace, false },
	{ "function > current_tracer", global_one, set_tracer, false },
	{ "nop > current_tracer", tracer_on_one, set_nop, false },
	{ "function > current_tracer, the first", small_buffer, set_tracer, true },
	{ "0 > ftrace_enabled", register_three, disable, false },
	{ "1 > ftrace_enabled", three_disabled, enable, false },
};

/* ---- around an operation ---- */

/* Nobody registered, no filters.  Of a dead ftrace, as much of that as is possible. */
static void clean_up(void)
{
	tracing_set_tracer(&global_trace, "nop");
	if (ops.flags & FTRACE_OPS_FL_ENABLED)
		unregister_ftrace_function(&ops);
	if (other->flags & FTRACE_OPS_FL_ENABLED)
		unregister_ftrace_function(other);
	ftrace_free_filter(&ops);
	ftrace_free_filter(other);
	ftrace_set_enabled(1);
	ftrace_set_filter(&global_ops, NULL, 0, 1);
	ftrace_set_notrace(&global_ops, NULL, 0, 1);
}

/* Everything that an operation may change, in a number. */
static u32 fingerprint(void)
{
	const struct ftrace_ops *const all[] = { &ops, other, &global_ops };
	struct dyn_ftrace *rec;
	struct ftrace_page *pg;
	u32 sum = ftrace_enabled + 2 * (global_trace.current_trace->name[0] == 'f');

	for_each_ftrace_rec(pg, rec)
		sum = sum * 31 + (rec->flags & ~FTRACE_FL_HISTORY);
	for (unsigned int i = 0; i < ARRAY_SIZE(all); i++) {
		const struct ftrace_ops_hash *set = all[i]->func_hash;

		sum = sum * 31 + (all[i]->flags & FTRACE_OPS_FL_ENABLED);
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
	unsigned int faults, refused, unnoticed, dead;
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
		  t.unnoticed, o->varies ? ", varies" : "");
	if (o->varies)
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
		if (o->varies)
			fail_patch(o, n, errors[n % ARRAY_SIZE(errors)], &t, &reached);
		for (unsigned int e = 0; !o->varies && reached && e < ARRAY_SIZE(errors); e++)
			fail_patch(o, n, errors[e], &t, &reached);
	}
	run_once(o, &before, &after);
	report("# faults: %s: %u changes of sites: %u dead%s\n", o->name, t.faults, t.dead,
		  o->varies ? ", varies" : "");
	if (o->varies)
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
	trace_buf_size = 16 * RB_PAGE_SIZE;
	for (unsigned int i = 0; i < ARRAY_SIZE(operations) && !failed(); i++) {
		unsigned long before;

		run_once(&operations[i], &print[0], &print[1]);
		before = memory_in_use();
		sweep_one(&operations[i], totals);
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
	       (unsigned int)ARRAY_SIZE(operations), t.faults, t.refused, t.unnoticed);
	EXPECT(t.faults && t.faults == t.refused + t.unnoticed);
}

static void every_change_of_a_site(void)
{
	struct totals t = { 0 };

	sweep(sweep_patches, &t);
	if (failed())
		return;
	report("# faults: %u operations, %u failed changes of sites: %u dead\n", (unsigned int)ARRAY_SIZE(operations),
	       t.faults, t.dead);
	EXPECT(t.faults && t.faults == t.dead);
}

#endif
