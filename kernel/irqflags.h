/* SPDX-License-Identifier: BSD-2-Clause */
/* irqflags.h - turning this CPU's interrupts off and on, under Linux's names. */
#ifndef KERNEL_IRQFLAGS_H
#define KERNEL_IRQFLAGS_H

#include "lib/compiler.h"
#include <asm/irqflags.h>

#define local_irq_enable() arch_local_irq_enable()
#define local_irq_disable() arch_local_irq_disable()
#define local_irq_save(flags) ((void)((flags) = arch_local_irq_save()))
#define local_irq_restore(flags) arch_local_irq_restore(flags)
#define irqs_disabled() arch_irqs_disabled()

#endif
