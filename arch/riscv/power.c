/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power.c - the end of a run.
 *
 * QEMU's virt has a test device that ends QEMU with an exit status of our
 * choice ("sifive,test0"): code in the low half, status in the high half.
 */
#include "arch/arch.h"
#include "arch/riscv/firmware.h"
#include "arch/riscv/power.h"
#include <asm/irqflags.h>

#define TEST_PASS 0x5555
#define TEST_FAIL 0x3333

static volatile u32 *test_device;

void power_set_test_device(unsigned long base)
{
	test_device = (volatile u32 *)base;
}

static void __noreturn halt_forever(void)
{
	for (;;)
		__asm__ volatile("wfi");
}

void arch_power_off(int status)
{
	arch_local_irq_disable();
	if (test_device)
		*test_device = status ? TEST_FAIL | (u32)(status & 0xff) << 16 : TEST_PASS;
	sbi_system_reset(false, status != 0);
	halt_forever();
}

void arch_reboot(void)
{
	arch_local_irq_disable();
	sbi_system_reset(true, false);
	halt_forever();
}
