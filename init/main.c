/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - boot, as one list.
 *
 * start_kernel() runs on the boot CPU with interrupts off, on the task that will
 * be its idle task.  Each line may use what the lines above it made; the comments
 * say what that is.  kernel_init() is the first real task, pid 1.
 */
#include "arch/arch.h"
#include "init/autorun.h"
#include "init/initcall.h"
#include "init/params.h"
#include "kernel/fs/fs.h"
#include "kernel/kthread.h"
#include "kernel/mm/mm.h"
#include "kernel/panic.h"
#include "kernel/percpu.h"
#include "kernel/printk.h"
#include "kernel/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/softirq.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "kernel/version.h"
#include "trace/ftrace.h"
#include "trace/trace.h"
#include <asm/irqflags.h>

void start_kernel(void);

static int kernel_init(void *unused)
{
	do_pre_smp_initcalls();
	smp_init();		/* all CPUs run from here on */
	do_initcalls();		/* drivers, file systems, tracefs, the initramfs */
	ftrace_free_init_mem();	/* before the memory goes, the records of what is in it */
	free_initmem();
	run_init_process();
}

/* Preemption is off on the boot task: neither of the two runs before it goes idle. */
static noinline void rest_init(void)
{
	pid_t init = kernel_clone(kernel_init, NULL, "init", 0);
	pid_t threads = kernel_clone(kthreadd, NULL, "kthreadd", CLONE_FS | CLONE_FILES | CLONE_KTHREAD);

	if (init != 1 || threads != 2)
		panic("init got pid %d, kthreadd %d", init, threads);
}

void __init start_kernel(void)
{
	setup_arch();			/* `machine`; nothing is printed before it */
	setup_command_line(machine.cmdline);
	parse_early_param();		/* loglevel= quiet: from here on, what is printed is what was asked for */
	pr_notice("%s\n", patchbay_banner);
	pr_info("Machine model: %s\n", machine.model ? machine.model : "unknown");
	pr_notice("Kernel command line: %s\n", saved_command_line);

	arch_mm_init();			/* text read-only from here on: patch.c can write it */
	mm_init();			/* __get_free_pages(), kmalloc() */
	setup_nr_cpu_ids();
	setup_per_cpu_areas();		/* CPU 0's is the linked one, and was usable all along */
	parse_args();			/* all other words; most are only noted for whoever comes up later */

	sched_init();			/* current is an idle task; nobody to switch to yet */
	rcu_init();
	ftrace_init();			/* every site is a known one, and off */
	trace_init();			/* buffers; ftrace= starts here, so that it sees the rest of boot */

	arch_irq_init();
	init_timers();
	time_init();			/* the tick, once interrupts are on */
	local_irq_enable();

	vfs_caches_init();
	rest_init();
	local_irq_disable();
	cpu_startup_entry();
}
