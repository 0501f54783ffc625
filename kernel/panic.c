/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic.c - warnings, oopses, panics.
 *
 * A fatal report is printed by one CPU, once, with interrupts off and the others stopped, and
 * ends in arch_power_off(1).  The report itself may fault (a broken stack, a broken trace
 * buffer): the second time around only one line is printed, the third time none.
 */
#include "kernel/panic.h"
#include "arch/arch.h"
#include "kernel/kallsyms.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/version.h"
#include "lib/atomic.h"

#define CUT_HERE "------------[ cut here ]------------\n"
#define END_TRACE "---[ end trace 0000000000000000 ]---\n"
#define NO_CPU (-1)

void (*oops_enter_hook)(void);
void (*oops_dump_hook)(void);

static int dying_cpu = NO_CPU;
static int report_depth; /* how often dying_cpu got here */

/* ---- call traces ---- */

struct trace_cookie {
	bool trapped; /* the next address is that of an instruction, not a return address */
};

static bool print_trace_address(void *cookie, unsigned long pc)
{
	struct trace_cookie *c = cookie;

	if (c->trapped)
		printk("[<%px>] %pS\n", (void *)pc, (void *)pc);
	else
		printk("[<%px>] %pB\n", (void *)pc, (void *)pc);
	c->trapped = false;
	return true;
}

void show_stack(struct task_struct *task, const struct pt_regs *regs)
{
	struct trace_cookie cookie = { .trapped = regs };

	printk("Call Trace:\n");
	arch_stack_walk(print_trace_address, &cookie, task, regs);
}

static void print_task_info(void)
{
	printk("CPU: %d UID: 0 PID: %d Comm: %.*s Not tainted %s\n", smp_processor_id(), current->pid,
	       TASK_COMM_LEN, current->comm, patchbay_version);
	if (machine.model)
		printk("Hardware name: %s\n", machine.model);
}

void dump_stack(void)
{
	print_task_info();
	show_stack(NULL, NULL);
}

/* ---- warnings: the caller goes on ---- */

void __warn(const char *file, int line, const char *fmt, ...)
{
	printk(CUT_HERE);
	if (fmt) {
		va_list args;

		va_start(args, fmt);
		vprintk(fmt, args);
		va_end(args);
	}
	printk("WARNING: CPU: %d PID: %d at %s:%d %pB\n", smp_processor_id(), current->pid, file, line,
	       __builtin_return_address(0));
	dump_stack();
	printk(END_TRACE);
}

/* ---- the end ---- */

static void call_once(void (**hook)(void))
{
	void (*fn)(void) = xchg(hook, NULL);

	if (fn)
		fn();
}

void oops_enter(void)
{
	call_once(&oops_enter_hook);
}

/* Makes this CPU the one that reports.  Returns how often it has got here, from 1. */
static int begin_report(void)
{
	int cpu = smp_processor_id(), owner;

	oops_enter();
	local_irq_disable();
	owner = cmpxchg(&dying_cpu, NO_CPU, cpu);
	if (owner != NO_CPU && owner != cpu)
		smp_stop_self(); /* the other one will power the machine off */
	if (owner == NO_CPU)
		smp_send_stop();
	printk_enter_oops();
	return ++report_depth;
}

/* A fault inside a report: say so in as little code as possible. */
static void __noreturn give_up(const char *what, const void *where, int depth)
{
	if (depth == 2)
		pr_emerg("%s at %px while reporting the above: giving up\n", what, where);
	arch_power_off(1);
}

static void __noreturn finish_panic(const char *message)
{
	call_once(&oops_dump_hook);
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", message);
	arch_power_off(1);
}

void panic(const char *fmt, ...)
{
	static char message[256];
	int depth = begin_report();
	va_list args;

	if (depth > 1)
		give_up("panic", __builtin_return_address(0), depth);

	va_start(args, fmt);
	vscnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	pr_emerg("Kernel panic - not syncing: %s\n", message);
	dump_stack();
	finish_panic(message);
}

/* The code around the trapped instruction, as much of it and marked as Linux on that machine does. */
static void print_code(const struct pt_regs *regs)
{
	const insn_unit_t *at = (const insn_unit_t *)(instruction_pointer(regs) & -sizeof(*at));
	const int digits = 2 * sizeof(*at);

	if (!kernel_text_address((unsigned long)(at - OOPS_CODE_BEFORE)) ||
	    !kernel_text_address((unsigned long)(at + OOPS_CODE_FROM)))
		return;
	printk("Code:");
	for (int i = -OOPS_CODE_BEFORE; i < OOPS_CODE_FROM; i++)
		if (i)
			pr_cont(" %0*x", digits, at[i]);
		else
			pr_cont(" " OOPS_CODE_TRAPPED, digits, at[i]);
	pr_cont("\n");
}

void die(const char *what, const struct pt_regs *regs)
{
	int depth = begin_report();
	const char *message = in_interrupt() ? "Fatal exception in interrupt" : "Fatal exception";

	if (depth > 1)
		give_up(what, regs ? (const void *)instruction_pointer(regs) : NULL, depth);

	pr_emerg("Oops - %s [#1]\n", what);
	print_task_info();
	if (regs) {
		show_regs(regs);
		print_code(regs);
	}
	show_stack(NULL, regs);
	call_once(&oops_dump_hook);
	printk(END_TRACE);
	pr_emerg("Kernel panic - not syncing: %s\n", message);
	finish_panic(message);
}

void __bug(const char *file, int line)
{
	oops_enter();
	printk(CUT_HERE);
	pr_crit("kernel BUG at %s:%d!\n", file, line);
	die("kernel BUG", NULL);
}
