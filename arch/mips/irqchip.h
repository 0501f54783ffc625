/* SPDX-License-Identifier: BSD-2-Clause */
/* irqchip.h - private to arch/mips: the two i8259, and which CPU interrupt line is whose. */
#ifndef ARCH_MIPS_IRQCHIP_H
#define ARCH_MIPS_IRQCHIP_H

#include "lib/types.h"

#define PIC_MASTER 0x20		/* ISA port */

/* Interrupt lines of the CPU (bits IP and IM of Cause and Status). */
#define CPU_IRQ_PIC 2
#define CPU_IRQ_TIMER 7

/* Dispatches every pending source.  Interrupt context. */
void i8259_handle_irq(void);
/* Lets a line of the CPU through.  Boot, interrupts off, but not between local_irq_save() and its restore. */
void cpu_irq_unmask(int line);

#endif
