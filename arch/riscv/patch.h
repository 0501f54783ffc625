/* SPDX-License-Identifier: BSD-2-Clause */
/* patch.h - the only way to change text.  See patch.c. */
#ifndef ARCH_RISCV_PATCH_H
#define ARCH_RISCV_PATCH_H

#include "lib/types.h"

/* Opens and closes a batch: in between, preemption is off and this CPU may write text. */
void patch_begin(void);
void patch_end(void);
/* Is [addr, addr + size) text of the kernel that may be read and written?  Any context. */
bool patch_is_text(unsigned long addr, unsigned long size);
/* Stores one aligned word of text; inside a batch only.  0, or -EFAULT when it is not text. */
int patch_word(unsigned long addr, u32 word);

#endif
