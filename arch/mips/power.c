/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power.c - the end of a run.
 *
 * A Malta cannot switch itself off: it can only reset (Malta user's manual, SOFTRES), and QEMU,
 * started with -no-reboot, ends there.  It hands no status to its host either, so the
 * verdict goes to the console as the last line, past all log levels:
 *
 *   reboot: power off, status 0
 */
#include "arch/arch.h"
#include "arch/mips/mm.h"
#include "arch/mips/power.h"
#include "kernel/drivers/serial8250.h"
#include "lib/stdio.h"
#include <asm/irqflags.h>

static void __noreturn reset(void)
{
	*(volatile u32 *)device_register(SOFT_RESET_REGISTER) = SOFT_RESET_MAGIC;
	for (;;)
		__asm__ volatile("wait");
}

void arch_power_off(int status)
{
	char verdict[64];

	arch_local_irq_disable();
	snprintf(verdict, sizeof(verdict), "reboot: power off, status %d\r\n", status);
	for (const char *c = verdict; *c; c++)
		serial8250_putc(*c);
	reset();
}

void arch_reboot(void)
{
	arch_local_irq_disable();
	reset();
}
