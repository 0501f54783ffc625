/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.c - the CPU masks, the start of the other CPUs, and messages between CPUs.
 *
 * The masks are written by the boot CPU, and each CPU's online bit by that CPU.
 *
 * A message is a bit in the receiver's ipi_pending, then arch_send_ipi(); the interrupt itself
 * carries nothing, and several messages may share one.
 *
 * A function call is a call_single_data: one for each pair of CPUs, csd[from] in the receiver's per-CPU
 * data, so that nobody allocates.  Its sender (preemption off, so those of one CPU take turns) waits until it is free,
 * fills it in and sends IPI_CALL_FUNC; the receiver frees it, after the call if the sender waits.  No lock.
 */
#include "kernel/smp.h"
#include "arch/arch.h"
#include "init/params.h"
#include "kernel/panic.h"
#include "kernel/percpu.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "lib/err.h"
#include "lib/kstrtox.h"
#include "lib/seq_file.h"
#include <asm/processor.h>

#define CPU_UP_NSEC (5ULL * NSEC_PER_SEC)
#define STOP_TRIES 10000000	/* about a second: the clock may be what is broken */

unsigned int nr_cpu_ids = 1;
unsigned long cpu_possible_mask = BIT(0);
unsigned long cpu_online_mask = BIT(0);

static unsigned int setup_max_cpus = NR_CPUS;

enum { IPI_RESCHEDULE, IPI_CALL_FUNC, IPI_CPU_STOP, NR_IPIS };

static const char *const ipi_names[NR_IPIS] = {
	[IPI_RESCHEDULE] = "Rescheduling interrupts",
	[IPI_CALL_FUNC] = "Function call interrupts",
	[IPI_CPU_STOP] = "CPU stop interrupts",
};

enum { CSD_FREE, CSD_QUEUED };

struct call_single_data {
	smp_call_func_t func;
	void *info;
	bool wait;
	unsigned int state; /* CSD_*; released by stores, acquired by loads */
};

static DEFINE_PER_CPU(unsigned long, ipi_pending);
static DEFINE_PER_CPU(unsigned int, ipi_counts[NR_IPIS]); /* each written by its own CPU only */
static DEFINE_PER_CPU(struct call_single_data, csd[NR_CPUS]);
static atomic_t nr_stopped;

/* ---- masks ---- */

static unsigned int weight(unsigned long mask)
{
	unsigned int n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

unsigned int num_online_cpus(void)
{
	return weight(READ_ONCE(cpu_online_mask));
}

unsigned int num_possible_cpus(void)
{
	return weight(READ_ONCE(cpu_possible_mask));
}

void __init setup_nr_cpu_ids(void)
{
	nr_cpu_ids = min((unsigned int)machine.nr_cpus, (unsigned int)NR_CPUS);
	cpu_possible_mask = BIT(nr_cpu_ids) - 1;
}

static int __init nosmp(char *val)
{
	setup_max_cpus = 0;
	return 0;
}
early_param("nosmp", nosmp);

static int __init maxcpus(char *val)
{
	unsigned int n;
	int err = val ? kstrtouint(val, 0, &n) : -EINVAL;

	if (!err)
		setup_max_cpus = n;
	return err;
}
early_param("maxcpus", maxcpus);

/* ---- starting the others ---- */

/* What another CPU runs first, on its idle task: interrupts off, preemption off. */
static void secondary_start_kernel(void)
{
	/* From here on code and translations are changed with this CPU in mind; arch_cpu_init() forgets older ones. */
	__atomic_fetch_or(&cpu_online_mask, BIT(smp_processor_id()), __ATOMIC_SEQ_CST);
	arch_cpu_init();
	time_init();
	cpu_startup_entry();
}

/* 0, or why the CPU did not start. */
static int cpu_up(int cpu)
{
	struct task_struct *idle = fork_idle(cpu, secondary_start_kernel);
	u64 start = sched_clock();
	int err = IS_ERR(idle) ? (int)PTR_ERR(idle) : arch_cpu_up(cpu, idle);

	/* If it does not come now, it may come later: its idle task is not given back. */
	while (!err && !cpu_online(cpu)) {
		if (sched_clock() - start > CPU_UP_NSEC)
			return -EIO;
		cpu_relax();
	}
	return err;
}

void smp_init(void)
{
	int cpu, err;

	if (num_possible_cpus() == 1)
		return;
	pr_info("smp: Bringing up secondary CPUs ...\n");
	for_each_possible_cpu(cpu) {
		if (cpu_online(cpu) || num_online_cpus() >= setup_max_cpus)
			continue;
		err = cpu_up(cpu);
		if (err)
			pr_err("CPU%d: failed to come online: %d\n", cpu, err);
	}
	pr_info("smp: Brought up 1 node, %u CPU%s\n", num_online_cpus(), num_online_cpus() == 1 ? "" : "s");
}

/* ---- messages ---- */

static void send_ipi(int cpu, int message)
{
	__atomic_fetch_or(per_cpu_ptr(&ipi_pending, cpu), BIT(message), __ATOMIC_SEQ_CST);
	arch_send_ipi(cpu);
}

void smp_send_reschedule(int cpu)
{
	send_ipi(cpu, IPI_RESCHEDULE);
}

static void csd_call(struct call_single_data *data)
{
	smp_call_func_t func = data->func;
	void *info = data->info;

	if (data->wait) {
		func(info);
		smp_store_release(&data->state, CSD_FREE);
	} else {
		smp_store_release(&data->state, CSD_FREE);
		func(info);
	}
}

static noinline void generic_smp_call_function_interrupt(void)
{
	struct call_single_data *data = *this_cpu_ptr(&csd);

	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (smp_load_acquire(&data[cpu].state) == CSD_QUEUED)
			csd_call(&data[cpu]);
}

void smp_stop_self(void)
{
	local_irq_disable();
	atomic_inc_return(&nr_stopped);
	for (;;)
		cpu_relax();
}

void handle_IPI(void)
{
	unsigned long messages = xchg(this_cpu_ptr(&ipi_pending), 0);

	for (int i = 0; i < NR_IPIS; i++)
		(*this_cpu_ptr(&ipi_counts))[i] += !!(messages & BIT(i));
	/* IPI_RESCHEDULE: need_resched is looked at on every way out of an interrupt. */
	if (messages & BIT(IPI_CPU_STOP))
		smp_stop_self();
	if (messages & BIT(IPI_CALL_FUNC))
		generic_smp_call_function_interrupt();
}

void show_ipi_list(struct seq_file *m)
{
	int cpu;

	for (int i = 0; i < NR_IPIS && num_possible_cpus() > 1; i++) {
		seq_printf(m, "IPI%d:", i);
		for_each_online_cpu(cpu)
			seq_printf(m, "%*u", cpu ? 11 : 10, READ_ONCE((*per_cpu_ptr(&ipi_counts, cpu))[i]));
		seq_printf(m, "  %s\n", ipi_names[i]);
	}
}

void smp_send_stop(void)
{
	int cpu, others = 0;

	for_each_online_cpu(cpu) {
		if (cpu == smp_processor_id())
			continue;
		send_ipi(cpu, IPI_CPU_STOP);
		others++;
	}
	for (long tries = 0; tries < STOP_TRIES && atomic_read(&nr_stopped) != others; tries++)
		cpu_relax();
}

/* ---- function calls ---- */

static void csd_wait(const struct call_single_data *data)
{
	while (smp_load_acquire(&data->state) != CSD_FREE)
		cpu_relax();
}

/* Preemption off.  The call's data, for whoever wants to wait. */
static struct call_single_data *csd_send(int cpu, smp_call_func_t func, void *info, bool wait)
{
	struct call_single_data *data = &(*per_cpu_ptr(&csd, cpu))[smp_processor_id()];

	WARN_ON_ONCE(irqs_disabled());	/* it may be asking this CPU for something at the same time */
	csd_wait(data);
	data->func = func;
	data->info = info;
	data->wait = wait;
	smp_store_release(&data->state, CSD_QUEUED);
	send_ipi(cpu, IPI_CALL_FUNC);
	return data;
}

static void call_here(smp_call_func_t func, void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	struct call_single_data *data;
	int ret = 0;

	preempt_disable();
	if (cpu == smp_processor_id()) {
		call_here(func, info);
	} else if (cpu < 0 || cpu >= NR_CPUS || !cpu_online(cpu)) {
		ret = -ENXIO;
	} else {
		data = csd_send(cpu, func, info, wait);
		if (wait)
			csd_wait(data);
	}
	preempt_enable();
	return ret;
}

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	struct call_single_data *sent[NR_CPUS];
	int cpu, n = 0, me = get_cpu();

	/* All work at the same time. */
	for_each_online_cpu(cpu)
		if (cpu != me)
			sent[n++] = csd_send(cpu, func, info, wait);
	while (wait && n)
		csd_wait(sent[--n]);
	put_cpu();
}

void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	preempt_disable();
	smp_call_function(func, info, wait);
	call_here(func, info);
	preempt_enable();
}
