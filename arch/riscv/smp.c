/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.c - the other harts: the SBI starts them, and raises their supervisor software interrupt.
 *
 * A hart starts in secondary_start (head.S) with the MMU off and the idle task in a1.
 */
#include "arch/arch.h"
#include "arch/riscv/firmware.h"
#include "arch/riscv/mm.h"
#include "lib/errno.h"

extern char secondary_start[];

int arch_cpu_up(int cpu, struct task_struct *idle)
{
	return sbi_hart_start(machine.cpu_hwid[cpu], __pa(secondary_start), (unsigned long)idle) ? -EIO : 0;
}

void arch_cpu_init(void)
{
	__asm__ volatile("sfence.vma\n\tfence.i" ::: "memory");
	csr_set(sie, IE_SSIE);
}

void arch_send_ipi(int cpu)
{
	sbi_send_ipi(machine.cpu_hwid[cpu]);
}
