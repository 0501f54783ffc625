/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_audit.c - is everything as it should be?  The file ftrace_audit.
 *
 * Counts, flags and the words in memory are three copies of one fact, kept in step
 * by ftrace_count.c and ftrace_update.c.  The audit trusts none of them: for each
 * record it asks every registered ops whether it wants the site, derives what count,
 * flags and words follow, payload included, and compares.  So it does with the order of
 * the records, the dispatch table, and the slot in the trampolines.  The first thing that
 * differs is the answer; it names the site or object, what was expected, and what was found.
 *
 * A dead ftrace stopped in the middle of something: its counts are those of a change that
 * was not made.  What holds even then is that each site is what its record's STATE bits say.
 *
 * Reading the file changes nothing.  Cost: sites times ops, a few hundred instructions a site; everything
 * under ftrace_lock, so that no change is half done.  The tests read it after every case.
 */
#include "trace/ftrace_audit.h"
#include "lib/seq_file.h"
#include "lib/stdio.h"
#include "trace/ftrace_internal.h"
#include "trace/tracefs.h"

/* What follows for a site from who wants it. */
struct expectation {
	u32 count;
	u32 flags;		/* of the record: what should be, and what is */
	unsigned long addr;	/* what the site calls; 0: it is off */
	u32 payload;
};

#define AUDITED_FLAGS (FTRACE_FL_WANTED | FTRACE_FL_STATE | FTRACE_FL_IPMODIFY)

static bool claims(const struct ftrace_ops *op, unsigned long ip)
{
	return (op->flags & FTRACE_OPS_FL_IPMODIFY) && ftrace_lookup_ip(op->func_hash->filter_hash, ip);
}

/* The site is on.  `only`: the one ops that wants it, or NULL. */
static void expect_on(struct expectation *e, unsigned long ip, const struct ftrace_ops *only)
{
	e->flags |= FTRACE_FL_ENABLED | ((e->flags & FTRACE_FL_WANTED & ~FTRACE_FL_DIRECT) >> 1);
	e->addr = e->flags & FTRACE_FL_REGS ? FTRACE_REGS_ADDR : FTRACE_ADDR;
	if (e->flags & FTRACE_FL_CALL_OPS)
		e->payload = only->dispatch_index;
	if (only && (only->flags & FTRACE_OPS_FL_DIRECT) && ftrace_site_reaches(ip, ftrace_find_rec_direct(ip))) {
		e->flags |= FTRACE_FL_DIRECT_EN;
		e->addr = ftrace_find_rec_direct(ip);
	}
}

static struct expectation expect(const struct dyn_ftrace *rec)
{
	unsigned long ip = ftrace_rec_ip(rec);
	struct ftrace_ops *op, *last = NULL;
	struct expectation e = { 0 };

	if (rec->flags & FTRACE_FL_DISABLED)
		return e;
	for_each_ftrace_op(op) {
		struct ftrace_set set = ftrace_ops_set(op);

		if (!ftrace_set_has(&set, ip))
			continue;
		e.count++;
		last = op;
		if (op->flags & FTRACE_OPS_FL_SAVE_REGS)
			e.flags |= FTRACE_FL_REGS;
		if (op->flags & FTRACE_OPS_FL_DIRECT)
			e.flags |= FTRACE_FL_DIRECT;
		if (claims(op, ip))
			e.flags |= FTRACE_FL_IPMODIFY;
	}
	if (e.count == 1 && last->dispatch_index)
		e.flags |= FTRACE_FL_CALL_OPS;
	if (e.count && ftrace_enabled)
		expect_on(&e, ip, e.count == 1 ? last : NULL);
	return e;
}

static bool differs(struct ftrace_audit *audit, const char *what, u32 expected, u32 found)
{
	if (expected == found)
		return false;
	audit->what = what;
	audit->expected = expected;
	audit->found = found;
	return true;
}

static bool site_differs(struct ftrace_audit *audit, unsigned long ip, unsigned long addr, u32 payload)
{
	static const char *const names[] = {
		"word 0", "word 1", "word 2", "word 3", "word 4", "word 5", "word 6", "word 7"
	};
	u32 expected[FTRACE_SITE_WORDS], found[FTRACE_SITE_WORDS];

	static_assert(FTRACE_SITE_WORDS <= ARRAY_SIZE(names), "a name for each word");
	ftrace_expected_site(ip, addr, payload, expected);
	if (differs(audit, "readable", 0, (u32)-ftrace_read_site(ip, found)))
		return true;
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		if (differs(audit, names[i], expected[i], found[i]))
			return true;
	return false;
}

/*
 * Who left when ftrace died took its index along: any that the table has may be there.  And its direct call, so
 * that nobody knows what should.
 */
static bool dead_site_differs(struct ftrace_audit *audit, unsigned long ip, u32 state)
{
	unsigned long addr = state ? ftrace_state_addr(ip, state) : 0;

	if (((state & FTRACE_FL_DIRECT_EN) && !addr) || !site_differs(audit, ip, addr, 0))
		return false;
	for (u32 i = 1; (state & FTRACE_FL_CALL_OPS_EN) && i < FTRACE_DISPATCH_MAX; i++)
		if (ftrace_dispatch[i].ops && !site_differs(audit, ip, addr, i))
			return false;
	return true;
}

static bool record_differs(struct ftrace_audit *audit, const struct dyn_ftrace *rec)
{
	unsigned long ip = ftrace_rec_ip(rec), last = audit->where;
	struct expectation e;

	audit->where = ip;
	audit->sites++;
	audit->on += !!(rec->flags & FTRACE_FL_ENABLED);
	if (ip <= last)
		return differs(audit, "order", (u32)last + 1, (u32)ip);
	if (audit->dead)
		return dead_site_differs(audit, ip, rec->flags & FTRACE_FL_STATE);
	e = expect(rec);
	return differs(audit, "count", e.count, ftrace_rec_count(rec)) ||
	       differs(audit, "flags", e.flags, rec->flags & AUDITED_FLAGS) ||
	       site_differs(audit, ip, e.addr, e.payload);
}

static bool totals_differ(struct ftrace_audit *audit)
{
	audit->where = (unsigned long)&ftrace_pages_start;
	return differs(audit, "number of sites", ftrace_number_of_records, audit->sites) ||
	       differs(audit, "number of sites on", ftrace_sites_on, audit->on);
}

static bool dispatch_differs(struct ftrace_audit *audit)
{
	u32 index = audit->dead ? 0 : ftrace_dispatch_check();
	struct ftrace_ops *op;

	for_each_ftrace_op(op) {
		audit->where = (unsigned long)op;
		if (differs(audit, "registered", 1, !!(op->flags & FTRACE_OPS_FL_ENABLED)))
			return true;
	}
	audit->where = (unsigned long)&ftrace_dispatch[index];
	return differs(audit, "dispatch entry", 0, index);
}

static bool slot_differs(struct ftrace_audit *audit)
{
	audit->where = (unsigned long)ftrace_slot_func;
	if (ftrace_enabled && ftrace_slot_func != ftrace_trace_function)
		return differs(audit, "slot", (u32)(unsigned long)ftrace_trace_function,
			       (u32)(unsigned long)ftrace_slot_func);
	if (!ftrace_check_ftrace_func(ftrace_slot_func, &audit->expected, &audit->found))
		return false;
	audit->what = "word of the slot";
	return true;
}

bool ftrace_audit_rec(struct ftrace_audit *audit, const struct dyn_ftrace *rec)
{
	memset(audit, 0, sizeof(*audit));
	return !record_differs(audit, rec);
}

bool ftrace_audit(struct ftrace_audit *audit)
{
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;
	bool bad = false;

	memset(audit, 0, sizeof(*audit));
	mutex_lock(&ftrace_lock);
	audit->dead = ftrace_disabled;
	for_each_ftrace_rec(pg, rec) {
		bad = record_differs(audit, rec);
		if (bad)
			goto out;
	}
	bad = totals_differ(audit) || dispatch_differs(audit) || slot_differs(audit);
out:
	mutex_unlock(&ftrace_lock);
	return !bad;
}

int ftrace_audit_text(const struct ftrace_audit *audit, bool consistent, char *buf, size_t size)
{
	if (consistent)
		return scnprintf(buf, size, "%lu sites, %lu on, consistent%s", audit->sites, audit->on,
				 audit->dead ? ", but ftrace is dead" : "");
	return scnprintf(buf, size, "%pS: %s: expected %08x, found %08x", (void *)audit->where, audit->what,
			 audit->expected, audit->found);
}

static int ftrace_audit_show(struct seq_file *m, void *v)
{
	struct ftrace_audit audit;
	char text[KSYM_SYMBOL_LEN + 64];
	bool consistent = ftrace_audit(&audit);

	ftrace_audit_text(&audit, consistent, text, sizeof(text));
	seq_printf(m, "%s\n", text);
	return 0;
}

static int ftrace_audit_open(struct inode *inode, struct file *file)
{
	return single_open(file, ftrace_audit_show, NULL);
}

static const struct file_operations ftrace_audit_fops = {
	.open = ftrace_audit_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(ftrace_audit, "ftrace_audit", 0444, &ftrace_audit_fops, NULL);
