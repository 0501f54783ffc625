/* SPDX-License-Identifier: BSD-2-Clause */
/* irqchip.h - private to arch/riscv. */
#ifndef ARCH_RISCV_IRQCHIP_H
#define ARCH_RISCV_IRQCHIP_H

/* Which PLIC context is the boot hart's supervisor mode; boot, once. */
void plic_set_context(int context);
/* Dispatches every pending source.  Interrupt context. */
void plic_handle_irq(void);

#endif
