/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * percpu.c - the copies of the per-CPU section.
 *
 * __per_cpu_offset[] is written once, before the CPU it is for starts; no lock.
 */
#include "kernel/percpu.h"
#include "kernel/mm/mm.h"
#include "kernel/panic.h"
#include "lib/string.h"

extern char __per_cpu_start[], __per_cpu_end[];

unsigned long __per_cpu_offset[NR_CPUS];

void __init setup_per_cpu_areas(void)
{
	size_t size = __per_cpu_end - __per_cpu_start;
	int cpu;

	for_each_possible_cpu(cpu) {
		void *copy;

		if (cpu == 0)
			continue;
		copy = __get_free_pages(GFP_KERNEL, get_order(size));
		if (!copy)
			panic("no memory for the per-CPU data of CPU %d", cpu);
		memcpy(copy, __per_cpu_start, size);
		__per_cpu_offset[cpu] = (unsigned long)copy - (unsigned long)__per_cpu_start;
	}
}
