/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_records.c - one record per patch site, and the way from an address to its record.
 *
 * The linker gathers the addresses of all sites into one table.  At boot it becomes
 * records, which never move again and are sorted by address:
 *
 *	ftrace_pages_start -> [group: 2^n pages of records] -> [group] -> NULL
 *
 * A group is the largest power of two of pages that the rest of the table fills, so
 * there are at most log2 of them, and no more than the last page is partly empty.
 * Finding the record of an address is a look at each group's bounds and a binary
 * search: O(log n).
 *
 * A record holds a 32-bit offset instead of an address, which halves it: 8 bytes
 * a site, for as long as the kernel runs.
 *
 * Locks: records are added at boot (one CPU, interrupts off) and removed under
 * ftrace_lock when boot memory goes; in between, their addresses are constant, so
 * that lookups need no lock.  rec->flags belongs to whoever holds ftrace_lock.
 */
#include "lib/bsearch.h"
#include "lib/sort.h"
#include "trace/ftrace_internal.h"

struct ftrace_page *ftrace_pages_start;
unsigned long ftrace_number_of_records, ftrace_number_of_pages, ftrace_number_of_groups;

/* ---- From the table to records ---- */

static int cmp_addresses(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

static bool is_sorted(const unsigned long *p, const unsigned long *end)
{
	for (; p + 1 < end; p++)
		if (p[0] > p[1])
			return false;
	return true;
}

static void free_pages_list(struct ftrace_page *pg)
{
	while (pg) {
		struct ftrace_page *next = pg->next;

		free_pages(pg->records, pg->order);
		kfree(pg);
		pg = next;
	}
}

static unsigned int floor_log2(unsigned long n)
{
	return 8 * sizeof(n) - 1 - __builtin_clzl(n);
}

/* A group of at most `pages` pages; fewer when memory is in small pieces only. */
static struct ftrace_page *alloc_group(unsigned long pages)
{
	struct ftrace_page *pg = kzalloc(sizeof(*pg), GFP_KERNEL);

	if (!pg)
		return NULL;
	for (pg->order = floor_log2(pages);; pg->order--) {
		pg->records = __get_free_pages(GFP_KERNEL | __GFP_ZERO, pg->order);
		if (pg->records)
			return pg;
		if (!pg->order)
			break;
	}
	kfree(pg);
	return NULL;
}

static struct ftrace_page *alloc_groups(unsigned long count)
{
	unsigned long pages = DIV_ROUND_UP(count, FTRACE_RECS_PER_PAGE);
	struct ftrace_page *first = NULL, **link = &first;

	while (pages) {
		struct ftrace_page *pg = alloc_group(pages);

		if (!pg) {
			free_pages_list(first);
			return NULL;
		}
		*link = pg;
		link = &pg->next;
		pages -= 1UL << pg->order;
	}
	return first;
}

/* Can a record be made of this entry?  A linker that dropped a function may leave 0, or an address of nothing. */
static bool is_site(unsigned long ip)
{
	long offset = ip - ftrace_text_base;

	return ip && offset == (s32)offset && kernel_text_address(ip);
}

/* Fills the groups and returns how many entries of the table they hold. */
static unsigned long fill_records(struct ftrace_page *pg, const unsigned long *start, const unsigned long *end)
{
	unsigned long last = 0, used = 0;

	for (; start < end; start++) {
		if (*start == last || !is_site(*start))
			continue;
		last = *start;
		if (pg->index == FTRACE_RECS_PER_PAGE << pg->order)
			pg = pg->next;
		pg->records[pg->index++].ip_offset = (s32)(last - ftrace_text_base);
		used++;
	}
	return used;
}

long ftrace_add_records(unsigned long *start, unsigned long *end)
{
	struct ftrace_page *first, **link, *pg;
	unsigned long used;

	if (!is_sorted(start, end))
		sort(start, end - start, sizeof(*start), cmp_addresses, NULL);

	first = alloc_groups(end - start);
	if (!first)
		return -ENOMEM;
	used = fill_records(first, start, end);

	/* What was left out may have been whole groups. */
	for (link = &first; *link && (*link)->index; link = &(*link)->next) {
		ftrace_number_of_pages += 1UL << (*link)->order;
		ftrace_number_of_groups++;
	}
	free_pages_list(*link);
	*link = NULL;

	for (link = &ftrace_pages_start; (pg = *link); link = &pg->next)
		;
	*link = first;
	ftrace_number_of_records += used;
	return (end - start) - used;
}

/* Removes those of one group: they are neighbours, so the rest moves down over them. */
static unsigned int remove_from_group(struct ftrace_page *pg, unsigned long start, unsigned long end)
{
	struct dyn_ftrace *rec, *to = pg->records;
	unsigned int on = 0;

	for (rec = pg->records; rec < pg->records + pg->index; rec++) {
		unsigned long ip = ftrace_rec_ip(rec);

		if (ip < start || ip >= end)
			*to++ = *rec;
		else if (rec->flags & FTRACE_FL_ENABLED)
			on++;
	}
	ftrace_number_of_records -= rec - to;
	pg->index = to - pg->records;
	return on;
}

unsigned int ftrace_remove_records(unsigned long start, unsigned long end)
{
	struct ftrace_page *pg;
	unsigned int on = 0;

	for (pg = ftrace_pages_start; pg; pg = pg->next)
		if (pg->index && ftrace_rec_ip(&pg->records[0]) < end &&
		    ftrace_rec_ip(&pg->records[pg->index - 1]) >= start)
			on += remove_from_group(pg, start, end);
	return on;
}

/* ---- From an address to its record ---- */

struct rec_range {
	unsigned long start, end;	/* both inside */
};

static int cmp_range_rec(const void *key, const void *element)
{
	const struct rec_range *range = key;
	unsigned long ip = ftrace_rec_ip(element);

	if (range->end < ip)
		return -1;
	return range->start >= ip + FTRACE_SITE_SIZE;
}

struct dyn_ftrace *ftrace_lookup_rec(unsigned long start, unsigned long end)
{
	struct rec_range range = { start, end };
	struct dyn_ftrace *rec;
	struct ftrace_page *pg;

	for (pg = ftrace_pages_start; pg; pg = pg->next) {
		if (!pg->index || end < ftrace_rec_ip(&pg->records[0]) ||
		    start >= ftrace_rec_ip(&pg->records[pg->index - 1]) + FTRACE_SITE_SIZE)
			continue;
		rec = __inline_bsearch(&range, pg->records, pg->index, sizeof(*rec), cmp_range_rec);
		if (rec)
			return rec;
	}
	return NULL;
}

struct dyn_ftrace *ftrace_exact_rec(unsigned long ip)
{
	struct dyn_ftrace *rec = ftrace_lookup_rec(ip, ip);

	return rec && ftrace_rec_ip(rec) == ip ? rec : NULL;
}

struct dyn_ftrace *ftrace_nth_rec(unsigned long n)
{
	struct ftrace_page *pg;

	for (pg = ftrace_pages_start; pg; pg = pg->next) {
		if (n < pg->index)
			return &pg->records[n];
		n -= pg->index;
	}
	return NULL;
}

unsigned long ftrace_location_range(unsigned long start, unsigned long end)
{
	struct dyn_ftrace *rec = ftrace_lookup_rec(start, end);

	return rec ? ftrace_rec_ip(rec) : 0;
}

unsigned long ftrace_location(unsigned long ip)
{
	unsigned long loc = ftrace_location_range(ip, ip), size, offset;
	char name[KSYM_NAME_LEN];

	if (loc)
		return loc;
	/* The compiler may have put something in front of the NOPs: a function's first address still means its site. */
	if (!kallsyms_lookup(ip, &size, &offset, NULL, name) || offset || !size)
		return 0;
	return ftrace_location_range(ip, ip + size - 1);
}

int ftrace_text_reserved(const void *start, const void *end)
{
	return ftrace_lookup_rec((unsigned long)start, (unsigned long)end) != NULL;
}

/* ---- From names to sites ---- */

static int cmp_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int ftrace_lookup_symbols(const char **sorted_syms, size_t cnt, unsigned long *addrs)
{
	size_t found = 0;
	u32 i;

	memset(addrs, 0, cnt * sizeof(*addrs));
	for (i = 0; i < kallsyms_num_syms && found < cnt; i++) {
		const char *name = kallsyms_sym_name(i);
		unsigned long ip = kallsyms_sym_address(i);
		const char **sym = __inline_bsearch(&name, sorted_syms, cnt, sizeof(*sorted_syms), cmp_names);

		/* Of several functions of that name, the first that can be traced. */
		if (!sym || addrs[sym - sorted_syms] || !ftrace_location(ip))
			continue;
		addrs[sym - sorted_syms] = ip;
		found++;
	}
	return cnt && found == cnt ? 0 : -ESRCH;
}
