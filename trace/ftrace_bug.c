/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_bug.c - when a site is not what it must be.
 *
 * Before each change the arch side compares the bytes of the site with those that its
 * record says must be there.  If they differ, something wrote over code, or our
 * idea of it is wrong: either way, writing there would make it worse.  So all
 * that is known is printed, and ftrace is dead: nothing is registered, unregistered or patched
 * any more, so that the memory stays as it was found.  Sites that are on stay on, and
 * callbacks are still called: switching them off would mean patching.  Only an ops whose owner
 * unregisters it is no longer called: that takes no patching (ftrace_ops.c).
 *
 * The errors say how far the arch side came:
 *
 *	-EFAULT		the site cannot be read
 *	-EINVAL		read, but the bytes are others
 *	-EPERM		cannot be written
 *
 * and ftrace_bug_type what was being done:
 *
 *	INIT		the compiler's NOPs become ours, at boot
 *	CALL, NOP	a site is switched on, off
 *	UPDATE		one that is on gets another trampoline or payload
 *	UNKNOWN		no site: the slot in the trampolines was to call something else
 *
 * Any context; takes no lock.
 */
#include "trace/ftrace_internal.h"

int ftrace_disabled;
int ftrace_enabled;
enum ftrace_bug_type ftrace_bug_type;

void ftrace_kill(void)
{
	ftrace_disabled = 1;
	ftrace_enabled = 0;
	ftrace_trace_function = ftrace_stub;
}

bool ftrace_is_dead(void)
{
	return ftrace_disabled;
}

static void print_site(const char *what, unsigned long ip)
{
	pr_info("ftrace %s [<%px>] %pS\n", what, (void *)ip, (void *)ip);
}

/* The bytes in the order of their addresses, as they lie in memory. */
static void print_bytes(const char *what, const u32 words[FTRACE_SITE_WORDS])
{
	const u8 *byte = (const u8 *)words;

	pr_info(" %s", what);
	for (u32 i = 0; i < FTRACE_SITE_WORDS * sizeof(*words); i++)
		pr_cont("%s%02x", i ? ":" : "", byte[i]);
	pr_cont("\n");
}

/*
 * What the record says should be there.  The payload may be of an ops that does not want the site any more, so any
 * that the dispatch table has is right; if there is none of these, the one that it would be now.
 */
static void expected_words(const struct dyn_ftrace *rec, const u32 actual[FTRACE_SITE_WORDS],
			   u32 expected[FTRACE_SITE_WORDS])
{
	u32 state = rec->flags & FTRACE_FL_STATE;
	unsigned long ip = ftrace_rec_ip(rec), addr = state ? ftrace_state_addr(ip, state) : 0;
	const struct ftrace_ops *ops = NULL;

	if (state & FTRACE_FL_CALL_OPS_EN)
		ops = ftrace_find_unique_ops(ip);
	for (u32 i = 1; (state & FTRACE_FL_CALL_OPS_EN) && i < FTRACE_DISPATCH_MAX; i++) {
		ftrace_expected_site(ip, addr, i, expected);
		if (ftrace_dispatch[i].ops && !memcmp(actual, expected, FTRACE_SITE_SIZE))
			return;
	}
	ftrace_expected_site(ip, addr, ops ? ops->dispatch_index : 0, expected);
}

/* What is in memory, and what the record says should be. */
static void print_difference(const struct dyn_ftrace *rec)
{
	u32 actual[FTRACE_SITE_WORDS] = { 0 }, expected[FTRACE_SITE_WORDS];

	if (!ftrace_read_site(ftrace_rec_ip(rec), actual))
		print_bytes("actual:   ", actual);
	expected_words(rec, actual, expected);
	print_bytes("expected: ", expected);
}

/* The same of the slot, whose first word tells. */
static void print_slot_difference(void)
{
	u32 expected, found;

	if (ftrace_check_ftrace_func(ftrace_slot_func, &expected, &found))
		pr_info(" actual:   %08x\n expected: %08x\n", found, expected);
	else
		pr_info(" calls what it should: %pS\n", ftrace_slot_func);
}

/* Who wants the site, as the list of ops is now. */
static void print_ops(const struct dyn_ftrace *rec)
{
	char name[KSYM_SYMBOL_LEN];
	struct ftrace_ops *op;

	for_each_ftrace_op(op) {
		struct ftrace_set set = ftrace_ops_set(op);

		if (ftrace_set_has(&set, ftrace_rec_ip(rec)))
			pr_info(" ops: %s (%pS) flags: %lx index: %u\n", ftrace_ops_name(op, name), op->func,
				op->flags, op->dispatch_index);
	}
}

static void print_record(const struct dyn_ftrace *rec)
{
	u32 state = rec->flags & FTRACE_FL_STATE;

	pr_info("ftrace record flags: %x\n", rec->flags);
	pr_info(" (%u)%s%s\n", ftrace_rec_count(rec), rec->flags & FTRACE_FL_REGS ? " R" : "  ",
		rec->flags & FTRACE_FL_CALL_OPS ? " O" : "  ");
	pr_info(" expected tramp: %lx\n", ftrace_state_addr(ftrace_rec_ip(rec), state));
	print_ops(rec);
}

void ftrace_bug(int failed, const struct dyn_ftrace *rec)
{
	static const char *const doing[] = {
		[FTRACE_BUG_INIT] = "Initializing ftrace call sites",
		[FTRACE_BUG_NOP] = "Setting ftrace call site to NOP",
		[FTRACE_BUG_CALL] = "Setting ftrace call site to call ftrace function",
		[FTRACE_BUG_UPDATE] = "Updating ftrace call site to call a different ftrace function",
	};
	unsigned long ip = rec ? ftrace_rec_ip(rec) : FTRACE_ADDR;

	pr_info("------------[ ftrace bug ]------------\n");
	switch (failed) {
	case -EFAULT:
		print_site("faulted on modifying", ip);
		break;
	case -EINVAL:
		print_site("failed to modify", ip);
		if (rec)
			print_difference(rec);
		else
			print_slot_difference();
		break;
	case -EPERM:
		print_site("faulted on writing", ip);
		break;
	default:
		print_site("faulted on unknown error", ip);
	}
	if (ftrace_bug_type != FTRACE_BUG_UNKNOWN)
		pr_info("%s\n", doing[ftrace_bug_type]);
	if (rec)
		print_record(rec);
	FTRACE_WARN_ON_ONCE(1);
	/* A second bug must not find ftrace alive because it is not worth a second warning. */
	ftrace_kill();
}
