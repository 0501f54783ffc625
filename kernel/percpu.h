/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * percpu.h - variables of which each CPU has its own.
 *
 * They are linked into the section .data..percpu.  CPU 0 uses that section itself
 * (offset 0, so they work from the first instruction on); every other CPU gets a copy,
 * and reaches it by adding its offset.  A running task has the offset of its CPU in
 * task->percpu_offset.  A task changes its CPU only while it sleeps, so a pointer from this_cpu_ptr()
 * stays right until then; what another task or an interrupt on this CPU may change still needs
 * preempt_disable() or interrupts off around it.
 */
#ifndef KERNEL_PERCPU_H
#define KERNEL_PERCPU_H

#include "kernel/preempt.h"
#include "kernel/smp.h"

#define DEFINE_PER_CPU(type, name) __section(".data..percpu") __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name

extern unsigned long __per_cpu_offset[NR_CPUS];

#define __shift_percpu_ptr(ptr, offset) \
	((__typeof__(ptr))((unsigned long)(ptr) + (offset)))
#define per_cpu_ptr(ptr, cpu) __shift_percpu_ptr(ptr, __per_cpu_offset[cpu])
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))
#define this_cpu_ptr(ptr) __shift_percpu_ptr(ptr, current->percpu_offset)

/* Reads and writes of this CPU's copy; not atomic against interrupts. */
#define this_cpu_read(var) READ_ONCE(*this_cpu_ptr(&(var)))
#define this_cpu_write(var, val) WRITE_ONCE(*this_cpu_ptr(&(var)), val)
#define this_cpu_add(var, val) ((void)(*this_cpu_ptr(&(var)) += (val)))
#define this_cpu_inc(var) this_cpu_add(var, 1)
#define this_cpu_dec(var) this_cpu_add(var, -1)

/*
 * Gives every possible CPU but 0 its copy.  Once, right after mm_init(): a copy holds what CPU 0's
 * variables hold by then, so what points into itself (a list head) is set up later, for each possible CPU.
 */
void setup_per_cpu_areas(void);

#endif
