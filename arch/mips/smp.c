/* SPDX-License-Identifier: BSD-2-Clause */
/* smp.c - messages between CPUs: a Malta with one of these CPUs has no other to send one to. */
#include "arch/arch.h"
#include "kernel/panic.h"
#include "kernel/smp.h"

void smp_send_reschedule(int cpu)
{
	panic("no such CPU: %d", cpu);
}
