/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * insn.h - the few instructions that patching and unwinding write and recognise.  Pure, and inline: switching
 * all sites encodes one jal a site.  The tests compare every encoder with words that the assembler made.
 *
 * Source: MIPS32/MIPS64 Architecture for Programmers, volume II: the instruction set.
 * Instructions are words of the CPU's byte order: nothing here depends on it.
 */
#ifndef ARCH_MIPS_INSN_H
#define ARCH_MIPS_INSN_H

#include "lib/compiler.h"
#include <asm/ptrace.h>

#define INSN_OP(insn) ((insn) >> 26)
#define INSN_RS(insn) ((insn) >> 21 & 31)
#define INSN_RT(insn) ((insn) >> 16 & 31)
#define INSN_IMMEDIATE(insn) ((s16)(insn))
#define INSN_FUNCT(insn) ((insn) & 63)

enum {
	OP_SPECIAL = 0, OP_REGIMM = 1, OP_J = 2, OP_BGTZ = 7, OP_ADDIU = 9, OP_LUI = 15, OP_BEQL = 20, OP_BGTZL = 23,
	OP_DADDIU = 25, OP_SW = 43, OP_SD = 63,
	FUNCT_JR = 8, FUNCT_JALR = 9,
	REGIMM_BGEZ_LAST = 3, REGIMM_BLTZAL = 16, REGIMM_BGEZALL = 19,
};

#define INSN_NOP 0x00000000u
#define INSN_MOVE_AT_RA 0x03e00825u	/* or at, ra, zero */
#define INSN_JALR_V1 0x0060f809u	/* jalr ra, v1 */
#define INSN_BREAK 0x0000000du
#define INSN_JR_RA 0x03e00008u

/* jal: 26 bits of word address; the upper ones are those of its delay slot. */
#define INSN_JAL(addr) (0x0c000000u | ((u32)(addr) >> 2 & 0x03ffffff))

#define INSN_JAL_REGION 0x10000000UL

/* Does a jal at `from` reach `to`: are they in one 256 MiB region, and is `to` aligned? */
static inline bool insn_jal_reaches(unsigned long from, unsigned long to)
{
	return ((from + 4) ^ to) < INSN_JAL_REGION && !(to & 3);
}

/* b: `bytes` from the branch itself, a multiple of 4, -128 KiB .. 128 KiB. */
static inline u32 insn_b(int bytes)
{
	return 0x10000000u | ((u32)(bytes - 4) >> 2 & 0xffff);
}

static inline u32 insn_lui(unsigned int rt, u32 upper)
{
	return OP_LUI << 26 | rt << 16 | upper;
}

static inline u32 insn_addiu(unsigned int rt, unsigned int rs, u32 lower)
{
	return (u32)OP_ADDIU << 26 | rs << 21 | rt << 16 | lower;
}

/* What lui and addiu need to make an address: addiu sign-extends its 16 bits, which the upper half makes up for. */
static inline u32 insn_hi16(unsigned long addr)
{
	return (u32)(addr + 0x8000) >> 16;
}

static inline u32 insn_lo16(unsigned long addr)
{
	return (u32)addr & 0xffff;
}

#define INSN_LUI_ZERO 0x3c000000u

/* lui zero, payload; payload 0 gives the plain nop. */
static inline u32 insn_payload(u32 payload)
{
	return payload ? INSN_LUI_ZERO | payload : INSN_NOP;
}

/* The payload that a word carries: 0 for anything but a lui to zero. */
static inline u32 insn_payload_of(u32 insn)
{
	return insn >> 16 == INSN_LUI_ZERO >> 16 ? insn & 0xffff : 0;
}

/* ---- for backtraces: what prologues are made of ---- */

/* [d]addiu sp, sp, n: true, and n in *bytes. */
static inline bool insn_is_sp_adjust(u32 insn, int *bytes)
{
	if ((INSN_OP(insn) != OP_ADDIU && INSN_OP(insn) != OP_DADDIU) || INSN_RS(insn) != REG_SP || INSN_RT(insn) != REG_SP)
		return false;
	*bytes = INSN_IMMEDIATE(insn);
	return true;
}

/* s[dw] rt, offset(sp) of a whole register: true, and the offset. */
static inline bool insn_is_sp_store(u32 insn, unsigned int rt, int *offset)
{
	if (INSN_OP(insn) != (SZREG == 8 ? OP_SD : OP_SW) || INSN_RS(insn) != REG_SP || INSN_RT(insn) != rt)
		return false;
	*offset = INSN_IMMEDIATE(insn);
	return true;
}

/* Any jump or branch: an instruction with a delay slot. */
static inline bool insn_is_jump(u32 insn)
{
	unsigned int op = INSN_OP(insn), rt = INSN_RT(insn);

	if (op == OP_SPECIAL)
		return INSN_FUNCT(insn) == FUNCT_JR || INSN_FUNCT(insn) == FUNCT_JALR;
	if (op == OP_REGIMM)
		return rt <= REGIMM_BGEZ_LAST || (rt >= REGIMM_BLTZAL && rt <= REGIMM_BGEZALL);
	return (op >= OP_J && op <= OP_BGTZ) || (op >= OP_BEQL && op <= OP_BGTZL);
}

#endif
