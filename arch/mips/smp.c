/* SPDX-License-Identifier: BSD-2-Clause */
/* smp.c - other CPUs: a Malta with one of these has none, so nothing here is ever called. */
#include "arch/arch.h"
#include "kernel/panic.h"
#include "lib/errno.h"

int arch_cpu_up(int cpu, struct task_struct *idle)
{
	return -ENODEV;
}

void arch_cpu_init(void)
{
}

void arch_send_ipi(int cpu)
{
	panic("no such CPU: %d", cpu);
}
