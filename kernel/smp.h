/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.h - which CPUs there are, how they are started, and messages between them.
 *
 * Possible: has per-CPU data.  Online: runs tasks and takes interrupts.  CPU 0 is
 * both from the start.  The masks only grow, and only during boot.
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

#include "kernel/preempt.h"

#define NR_CPUS 8

typedef void (*smp_call_func_t)(void *info);

extern unsigned int nr_cpu_ids; /* one more than the highest possible CPU */
extern unsigned long cpu_possible_mask, cpu_online_mask;

/* Notes how many CPUs the machine has.  Boot, before setup_per_cpu_areas(). */
void setup_nr_cpu_ids(void);
/* Starts all other CPUs, or as many as maxcpus= and nosmp allow.  Task context, once. */
void smp_init(void);

static inline int smp_processor_id(void) { return READ_ONCE(current->cpu); }
#define raw_smp_processor_id() smp_processor_id()
#define get_cpu() ({ preempt_disable(); smp_processor_id(); })
#define put_cpu() preempt_enable()

static inline bool cpu_possible(int cpu) { return READ_ONCE(cpu_possible_mask) & BIT(cpu); }
static inline bool cpu_online(int cpu) { return READ_ONCE(cpu_online_mask) & BIT(cpu); }
unsigned int num_online_cpus(void);
unsigned int num_possible_cpus(void);

#define for_each_cpu_of(cpu, is_member)                             \
	for ((cpu) = 0; (cpu) < (__typeof__(cpu))nr_cpu_ids; (cpu)++) \
		if (!is_member(cpu)) {} else
#define for_each_possible_cpu(cpu) for_each_cpu_of(cpu, cpu_possible)
#define for_each_online_cpu(cpu) for_each_cpu_of(cpu, cpu_online)

/*
 * Run func(info) on one CPU / on all others / on all, with interrupts off there; func must not sleep.
 * `wait`: return only when it is done; without, `info` must outlive it.  Task context, interrupts on (off is
 * fine when only this CPU is meant): the CPUs asked may be waiting for this one.
 * smp_call_function_single() returns 0, or -ENXIO when `cpu` is not online.
 */
int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait);
void smp_call_function(smp_call_func_t func, void *info, int wait);
void on_each_cpu(smp_call_func_t func, void *info, int wait);

/* Makes `cpu` look at its need_resched soon.  Any context. */
void smp_send_reschedule(int cpu);
/* For a fatal report: the other CPUs stop where they are, for good.  Waits a moment for them.  Any context. */
void smp_send_stop(void);
/* This CPU stops by itself: another one is making a fatal report. */
void smp_stop_self(void) __noreturn;

/* /proc/interrupts: how many of each kind of message every CPU got. */
struct seq_file;
void show_ipi_list(struct seq_file *m);

/* The inter-processor interrupt came.  By arch, between irq_enter() and irq_exit(). */
void handle_IPI(void);

#endif
