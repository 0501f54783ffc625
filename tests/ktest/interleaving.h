/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * interleaving.h - every way in which a hart can meet a site that is being changed.
 *
 * A change is a list of stores.  A hart begins to execute the site when i of them are done, is parked in front of an
 * instruction of it, or of the trampoline that it led to, which is about to read the payload; and goes on when j of them are
 * done: for every place to park, and every i <= j.
 * It is no model: the words are in memory, and the CPU executes them.  Parking it means that the word where it is to stop
 * is a branch while the words before are executed; all registers are kept, and loaded again when it goes on.
 *
 * The outcome of each such case is one letter:
 *
 *	.	the function ran, once, with everything that its caller gave it
 *	c	the same, and the callback was called before, once, with the right addresses and one of the right ops
 *	X	anything else: jumped to nowhere, called twice, a register lost
 */
#ifndef TESTS_KTEST_INTERLEAVING_H
#define TESTS_KTEST_INTERLEAVING_H

#include "arch/arch.h"
#include "tests/ktest/site_calls.h"

#define MAX_STORES 4

struct interleaving {
	const char *form, *change;
	u32 *site;				/* of a function made by interleaving_function() */
	u32 words[FTRACE_SITE_WORDS];		/* before the change */
	int nr_stores;
	struct {
		int word;
		u32 value;
	} stores[MAX_STORES];
	/* What the kernel makes with these stores: see ftrace_change_site(). */
	unsigned long old_addr, addr;
	u32 payload;
};

#define PLAYED_ONLY 0, 0, 0	/* the kernel does not make such a change, or not now */

/* What is done about a change of which one word alone does not decide. */
struct interleaving_rules {
	bool stopped;				/* a hart finds either none or all of the stores done */
	void (*leave_trap)(struct pt_regs *hart);	/* what happens on the way out of the trap that parked it, or NULL */
};

struct interleaving_totals {
	unsigned int cases, unsafe;
};

/*
 * Plays all cases of `il`, adds them to *totals, and prints a line for each place to park.  Then has the kernel make the
 * change, and expects the same words.  Task context.
 */
void interleave(const struct interleaving *il, const struct interleaving_rules *rules,
		struct interleaving_totals *totals);

/* ---- what an architecture gives: arch/NAME/test_interleaving.c ---- */

enum hart_event {
	HART_PARKED,	/* in front of the word that says so */
	HART_IN_BODY,	/* the site is done, the function begins */
	HART_LOST,	/* it jumped to where nobody leads it */
};

/* A hart in front of the first word of `site`, called by a function that does not exist. */
void hart_init(struct pt_regs *hart, const u32 *site);
/* Lets the hart whose registers are in il_hart go on from il_hart.epc until one of the events, interrupts off. */
enum hart_event il_run(void);
extern struct pt_regs il_hart;
/* Stores a word of the site.  Within a batch. */
void hart_write_word(const u32 *site, int word, u32 value);
/* Makes word `park` of the site, and what it needs behind it, one where a hart is parked.  Within a batch. */
void hart_write_park(const u32 *site, int park);
/*
 * Which word to make a branch so that a hart is found in front of word `park`: that one; or a later one, or the body
 * (FTRACE_SITE_WORDS), if trampolines read the word and it and those up to there do nothing; or the one before, if that is
 * a jump of which `park` is the delay slot.  hart_in_slot() then does what the jump, and the trap in its slot, do to the hart.
 */
int hart_stop_at(const u32 *words, int park);
void hart_in_slot(struct pt_regs *hart, const u32 *site, const u32 *words, int park);
/* Where a hart that executes the site with those words arrives in a trampoline; NULL: it does not. */
const u32 *hart_trampoline(const u32 *site, const u32 *words);
/* Makes the first two words there a place where a hart is parked.  Within a batch. */
void hart_write_park_in_trampoline(const u32 *entry);
/* Does the function begin with all that its caller gave it? */
bool hart_is_intact(const struct pt_regs *hart);
/* What a callback should be told. */
unsigned long hart_parent(void);
unsigned long hart_arg0(void);

#endif
