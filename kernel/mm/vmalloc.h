/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmalloc.h - memory that is contiguous only in virtual addresses.
 *
 * Whole pages in [VMALLOC_START, VMALLOC_END), with an unmapped page on either side of
 * every area, so that running over an end faults instead of corrupting a neighbour.
 * Task context or boot, after mm_init(); not in interrupts.
 */
#ifndef KERNEL_MM_VMALLOC_H
#define KERNEL_MM_VMALLOC_H

#include "kernel/mm/mm.h"

/* At least `size` bytes (rounded up to pages), page-aligned; NULL if memory or room is out. */
void *vmalloc(size_t size);
void *vzalloc(size_t size);

/* `addr` must be the start of an area: anything else panics.  NULL is ignored. */
void vfree(const void *addr);

/*
 * A kernel stack: THREAD_SIZE bytes aligned to 2 * THREAD_SIZE, a guard page below.
 * The alignment lets trap entry see an overflow in one bit of sp.  NULL if out of memory.
 */
void *alloc_thread_stack(void);
void free_thread_stack(void *stack);

#endif
