/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page.h - pages, stacks and the layout of the address space (Sv39).
 *
 *   0x00_0010_0000 ...            devices, mapped where they are
 *   0x00_8000_0000 ...            RAM, mapped where it is: virtual = physical
 *   0x20_0000_0000 + 1 GiB        vmalloc: thread stacks with guard pages
 *   0x30_0000_0000 + 9 pages      patch.c's short-lived writable window to text
 */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#define PAGE_SHIFT 12
#define PAGE_SIZE (1 << PAGE_SHIFT)

/* A stack is aligned to twice its size: the bit THREAD_SIZE of any address in it is 0, below it (the guard page) 1. */
#define THREAD_SHIFT 14
#define THREAD_SIZE (1 << THREAD_SHIFT)

#ifndef __ASSEMBLER__
#include "lib/types.h"

#define PAGE_MASK (~((unsigned long)PAGE_SIZE - 1))

#define VMALLOC_START 0x2000000000UL
#define VMALLOC_END 0x2040000000UL
#define PATCH_ALIAS 0x3000000000UL

#define __va(pa) ((void *)(unsigned long)(pa))
#define __pa(va) ((unsigned long)(va))

typedef unsigned long pgprot_t;

/* Page table entry bits (privileged specification, Sv39).  A and D are set at once: no hardware update is relied on. */
#define PTE_V 0x01UL
#define PTE_R 0x02UL
#define PTE_W 0x04UL
#define PTE_X 0x08UL
#define PTE_G 0x20UL
#define PTE_A 0x40UL
#define PTE_D 0x80UL

#define PAGE_KERNEL (PTE_V | PTE_R | PTE_W | PTE_G | PTE_A | PTE_D)
#define PAGE_KERNEL_RO (PTE_V | PTE_R | PTE_G | PTE_A)
#define PAGE_KERNEL_RX (PTE_V | PTE_R | PTE_X | PTE_G | PTE_A)
#endif

#endif
