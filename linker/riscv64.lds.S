/* SPDX-License-Identifier: BSD-2-Clause */
/* riscv64 on QEMU's virt: OpenSBI enters the first byte at 0x80200000; virtual = physical. */
#include "linker/sections.lds.h"
#include <asm/page.h>

OUTPUT_ARCH(riscv)
ENTRY(_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	init PT_LOAD FLAGS(6);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = 0x80200000;
	_text = .;
	.text : { TEXT } :text
	. = ALIGN(PAGE_SIZE);
	__init_begin = .;
	.init.text : { INIT_TEXT } :text
	. = ALIGN(PAGE_SIZE);
	__init_text_end = .;
	.rodata : { RODATA } :rodata
	. = ALIGN(PAGE_SIZE);
	__end_rodata = .;
	.init.data : { INIT_DATA } :init
	. = ALIGN(PAGE_SIZE);
	__init_end = .;
	.data : { DATA } :data
	.bss (NOLOAD) : {
		BSS
		/* The boot stack, and below it a guard page that arch_mm_init() unmaps. */
		. += PAGE_SIZE;
		. = ALIGN(2 * THREAD_SIZE);
		init_stack = .;
		. += THREAD_SIZE;
	} :data
	. = ALIGN(PAGE_SIZE);
	_end = .;
	DISCARDS
	ASSERTS(8)
}
