/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serial8250.c - a 16550 UART with byte-wide, memory-mapped registers.
 *
 * Output polls: the console must work with interrupts off and in an oops, and one way is
 * simpler than two.  Input raises an interrupt, whose handler empties the FIFO into the
 * tty.  The firmware or the machine's reset has set the line speed.
 *
 * serial8250_putc() is serialised by the console's lock (printk.c); the receive side by
 * the interrupt itself.
 */
#include "kernel/drivers/serial8250.h"
#include "arch/arch.h"
#include "init/initcall.h"
#include "kernel/drivers/tty.h"
#include "kernel/irq.h"
#include "kernel/printk.h"
#include "lib/errno.h"
#include <asm/processor.h>

enum {
	UART_RX = 0, /* read */
	UART_TX = 0, /* write */
	UART_IER = 1,
	UART_FCR = 2,
	UART_MCR = 4,
	UART_LSR = 5,
};

#define IER_RECEIVED 0x01
#define FCR_ENABLE_FIFO 0x01
#define MCR_DTR_RTS 0x03
#define MCR_OUT2 0x08 /* on PC-like boards this connects the interrupt line */
#define LSR_DATA_READY 0x01
#define LSR_TX_EMPTY 0x20

/* No UART needs as long as this for a byte: one that does is stuck, and must not hang the kernel. */
#define TX_TRIES 1000000

static volatile u8 *uart_reg(int reg)
{
	return (volatile u8 *)(machine.uart_base + ((unsigned long)reg << machine.uart_shift));
}

bool serial8250_present(void)
{
	return machine.uart_base;
}

void serial8250_putc(char c)
{
	for (int tries = 0; !(*uart_reg(UART_LSR) & LSR_TX_EMPTY) && tries < TX_TRIES; tries++)
		cpu_relax();
	*uart_reg(UART_TX) = (u8)c;
}

static irqreturn_t serial8250_interrupt(unsigned int irq, void *dev)
{
	irqreturn_t result = IRQ_NONE;

	while (*uart_reg(UART_LSR) & LSR_DATA_READY) {
		tty_receive((char)*uart_reg(UART_RX));
		result = IRQ_HANDLED;
	}
	return result;
}

static int __init serial8250_init(void)
{
	int err;

	if (!serial8250_present())
		return -ENODEV;
	err = request_irq((unsigned int)machine.uart_irq, serial8250_interrupt, 0, "ttyS0", NULL);
	if (err) {
		pr_err("ttyS0: no interrupt %d (error %d): input will not work\n", machine.uart_irq, -err);
		return err;
	}
	*uart_reg(UART_FCR) = FCR_ENABLE_FIFO;
	*uart_reg(UART_MCR) = MCR_DTR_RTS | MCR_OUT2;
	*uart_reg(UART_IER) = IER_RECEIVED;
	return 0;
}
device_initcall(serial8250_init);
