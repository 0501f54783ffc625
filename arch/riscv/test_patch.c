/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_patch.c - in-kernel tests of the encoders against words that the assembler
 * made, of every state of a site, near and far, as it is in memory, of every way in which a
 * site can refuse to be patched, and of what happens when a trap hits one.
 */
#include "arch/arch.h"
#include "arch/riscv/insn.h"
#include "arch/riscv/patch.h"
#include "kernel/irqflags.h"
#include "kernel/kthread.h"
#include "kernel/kallsyms.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"
#include "kernel/time/timer.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "tests/ktest/ktest.h"
#include "tests/ktest/site_calls.h"
#include <asm/csr.h>

extern char ftrace_far_caller[], ftrace_far_regs_caller[];

/* Assembled, never executed: jal with several offsets, payload words, auipc and jalr of several offsets. */
__asm__(".section .rodata\n"
	".balign 8\n"
	".option push\n.option norvc\n.option norelax\n"
	"insn_samples:\n"
	"1: jal t0, 1b + 4\n"
	"2: jal t0, 2b - 4\n"
	"3: jal ra, 3b + 0x7fe\n"
	"4: jal t0, 4b + 0x800\n"
	"5: jal t0, 5b + 0xffffe\n"
	"6: jal t0, 6b - 0x100000\n"
	"slti zero, zero, 0x001\n"
	"slti zero, t1, -1\n"
	"nop\n"
	"auipc t0, 0\n" "jalr t0, 0x7ff(t0)\n"
	"auipc t0, 1\n" "jalr t0, -0x800(t0)\n"
	"auipc t0, 0xfffff\n" "jalr t0, 0(t0)\n"
	".option pop\n"
	".previous\n");
extern const u32 insn_samples[];

KTEST(patch_jal_encodes_as_the_assembler)
{
	static const struct { u32 rd; long offset; } jals[] = {
		{ REG_T0, 4 }, { REG_T0, -4 }, { REG_RA, 0x7fe }, { REG_T0, 0x800 }, { REG_T0, 0xffffe },
		{ REG_T0, -0x100000 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(jals); i++) {
		unsigned long from = (unsigned long)&insn_samples[i];

		KTEST_EXPECT(insn_jal_reaches(from, from + jals[i].offset));
		KTEST_EXPECT_EQ(insn_jal(jals[i].rd, from, from + jals[i].offset), insn_samples[i]);
	}
}

KTEST(patch_jal_knows_its_reach)
{
	unsigned long from = 0x80200000;

	KTEST_EXPECT(insn_jal_reaches(from, from + 0xffffe));
	KTEST_EXPECT(!insn_jal_reaches(from, from + 0x100000));
	KTEST_EXPECT(insn_jal_reaches(from, from - 0x100000));
	KTEST_EXPECT(!insn_jal_reaches(from, from - 0x100002));
	KTEST_EXPECT(!insn_jal_reaches(from, from + 3));
}

KTEST(patch_auipc_and_jalr_encode_as_the_assembler)
{
	static const long offsets[] = { 0x7ff, 0x800, -0x1000 };
	unsigned long from = 0x80200000;

	for (unsigned int i = 0; i < ARRAY_SIZE(offsets); i++) {
		KTEST_EXPECT(insn_auipc_reaches(from, from + offsets[i]));
		KTEST_EXPECT_EQ(insn_auipc(REG_T0, from, from + offsets[i]), insn_samples[9 + 2 * i]);
		KTEST_EXPECT_EQ(insn_jalr(REG_T0, REG_T0, from, from + offsets[i]), insn_samples[10 + 2 * i]);
	}
	/* The upper part is rounded: bit 11 of the offset counts as -0x800 in the lower one. */
	KTEST_EXPECT_EQ(insn_auipc(REG_T0, from, from + 0x7ff), 0x00000297);
	KTEST_EXPECT_EQ(insn_jalr(REG_T0, REG_T0, from, from + 0x7ff), 0x7ff282e7);
	KTEST_EXPECT_EQ(insn_auipc(REG_T0, from, from + 0x800), 0x00001297);
	KTEST_EXPECT_EQ(insn_jalr(REG_T0, REG_T0, from, from + 0x800), 0x800282e7);
}

KTEST(patch_auipc_knows_its_reach)
{
	unsigned long from = 0x200000000;

	KTEST_EXPECT(insn_auipc_reaches(from, from + 0x7ffff7ff));
	KTEST_EXPECT(!insn_auipc_reaches(from, from + 0x7ffff800));
	KTEST_EXPECT(insn_auipc_reaches(from, from - 0x80000800));
	KTEST_EXPECT(!insn_auipc_reaches(from, from - 0x80000801));
}

KTEST(patch_payload_is_a_hint_that_carries_an_index)
{
	KTEST_EXPECT_EQ(insn_payload(0x20), insn_samples[6]);
	KTEST_EXPECT_EQ(insn_payload(0xfff << 5 | 6), insn_samples[7]);
	KTEST_EXPECT_EQ(insn_payload(0), insn_samples[8]);
	for (u32 i = 0; i <= FTRACE_MAX_PAYLOAD; i += 0x101)
		KTEST_EXPECT_EQ(insn_payload_of(insn_payload(i)), i);
	KTEST_EXPECT_EQ(insn_payload_of(0x0002a293), 0);	/* slti t0, t0, 0: a real instruction */
}

/*
 * Functions of our own in text, each laid out as a site: patch_test_site is off, patch_test_raw is as compiled.  Behind the
 * site, patch_test_site(u32 *result) says that it ran.
 */
#define BODY "li t1, 1\nsw t1, 0(a0)\nret\n"
__asm__(".text\n.balign 16\n"
	".option push\n.option norvc\n"
	".globl patch_test_site\n"
	"patch_test_site: nop\nnop\nnop\nnop\n" BODY
	".globl patch_test_raw\n"
	".balign 16\n"
	"patch_test_raw: .4byte 0x00010001, 0x00010001, 0x00010001, 0x00010001\n" BODY
	".globl patch_test_raw_end\n"
	"patch_test_raw_end:\n"
	".option pop\n.previous\n");
extern u32 patch_test_site[], patch_test_raw[], patch_test_raw_end[];	/* not const: they change */

static int in_batch(int (*change)(unsigned long, unsigned long), unsigned long ip, unsigned long arg)
{
	int err;

	patch_begin();
	err = change(ip, arg);
	patch_end();
	return err;
}

static int init_nop(unsigned long ip, unsigned long unused) { return ftrace_init_nop(ip); }
static int call_7(unsigned long ip, unsigned long addr) { return ftrace_make_call(ip, addr, 7); }
static int call_0(unsigned long ip, unsigned long addr) { return ftrace_make_call(ip, addr, 0); }
static int modify_9(unsigned long ip, unsigned long addr) { return ftrace_modify_call(ip, addr, addr, 9); }
static int to_regs(unsigned long ip, unsigned long old) { return ftrace_modify_call(ip, old, FTRACE_REGS_ADDR, 9); }
static int store(unsigned long ip, unsigned long word) { return patch_word(ip, (u32)word); }

#define ONE_WORD_ONLY()                                                                          \
	do {                                                                                     \
		if (ftrace_patch_stopped)                                                        \
			KTEST_SKIP("ftrace_patch=stop_machine: sites have the classic form");    \
	} while (0)
#define CLASSIC_ONLY()                                                                           \
	do {                                                                                     \
		if (!ftrace_patch_stopped)                                                       \
			KTEST_SKIP("without ftrace_patch=stop_machine no site is classic");      \
	} while (0)

static bool site_is(const u32 *site, u32 a, u32 b, u32 c, u32 d)
{
	return site[0] == a && site[1] == b && site[2] == c && site[3] == d;
}

KTEST(patch_site_goes_through_its_forms)
{
	unsigned long ip = (unsigned long)patch_test_site;
	u32 jal = insn_jal(REG_T0, ip, FTRACE_ADDR);
	u32 words[FTRACE_SITE_WORDS];

	ONE_WORD_ONLY();
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, jal, INSN_NOP, 7 << 15 | 0x2013, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(modify_9, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, jal, INSN_NOP, 9 << 15 | 0x2013, INSN_NOP));
	ftrace_expected_site(ip, FTRACE_ADDR, 9, words);
	KTEST_EXPECT(site_is(patch_test_site, words[0], words[1], words[2], words[3]));
	KTEST_EXPECT_EQ(in_batch(to_regs, ip, FTRACE_ADDR), 0);
	jal = insn_jal(REG_T0, ip, FTRACE_REGS_ADDR);
	KTEST_EXPECT(site_is(patch_test_site, jal, INSN_NOP, 9 << 15 | 0x2013, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_REGS_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
}

/* The upper half of that, the lower of this. */
static u32 halves(u32 second, u32 first)
{
	return (second & 0xffff0000) | (first & 0xffff);
}

/* A hart that reads a word in two halves never finds anything else than the old one, the new one, or a nop. */
static void expect_halves_are_safe(unsigned long ip)
{
	u32 jal = insn_jal(REG_T0, ip, FTRACE_ADDR), jal_regs = insn_jal(REG_T0, ip, FTRACE_REGS_ADDR);

	KTEST_EXPECT_EQ(halves(jal, jal_regs), jal);
	KTEST_EXPECT_EQ(halves(jal_regs, jal), jal_regs);
	KTEST_EXPECT_EQ(halves(jal, INSN_NOP) << 17, INSN_NOP << 17);	/* an addi to x0 */
	KTEST_EXPECT(insn_is_jal(halves(INSN_NOP, jal), REG_T0));	/* a jump to nowhere: so this must not come up */
}

KTEST(patch_near_site_is_never_half_of_two_jumps)
{
	unsigned long ip = (unsigned long)patch_test_site;
	u32 jal = insn_jal(REG_T0, ip, FTRACE_ADDR);

	ONE_WORD_ONLY();
	expect_halves_are_safe(ip);
	expect_halves_are_safe((unsigned long)kallsyms_lookup_name);
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	patch_begin();
	KTEST_EXPECT_EQ(ftrace_make_nop(ip, FTRACE_ADDR), 0);
	KTEST_EXPECT_EQ(patch_test_site[0], num_online_cpus() > 1 ? halves(jal, INSN_NOP) : INSN_NOP);
	patch_end();
	KTEST_EXPECT(site_is(patch_test_site, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
}

KTEST(patch_site_with_other_words_is_refused_unchanged)
{
	unsigned long ip = (unsigned long)patch_test_site;

	ONE_WORD_ONLY();
	/* On when it should be off, off when it should be on. */
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR + 8), -EINVAL);
	KTEST_EXPECT_EQ(insn_payload_of(patch_test_site[2]), 7);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(modify_9, ip, FTRACE_ADDR), -EINVAL);

	/* Any of the four words. */
	for (int i = 0; i < FTRACE_SITE_WORDS; i++) {
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, 0x00100013), 0);
		KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
		KTEST_EXPECT_EQ(patch_test_site[i], 0x00100013);
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, INSN_NOP), 0);
	}
	KTEST_EXPECT(site_is(patch_test_site, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
}

KTEST(patch_init_nop_takes_only_the_compilers_nops)
{
	unsigned long raw = (unsigned long)patch_test_raw;

	KTEST_EXPECT_EQ(in_batch(store, raw + 8, 0x00010013), 0);
	KTEST_EXPECT_EQ(in_batch(init_nop, raw, 0), -EINVAL);
	KTEST_EXPECT_EQ(patch_test_raw[0], INSN_C_NOP2);
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		KTEST_EXPECT_EQ(in_batch(store, raw + 4 * i, INSN_C_NOP2), 0);
	KTEST_EXPECT_EQ(in_batch(init_nop, raw, 0), 0);
	KTEST_EXPECT(site_is(patch_test_raw, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(init_nop, raw, 0), -EINVAL);
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		KTEST_EXPECT_EQ(in_batch(store, raw + 4 * i, INSN_C_NOP2), 0);
}

KTEST(patch_outside_text_is_refused)
{
	static u32 data[4];
	u32 words[FTRACE_SITE_WORDS];

	KTEST_EXPECT_EQ(in_batch(call_7, (unsigned long)data, FTRACE_ADDR), -EFAULT);
	KTEST_EXPECT_EQ(in_batch(store, (unsigned long)data, 1), -EFAULT);
	KTEST_EXPECT_EQ(in_batch(store, 0, 1), -EFAULT);
	KTEST_EXPECT_EQ(in_batch(store, (unsigned long)patch_test_site + 2, 1), -EFAULT);
	KTEST_EXPECT_EQ(ftrace_read_site((unsigned long)data, words), -EFAULT);
	KTEST_EXPECT_EQ(ftrace_read_site((unsigned long)patch_test_site, words), 0);
	KTEST_EXPECT_EQ(data[0], 0);
}

KTEST(patch_call_out_of_reach_is_refused_unchanged)
{
	unsigned long ip = (unsigned long)patch_test_site;

	ONE_WORD_ONLY();
	KTEST_EXPECT_EQ(in_batch(call_7, ip, ip + 0x100000), -EINVAL);
	KTEST_EXPECT(site_is(patch_test_site, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
}

/* ---- what is called through a site ---- */

KTEST(patch_slots_of_both_trampolines_are_patched)
{
	const unsigned long slot = (unsigned long)ftrace_call, regs_slot = (unsigned long)ftrace_regs_call;

	note_calls(true);
	KTEST_EXPECT_EQ(*(u32 *)slot, insn_jal(REG_RA, slot, (unsigned long)note_ops[0].func));
	KTEST_EXPECT_EQ(*(u32 *)regs_slot, insn_jal(REG_RA, regs_slot, (unsigned long)note_ops[0].func));
	note_calls(false);
	KTEST_EXPECT_EQ(*(u32 *)slot, insn_jal(REG_RA, slot, (unsigned long)ftrace_slot_func));
}

KTEST(patch_near_site_calls_with_and_without_index_and_registers)
{
	ONE_WORD_ONLY();
	expect_site_calls_in_all_ways(patch_test_site);
}

/* ---- the far form: in memory that no jal reaches from, where modules will be ---- */

#define FAR_TEXT 0x7f000000UL	/* nothing is there, and auipc reaches the kernel */

/* A copy of patch_test_raw, as compiled, that begins `offset` bytes into two pages of far text. */
static u32 *make_far_function(unsigned long offset)
{
	unsigned long size = (unsigned long)patch_test_raw_end - (unsigned long)patch_test_raw;
	char *pages = __get_free_pages(GFP_KERNEL, 1);

	if (!pages)
		return NULL;
	memcpy(pages + offset, patch_test_raw, size);
	for (unsigned long i = 0; i < 2 * PAGE_SIZE; i += PAGE_SIZE)
		if (arch_map_page(FAR_TEXT + i, __pa(pages) + i, PAGE_KERNEL_RX))
			return NULL;
	if (patch_set_far_text(FAR_TEXT, FAR_TEXT + 2 * PAGE_SIZE))
		return NULL;
	arch_sync_instruction_streams();
	return (u32 *)(FAR_TEXT + offset);
}

static void free_far_function(void)
{
	unsigned long pa = arch_unmap_page(FAR_TEXT);

	arch_unmap_page(FAR_TEXT + PAGE_SIZE);
	patch_set_far_text(0, 0);
	free_pages(__va(pa), 1);
}

static void expect_far_forms(const u32 *site)
{
	unsigned long ip = (unsigned long)site, offset = (unsigned long)ftrace_far_caller - ip;
	u32 auipc = ((offset + 0x800) & 0xfffff000) | 0x297, jalr = (u32)offset << 20 | 0x282e7, words[FTRACE_SITE_WORDS];

	KTEST_EXPECT(!insn_jal_reaches(ip, FTRACE_ADDR));
	KTEST_EXPECT_EQ(in_batch(init_nop, ip, 0), 0);
	KTEST_EXPECT(site_is(site, auipc, INSN_NOP, INSN_NOP, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(site, auipc, jalr, 7 << 15 | 0x2013, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(modify_9, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(site, auipc, jalr, 9 << 15 | 0x2013, INSN_NOP));
	ftrace_expected_site(ip, FTRACE_ADDR, 9, words);
	KTEST_EXPECT(!memcmp(words, site, sizeof(words)));
	KTEST_EXPECT_EQ(in_batch(to_regs, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(site, auipc, jalr, 9 << 15 | 0x2013, 1 << 15 | 0x2013));
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), -EINVAL);
	patch_begin();
	KTEST_EXPECT_EQ(ftrace_make_nop(ip, FTRACE_REGS_ADDR), 0);
	KTEST_EXPECT_EQ(site[1], num_online_cpus() > 1 ? halves(jalr, INSN_NOP) : INSN_NOP);
	patch_end();
	KTEST_EXPECT(site_is(site, auipc, INSN_NOP, INSN_NOP, INSN_NOP));
	ftrace_expected_site(ip, 0, 0, words);
	KTEST_EXPECT(!memcmp(words, site, sizeof(words)));
	for (int i = 0; i < FTRACE_SITE_WORDS; i++) {
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, 0x00100013), 0);
		KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
		KTEST_EXPECT_EQ(site[i], 0x00100013);
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, words[i]), 0);
	}
}

KTEST(patch_far_site_goes_through_its_forms)
{
	/* The second begins in one page and ends in the next. */
	static const unsigned long offsets[] = { 0, PAGE_SIZE - 8 };

	ONE_WORD_ONLY();
	for (unsigned int i = 0; i < ARRAY_SIZE(offsets); i++) {
		u32 *site = make_far_function(offsets[i]);

		KTEST_EXPECT(site != NULL);
		expect_far_forms(site);
		free_far_function();
	}
}

KTEST(patch_far_site_calls_with_and_without_index_and_registers)
{
	/* 0x800 apart: with the one or the other, the lower half of the distance is negative. */
	ONE_WORD_ONLY();
	for (unsigned long offset = 0; offset <= PAGE_SIZE; offset += 0x800) {
		u32 *site = make_far_function(offset);

		KTEST_EXPECT(site != NULL);
		KTEST_EXPECT_EQ(in_batch(init_nop, (unsigned long)site, 0), 0);
		expect_site_calls_in_all_ways(site);
		free_far_function();
		KTEST_EXPECT(seen.hits == 1 && seen.ip == (unsigned long)site);
	}
}

/* ---- the classic form ---- */

KTEST(patch_classic_site_goes_through_its_forms)
{
	unsigned long ip = (unsigned long)patch_test_site;
	u32 auipc = insn_auipc(REG_T0, ip, (unsigned long)ftrace_far_caller);
	u32 jalr = insn_jalr(REG_T0, REG_T0, ip, (unsigned long)ftrace_far_caller);

	CLASSIC_ONLY();
	KTEST_EXPECT_EQ(in_batch(call_0, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, auipc, jalr, INSN_NOP, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(call_0, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(to_regs, ip, FTRACE_ADDR), 0);
	auipc = insn_auipc(REG_T0, ip, (unsigned long)ftrace_far_regs_caller);
	jalr = insn_jalr(REG_T0, REG_T0, ip, (unsigned long)ftrace_far_regs_caller);
	KTEST_EXPECT(site_is(patch_test_site, auipc, jalr, INSN_NOP, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_REGS_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
	for (int i = 0; i < FTRACE_SITE_WORDS; i++) {
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, 0x00100013), 0);
		KTEST_EXPECT_EQ(in_batch(call_0, ip, FTRACE_ADDR), -EINVAL);
		KTEST_EXPECT_EQ(patch_test_site[i], 0x00100013);
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, INSN_NOP), 0);
	}
}

KTEST(patch_classic_site_calls_with_and_without_registers)
{
	CLASSIC_ONLY();
	note_calls(true);
	expect_site_calls(patch_test_site, FTRACE_ADDR, 0);
	expect_site_calls(patch_test_site, FTRACE_REGS_ADDR, 0);
	note_calls(false);
}

/* ---- a trap at each instruction of a site ---- */

/*
 * patch_test_enter(where, result, t0): goes on at `where` inside a site, with t0 as given and interrupts on from exactly
 * there: as if it returned from a trap.  Called with interrupts off; returns from the site's function.
 */
__asm__(".text\n"
	"patch_test_enter:\n"
	"csrw sepc, a0\n"
	"li t1, " __stringify(SR_SPIE) " | " __stringify(SR_SPP) "\n"
	"csrs sstatus, t1\n"
	"mv a0, a1\n"
	"mv t0, a2\n"
	"sret\n"
	".previous\n");
void patch_test_enter(const u32 *where, u32 *result, unsigned long t0);

static unsigned long interrupted_at;
static struct task_struct *clobberer;

/* In the interrupt: where it struck.  Then have the task switched away from before it goes on. */
static void in_interrupt_at_site(struct timer_list *timer)
{
	interrupted_at = csr_read(sepc);
	wake_up_process(clobberer);
}

/* Runs in between, and has t0 and all else that a task may use in its hands. */
static int clobber_registers(void *unused)
{
	while (!kthread_should_stop()) {
		__asm__ volatile("li t0, 0x0bad" ::: "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6");
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

/* Enters the site at `where` with the timer's interrupt waiting to strike there. */
static void enter_interrupted(const u32 *where, u32 *result, unsigned long t0)
{
	static struct timer_list timer;
	u64 start;

	set_cpus_allowed(current, BIT(smp_processor_id()));
	set_cpus_allowed(clobberer, BIT(smp_processor_id()));
	timer_setup(&timer, in_interrupt_at_site, 0);
	interrupted_at = 0;
	yield();		/* to the end of the line, so that whoever wakes up preempts us */
	local_irq_disable();
	mod_timer(&timer, jiffies);
	/* A tick that is due, and whose timers are. */
	start = ktime_get_ns();
	while (!(csr_read(sip) & IE_STIE) || ktime_get_ns() - start <= TICK_NSEC)
		;
	patch_test_enter(where, result, t0);
	del_timer_sync(&timer);
}

/* Enters a site at each word in turn, with t0 as a hart has it there; those up to `last_call` lead to a call. */
static void expect_site_survives(const u32 *site, int last_call, bool far)
{
	for (int i = 0; i < FTRACE_SITE_WORDS; i++) {
		/* What auipc made; what the call left. */
		unsigned long made = (unsigned long)site + ((int)site[0] & ~0xfff);
		unsigned long switches;
		u32 result;
		int tries = 0;

		/* Again when the next tick came on top of this one, before the timer saw where that had been. */
		do {
			switches = current->nivcsw;
			result = 0;
			memset(&seen, 0, sizeof(seen));
			enter_interrupted(site + i, &result, far && i ? made : 0);
		} while (interrupted_at != (unsigned long)(site + i) && ++tries < 20);
		KTEST_EXPECT_EQ(interrupted_at, (unsigned long)(site + i));
		KTEST_EXPECT_EQ(current->nivcsw, switches + 1);
		KTEST_EXPECT_EQ(result, 1);
		KTEST_EXPECT_EQ(seen.hits, i <= last_call);
		if (seen.hits) {
			KTEST_EXPECT_EQ(seen.ip, (unsigned long)site);
			KTEST_EXPECT_EQ(seen.arg0, (unsigned long)&result);
			KTEST_EXPECT(seen.parent_ip > (unsigned long)enter_interrupted);
			KTEST_EXPECT(seen.parent_ip < (unsigned long)enter_interrupted + 512);
		}
	}
}

static void expect_site_survives_on_and_off(const u32 *site, int last_call, bool far)
{
	unsigned long ip = (unsigned long)site;

	set_cpus_allowed(current, BIT(smp_processor_id()));	/* so that whoever wakes up preempts us */
	clobberer = kthread_create(clobber_registers, NULL, "clobber");
	KTEST_EXPECT(!IS_ERR(clobberer));
	kthread_bind(clobberer, smp_processor_id());
	wake_up_process(clobberer);
	note_calls(true);
	expect_site_survives(site, -1, far);
	KTEST_EXPECT_EQ(change_test_site(site, 0, FTRACE_ADDR, ftrace_patch_stopped ? 0 : NOTE_INDEX(0)), 0);
	expect_site_survives(site, last_call, far);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), 0);
	note_calls(false);
	kthread_stop(clobberer);
}

KTEST(patch_near_site_survives_a_trap_and_a_switch_at_each_instruction)
{
	ONE_WORD_ONLY();
	expect_site_survives_on_and_off(patch_test_site, 0, false);
}

KTEST(patch_far_site_survives_a_trap_and_a_switch_at_each_instruction)
{
	u32 *site;

	ONE_WORD_ONLY();
	site = make_far_function(0);
	KTEST_EXPECT(site != NULL);
	KTEST_EXPECT_EQ(in_batch(init_nop, (unsigned long)site, 0), 0);
	expect_site_survives_on_and_off(site, 1, true);
	free_far_function();
}

/* With t0 as a hart has it that found a nop where now is auipc: it executes that after all. */
KTEST(patch_classic_site_survives_a_trap_and_a_switch_at_each_instruction)
{
	CLASSIC_ONLY();
	expect_site_survives_on_and_off(patch_test_site, 1, false);
}
