/* SPDX-License-Identifier: BSD-2-Clause */
/* mm.h - private to arch/riscv: devices and the patch alias.  See mm.c. */
#ifndef ARCH_RISCV_MM_H
#define ARCH_RISCV_MM_H

#include "lib/types.h"

/* Notes a device's registers, to be mapped (at virtual = physical) by arch_mm_init(). */
void mm_add_device(unsigned long base, unsigned long size);
/* Puts the page of text at `pa` behind PATCH_ALIAS, writable; on this CPU only.  Preemption off. */
void mm_set_patch_alias(unsigned long pa);
void mm_clear_patch_alias(void);
/* From now on init text is data: patch.c refuses it. */
void patch_forget_init_text(void);

#endif
