/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_patch.c - in-kernel tests of the encoders against words that the assembler
 * made, and of every way in which a site can refuse to be patched.
 */
#include "arch/arch.h"
#include "arch/riscv/insn.h"
#include "arch/riscv/patch.h"
#include "lib/errno.h"
#include "tests/ktest/ktest.h"

/* Assembled, never executed: jal with several offsets, and payload words. */
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

KTEST(patch_payload_is_a_hint_that_carries_an_index)
{
	KTEST_EXPECT_EQ(insn_payload(0x20), insn_samples[6]);
	KTEST_EXPECT_EQ(insn_payload(0xfff << 5 | 6), insn_samples[7]);
	KTEST_EXPECT_EQ(insn_payload(0), insn_samples[8]);
	for (u32 i = 0; i <= FTRACE_MAX_PAYLOAD; i += 0x101)
		KTEST_EXPECT_EQ(insn_payload_of(insn_payload(i)), i);
	KTEST_EXPECT_EQ(insn_payload_of(0x0002a293), 0);	/* slti t0, t0, 0: a real instruction */
}

/* A function of our own in text, laid out as a site that is off. */
__asm__(".text\n.balign 16\n"
	".option push\n.option norvc\n"
	".globl patch_test_site\n"
	"patch_test_site: nop\nnop\nnop\nnop\n"
	"patch_test_raw: .4byte 0x00010001, 0x00010001, 0x00010001, 0x00010001\n"
	"ret\n"
	".option pop\n.previous\n");
extern const volatile u32 patch_test_site[], patch_test_raw[];

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
static int modify_9(unsigned long ip, unsigned long addr) { return ftrace_modify_call(ip, addr, addr, 9); }
static int store(unsigned long ip, unsigned long word) { return patch_word(ip, (u32)word); }

static bool site_is(const volatile u32 *site, u32 a, u32 b, u32 c, u32 d)
{
	return site[0] == a && site[1] == b && site[2] == c && site[3] == d;
}

KTEST(patch_site_goes_through_its_forms)
{
	unsigned long ip = (unsigned long)patch_test_site;
	u32 jal = insn_jal(REG_T0, ip, FTRACE_ADDR);
	u32 words[FTRACE_SITE_WORDS];

	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, jal, INSN_NOP, 7 << 15 | 0x2013, INSN_NOP));
	KTEST_EXPECT_EQ(in_batch(modify_9, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, jal, INSN_NOP, 9 << 15 | 0x2013, INSN_NOP));
	ftrace_expected_site(ip, FTRACE_ADDR, 9, words);
	KTEST_EXPECT(site_is(patch_test_site, words[0], words[1], words[2], words[3]));
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
}

KTEST(patch_site_with_other_words_is_refused_unchanged)
{
	unsigned long ip = (unsigned long)patch_test_site;

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

	KTEST_EXPECT_EQ(in_batch(call_7, ip, ip + 0x100000), -EINVAL);
	KTEST_EXPECT(site_is(patch_test_site, INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP));
}
