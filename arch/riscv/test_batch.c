/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_batch.c - what a batch of changes does besides storing words: how the other harts come to fetch them, and where
 * text is writable meanwhile.
 */
#include "arch/arch.h"
#include "arch/riscv/firmware.h"
#include "arch/riscv/insn.h"
#include "arch/riscv/mm.h"
#include "arch/riscv/patch.h"
#include "kernel/kallsyms.h"
#include "kernel/smp.h"
#include "tests/ktest/ktest.h"
#include "tests/ktest/site_calls.h"

extern char _stext[], _etext[];
extern u32 patch_test_site[];	/* test_patch.c's, which nobody calls now */

#define ONE_WORD_ONLY()                                                                          \
	do {                                                                                     \
		if (ftrace_patch_stopped)                                                        \
			KTEST_SKIP("ftrace_patch=stop_machine: sites have the classic form");    \
	} while (0)
#define SEVERAL_CPUS_ONLY()                                                                      \
	do {                                                                                     \
		if (num_online_cpus() == 1)                                                      \
			KTEST_SKIP("one CPU only");                                              \
	} while (0)

/* ---- fences ---- */

/* How often the other harts were made to fetch anew for that change of patch_test_site; -1: it was refused. */
static long fences_of(unsigned long old_addr, unsigned long addr, u32 payload)
{
	unsigned long before = sbi_remote_fences_i;

	return change_test_site(patch_test_site, old_addr, addr, payload) ? -1 : (long)(sbi_remote_fences_i - before);
}

KTEST(patch_batch_ends_in_one_remote_fence)
{
	/* A jump of another first half than those to trampolines, as a direct call's may be. */
	const unsigned long direct = FTRACE_ADDR + PAGE_SIZE;

	ONE_WORD_ONLY();
	SEVERAL_CPUS_ONLY();
	KTEST_EXPECT_EQ(fences_of(0, FTRACE_ADDR, 7), 1);
	KTEST_EXPECT_EQ(fences_of(FTRACE_ADDR, FTRACE_ADDR, 9), 1);
	KTEST_EXPECT_EQ(fences_of(FTRACE_ADDR, FTRACE_REGS_ADDR, 9), 1);
	KTEST_EXPECT_EQ(fences_of(FTRACE_REGS_ADDR, 0, 0), 1);
	/* From one to the other: two more, while harts wait at the word. */
	KTEST_EXPECT_EQ(fences_of(0, FTRACE_ADDR, 7), 1);
	KTEST_EXPECT_EQ(fences_of(FTRACE_ADDR, direct, 0), 3);
	KTEST_EXPECT_EQ(fences_of(direct, 0, 0), 1);
}

static void do_nothing(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

/* Registers and unregisters an ops that wants `function`, or everything (0). */
static long fences_of_an_ops(unsigned long function)
{
	static struct ftrace_ops ops;
	unsigned long before = sbi_remote_fences_i;

	ops = (struct ftrace_ops){ .func = do_nothing, .flags = FTRACE_OPS_FL_RECURSION };
	if ((function && ftrace_set_filter_ip(&ops, function, 0, 1)) || register_ftrace_function(&ops) ||
	    unregister_ftrace_function(&ops))
		return -1;
	ftrace_free_filter(&ops);
	return (long)(sbi_remote_fences_i - before);
}

KTEST(patch_all_sites_take_as_many_remote_fences_as_one)
{
	long fences;

	ONE_WORD_ONLY();
	SEVERAL_CPUS_ONLY();
	if (!ftrace_get_enabled())
		KTEST_SKIP("kernel.ftrace_enabled is 0");
	fences = fences_of_an_ops((unsigned long)kallsyms_lookup_name);
	KTEST_EXPECT(fences >= 2 && fences < 100);
	KTEST_EXPECT_EQ(fences_of_an_ops(0), fences);
}

/* ---- the window ---- */

/* What any page of the window may be used for. */
static pgprot_t window_rights(void)
{
	pgprot_t rights = 0;

	for (unsigned long i = 0; i <= PATCH_WINDOW_SIZE; i += PAGE_SIZE)
		rights |= mm_page_rights(PATCH_ALIAS + i);
	return rights;
}

static bool text_is_read_execute(void)
{
	for (unsigned long va = (unsigned long)_stext; va < (unsigned long)_etext; va += PAGE_SIZE)
		if (mm_page_rights(va) != (PTE_R | PTE_X))
			return false;
	return true;
}

KTEST(patch_window_is_writable_within_a_batch_only_and_text_never)
{
	unsigned long words[] = { (unsigned long)_stext, (unsigned long)patch_test_site, (unsigned long)_etext - 8 };
	pgprot_t rights[ARRAY_SIZE(words)];
	bool text;

	KTEST_EXPECT_EQ(window_rights(), 0);
	patch_begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		patch_word(words[i], *(u32 *)words[i]);
		rights[i] = window_rights();
	}
	text = text_is_read_execute();
	patch_end();
	KTEST_EXPECT_EQ(window_rights(), 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		KTEST_EXPECT_EQ(rights[i], PTE_R | PTE_W);
	KTEST_EXPECT(text && text_is_read_execute());
}

/* In the batch that stops all others, too, after which there is no patch_end(). */
static int store_and_look(void *rights)
{
	int err = patch_word((unsigned long)patch_test_site, INSN_NOP);

	*(pgprot_t *)rights = window_rights();
	return err;
}

KTEST(patch_window_is_closed_when_the_machine_goes_on)
{
	pgprot_t rights = 0;

	KTEST_EXPECT_EQ(patch_stopped(store_and_look, &rights), 0);
	KTEST_EXPECT_EQ(rights, PTE_R | PTE_W);
	KTEST_EXPECT_EQ(window_rights(), 0);
}
