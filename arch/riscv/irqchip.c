/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqchip.c - the platform-level interrupt controller (PLIC specification 1.0).
 *
 * Sources 1..nr have a priority each; a context (hart and mode) has enable bits,
 * a threshold and a claim/complete register.  All sources go to CPU 0.
 */
#include "arch/arch.h"
#include "arch/riscv/irqchip.h"
#include "kernel/irq.h"
#include "kernel/spinlock.h"
#include <asm/csr.h>

#define PLIC_SOURCES 64
#define PLIC_ENABLE 0x2000
#define PLIC_ENABLE_STRIDE 0x80
#define PLIC_CONTEXT 0x200000
#define PLIC_CONTEXT_STRIDE 0x1000
#define PLIC_CLAIM 4

static int boot_context;
static DEFINE_SPINLOCK(plic_lock);

static volatile u32 *plic_reg(unsigned long offset)
{
	return (volatile u32 *)(machine.irqchip_base + offset);
}

static volatile u32 *plic_context_reg(unsigned long offset)
{
	return plic_reg(PLIC_CONTEXT + boot_context * PLIC_CONTEXT_STRIDE + offset);
}

static void plic_enable(unsigned int source, bool on)
{
	volatile u32 *word = plic_reg(PLIC_ENABLE + boot_context * PLIC_ENABLE_STRIDE + source / 32 * 4);
	unsigned long flags;

	spin_lock_irqsave(&plic_lock, flags);
	*word = on ? *word | 1u << source % 32 : *word & ~(1u << source % 32);
	spin_unlock_irqrestore(&plic_lock, flags);
}

static void plic_irq_mask(unsigned int source)
{
	plic_enable(source, false);
}

static void plic_irq_unmask(unsigned int source)
{
	*plic_reg(source * 4) = 1;
	plic_enable(source, true);
}

static void plic_irq_eoi(unsigned int source)
{
	*plic_context_reg(PLIC_CLAIM) = source;
}

static const struct irq_chip plic_chip = {
	.name = "SiFive PLIC",
	.irq_mask = plic_irq_mask,
	.irq_unmask = plic_irq_unmask,
	.irq_eoi = plic_irq_eoi,
};

void plic_set_context(int context)
{
	boot_context = context;
}

void plic_handle_irq(void)
{
	u32 source;

	while ((source = *plic_context_reg(PLIC_CLAIM)))
		generic_handle_irq(source);
}

void arch_irq_init(void)
{
	csr_set(sie, IE_SSIE);
	if (!machine.irqchip_base)
		return;
	for (unsigned int source = 1; source < PLIC_SOURCES; source++) {
		*plic_reg(source * 4) = 0;
		plic_enable(source, false);
	}
	*plic_context_reg(0) = 0;
	irq_set_chip(&plic_chip, PLIC_SOURCES);
	csr_set(sie, IE_SEIE);
}
