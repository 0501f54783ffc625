/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_audit.c - is everything as it should be?  The file ftrace_audit.
 *
 * Counts, flags and the words in memory are three copies of one fact, kept in step
 * by ftrace_count.c and ftrace_update.c.  The audit trusts none of them: for each
 * record it asks every registered ops whether it wants the site, derives what count,
 * flags and words follow, and compares.  The first thing that differs is the
 * answer; it names the site, what was expected, and what was found.
 *
 * Reading the file changes nothing.  Cost: sites times ops; everything under
 * ftrace_lock, so that no change is half done.
 */
#include "trace/ftrace_audit.h"
#include "lib/seq_file.h"
#include "trace/ftrace_internal.h"
#include "trace/tracefs.h"

/* What follows for a site from who wants it. */
struct expectation {
	u32 count;
	u32 state;	/* FTRACE_FL_STATE bits */
	u32 payload;
	unsigned long addr;	/* what the site calls; 0: it is off */
};

static struct expectation expect(const struct dyn_ftrace *rec)
{
	struct expectation e = { 0 };
	struct ftrace_ops *op, *last = NULL;
	unsigned long ip = ftrace_rec_ip(rec), direct = 0;
	bool regs = false;

	if (rec->flags & FTRACE_FL_DISABLED)
		return e;
	for_each_ftrace_op(op) {
		struct ftrace_set set = ftrace_ops_set(op);

		if (!ftrace_set_has(&set, ip))
			continue;
		e.count++;
		last = op;
		direct |= op->direct_call;
		regs |= !!(op->flags & FTRACE_OPS_FL_SAVE_REGS);
	}
	if (!e.count || !ftrace_enabled)
		return e;
	e.state = FTRACE_FL_ENABLED | (regs ? FTRACE_FL_REGS_EN : 0);
	if (e.count == 1 && last->dispatch_index) {
		e.state |= FTRACE_FL_CALL_OPS_EN;
		e.payload = last->dispatch_index;
	}
	e.addr = regs ? FTRACE_REGS_ADDR : FTRACE_ADDR;
	if (e.count == 1 && direct && ftrace_site_reaches(ip, direct)) {
		e.state |= FTRACE_FL_DIRECT_EN;
		e.addr = direct;
	}
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

static bool site_differs(struct ftrace_audit *audit, unsigned long ip, const struct expectation *e)
{
	static const char *const names[] = {
		"word 0", "word 1", "word 2", "word 3", "word 4", "word 5", "word 6", "word 7"
	};
	u32 expected[FTRACE_SITE_WORDS], found[FTRACE_SITE_WORDS];

	static_assert(FTRACE_SITE_WORDS <= ARRAY_SIZE(names), "a name for each word");
	ftrace_expected_site(ip, e->addr, e->payload, expected);
	if (differs(audit, "readable", 0, (u32)-ftrace_read_site(ip, found)))
		return true;
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		if (differs(audit, names[i], expected[i], found[i]))
			return true;
	return false;
}

static bool record_differs(struct ftrace_audit *audit, const struct dyn_ftrace *rec)
{
	struct expectation e = expect(rec);

	audit->ip = ftrace_rec_ip(rec);
	audit->sites++;
	audit->on += !!(rec->flags & FTRACE_FL_ENABLED);
	return differs(audit, "count", e.count, ftrace_rec_count(rec)) ||
	       differs(audit, "flags", e.state, rec->flags & FTRACE_FL_STATE) ||
	       site_differs(audit, audit->ip, &e);
}

bool ftrace_audit(struct ftrace_audit *audit)
{
	unsigned long last = 0;
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;
	bool bad = false;

	memset(audit, 0, sizeof(*audit));
	mutex_lock(&ftrace_lock);
	audit->dead = ftrace_disabled;
	for_each_ftrace_rec(pg, rec) {
		bad = record_differs(audit, rec);
		if (!bad && audit->ip <= last) {
			audit->what = "order";
			bad = true;
		}
		if (bad)
			goto out;
		last = audit->ip;
	}
	bad = differs(audit, "number of sites", ftrace_number_of_records, audit->sites) ||
	      differs(audit, "number of sites on", ftrace_sites_on, audit->on);
out:
	mutex_unlock(&ftrace_lock);
	return !bad;
}

static int ftrace_audit_show(struct seq_file *m, void *v)
{
	struct ftrace_audit audit;

	if (ftrace_audit(&audit))
		seq_printf(m, "%lu sites, %lu on, consistent%s\n", audit.sites, audit.on,
			   audit.dead ? ", but ftrace is dead" : "");
	else
		seq_printf(m, "%pS: %s: expected %08x, found %08x\n", (void *)audit.ip, audit.what, audit.expected,
			   audit.found);
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
