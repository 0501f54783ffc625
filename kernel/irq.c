/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - device interrupts: descriptors, and the path from number to handler.
 *
 *   arch:  irq_enter(); generic_handle_irq(n) for each pending n; irq_exit();
 *          generic_handle_irq -> handle_fasteoi_irq -> handle_irq_event
 *          -> __handle_irq_event_percpu -> the driver's handler
 *
 * The controller does not deliver a number again before its irq_eoi, so a handler never
 * runs on two CPUs at once.
 *
 * Lock: desc->lock, interrupts off, guards the descriptor but for the counts.  It is not held
 * while the handler runs.  Handlers run in hard interrupt context, interrupts off.
 */
#include "kernel/irq.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/smp.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"

#define MAX_UNHANDLED 1000

struct irqaction {
	irq_handler_t handler; /* NULL: nobody wants this interrupt, and it is masked */
	void *dev;
	const char *name;
};

struct irq_desc {
	spinlock_t lock;
	struct irqaction action;
	bool inprogress;
	unsigned int unhandled;	      /* how often in a row the handler said it was not for it */
	unsigned int counts[NR_CPUS]; /* each written by its own CPU only */
};

static struct irq_desc irq_descs[NR_IRQS];
static const struct irq_chip *irq_chip;
static unsigned int nr_irqs;

void irq_set_chip(const struct irq_chip *chip, unsigned int nr)
{
	BUG_ON(nr > NR_IRQS);
	irq_chip = chip;
	nr_irqs = nr;
}

static struct irq_desc *irq_to_desc(unsigned int irq)
{
	return irq < nr_irqs ? &irq_descs[irq] : NULL;
}

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long irqflags;
	int err = 0;

	if (!desc || !handler || flags)
		return -EINVAL;
	spin_lock_irqsave(&desc->lock, irqflags);
	if (desc->action.handler) {
		err = -EBUSY;
	} else {
		desc->action = (struct irqaction){ handler, dev, name };
		desc->unhandled = 0;
		irq_chip->irq_unmask(irq);
	}
	spin_unlock_irqrestore(&desc->lock, irqflags);
	return err;
}

void free_irq(unsigned int irq, void *dev)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (WARN(!desc || !desc->action.handler || desc->action.dev != dev, "free_irq: %u is not yours\n", irq))
		return;
	spin_lock_irqsave(&desc->lock, flags);
	irq_chip->irq_mask(irq);
	desc->action = (struct irqaction){ NULL, NULL, NULL };
	spin_unlock_irqrestore(&desc->lock, flags);

	while (smp_load_acquire(&desc->inprogress))
		cpu_relax();
}

static irqreturn_t __handle_irq_event_percpu(unsigned int irq, const struct irqaction *action)
{
	irqreturn_t result = action->handler(irq, action->dev);

	if (WARN_ONCE(!irqs_disabled(), "irq %u: handler %ps turned interrupts on\n", irq, (void *)action->handler))
		local_irq_disable();
	return result;
}

/* An interrupt that nobody handles would come again at once, for ever. */
static void mask_unhandled_irq(unsigned int irq)
{
	irq_chip->irq_mask(irq);
	pr_err("irq %u: nobody cared; masked\n", irq);
}

/* desc->lock is held, but not while the handler runs. */
static void handle_irq_event(unsigned int irq, struct irq_desc *desc)
{
	struct irqaction action = desc->action;
	irqreturn_t result;

	desc->inprogress = true;
	spin_unlock(&desc->lock);
	result = __handle_irq_event_percpu(irq, &action);
	spin_lock(&desc->lock);
	smp_store_release(&desc->inprogress, false); /* free_irq() looks without the lock */

	desc->unhandled = result == IRQ_HANDLED ? 0 : desc->unhandled + 1;
	if (desc->unhandled == MAX_UNHANDLED)
		mask_unhandled_irq(irq);
}

static void handle_fasteoi_irq(unsigned int irq, struct irq_desc *desc)
{
	spin_lock(&desc->lock);
	desc->counts[smp_processor_id()]++;
	if (desc->action.handler)
		handle_irq_event(irq, desc);
	else
		mask_unhandled_irq(irq);
	if (irq_chip->irq_eoi)
		irq_chip->irq_eoi(irq);
	spin_unlock(&desc->lock);
}

void generic_handle_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (WARN_ONCE(!desc, "irq %u does not exist\n", irq))
		return;
	handle_fasteoi_irq(irq, desc);
}

unsigned int kstat_irqs_cpu(unsigned int irq, int cpu)
{
	struct irq_desc *desc = irq_to_desc(irq);

	return desc ? READ_ONCE(desc->counts[cpu]) : 0;
}

bool irq_describe(unsigned int irq, const char **action, const char **chip)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc)
		return false;
	spin_lock_irqsave(&desc->lock, flags);
	*action = desc->action.handler ? desc->action.name : NULL;
	*chip = irq_chip->name;
	spin_unlock_irqrestore(&desc->lock, flags);
	return *action;
}
