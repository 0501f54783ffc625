/* SPDX-License-Identifier: BSD-2-Clause */
/* irqflags.h - interrupts of this CPU: sstatus.SIE. */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include "lib/compiler.h"
#include <asm/csr.h>

static __always_inline unsigned long arch_local_save_flags(void) { return csr_read(sstatus); }
static __always_inline void arch_local_irq_enable(void) { csr_set(sstatus, SR_SIE); }
static __always_inline void arch_local_irq_disable(void) { csr_clear(sstatus, SR_SIE); }
static __always_inline unsigned long arch_local_irq_save(void) { return csr_read_clear(sstatus, SR_SIE); }
static __always_inline void arch_local_irq_restore(unsigned long flags) { csr_set(sstatus, flags & SR_SIE); }
static __always_inline bool arch_irqs_disabled_flags(unsigned long flags) { return !(flags & SR_SIE); }
static __always_inline bool arch_irqs_disabled(void) { return arch_irqs_disabled_flags(arch_local_save_flags()); }

#endif
