/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_info.c - the files of /proc that print a few numbers the kernel has anyway.
 */
#include "init/params.h"
#include "kernel/fs/proc.h"
#include "kernel/irq.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/rq.h"
#include "kernel/smp.h"
#include "kernel/time/time.h"
#include "kernel/version.h"
#include "lib/math64.h"

static int cmdline_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n", saved_command_line);
	return 0;
}
PROC_SHOW(cmdline, "cmdline", cmdline_show);

static int version_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n", patchbay_banner);
	return 0;
}
PROC_SHOW(version, "version", version_show);

static void show_kib(struct seq_file *m, const char *label, unsigned long pages)
{
	seq_printf(m, "%-16s%8lu kB\n", label, pages << (PAGE_SHIFT - 10));
}

/* Nothing is cached that could be dropped, so what is free is also what is available. */
static int meminfo_show(struct seq_file *m, void *v)
{
	struct sysinfo info;

	si_meminfo(&info);
	show_kib(m, "MemTotal:", info.totalram);
	show_kib(m, "MemFree:", info.freeram);
	show_kib(m, "MemAvailable:", info.freeram);
	return 0;
}
PROC_SHOW(meminfo, "meminfo", meminfo_show);

/* What the idle tasks of all CPUs ran, ns: as of their last switch or tick. */
static u64 total_idle_time(void)
{
	u64 sum = 0;
	int cpu;

	for_each_online_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		spin_lock_irq(&rq->lock);
		sum += rq->idle->sum_exec_runtime;
		spin_unlock_irq(&rq->lock);
	}
	return sum;
}

static void show_seconds(struct seq_file *m, u64 ns, char end)
{
	u32 rest;
	u64 seconds = div_u64_rem(ns, NSEC_PER_SEC, &rest);

	seq_printf(m, "%llu.%02u%c", (unsigned long long)seconds, rest / (u32)(NSEC_PER_SEC / 100), end);
}

static int uptime_show(struct seq_file *m, void *v)
{
	show_seconds(m, ktime_get_ns(), ' ');
	show_seconds(m, total_idle_time(), '\n');
	return 0;
}
PROC_SHOW(uptime, "uptime", uptime_show);

/* No driver declares its line level-triggered, so "Edge", as Linux says of the same lines. */
static void show_interrupt(struct seq_file *m, unsigned int irq)
{
	const char *action, *chip;
	int cpu;

	if (!irq_describe(irq, &action, &chip))
		return;
	seq_printf(m, "%3u:", irq);
	for_each_online_cpu(cpu)
		seq_printf(m, " %10u", kstat_irqs_cpu(irq, cpu));
	seq_printf(m, "  %8s %3u %-8s  %s\n", chip, irq, "Edge", action);
}

static int interrupts_show(struct seq_file *m, void *v)
{
	int cpu;

	seq_printf(m, "%11s", "");
	for_each_online_cpu(cpu)
		seq_printf(m, "CPU%-8d", cpu);
	seq_putc(m, '\n');
	for (unsigned int irq = 0; irq < NR_IRQS; irq++)
		show_interrupt(m, irq);
	show_ipi_list(m);
	return 0;
}
PROC_SHOW(interrupts, "interrupts", interrupts_show);
