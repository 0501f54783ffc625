/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_fault_operations.h - what ftrace_faults.h does again and again: operations on ftrace, each with what comes before it.
 *
 * Part of ftrace_faults.h, which says what must be defined before.  prepare() meets no failure; run() is the operation,
 * 0 or its error.  Who is registered then is one of the ops here, or the tracer; clean_up() of ftrace_faults.h ends all.
 */
#ifndef TESTS_FTRACE_FAULT_OPERATIONS_H
#define TESTS_FTRACE_FAULT_OPERATIONS_H

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
/* Of the two when they are subops; other has all registers. */
static struct ftrace_ops manager = { .func = ftrace_subops_func, .flags = FTRACE_OPS_FL_SAVE_REGS };
/* With a trampoline for all its functions, or one for each, as the set says. */
static struct ftrace_ops direct;
static struct ftrace_hash *trampolines;

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

static int graph_one(void)
{
	return edit_file("set_graph_function", O_TRUNC, SITE_B "\n") ?: edit_file("set_graph_notrace", O_TRUNC, SITE_B "\n");
}

static int truncate_graph(void)
{
	return edit_file("set_graph_function", O_TRUNC, SITE_A " " SITE_C " !" SITE_C "\n" SITE_A "*");
}

static int append_graph_notrace(void)
{
	return edit_file("set_graph_notrace", O_APPEND, SITE_A "\n!" SITE_B "\n" SITE_C "\n");
}

static void forget_graphs(void)
{
	if (!ftrace_hash_empty(ftrace_graph_hash))
		edit_file("set_graph_function", O_TRUNC, "");
	if (!ftrace_hash_empty(ftrace_graph_notrace_hash))
		edit_file("set_graph_notrace", O_TRUNC, "");
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

static int start_subops(void)
{
	return ftrace_startup_subops(&manager, &ops);
}

static int start_other_subops(void)
{
	return ftrace_startup_subops(&manager, other);
}

static int stop_other_subops(void)
{
	return ftrace_shutdown_subops(&manager, other);
}

static int stop_subops(void)
{
	return ftrace_shutdown_subops(&manager, &ops);
}

static int three_subops(void)
{
	return filter_three() ?: start_subops();
}

static int three_subops_and_other_filter(void)
{
	return three_subops() ?: ftrace_set_filter_ips(other, sites, 2, 0, 1);
}

static int three_and_other_subops(void)
{
	return three_subops_and_other_filter() ?: start_other_subops();
}

static int filter_direct(void)
{
	return ftrace_set_filter_ip(&direct, sites[0], 0, 1) ?: ftrace_set_filter_ip(&direct, sites[2], 0, 0);
}

static int register_direct(void)
{
	return register_ftrace_direct(&direct, DIRECT_A);
}

static int modify_direct(void)
{
	return modify_ftrace_direct(&direct, DIRECT_B);
}

static int unregister_direct(void)
{
	return unregister_ftrace_direct(&direct, direct.direct_call, false);
}

static int direct_alone(void)
{
	return filter_direct() ?: register_direct();
}

static int three_and_direct_filter(void)
{
	return register_three() ?: filter_direct();
}

static int three_and_direct(void)
{
	return three_and_direct_filter() ?: register_direct();
}

/* `trampolines`: addr for the first of the sites, and for the third if both. */
static int set_trampolines(unsigned long addr, bool both)
{
	free_ftrace_hash(trampolines);
	trampolines = alloc_ftrace_hash(FTRACE_HASH_DEFAULT_BITS);
	if (!trampolines)
		return -ENOMEM;
	return add_ftrace_hash_entry_direct(trampolines, ftrace_location(sites[0]), addr) ?:
	       !both ? 0 : add_ftrace_hash_entry_direct(trampolines, ftrace_location(sites[2]), addr);
}

/* `trampolines`: what direct has. */
static int trampolines_of_direct(void)
{
	free_ftrace_hash(trampolines);
	trampolines = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, direct.func_hash->filter_hash);
	return trampolines ? 0 : -ENOMEM;
}

static int trampoline_of_first(void)
{
	return set_trampolines(DIRECT_A, false);
}

static int trampolines_of_both(void)
{
	return set_trampolines(DIRECT_A, true);
}

static int add_trampolines(void)
{
	return update_ftrace_direct_add(&direct, trampolines);
}

static int mod_trampolines(void)
{
	return update_ftrace_direct_mod(&direct, trampolines, true);
}

static int del_trampolines(void)
{
	return update_ftrace_direct_del(&direct, trampolines);
}

static int both_added(void)
{
	return trampolines_of_both() ?: add_trampolines();
}

/* The third has its own, the first may come. */
static int third_added(void)
{
	return both_added() ?: trampoline_of_first() ?: del_trampolines();
}

static int both_added_one_chosen(void)
{
	return both_added() ?: trampoline_of_first();
}

static int both_added_other_chosen(void)
{
	return both_added() ?: set_trampolines(DIRECT_B, true);
}

static const struct operation {
	const char *name;
	int (*prepare)(void), (*run)(void);
	enum {
		FIXED,
		VARIES,		/* how much it does depends on how many sites or CPUs there are */
		DIRECT,		/* with direct calls, which sites behind a prologue cannot have */
	} kind;
} operations[] = {
	{ "register_ftrace_function", filter_three, do_register, FIXED },
	{ "register_ftrace_function, a second", three_and_other_filter, register_other, FIXED },
	{ "register_ftrace_function, all sites", nothing, do_register, VARIES },
	{ "unregister_ftrace_function", register_three, do_unregister, FIXED },
	{ "unregister_ftrace_function, one of two", three_and_other, unregister_other, FIXED },
	{ "unregister_ftrace_function, all sites", register_all, do_unregister, VARIES },
	{ "ftrace_startup_subops", filter_three, start_subops, FIXED },
	{ "ftrace_startup_subops, a second", three_subops_and_other_filter, start_other_subops, FIXED },
	{ "ftrace_shutdown_subops", three_subops, stop_subops, FIXED },
	{ "ftrace_shutdown_subops, one of two", three_and_other_subops, stop_other_subops, FIXED },
	{ "ftrace_set_filter_ip, of subops", three_and_other_subops, set_one_ip, FIXED },
	{ "register_ftrace_direct", filter_direct, register_direct, DIRECT },
	{ "register_ftrace_direct, a second", three_and_direct_filter, register_direct, DIRECT },
	{ "register_ftrace_function, beside a direct call", direct_alone, register_three, DIRECT },
	{ "modify_ftrace_direct", direct_alone, modify_direct, DIRECT },
	{ "modify_ftrace_direct, one of two", three_and_direct, modify_direct, DIRECT },
	{ "unregister_ftrace_direct", direct_alone, unregister_direct, DIRECT },
	{ "unregister_ftrace_direct, one of two", three_and_direct, unregister_direct, DIRECT },
	{ "update_ftrace_direct_add", trampolines_of_both, add_trampolines, DIRECT },
	{ "update_ftrace_direct_add, to one", third_added, add_trampolines, DIRECT },
	{ "update_ftrace_direct_mod", both_added_other_chosen, mod_trampolines, DIRECT },
	{ "update_ftrace_direct_del, one of two", both_added_one_chosen, del_trampolines, DIRECT },
	{ "update_ftrace_direct_del", both_added, del_trampolines, DIRECT },
	{ "ftrace_set_filter_ip", nothing, set_one_ip, FIXED },
	{ "ftrace_set_filter_ip, registered", register_three, set_one_ip, FIXED },
	{ "ftrace_set_filter_ips, one of two", three_and_other, set_two_ips, FIXED },
	{ "ftrace_set_filter, registered", register_three, set_filter_pattern, FIXED },
	{ "ftrace_set_notrace, registered", register_three, set_notrace_pattern, FIXED },
	{ "ftrace_set_global_filter, tracing", tracer_on_one, set_global, FIXED },
	{ "> set_ftrace_filter", nothing, truncate_filter, FIXED },
	{ "> set_ftrace_filter, tracing", tracer_on_one, truncate_filter, FIXED },
	{ ">> set_ftrace_filter, tracing", tracer_on_one, append_filter, FIXED },
	{ "> set_ftrace_notrace, tracing", tracer_on_one, truncate_notrace, FIXED },
	{ "> set_graph_function", graph_one, truncate_graph, FIXED },
	{ ">> set_graph_notrace", graph_one, append_graph_notrace, FIXED },
	{ "function > current_tracer", global_one, set_tracer, FIXED },
	{ "nop > current_tracer", tracer_on_one, set_nop, FIXED },
	{ "function > current_tracer, the first", small_buffer, set_tracer, VARIES },
	{ "0 > ftrace_enabled", register_three, disable, FIXED },
	{ "1 > ftrace_enabled", three_disabled, enable, FIXED },
};

#endif
