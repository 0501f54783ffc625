/* SPDX-License-Identifier: BSD-2-Clause */
/* test_decode.c - words of sites as text; the words are what the assembler makes of that text. */
#include "arch/arch.h"
#include "arch/mips/insn.h"
#include "tests/ktest/ktest.h"

static const char *decoded(unsigned long addr, u32 word)
{
	static char text[128];

	ftrace_decode_word(addr, word, text, sizeof(text));
	return text;
}

KTEST(decode_shows_each_word_that_a_site_may_hold)
{
	KTEST_EXPECT_STREQ(decoded(0, 0), "nop");
	KTEST_EXPECT_STREQ(decoded(0, 0x03e00825), "move at, ra");
	KTEST_EXPECT_STREQ(decoded(0, 0x3c000001), "hint 1 (lui zero, 0x1)");
	KTEST_EXPECT_STREQ(decoded(0, 0x3c038010), "lui v1, 0x8010");
	KTEST_EXPECT_STREQ(decoded(0, 0x24638000), "addiu v1, v1, -32768");
	KTEST_EXPECT_STREQ(decoded(0, 0x27bdfff8), "addiu sp, sp, -8");
	KTEST_EXPECT_STREQ(decoded(0, 0x0060f809), "jalr v1");
}

KTEST(decode_names_what_a_jal_calls)
{
	unsigned long to = FTRACE_ADDR;

	KTEST_EXPECT_STREQ(decoded(to + 4096, INSN_JAL(to)), "jal ftrace_caller");
	KTEST_EXPECT_STREQ(decoded(to - 4096, INSN_JAL(to)), "jal ftrace_caller");
}

KTEST(decode_names_where_a_branch_goes)
{
	const char *text = decoded(FTRACE_ADDR - 32, 0x10000007);

	KTEST_EXPECT_STREQ(text, decoded(FTRACE_ADDR - 32, insn_b(32)));
	KTEST_EXPECT_EQ(strncmp(text, "b ftrace_caller+0x0/", 20), 0);
}

KTEST(decode_shows_anything_else_as_a_number)
{
	KTEST_EXPECT_STREQ(decoded(0, 0xbad0bad0), ".word 0xbad0bad0");
}
