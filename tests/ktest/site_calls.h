/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * site_calls.h - what is called through a patch site that a test has to itself: a function that it wrote in assembly, or
 * a copy of one, with no record.
 */
#ifndef TESTS_KTEST_SITE_CALLS_H
#define TESTS_KTEST_SITE_CALLS_H

#include "trace/ftrace_internal.h"

/* What the last call was about, and how many there were. */
extern struct site_calls {
	unsigned long hits, ip, parent_ip, arg0;
	const struct ftrace_ops *op;
	bool with_regs;
} seen;

/* Two dispatch indexes whose callback fills `seen`, and their ops. */
#define NOTE_INDEX(n) (FTRACE_DISPATCH_MAX - 1 - (n))
extern struct ftrace_ops note_ops[2];

/* Makes those indexes, and the slot behind index 0, call it; and puts back what was there.  No batch is open. */
void note_calls(bool on);

/* One change of a site, in a batch of its own: 0 or what ftrace_change_site() says. */
int change_test_site(const u32 *site, unsigned long old_addr, unsigned long addr, u32 payload);

/*
 * Calls the function of `site`, which is off, once through each trampoline, with and without an index, and once when it
 * is off again.  Whoever is called gets everything, and the function runs and returns: it is void f(u32 *ran), which
 * writes something that is not 0 to *ran.  Says what is wrong as expectations do.
 */
void expect_site_calls_in_all_ways(const u32 *site);
/* One of those: addr with that index, or with 0 for none. */
void expect_site_calls(const u32 *site, unsigned long addr, u32 index);

#endif
