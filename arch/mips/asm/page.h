/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page.h - pages, stacks and the layout of the address space.
 *
 * The machine's own segments (compatibility segments on a 64-bit CPU: the same, sign-extended):
 *
 *   0x8000_0000  kseg0   physical 0..512 MiB, cached, not translated: the kernel and its RAM
 *   0xa000_0000  kseg1   the same physical addresses, uncached: devices
 *   0xc000_0000  kseg2   through the TLB: vmalloc, 16 MiB; thread stacks with guard pages
 *
 * kseg0 knows no protection: kernel text can be written, and data executed.  Nothing but
 * patch.c writes text; on this machine that is a rule, not a fault.
 */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#define PAGE_SHIFT 12
#define PAGE_SIZE (1 << PAGE_SHIFT)

/* A stack is aligned to twice its size: the bit THREAD_SIZE of any address in it is 0, below it (the guard page) 1. */
#define THREAD_SHIFT 14
#define THREAD_SIZE (1 << THREAD_SHIFT)

/* Segments: as instructions sign-extend them. */
#define KSEG0 0x80000000
#define KSEG1 0xa0000000
#define KSEG2 0xc0000000

#define VMALLOC_SHIFT 24	/* bytes of the window, as a power of two */

#ifndef __ASSEMBLER__
#include "lib/types.h"

#define PAGE_MASK (~((unsigned long)PAGE_SIZE - 1))

/* The address that a 32-bit CPU would use, as this CPU holds it in a register. */
#define SEGMENT_ADDR(addr) ((unsigned long)(long)(int)(addr))

#define VMALLOC_START SEGMENT_ADDR(KSEG2)
#define VMALLOC_END (VMALLOC_START + (1UL << VMALLOC_SHIFT))

#define __va(pa) ((void *)(SEGMENT_ADDR(KSEG0) + (unsigned long)(pa)))
#define __pa(va) ((unsigned long)(va) - SEGMENT_ADDR(KSEG0))

typedef unsigned long pgprot_t;

/* EntryLo bits (volume III, "EntryLo0, EntryLo1"). */
#define ENTRYLO_V 0x02UL
#define ENTRYLO_D 0x04UL		/* writable */
#define ENTRYLO_C_CACHED (3UL << 3)	/* cacheable, noncoherent: what one CPU wants */
#define ENTRYLO_PFN_SHIFT 6

#define PAGE_KERNEL (ENTRYLO_V | ENTRYLO_D | ENTRYLO_C_CACHED)
#define PAGE_KERNEL_RO (ENTRYLO_V | ENTRYLO_C_CACHED)
#define PAGE_KERNEL_RX PAGE_KERNEL_RO
#endif

#endif
