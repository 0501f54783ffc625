/* SPDX-License-Identifier: BSD-2-Clause */
/* patch.h - the only way to change text.  See patch.c. */
#ifndef ARCH_MIPS_PATCH_H
#define ARCH_MIPS_PATCH_H

#include "lib/compiler.h"

struct pt_regs;

/* Opens and closes a batch: in between, preemption is off and this CPU may write text. */
void patch_begin(void);
void patch_end(void);
/* Returns fn(data), a batch that runs while all other CPUs stand still, interrupts off. */
int patch_stopped(int (*fn)(void *data), void *data);
/* Is [addr, addr + size) text of the kernel that may be read and written?  Any context. */
bool patch_is_text(unsigned long addr, unsigned long size);
/* Stores one aligned word of text; inside a batch only.  0, or -EFAULT when it is not text. */
int patch_word(unsigned long addr, u32 word);
/* The same for an address that has been found to be an aligned word of text already. */
void patch_store(unsigned long addr, u32 word);

/* Does this CPU have synci? */
bool patch_has_synci(void);
/* Where it has: the line of a word that was stored, in all caches. */
static inline void patch_synci(unsigned long addr)
{
	__asm__ volatile("synci %0" :: "m"(*(const u32 *)addr) : "memory");
}

/* The one stretch of text outside the kernel image, [start, end); 0, 0: there is none. */
void patch_set_far_text(unsigned long start, unsigned long end);

/* Code was written to [start, start + size): the caches agree afterwards.  patch_hazard() is still to come. */
void patch_flush(unsigned long start, unsigned long size);
/* This CPU fetches anew what it executes from here on. */
void patch_hazard(void);
/* For the trap entry: a trap in the delay slot of a site's jal forgets that the jal was executed.  See ftrace.c. */
void undo_site_link(struct pt_regs *regs);

/* Uses the CACHE instruction even where there is synci, or again not: for tests. */
void patch_force_cache_ops(bool force);

#endif
