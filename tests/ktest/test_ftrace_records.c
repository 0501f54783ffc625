/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ftrace_records.c - from a table of sites to records, on the machine: boot's work, done again on tables of a test's own.
 *
 * The tables are made of the kernel's own sites.  While a test has its records, ftrace_lock keeps everybody off them.
 */
#include "kernel/mm/slab.h"
#include "lib/string.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_internal.h"

/* Entries of a table that are no site: 0, a variable, and one that is there twice. */
#define JUNK 3

static struct {
	struct ftrace_page *pages_start;
	unsigned long records, pages, groups;
} own;

static void put_records_away(void)
{
	mutex_lock(&ftrace_lock);
	own.pages_start = ftrace_pages_start;
	own.records = ftrace_number_of_records;
	own.pages = ftrace_number_of_pages;
	own.groups = ftrace_number_of_groups;
	ftrace_pages_start = NULL;
	ftrace_number_of_records = ftrace_number_of_pages = ftrace_number_of_groups = 0;
}

static void get_records_back(void)
{
	while (ftrace_pages_start) {
		struct ftrace_page *pg = ftrace_pages_start;

		ftrace_pages_start = pg->next;
		free_pages(pg->records, pg->order);
		kfree(pg);
	}
	ftrace_pages_start = own.pages_start;
	ftrace_number_of_records = own.records;
	ftrace_number_of_pages = own.pages;
	ftrace_number_of_groups = own.groups;
	mutex_unlock(&ftrace_lock);
}

/* `sites`, in order, are exactly the records that there are, and each is found from its first byte to its last. */
static bool records_are(const unsigned long *sites, unsigned long n)
{
	for (unsigned long i = 0; i < n; i++) {
		struct dyn_ftrace *rec = ftrace_nth_rec(i);

		if (!rec || ftrace_rec_ip(rec) != sites[i] || rec->flags)
			return false;
		if (ftrace_lookup_rec(sites[i], sites[i]) != rec || ftrace_location(sites[i] + FTRACE_SITE_SIZE - 1) != sites[i])
			return false;
		/* The gap before it. */
		if (ftrace_location_range(i ? sites[i - 1] + FTRACE_SITE_SIZE : 0, sites[i] - 1))
			return false;
	}
	return ftrace_number_of_records == n && !ftrace_nth_rec(n) &&
	       !ftrace_location_range(n ? sites[n - 1] + FTRACE_SITE_SIZE : 0, ~0UL);
}

/* Every step-th of the kernel's sites, in order, into `sites`; and into `table` in another order, with what is no site. */
static unsigned long make_table(unsigned long *sites, unsigned long *table, unsigned long step)
{
	unsigned long n = 0, used = 0;

	for (unsigned long i = 0; i < ftrace_number_of_records; i += step)
		sites[n++] = ftrace_rec_ip(ftrace_nth_rec(i));
	/* The odd ones backwards, then the even ones. */
	for (unsigned long i = n; i-- > 0;)
		if (i & 1)
			table[used++] = sites[i];
	table[used++] = 0;
	table[used++] = (unsigned long)&own;
	table[used++] = sites[0];
	for (unsigned long i = 0; i < n; i += 2)
		table[used++] = sites[i];
	return n;
}

KTEST(ftrace_records_of_any_table_are_sorted_and_found)
{
	unsigned long all = ftrace_number_of_records, n;
	const unsigned long steps[] = { 1, 2, 70, all - 1, all };
	unsigned long *sites = kcalloc(all, sizeof(*sites), GFP_KERNEL);
	unsigned long *table = kcalloc(all + JUNK, sizeof(*table), GFP_KERNEL);
	bool good = sites && table, none;
	long left_out;

	for (unsigned int i = 0; good && i < ARRAY_SIZE(steps); i++) {
		n = make_table(sites, table, steps[i]);
		put_records_away();
		none = records_are(sites, 0);
		left_out = ftrace_add_records(table, table + n + JUNK);
		good = none && left_out == JUNK && records_are(sites, n);
		get_records_back();
	}
	kfree(sites);
	kfree(table);
	KTEST_EXPECT(good);
}
