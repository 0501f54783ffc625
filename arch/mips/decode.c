/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decode.c - the words of a patch site as assembly, for people.  Only what can stand in a site is known, in any form of
 * it; anything else is shown as a number.  Pure.
 */
#include "arch/arch.h"
#include "arch/mips/insn.h"
#include "lib/stdio.h"

/* By number where the calling conventions differ ($8 .. $15). */
static const char *const names[32] = {
	"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
	"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "s8", "ra",
};

#define NAME_RS(word) names[INSN_RS(word)]
#define NAME_RT(word) names[INSN_RT(word)]

static unsigned long jal_target(unsigned long addr, u32 word)
{
	return ((addr + 4) & -INSN_JAL_REGION) | (word & 0x03ffffff) << 2;
}

void ftrace_decode_word(unsigned long addr, u32 word, char *text, size_t size)
{
	if (word == INSN_NOP)
		snprintf(text, size, "nop");
	else if (word == INSN_MOVE_AT_RA)
		snprintf(text, size, "move at, ra");
	else if (insn_payload_of(word))
		snprintf(text, size, "hint %u (lui zero, 0x%x)", insn_payload_of(word), word & 0xffff);
	else if (INSN_OP(word) == OP_J + 1)
		snprintf(text, size, "jal %ps", (void *)jal_target(addr, word));
	else if (INSN_OP(word) == OP_LUI)
		snprintf(text, size, "lui %s, 0x%x", NAME_RT(word), word & 0xffff);
	else if (INSN_OP(word) == OP_ADDIU)
		snprintf(text, size, "addiu %s, %s, %d", NAME_RT(word), NAME_RS(word), INSN_IMMEDIATE(word));
	else if (word == INSN_JALR_V1)
		snprintf(text, size, "jalr v1");
	else if (word >> 16 == insn_b(4) >> 16)
		snprintf(text, size, "b %pS", (void *)(addr + 4 + 4 * (long)INSN_IMMEDIATE(word)));
	else
		snprintf(text, size, ".word 0x%08x", word);
}
