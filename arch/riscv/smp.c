/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.c - messages between CPUs: the SBI raises a hart's supervisor software interrupt.
 *
 * The interrupt carries no message.  What the receiver has to do, it finds where the
 * sender left it: a reschedule is current->need_resched, looked at on every way out
 * of a trap.
 */
#include "arch/arch.h"
#include "arch/riscv/firmware.h"
#include "kernel/smp.h"

void smp_send_reschedule(int cpu)
{
	sbi_send_ipi(machine.cpu_hwid[cpu]);
}
