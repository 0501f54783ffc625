/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_bug.c - when a site is not what it must be.
 *
 * Before each change the arch side compares the bytes of the site with those that its
 * record says must be there.  If they differ, something wrote over code, or our
 * idea of it is wrong: either way, writing there would make it worse.  So all
 * that is known is printed, and ftrace is dead: nothing is registered, unregistered or patched
 * any more, so that the memory stays as it was found.  Sites that are on stay on, and
 * callbacks are still called: switching them off would mean patching.
 *
 * The errors say how far the arch side came:
 *
 *	-EFAULT		the site cannot be read
 *	-EINVAL		read, but the bytes are others
 *	-EPERM		cannot be written
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

static u32 record_payload(const struct dyn_ftrace *rec)
{
	const struct ftrace_ops *ops = NULL;

	if (rec->flags & FTRACE_FL_CALL_OPS_EN)
		ops = ftrace_find_unique_ops(ftrace_rec_ip(rec));
	return ops ? ops->dispatch_index : 0;
}

/* What is in memory, and what the record says should be. */
static void print_difference(const struct dyn_ftrace *rec)
{
	u32 state = rec->flags & FTRACE_FL_STATE, words[FTRACE_SITE_WORDS];
	unsigned long ip = ftrace_rec_ip(rec);

	if (!ftrace_read_site(ip, words))
		print_bytes("actual:   ", words);
	ftrace_expected_site(ip, state ? ftrace_state_addr(ip, state) : 0, record_payload(rec), words);
	print_bytes("expected: ", words);
}

static void print_record(const struct dyn_ftrace *rec)
{
	u32 state = rec->flags & FTRACE_FL_STATE;

	pr_info("ftrace record flags: %x\n", rec->flags);
	pr_info(" (%u)%s%s\n", ftrace_rec_count(rec), rec->flags & FTRACE_FL_REGS ? " R" : "  ",
		rec->flags & FTRACE_FL_CALL_OPS ? " O" : "  ");
	pr_info(" expected tramp: %lx\n", ftrace_state_addr(ftrace_rec_ip(rec), state));
}

void ftrace_bug(int failed, const struct dyn_ftrace *rec)
{
	static const char *const doing[] = {
		[FTRACE_BUG_INIT] = "Initializing ftrace call sites",
		[FTRACE_BUG_NOP] = "Setting ftrace call site to NOP",
		[FTRACE_BUG_CALL] = "Setting ftrace call site to call ftrace function",
		[FTRACE_BUG_UPDATE] = "Updating ftrace call site to call a different ftrace function",
	};
	unsigned long ip = rec ? ftrace_rec_ip(rec) : 0;

	pr_info("------------[ ftrace bug ]------------\n");
	switch (failed) {
	case -EFAULT:
		print_site("faulted on modifying", ip);
		break;
	case -EINVAL:
		print_site("failed to modify", ip);
		if (rec)
			print_difference(rec);
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
