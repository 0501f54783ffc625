/* SPDX-License-Identifier: BSD-2-Clause */
/* page.h - the host as a machine: only what trace/ asks for. */
#ifndef UNIT_ASM_PAGE_H
#define UNIT_ASM_PAGE_H

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

typedef unsigned long pgprot_t;

#endif
