/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqflags.h - interrupts of this CPU: Status.IE.  di and ei return the old Status.
 *
 * `ehb` behind each: the instruction after it already runs under the new setting.
 */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include "lib/compiler.h"
#include <asm/csr.h>

static __always_inline unsigned long arch_local_save_flags(void) { return cp0_read(CP0_STATUS); }
static __always_inline void arch_local_irq_enable(void) { __asm__ volatile("ei\n\tehb" ::: "memory"); }
static __always_inline void arch_local_irq_disable(void) { __asm__ volatile("di\n\tehb" ::: "memory"); }

static __always_inline unsigned long arch_local_irq_save(void)
{
	unsigned long status;

	__asm__ volatile("di %0\n\tehb" : "=r"(status) :: "memory");
	return status;
}

/* All of Status: nothing else in it changes while interrupts are off. */
static __always_inline void arch_local_irq_restore(unsigned long flags)
{
	__asm__ volatile("mtc0 %0, " __stringify(CP0_STATUS) "\n\tehb" :: "r"(flags) : "memory");
}

static __always_inline bool arch_irqs_disabled_flags(unsigned long flags) { return !(flags & ST_IE); }
static __always_inline bool arch_irqs_disabled(void) { return arch_irqs_disabled_flags(arch_local_save_flags()); }

#endif
