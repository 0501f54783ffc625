/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * insn.h - the few instructions that patching writes and recognises.  Pure, and inline: switching all sites
 * encodes one jal a site.  The tests compare every encoder with words that the assembler made.
 *
 * Source: the unprivileged specification, chapter "RV32I Base Integer
 * Instruction Set" (formats J, U, I) and section "HINT Instructions".
 */
#ifndef ARCH_RISCV_INSN_H
#define ARCH_RISCV_INSN_H

#include "lib/compiler.h"

#define INSN_NOP 0x00000013u
#define INSN_C_NOP2 0x00010001u		/* two c.nop, as one word */
#define INSN_C_J_SELF 0xa001u		/* c.j to itself: half a word */
#define REG_RA 1u
#define REG_T0 5u

/* jal reaches -1 MiB .. 1 MiB - 2. */
#define INSN_JAL_REACH 0x100000UL

static inline bool insn_jal_reaches(unsigned long from, unsigned long to)
{
	unsigned long offset = to - from;

	return offset + INSN_JAL_REACH < 2 * INSN_JAL_REACH && !(offset & 1);
}

/* jal rd, to; the caller has asked insn_jal_reaches(), so that bit 31 of the offset is its bit 20. */
static inline u32 insn_jal(u32 rd, unsigned long from, unsigned long to)
{
	u32 offset = (u32)(to - from);

	return (offset & 0x800ff000) | offset << 21 >> 1 | (offset << 9 & 0x100000) | rd << 7 | 0x6f;
}

static inline bool insn_is_jal(u32 insn, u32 rd)
{
	return (insn & 0xfff) == (rd << 7 | 0x6f);
}

/*
 * auipc rd, hi and jalr rd, lo(rs) together reach anything within 2 GiB.  jalr sign-extends its 12 bits, so the upper
 * part is rounded to the nearest: lo is -2048 .. 2047.
 */
static inline bool insn_auipc_reaches(unsigned long from, unsigned long to)
{
	return to - from + 0x80000800UL < 0x100000000UL;
}

static inline u32 insn_auipc(u32 rd, unsigned long from, unsigned long to)
{
	return (((u32)(to - from) + 0x800) & 0xfffff000) | rd << 7 | 0x17;
}

/* The other half: from is where the auipc is. */
static inline u32 insn_jalr(u32 rd, u32 rs, unsigned long from, unsigned long to)
{
	return (u32)(to - from) << 20 | rs << 15 | rd << 7 | 0x67;
}

static inline bool insn_is_auipc(u32 insn, u32 rd)
{
	return (insn & 0xfff) == (rd << 7 | 0x17);
}

static inline bool insn_is_jalr(u32 insn, u32 rd, u32 rs)
{
	return (insn & 0xfffff) == (rs << 15 | rd << 7 | 0x67);
}

#define INSN_PAYLOAD 0x2013u	/* slti zero, rs1, imm: rs1 and imm, bits 31:15, are free */

/* The same with `payload` in them; payload 0 gives the plain nop. */
static inline u32 insn_payload(u32 payload)
{
	return payload ? payload << 15 | INSN_PAYLOAD : INSN_NOP;
}

/* Does the word carry a payload, that is, is it an slti to zero? */
static inline bool insn_is_payload(u32 insn)
{
	return insn << 17 == INSN_PAYLOAD << 17;
}

/* The payload that a word carries: 0 for anything but an slti to zero. */
static inline u32 insn_payload_of(u32 insn)
{
	return insn_is_payload(insn) ? insn >> 15 : 0;
}

#endif
