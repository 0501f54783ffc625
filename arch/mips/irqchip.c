/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqchip.c - the PC's pair of interrupt controllers (Intel 8259A data sheet).
 *
 * Sources 0..7 are the master's, 8..15 the slave's, which hangs on the master's input 2.
 * The master's output is line IP2 of the CPU.  Nobody fetches a vector from
 * them, so the pending source is found by a poll command, which acknowledges it as well.
 *
 *   port 0x20, 0xa0   commands: initialisation (ICW1), end of interrupt (OCW2), poll (OCW3)
 *   port 0x21, 0xa1   mask, one bit a source
 */
#include "arch/arch.h"
#include "arch/mips/irqchip.h"
#include "arch/mips/mm.h"
#include "kernel/irq.h"
#include "kernel/spinlock.h"

#define PIC_SLAVE 0xa0
#define PIC_SOURCES 16
#define CASCADE 2

#define ICW1_INIT 0x11		/* edge triggered, cascaded, ICW4 follows */
#define ICW4_8086 0x01
#define OCW2_SPECIFIC_EOI 0x60
#define OCW3_POLL 0x0c
#define POLL_PENDING 0x80

static u16 masked = 0xffff;
static DEFINE_SPINLOCK(pic_lock);	/* masked, and a controller's command followed by its answer */

static void write_mask(void)
{
	*isa_port(PIC_MASTER + 1) = (u8)masked;
	*isa_port(PIC_SLAVE + 1) = (u8)(masked >> 8);
}

static void set_masked(unsigned int source, bool on)
{
	unsigned long flags;

	spin_lock_irqsave(&pic_lock, flags);
	masked = on ? masked | 1u << source : masked & ~(1u << source);
	write_mask();
	spin_unlock_irqrestore(&pic_lock, flags);
}

static void i8259_irq_mask(unsigned int source)
{
	set_masked(source, true);
}

static void i8259_irq_unmask(unsigned int source)
{
	set_masked(source, false);
}

/* The slave's source is also the master's input 2: both have to hear of its end. */
static void i8259_irq_eoi(unsigned int source)
{
	if (source >= 8) {
		*isa_port(PIC_SLAVE) = OCW2_SPECIFIC_EOI | (source - 8);
		source = CASCADE;
	}
	*isa_port(PIC_MASTER) = (u8)(OCW2_SPECIFIC_EOI | source);
}

static const struct irq_chip i8259_chip = {
	.name = "XT-PIC",
	.irq_mask = i8259_irq_mask,
	.irq_unmask = i8259_irq_unmask,
	.irq_eoi = i8259_irq_eoi,
};

/* The input that wants service, now acknowledged; -1: none. */
static int poll(unsigned int controller)
{
	u8 answer;

	*isa_port(controller) = OCW3_POLL;
	answer = *isa_port(controller);
	return answer & POLL_PENDING ? answer & 7 : -1;
}

static int pending_source(void)
{
	int source;

	spin_lock(&pic_lock);
	source = poll(PIC_MASTER);
	if (source == CASCADE) {
		source = poll(PIC_SLAVE);
		if (source >= 0)
			source += 8;
		else
			*isa_port(PIC_MASTER) = OCW2_SPECIFIC_EOI | CASCADE;	/* it went away */
	}
	spin_unlock(&pic_lock);
	return source;
}

void i8259_handle_irq(void)
{
	int source;

	while ((source = pending_source()) >= 0)
		generic_handle_irq((unsigned int)source);
}

void cpu_irq_unmask(int line)
{
	cp0_write(CP0_STATUS, cp0_read(CP0_STATUS) | ST_IM(line));
}

/* `first` would be the vector of source 0, if anybody asked for one. */
static void init_controller(unsigned int controller, u8 first, u8 cascade)
{
	*isa_port(controller) = ICW1_INIT;
	*isa_port(controller + 1) = first;
	*isa_port(controller + 1) = cascade;
	*isa_port(controller + 1) = ICW4_8086;
}

void arch_irq_init(void)
{
	init_controller(PIC_MASTER, 0, 1 << CASCADE);
	init_controller(PIC_SLAVE, 8, CASCADE);
	masked &= ~(1u << CASCADE);
	write_mask();
	irq_set_chip(&i8259_chip, PIC_SOURCES);
	cpu_irq_unmask(CPU_IRQ_PIC);
}
