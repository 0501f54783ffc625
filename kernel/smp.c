/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.c - the CPU masks, and functions run on given CPUs.
 *
 * The masks are written by the boot CPU alone, before other CPUs look at them.  No
 * secondary CPU is ever brought online here, so every function asked for either
 * runs at once on this CPU, with interrupts off as a cross-call would have them,
 * or is for a CPU that is not there.
 */
#include "kernel/smp.h"
#include "lib/errno.h"

unsigned int nr_cpu_ids = 1;
unsigned long cpu_possible_mask = BIT(0);
unsigned long cpu_online_mask = BIT(0);

static unsigned int weight(unsigned long mask)
{
	unsigned int n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

void set_cpu_possible(int cpu)
{
	cpu_possible_mask |= BIT(cpu);
	nr_cpu_ids = max(nr_cpu_ids, (unsigned int)cpu + 1);
}

void set_cpu_online(int cpu)
{
	cpu_online_mask |= BIT(cpu);
}

unsigned int num_online_cpus(void)
{
	return weight(READ_ONCE(cpu_online_mask));
}

unsigned int num_possible_cpus(void)
{
	return weight(READ_ONCE(cpu_possible_mask));
}

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	unsigned long flags;
	int ret = -ENXIO;

	preempt_disable();
	if (cpu == smp_processor_id()) {
		local_irq_save(flags);
		func(info);
		local_irq_restore(flags);
		ret = 0;
	}
	preempt_enable();
	return ret;
}

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	int cpu, me = get_cpu();

	for_each_online_cpu(cpu)
		if (cpu != me)
			smp_call_function_single(cpu, func, info, wait);
	put_cpu();
}

void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	preempt_disable();
	smp_call_function(func, info, wait);
	smp_call_function_single(smp_processor_id(), func, info, wait);
	preempt_enable();
}
