/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mips and mips64el on a Malta: linked where the firmware loads it, in kseg0, which is physical memory
 * from 0 on.  The first megabyte is for exception vectors and for what the firmware leaves there.
 * A 64-bit CPU has the same segment, sign-extended.
 */
#include "linker/sections.lds.h"
#include <asm/page.h>
#include <asm/offsets.h>

OUTPUT_ARCH(mips)
ENTRY(_start)

PHDRS
{
	SEGMENTS
}

SECTIONS
{
#if SZREG == 8
	. = 0xffffffff80100000;
#else
	. = 0x80100000;
#endif
	IMAGE
	DISCARDS
	ASSERTS(SZREG)
	/* arch/mips/ftrace.c: a far site changes its target by its lower half alone. */
	ASSERT((ftrace_far_caller + 0x8000) >> 16 == (ftrace_far_regs_caller + 0x8000) >> 16,
	       "the far entries of the trampolines differ in %hi")
}
