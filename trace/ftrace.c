/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.c - how it all begins, and the switch for the whole.
 *
 * The compiler left NOPs at the start of every function of the traced folders, and their
 * addresses in a table.  At boot:
 *
 *	the table becomes sorted records			ftrace_add_records()
 *	each site is checked and gets the NOPs that can		ftrace_init_nop()
 *	later be switched by storing a single word
 *	ftrace_filter=, ftrace_notrace= and their like for graphs are applied
 *
 * This comes as early as memory can be allocated, so that nearly all of boot can be
 * traced.  One CPU, interrupts off.  A site with other bytes than the compiler's NOPs means
 * that the table is wrong or the code is damaged: ftrace_bug(), and the kernel goes on
 * without ftrace.
 *
 * kernel.ftrace_enabled = 0 makes all sites NOPs and leaves everything else as it is:
 * ops stay registered, more can come, filters change, and counts are kept.  With 1 all
 * sites are brought up to date at once.
 */
#include "lib/math64.h"
#include "trace/ftrace_internal.h"

static int sysctl_value = 1;	/* what was written to kernel.ftrace_enabled, as it was written */

/* ---- Boot ---- */

static int __init nop_all_sites(void)
{
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;
	int ret = ftrace_arch_code_modify_prepare();

	if (ret)
		return ret;
	for_each_ftrace_rec(pg, rec) {
		ret = should_fail_patch();
		if (!ret)
			ret = ftrace_init_nop(ftrace_rec_ip(rec));
		if (ret) {
			ftrace_bug_type = FTRACE_BUG_INIT;
			ftrace_bug(ret, rec);
			goto out;
		}
	}
out:
	ftrace_arch_code_modify_post_process();
	return ret;
}

void __init ftrace_init(void)
{
	unsigned long *start = __start_mcount_loc, *stop = __stop_mcount_loc;
	unsigned long count = stop - start;
	u64 began = sched_clock();
	long skipped;

	if (!count) {
		pr_info("ftrace: No functions to be traced?\n");
		goto failed;
	}
	pr_info("ftrace: allocating %lu entries in %lu pages\n", count,
		(unsigned long)DIV_ROUND_UP(count, FTRACE_RECS_PER_PAGE));
	skipped = ftrace_add_records(start, stop);
	if (skipped < 0) {
		pr_err("ftrace: no memory for the records of %lu sites\n", count);
		goto failed;
	}
	if (skipped)
		pr_warn("ftrace: %ld of the table's entries name no site and are left out\n", skipped);
	if (nop_all_sites())
		goto failed;
	ftrace_enabled = 1;
	pr_info("ftrace: allocated %lu pages with %lu groups\n", ftrace_number_of_pages, ftrace_number_of_groups);
	pr_info("ftrace: %lu sites made NOPs in %llu us\n", ftrace_number_of_records,
		(unsigned long long)div_u64(sched_clock() - began, 1000));
	ftrace_set_early_filters();
	return;
failed:
	ftrace_disabled = 1;
}

/* ---- Memory with sites that goes away ---- */

void ftrace_free_mem(unsigned long start, unsigned long end)
{
	mutex_lock(&ftrace_lock);
	ftrace_clear_range_from_hashes(start, end);
	ftrace_sites_on -= ftrace_remove_records(start, end);
	mutex_unlock(&ftrace_lock);
}

void ftrace_free_init_mem(void)
{
	ftrace_free_mem((unsigned long)__init_begin, (unsigned long)__init_end);
}

/* ---- kernel.ftrace_enabled ---- */

static void start_all(void)
{
	int command = 0;

	ftrace_enabled = 1;
	update_ftrace_function();
	/* The slot is in an unknown state: saved_ftrace_func stopped being kept up to date. */
	saved_ftrace_func = NULL;
	ftrace_changes_set_all();
	if (ftrace_ops_list != &ftrace_list_end)
		command = FTRACE_UPDATE_CALLS;
	ftrace_run_update_code(NULL, command | ftrace_trace_func_command());
	ftrace_changes_reset();
}

static void stop_all(void)
{
	ftrace_trace_function = ftrace_stub;
	ftrace_changes_set_all();
	if (ftrace_ops_list != &ftrace_list_end)
		ftrace_run_update_code(NULL, FTRACE_DISABLE_CALLS);
	ftrace_changes_reset();
	ftrace_enabled = 0;
}

int ftrace_set_enabled(int value)
{
	int ret = 0;

	mutex_lock(&ftrace_lock);
	if (unlikely(ftrace_disabled)) {
		ret = -ENODEV;
	} else if (value && !ftrace_enabled) {
		start_all();
	} else if (!value && ftrace_enabled) {
		if (ftrace_permanent_ops_registered())
			ret = -EBUSY;
		else
			stop_all();
	}
	if (!ret)
		sysctl_value = value;
	mutex_unlock(&ftrace_lock);
	return ret;
}

int ftrace_get_enabled(void)
{
	return ftrace_disabled ? 0 : sysctl_value;
}
