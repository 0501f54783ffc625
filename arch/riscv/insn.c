/* SPDX-License-Identifier: BSD-2-Clause */
/* insn.c - see insn.h. */
#include "arch/riscv/insn.h"

bool insn_jal_reaches(unsigned long from, unsigned long to)
{
	long offset = (long)(to - from);

	return offset >= -(1L << 20) && offset < (1L << 20) && !(offset & 1);
}

u32 insn_jal(u32 rd, unsigned long from, unsigned long to)
{
	u32 offset = (u32)(to - from);

	return (offset & 0x100000) << 11 | (offset & 0x7fe) << 20 | (offset & 0x800) << 9 | (offset & 0xff000) |
	       rd << 7 | 0x6f;
}

u32 insn_payload(u32 payload)
{
	return payload ? payload << 15 | 0x2013 : INSN_NOP;
}

u32 insn_payload_of(u32 insn)
{
	return (insn & 0x7fff) == 0x2013 ? insn >> 15 : 0;
}
