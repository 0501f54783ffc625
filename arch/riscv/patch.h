/* SPDX-License-Identifier: BSD-2-Clause */
/* patch.h - the only way to change text.  See patch.c. */
#ifndef ARCH_RISCV_PATCH_H
#define ARCH_RISCV_PATCH_H

#include "lib/compiler.h"
#include "lib/errno.h"
#include <asm/page.h>

/* Opens and closes a batch: in between, preemption is off and this CPU may write text. */
void patch_begin(void);
void patch_end(void);
/* Is [addr, addr + size) text of the kernel that may be read and written?  Any context. */
bool patch_is_text(unsigned long addr, unsigned long size);

/* patch.c's: the page of text behind the alias (NO_PAGE: none), and how far the alias is from it. */
#define NO_PAGE 1UL
extern unsigned long patch_page, patch_delta;
int patch_map(unsigned long addr);

/*
 * Is the page of `addr` behind the alias?  If not, puts it there.  0, or -EFAULT when addr is not text or not
 * a multiple of `align` (a power of two).  Inside a batch only.
 */
static __always_inline int patch_open(unsigned long addr, unsigned long align)
{
	if (likely((addr & (PAGE_MASK | (align - 1))) == patch_page))
		return 0;
	return addr & (align - 1) ? -EFAULT : patch_map(addr);
}

/* Stores one aligned word of text; inside a batch only.  0, or -EFAULT when it is not text. */
static __always_inline int patch_word(unsigned long addr, u32 word)
{
	int err = patch_open(addr, 4);

	if (likely(!err))
		WRITE_ONCE(*(u32 *)(addr + patch_delta), word);
	return err;
}

#endif
