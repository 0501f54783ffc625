/* SPDX-License-Identifier: BSD-2-Clause */
/* riscv64 on QEMU's virt: OpenSBI enters the first byte at 0x80200000; virtual = physical. */

/*
 * The second trampoline is 64 KiB behind the first: the first halves of a site's jumps to the one and to the other are equal
 * (arch/riscv/patch.c says what for).
 */
#define ARCH_TEXT_FIRST */trampoline.o(.text)
#define ARCH_TEXT_LAST . += (ftrace_caller - .) & 0xffff; *(.trampoline.regs)
#include "linker/sections.lds.h"
#include <asm/page.h>

OUTPUT_ARCH(riscv)
ENTRY(_start)

PHDRS
{
	SEGMENTS
}

SECTIONS
{
	. = 0x80200000;
	IMAGE
	DISCARDS
	ASSERTS(8)
	ASSERT(ftrace_regs_caller - ftrace_caller == 64K, "the trampolines are not 64 KiB apart")
}
