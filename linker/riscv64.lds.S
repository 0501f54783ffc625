/* SPDX-License-Identifier: BSD-2-Clause */
/* riscv64 on QEMU's virt: OpenSBI enters the first byte at 0x80200000; virtual = physical. */
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
}
