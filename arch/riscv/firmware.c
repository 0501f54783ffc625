/* SPDX-License-Identifier: BSD-2-Clause */
/* firmware.c - see firmware.h. */
#include "arch/arch.h"
#include "arch/riscv/firmware.h"
#include "kernel/smp.h"

#define SBI_EXT_TIME 0x54494d45
#define SBI_EXT_IPI 0x735049
#define SBI_EXT_HSM 0x48534d
#define SBI_EXT_RFENCE 0x52464e43
#define SBI_EXT_SRST 0x53525354

#define HSM_HART_START 0
#define RFENCE_FENCE_I 0
#define RFENCE_SFENCE_VMA 1
#define SRST_SHUTDOWN 0
#define SRST_COLD_REBOOT 1

unsigned long sbi_remote_fences_i;

static long sbi_call(unsigned long ext, unsigned long fn, unsigned long x0, unsigned long x1, unsigned long x2,
		     unsigned long x3)
{
	register unsigned long a0 __asm__("a0") = x0;
	register unsigned long a1 __asm__("a1") = x1;
	register unsigned long a2 __asm__("a2") = x2;
	register unsigned long a3 __asm__("a3") = x3;
	register unsigned long a6 __asm__("a6") = fn;
	register unsigned long a7 __asm__("a7") = ext;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a6), "r"(a7) : "memory");
	return (long)a0;
}

/* Hart ids of the other online CPUs, as a mask from hart 0 on; 0: nobody else. */
static unsigned long other_harts(void)
{
	unsigned long mask = 0;
	int cpu;

	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			mask |= 1UL << machine.cpu_hwid[cpu];
	return mask;
}

void sbi_set_timer(u64 ticks)
{
	sbi_call(SBI_EXT_TIME, 0, ticks, 0, 0, 0);
}

void sbi_send_ipi(unsigned long hart)
{
	sbi_call(SBI_EXT_IPI, 0, 1, hart, 0, 0);
}

long sbi_hart_start(unsigned long hart, unsigned long start, unsigned long opaque)
{
	return sbi_call(SBI_EXT_HSM, HSM_HART_START, hart, start, opaque, 0);
}

void sbi_remote_fence_i(void)
{
	unsigned long harts = other_harts();

	if (!harts)
		return;
	sbi_call(SBI_EXT_RFENCE, RFENCE_FENCE_I, harts, 0, 0, 0);
	sbi_remote_fences_i++;
}

void sbi_remote_sfence_vma(unsigned long start, unsigned long size)
{
	unsigned long harts = other_harts();

	if (harts)
		sbi_call(SBI_EXT_RFENCE, RFENCE_SFENCE_VMA, harts, 0, start, size);
}

void sbi_system_reset(bool reboot, bool failure)
{
	sbi_call(SBI_EXT_SRST, 0, reboot ? SRST_COLD_REBOOT : SRST_SHUTDOWN, failure, 0, 0);
}
