/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * traps.c - what a trap means (volume III, "Cause register": table of exception codes).
 *
 * An interrupt is dispatched and, on the way out, may preempt the task it hit.
 * Any exception is a bug of the kernel's: a full report, then the run ends with a
 * failing verdict.  Nothing loops silently.
 */
#include "arch/arch.h"
#include "arch/mips/insn.h"
#include "arch/mips/irqchip.h"
#include "arch/mips/patch.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"
#include "kernel/softirq.h"
#include "lib/string.h"
#include <asm/current.h>
#include <asm/timex.h>

#define EXCCODE_INT 0
#define EXCCODE_LAST_ADDRESS 5	/* 1 to 5: BadVAddr holds an address that could not be used */

/* Offsets of the vectors from EBase. */
#define EBASE SEGMENT_ADDR(KSEG0)
#define VEC_TLB_REFILL 0x000
#define VEC_XTLB_REFILL 0x080
#define VEC_CACHE_ERROR 0x100
#define VEC_GENERAL 0x180

static const char *const exception_names[] = {
	[1] = "store to a read-only page",
	[2] = "load page fault",
	[3] = "store page fault",
	[4] = "load address error",
	[5] = "store address error",
	[6] = "instruction bus error",
	[7] = "data bus error",
	[8] = "system call",
	[9] = "breakpoint",
	[10] = "reserved instruction",
	[11] = "coprocessor unusable",
	[12] = "arithmetic overflow",
	[13] = "trap",
	[23] = "watch",
	[24] = "machine check",
};

extern char vec_tlb_refill[], vec_tlb_refill_end[], vec_cache_error[], vec_cache_error_end[];
extern char vec_general[], vec_general_end[], mips_idle_end[];

void do_trap(struct pt_regs *regs);
void do_stack_overflow(struct pt_regs *regs);
void do_cache_error(struct pt_regs *regs);

static const char *exception_name(unsigned int code)
{
	if (code < ARRAY_SIZE(exception_names) && exception_names[code])
		return exception_names[code];
	return "unknown exception";
}

/*
 * A trap in the delay slot of a near site's jal: the jal will be executed again, but may be a
 * nop by then.  Takes its link back (arch/mips/ftrace.c).  Sites are aligned to 8 bytes, so the move is in EPC's page;
 * but those of MCOUNT=pg, which are in the kernel's own text, that is all there.
 */
void undo_site_link(struct pt_regs *regs)
{
	const u32 *branch = (const u32 *)regs->epc;

	if ((regs->cause & CAUSE_BD) && (regs->epc & (FTRACE_SITE_ALIGN - 1)) == 4 % FTRACE_SITE_ALIGN &&
	    (FTRACE_SITE_ALIGN == 8 || patch_is_text(regs->epc - 4, 8)) && branch[-1] == INSN_MOVE_AT_RA)
		regs->regs[REG_RA] = regs->regs[REG_AT];
}

/* In arch_cpu_idle(), but not waiting yet (or not any more): what it waits for has happened. */
static void finish_idling(struct pt_regs *regs)
{
	if (regs->epc >= (unsigned long)arch_cpu_idle && regs->epc < (unsigned long)mips_idle_end)
		regs->epc = (unsigned long)mips_idle_end;
}

static void __noreturn do_exception(const struct pt_regs *regs)
{
	unsigned int code = CAUSE_EXCCODE(regs->cause);

	if (code <= EXCCODE_LAST_ADDRESS)
		pr_emerg("Unable to handle kernel %s at virtual address %0*lx\n",
			 regs->badvaddr < PAGE_SIZE ? "NULL pointer dereference" : "paging request",
			 2 * (int)sizeof(long), regs->badvaddr);
	die(exception_name(code), regs);
}

static void do_irq(u32 cause)
{
	u32 pending = cause & cp0_read(CP0_STATUS);

	irq_enter();
	if (pending & CAUSE_IP(CPU_IRQ_TIMER))
		time_handle_irq();
	if (pending & CAUSE_IP(CPU_IRQ_PIC))
		i8259_handle_irq();
	irq_exit();
}

void do_trap(struct pt_regs *regs)
{
	undo_site_link(regs);
	if (CAUSE_EXCCODE(regs->cause) != EXCCODE_INT)
		do_exception(regs);
	finish_idling(regs);
	do_irq((u32)regs->cause);
	if (!current->preempt_count && current->need_resched && !regs_irqs_disabled(regs))
		preempt_schedule_irq();
}

void do_stack_overflow(struct pt_regs *regs)
{
	pr_emerg("Insufficient stack space to handle exception!\n");
	pr_emerg("Task stack:     [0x%lx..0x%lx]\n", (unsigned long)current->stack,
		 (unsigned long)current->stack + THREAD_SIZE);
	die("kernel stack overflow", regs);
}

void do_cache_error(struct pt_regs *regs)
{
	die("cache error", regs);
}

static void install_vector(unsigned long offset, const char *start, const char *end)
{
	memcpy((void *)(EBASE + offset), start, end - start);
	patch_flush(EBASE + offset, end - start);
}

/* EBase can be written only while the boot ROM's vectors are in use. */
void arch_trap_init(void)
{
	install_vector(VEC_TLB_REFILL, vec_tlb_refill, vec_tlb_refill_end);
	install_vector(VEC_XTLB_REFILL, vec_tlb_refill, vec_tlb_refill_end);
	install_vector(VEC_CACHE_ERROR, vec_cache_error, vec_cache_error_end);
	install_vector(VEC_GENERAL, vec_general, vec_general_end);
	cp0_write(CP0_STATUS, ST_BEV);
	cp0_write(CP0_EBASE, EBASE);
	cp0_write(CP0_STATUS, 0);
	patch_hazard();
}

void show_regs(const struct pt_regs *regs)
{
	static const char names[32][3] = {
		"0", "at", "v0", "v1", "a0", "a1", "a2", "a3",
#if SZREG == 8
		"a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3",
#else
		"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
#endif
		"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "s8", "ra",
	};
	const int width = 2 * sizeof(long);

	pr_emerg("epc : %pS\n", (void *)regs->epc);
	pr_emerg(" ra : %pS\n", (void *)regs->regs[REG_RA]);
	for (int i = 0; i < 32; i += 4)
		pr_emerg(" %2s : %0*lx %2s : %0*lx %2s : %0*lx %2s : %0*lx\n", names[i], width, i ? regs->regs[i] : 0,
			 names[i + 1], width, regs->regs[i + 1], names[i + 2], width, regs->regs[i + 2],
			 names[i + 3], width, regs->regs[i + 3]);
	pr_emerg(" hi : %0*lx lo : %0*lx\n", width, regs->hi, width, regs->lo);
	pr_emerg("epc: %0*lx status: %08x badvaddr: %0*lx cause: %08x\n", width, regs->epc, (u32)regs->status, width,
		 regs->badvaddr, (u32)regs->cause);
}
