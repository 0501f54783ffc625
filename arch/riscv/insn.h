/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * insn.h - the few instructions that patching writes and recognises.  Pure; the
 * tests compare every encoder with words that the assembler made.
 *
 * Source: the unprivileged specification, chapter "RV32I Base Integer
 * Instruction Set" (formats J, I) and section "HINT Instructions".
 */
#ifndef ARCH_RISCV_INSN_H
#define ARCH_RISCV_INSN_H

#include "lib/types.h"

#define INSN_NOP 0x00000013u
#define INSN_C_NOP2 0x00010001u		/* two c.nop, as one word */
#define REG_RA 1u
#define REG_T0 5u

/* jal reaches -1 MiB .. 1 MiB - 2. */
bool insn_jal_reaches(unsigned long from, unsigned long to);
/* jal rd, to; the caller has asked insn_jal_reaches(). */
u32 insn_jal(u32 rd, unsigned long from, unsigned long to);
/* slti zero, rs1, imm with `payload` in bits 31:15; payload 0 gives the plain nop. */
u32 insn_payload(u32 payload);
/* The payload that a word carries: 0 for anything but an slti to zero. */
u32 insn_payload_of(u32 insn);

#endif
