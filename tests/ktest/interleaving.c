/* SPDX-License-Identifier: BSD-2-Clause */
/* interleaving.c - see interleaving.h. */
#include "tests/ktest/interleaving.h"
#include "kernel/irqflags.h"
#include "kernel/printk.h"
#include "tests/ktest/ktest.h"

#define IN_TRAMPOLINE FTRACE_SITE_WORDS	/* a place to park behind the site's words */

/* The words when n stores are done. */
static void words_after(const struct interleaving *il, int n, u32 words[FTRACE_SITE_WORDS])
{
	memcpy(words, il->words, sizeof(il->words));
	for (int i = 0; i < n; i++)
		words[il->stores[i].word] = il->stores[i].value;
}

static void write_site(u32 *site, const u32 *words, int park)
{
	ftrace_arch_code_modify_prepare();
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		hart_write_word(site, i, words[i]);
	if (park < FTRACE_SITE_WORDS)
		hart_write_park(site, park);
	ftrace_arch_code_modify_post_process();
}

static enum hart_event hart_run(struct pt_regs *hart)
{
	enum hart_event event;
	unsigned long flags;

	local_irq_save(flags);
	il_hart = *hart;
	event = il_run();
	*hart = il_hart;
	local_irq_restore(flags);
	return event;
}

/* A hart that began when i stores were done stands in front of word `park`.  false: it does not come there. */
static bool park_hart(const struct interleaving *il, int i, int park, struct pt_regs *hart)
{
	u32 words[FTRACE_SITE_WORDS];
	int stop;

	words_after(il, i, words);
	stop = hart_stop_at(words, park);
	write_site(il->site, words, stop);
	hart_init(hart, il->site);
	if (hart_run(hart) != (stop < FTRACE_SITE_WORDS ? HART_PARKED : HART_IN_BODY))
		return false;
	hart->epc = (unsigned long)(il->site + min(stop, park));
	if (stop < park)
		hart_in_slot(hart, il->site, words, park);
	return true;
}

/* The same in the trampoline, in front of its first instruction. */
static bool park_in_trampoline(const struct interleaving *il, int i, struct pt_regs *hart)
{
	u32 words[FTRACE_SITE_WORDS];
	enum hart_event event;
	const u32 *entry;
	u32 was[2];

	words_after(il, i, words);
	entry = hart_trampoline(il->site, words);
	if (!entry)
		return false;
	write_site(il->site, words, FTRACE_SITE_WORDS);
	memcpy(was, entry, sizeof(was));
	ftrace_arch_code_modify_prepare();
	hart_write_park_in_trampoline(entry);
	ftrace_arch_code_modify_post_process();
	hart_init(hart, il->site);
	event = hart_run(hart);
	ftrace_arch_code_modify_prepare();
	hart_write_word(entry, 0, was[0]);
	hart_write_word(entry, 1, was[1]);
	ftrace_arch_code_modify_post_process();
	hart->epc = (unsigned long)entry;
	return event == HART_PARKED;
}

static bool call_was_right(const struct interleaving *il)
{
	return seen.hits == 1 && seen.ip == (unsigned long)il->site && seen.parent_ip == hart_parent() &&
	       seen.arg0 == hart_arg0() && (seen.op == &note_ops[0] || seen.op == &note_ops[1] ||
					    seen.op == function_trace_op);
}

/* One case; its letter, or 0 if there is no such case. */
static char play(const struct interleaving *il, const struct interleaving_rules *rules, int park, int i, int j)
{
	u32 words[FTRACE_SITE_WORDS];
	struct pt_regs hart;

	memset(&seen, 0, sizeof(seen));
	if (park == IN_TRAMPOLINE ? !park_in_trampoline(il, i, &hart) : !park_hart(il, i, park, &hart))
		return 0;
	words_after(il, j, words);
	write_site(il->site, words, FTRACE_SITE_WORDS);
	if (rules->leave_trap)
		rules->leave_trap(&hart);
	if (hart_run(&hart) != HART_IN_BODY || !hart_is_intact(&hart))
		return 'X';
	if (!seen.hits)
		return '.';
	return call_was_right(il) ? 'c' : 'X';
}

/* tests/gdb/test_stores.py steps through this, and compares the stores one by one. */
static noinline void make_change(const struct interleaving *il)
{
	u32 words[FTRACE_SITE_WORDS];
	int err;

	ftrace_arch_code_modify_prepare();
	err = ftrace_change_site((unsigned long)il->site, il->old_addr, il->addr, il->payload);
	ftrace_arch_code_modify_post_process();
	words_after(il, il->nr_stores, words);
	KTEST_EXPECT_EQ(err, 0);
	KTEST_EXPECT(!memcmp(il->site, words, sizeof(words)));
}

void interleave(const struct interleaving *il, const struct interleaving_rules *rules,
		struct interleaving_totals *totals)
{
	note_calls(true);
	for (int park = 0; park <= IN_TRAMPOLINE; park++) {
		char line[128], place[16];
		int len = 0;

		for (int i = 0; i <= il->nr_stores; i++) {
			for (int j = i; j <= il->nr_stores; j++) {
				char outcome;

				if (rules->stopped && ((i && i < il->nr_stores) || (j && j < il->nr_stores)))
					continue;
				outcome = play(il, rules, park, i, j);
				if (!outcome)
					continue;
				totals->cases++;
				totals->unsafe += outcome == 'X';
				len += scnprintf(line + len, sizeof(line) - len, "  %d-%d %c", i, j, outcome);
			}
		}
		scnprintf(place, sizeof(place), park == IN_TRAMPOLINE ? "trampoline" : "ip+%d", 4 * park);
		if (len)
			pr_info("interleaving: %s, %s: %s:%s\n", il->form, il->change, place, line);
	}
	note_calls(false);
	write_site(il->site, il->words, FTRACE_SITE_WORDS);
	if ((il->old_addr || il->addr) && !ftrace_patch_stopped) {
		make_change(il);
		write_site(il->site, il->words, FTRACE_SITE_WORDS);
	}
}
