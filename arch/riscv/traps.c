/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * traps.c - what a trap means (privileged specification, table of scause values).
 *
 * An interrupt is dispatched and, on the way out, may preempt the task it hit.
 * Any exception is a bug of the kernel's: a full report, then the run ends with a
 * failing status.  Nothing loops silently.
 */
#include "arch/arch.h"
#include "arch/riscv/irqchip.h"
#include "arch/riscv/patch.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/softirq.h"
#include "kernel/time/time.h"
#include <asm/current.h>

#define CAUSE_INTERRUPT (1UL << 63)
#define IRQ_S_SOFT 1
#define IRQ_S_TIMER 5
#define IRQ_S_EXT 9
#define FIRST_PAGE_FAULT 12

static const char *const exception_names[] = {
	[0] = "instruction address misaligned",
	[1] = "instruction access fault",
	[2] = "illegal instruction",
	[3] = "breakpoint",
	[4] = "load address misaligned",
	[5] = "load access fault",
	[6] = "store address misaligned",
	[7] = "store access fault",
	[8] = "environment call from U-mode",
	[9] = "environment call from S-mode",
	[12] = "instruction page fault",
	[13] = "load page fault",
	[15] = "store page fault",
};

void handle_exception(void);
void do_trap(struct pt_regs *regs);
void do_stack_overflow(struct pt_regs *regs);

static const char *exception_name(unsigned long cause)
{
	if (cause < ARRAY_SIZE(exception_names) && exception_names[cause])
		return exception_names[cause];
	return "unknown exception";
}

static void do_irq(unsigned long cause)
{
	irq_enter();
	switch (cause & ~CAUSE_INTERRUPT) {
	case IRQ_S_SOFT:
		csr_clear(sip, IE_SSIE);	/* before the messages are looked at: the next one raises it again */
		handle_IPI();
		break;
	case IRQ_S_TIMER:
		tick_handler();
		break;
	case IRQ_S_EXT:
		plic_handle_irq();
		break;
	default:
		panic("unexpected interrupt, scause %lx", cause);
	}
	irq_exit();
}

static void __noreturn do_exception(const struct pt_regs *regs)
{
	oops_enter();
	if (regs->cause >= FIRST_PAGE_FAULT)
		pr_emerg("Unable to handle kernel %s at virtual address %016lx\n",
			 regs->badaddr < PAGE_SIZE ? "NULL pointer dereference" : "paging request", regs->badaddr);
	die(exception_name(regs->cause), regs);
}

void do_trap(struct pt_regs *regs)
{
	if (!(regs->cause & CAUSE_INTERRUPT))
		do_exception(regs);
	do_irq(regs->cause);
	if (!current->preempt_count && current->need_resched && !regs_irqs_disabled(regs))
		preempt_schedule_irq();
	if (unlikely(ftrace_patch_stopped))
		restart_site(regs);
}

void do_stack_overflow(struct pt_regs *regs)
{
	oops_enter();
	pr_emerg("Insufficient stack space to handle exception!\n");
	pr_emerg("Task stack:     [0x%lx..0x%lx]\n", (unsigned long)current->stack,
		 (unsigned long)current->stack + THREAD_SIZE);
	die("kernel stack overflow", regs);
}

void arch_trap_init(void)
{
	csr_write(stvec, (unsigned long)handle_exception);
}

void show_regs(const struct pt_regs *regs)
{
	static const char names[31][4] = {
		"ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
		"a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
	};
	const unsigned long *x = &regs->ra;

	pr_emerg("epc : %pS\n", (void *)regs->epc);
	pr_emerg(" ra : %pS\n", (void *)regs->ra);
	for (int i = 0; i < 31; i += 3) {
		if (i + 2 < 31)
			pr_emerg(" %3s : %016lx %3s : %016lx %3s : %016lx\n", names[i], x[i], names[i + 1], x[i + 1],
				 names[i + 2], x[i + 2]);
		else
			pr_emerg(" %3s : %016lx epc : %016lx\n", names[i], x[i], regs->epc);
	}
	pr_emerg("status: %016lx badaddr: %016lx cause: %016lx\n", regs->status, regs->badaddr, regs->cause);
}
