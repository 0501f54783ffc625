/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * insn.h - the few instructions that patching writes and recognises.  Pure, and inline: switching all sites
 * encodes one jal a site.  The tests compare every encoder with words that the assembler made.
 *
 * Source: the unprivileged specification, chapter "RV32I Base Integer
 * Instruction Set" (formats J, I) and section "HINT Instructions".
 */
#ifndef ARCH_RISCV_INSN_H
#define ARCH_RISCV_INSN_H

#include "lib/compiler.h"

#define INSN_NOP 0x00000013u
#define INSN_C_NOP2 0x00010001u		/* two c.nop, as one word */
#define REG_RA 1u
#define REG_T0 5u

/* jal reaches -1 MiB .. 1 MiB - 2. */
static inline bool insn_jal_reaches(unsigned long from, unsigned long to)
{
	unsigned long offset = to - from;

	return offset + (1UL << 20) < (2UL << 20) && !(offset & 1);
}

/* jal rd, to; the caller has asked insn_jal_reaches(). */
static inline u32 insn_jal(u32 rd, unsigned long from, unsigned long to)
{
	u32 offset = (u32)(to - from);

	return (offset & 0x100000) << 11 | (offset & 0x7fe) << 20 | (offset & 0x800) << 9 | (offset & 0xff000) |
	       rd << 7 | 0x6f;
}

static inline bool insn_is_jal(u32 insn, u32 rd)
{
	return (insn & 0xfff) == (rd << 7 | 0x6f);
}

/* slti zero, rs1, imm with `payload` in bits 31:15; payload 0 gives the plain nop. */
static inline u32 insn_payload(u32 payload)
{
	return payload ? payload << 15 | 0x2013 : INSN_NOP;
}

/* The payload that a word carries: 0 for anything but an slti to zero. */
static inline u32 insn_payload_of(u32 insn)
{
	return (insn & 0x7fff) == 0x2013 ? insn >> 15 : 0;
}

#endif
