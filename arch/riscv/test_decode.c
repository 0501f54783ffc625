/* SPDX-License-Identifier: BSD-2-Clause */
/* test_decode.c - words of sites as text; the words are what the assembler makes of that text. */
#include "arch/arch.h"
#include "arch/riscv/insn.h"
#include "tests/ktest/ktest.h"

static const char *decoded(unsigned long addr, u32 word)
{
	static char text[128];

	ftrace_decode_word(addr, word, text, sizeof(text));
	return text;
}

KTEST(decode_shows_each_word_that_a_site_may_hold)
{
	KTEST_EXPECT_STREQ(decoded(0, 0x00000013), "nop");
	KTEST_EXPECT_STREQ(decoded(0, 0x00010001), "c.nop; c.nop");
	KTEST_EXPECT_STREQ(decoded(0, 0x0000a013), "hint 1 (slti zero, x1, 0)");
	KTEST_EXPECT_STREQ(decoded(0, 0xfff0a013), "hint 131041 (slti zero, x1, -1)");
	KTEST_EXPECT_STREQ(decoded(0, 0x12345297), "auipc t0, 0x12345");
	KTEST_EXPECT_STREQ(decoded(0, 0x800282e7), "jalr t0, -2048(t0)");
	KTEST_EXPECT_STREQ(decoded(0, 0x7ff282e7), "jalr t0, 2047(t0)");
}

KTEST(decode_names_what_a_jal_calls_forwards_and_backwards)
{
	unsigned long to = FTRACE_ADDR;

	KTEST_EXPECT_STREQ(decoded(to + 4096, insn_jal(REG_T0, to + 4096, to)), "jal t0, ftrace_caller");
	KTEST_EXPECT_STREQ(decoded(to - 0x7f004, insn_jal(REG_RA, to - 0x7f004, to)), "jal ra, ftrace_caller");
	KTEST_EXPECT_STREQ(decoded(to + 0xff802, insn_jal(REG_T0, to + 0xff802, to)), "jal t0, ftrace_caller");
}

KTEST(decode_shows_anything_else_as_a_number)
{
	KTEST_EXPECT_STREQ(decoded(0, 0xbad0bad0), ".word 0xbad0bad0");
	KTEST_EXPECT_STREQ(decoded(0, 0), ".word 0x00000000");
}
