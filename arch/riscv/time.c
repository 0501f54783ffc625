/* SPDX-License-Identifier: BSD-2-Clause */
/* time.c - the `time` CSR as clock, the SBI's one-shot timer as clock event device. */
#include "arch/arch.h"
#include "arch/riscv/firmware.h"
#include "kernel/time/time.h"
#include <asm/csr.h>
#include <asm/timex.h>

/* Until the device tree says otherwise: the frequency of QEMU's virt. */
unsigned long riscv_clock_mult = (1000000000UL << CLOCK_SHIFT) / 10000000;

void arch_timer_set_next(u64 ns)
{
	sbi_set_timer((ns << CLOCK_SHIFT) / riscv_clock_mult + 1);
}

void arch_timer_init(void)
{
	arch_timer_set_next(arch_clock_ns() + NSEC_PER_SEC / HZ);
	csr_set(sie, IE_STIE);
}
