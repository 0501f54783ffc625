/* SPDX-License-Identifier: BSD-2-Clause */
/* mm.h - private to arch/mips: the TLB, and devices in kseg1.  See mm.c. */
#ifndef ARCH_MIPS_MM_H
#define ARCH_MIPS_MM_H

#include "lib/types.h"
#include <asm/page.h>

#define ISA_IO_BASE 0x18000000	/* physical: where the GT-64120 shows PCI I/O space, whose first 64 KiB are ISA's ports */

/* Register of a device by physical address: uncached. */
static inline volatile void *device_register(unsigned long pa)
{
	return (volatile void *)(SEGMENT_ADDR(KSEG1) + pa);
}

static inline volatile u8 *isa_port(unsigned int port)
{
	return (volatile u8 *)device_register(ISA_IO_BASE + port);
}

/*
 * Makes the stack at this address (THREAD_SIZE bytes) one that never misses the TLB: __switch_to
 * is about to stand on it.  Interrupts off.
 */
void mm_wire_stack(unsigned long stack);
/* Can the byte at this address be read without a fault?  Any context. */
bool mm_is_mapped(unsigned long addr);
/* From now on init text is data: patch.c refuses it. */
void patch_forget_init_text(void);

#endif
