/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serial8250.h - the 16550 UART at machine.uart_base: output by polling, input by interrupt.
 */
#ifndef KERNEL_DRIVERS_SERIAL8250_H
#define KERNEL_DRIVERS_SERIAL8250_H

#include "lib/compiler.h"

/* Whether machine.uart_base is known yet. */
bool serial8250_present(void);

/* One byte, as it is.  Waits until the transmitter takes it; the caller serialises.  Any context. */
void serial8250_putc(char c);

#endif
