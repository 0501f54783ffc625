/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decode.c - the words of a patch site as assembly, for people.  Only what can stand in a site is known, in any form of
 * it; anything else is shown as a number.  Pure.
 */
#include "arch/arch.h"
#include "arch/riscv/insn.h"
#include "lib/stdio.h"

static const char *const names[32] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
	"a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

#define OPCODE(word) ((word) & 0x7f)
#define RD(word) names[(word) >> 7 & 31]
#define RS1(word) ((word) >> 15 & 31)
#define IMM_I(word) ((s32)(word) >> 20)

enum { AUIPC = 0x17, JALR = 0x67, JAL = 0x6f };

static unsigned long jal_target(unsigned long addr, u32 word)
{
	s32 offset = (s32)(word & 0x80000000) >> 11 | (s32)(word & 0xff000) | (s32)(word >> 9 & 0x800) |
		     (s32)(word >> 20 & 0x7fe);

	return addr + (long)offset;
}

void ftrace_decode_word(unsigned long addr, u32 word, char *text, size_t size)
{
	if (word == INSN_NOP)
		snprintf(text, size, "nop");
	else if (word == INSN_C_NOP2)
		snprintf(text, size, "c.nop; c.nop");
	else if (insn_payload_of(word))
		snprintf(text, size, "hint %u (slti zero, x%u, %d)", insn_payload_of(word), RS1(word), IMM_I(word));
	else if (OPCODE(word) == JAL)
		snprintf(text, size, "jal %s, %ps", RD(word), (void *)jal_target(addr, word));
	else if (OPCODE(word) == AUIPC)
		snprintf(text, size, "auipc %s, 0x%x", RD(word), word >> 12);
	else if (OPCODE(word) == JALR)
		snprintf(text, size, "jalr %s, %d(%s)", RD(word), IMM_I(word), names[RS1(word)]);
	else
		snprintf(text, size, ".word 0x%08x", word);
}
