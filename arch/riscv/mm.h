/* SPDX-License-Identifier: BSD-2-Clause */
/* mm.h - private to arch/riscv: devices and the patch alias.  See mm.c. */
#ifndef ARCH_RISCV_MM_H
#define ARCH_RISCV_MM_H

#include "lib/types.h"
#include <asm/page.h>

/* Notes a device's registers, to be mapped (at virtual = physical) by arch_mm_init(). */
void mm_add_device(unsigned long base, unsigned long size);
/*
 * Puts the pages of text [from, to) behind PATCH_ALIAS, at their distance from `start`, writable; on this CPU only. All
 * of PATCH_WINDOW_SIZE and a page that is not in [from, to) is not there.  Preemption off.
 */
void mm_open_patch_window(unsigned long start, unsigned long from, unsigned long to);
void mm_close_patch_window(void);
/* What the page table allows at va now: PTE_R, PTE_W, PTE_X; 0: nothing is there. */
pgprot_t mm_page_rights(unsigned long va);
/* From now on init text is data: patch.c refuses it. */
void patch_forget_init_text(void);

#endif
