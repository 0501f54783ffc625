/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.h - device interrupts: from the controller's number to the driver's handler.
 *
 * Numbers are the controller's own (hwirq == irq): every machine here has one
 * controller for its devices.  Timer and cross-call interrupts do not come this way;
 * the arch code calls tick_handler() and its cross-call code directly.
 */
#ifndef KERNEL_IRQ_H
#define KERNEL_IRQ_H

#include "lib/compiler.h"

#define NR_IRQS 128

struct irq_chip {
	const char *name;
	/* Called with interrupts off.  irq_eoi may be NULL. */
	void (*irq_mask)(unsigned int hwirq);
	void (*irq_unmask)(unsigned int hwirq);
	void (*irq_eoi)(unsigned int hwirq);
};

typedef enum { IRQ_NONE, IRQ_HANDLED } irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(unsigned int irq, void *dev);

/* Interrupts 0 .. nr - 1 belong to this controller, all masked now.  Once, at boot. */
void irq_set_chip(const struct irq_chip *chip, unsigned int nr);

/*
 * Installs the handler and unmasks.  One handler a number; `flags` must be 0.  `name` is kept.
 * 0, -EINVAL (no such interrupt, or no handler), -EBUSY (taken).  Task context or boot.
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev);

/* Masks, and returns when no CPU is inside the handler any more.  Not from the handler itself. */
void free_irq(unsigned int irq, void *dev);

/* One interrupt happened: by arch code, between irq_enter() and irq_exit(), interrupts off. */
void generic_handle_irq(unsigned int irq);

/* How many came on `cpu` since boot. */
unsigned int kstat_irqs_cpu(unsigned int irq, int cpu);

/*
 * For /proc/interrupts: the name of the handler installed and of its controller.  false if there
 * is no handler.
 */
bool irq_describe(unsigned int irq, const char **action, const char **chip);

#endif
