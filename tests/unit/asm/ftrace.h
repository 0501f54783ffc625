/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.h - patch sites of the machine that exists only in unit tests.
 *
 * A site is four words of an array that stands for the kernel's text.  Nothing
 * executes it, so its "instructions" are whatever is easy to check:
 *
 *   word 0   HOST_NOP, or HOST_CALL: this decides
 *   word 1   HOST_NOP, or which trampoline: HOST_TO_CALLER, HOST_TO_REGS_CALLER, or HOST_TO_DIRECT | its
 *            distance from host_text
 *   word 2   HOST_NOP, or HOST_PAYLOAD | index
 *   word 3   HOST_NOP
 *
 * The compiler's form, before boot, is HOST_COMPILER_NOP in all four.  See host_arch.h.
 */
#ifndef UNIT_ASM_FTRACE_H
#define UNIT_ASM_FTRACE_H

#include "lib/compiler.h"

#define FTRACE_SITE_WORDS 4
#define FTRACE_SITE_SIZE 16
#define MCOUNT_INSN_SIZE FTRACE_SITE_SIZE
#define FTRACE_MAX_PAYLOAD 0xffff

#define HOST_COMPILER_NOP 0x00010001u
#define HOST_NOP 0x00000013u
#define HOST_CALL 0xca110000u
#define HOST_TO_CALLER 0x7a000001u
#define HOST_TO_REGS_CALLER 0x7a000002u
#define HOST_TO_DIRECT 0x7b000000u
#define HOST_REACH 0x10000	/* a site calls its own trampolines, and what is nearer than this */
#define HOST_PAYLOAD 0xd1500000u

struct ftrace_ops;

struct ftrace_regs {
	unsigned long pc;
	unsigned long ra;
	struct pt_regs *regs;
	unsigned long args[8];
};

static inline unsigned long ftrace_regs_get_instruction_pointer(const struct ftrace_regs *fregs)
{
	return fregs->pc;
}

static inline void ftrace_regs_set_instruction_pointer(struct ftrace_regs *fregs, unsigned long ip)
{
	fregs->pc = ip;
}

static inline unsigned long ftrace_regs_get_argument(const struct ftrace_regs *fregs, unsigned int n)
{
	return n < 8 ? fregs->args[n] : 0;
}

static inline unsigned long ftrace_regs_get_return_address(const struct ftrace_regs *fregs)
{
	return fregs->ra;
}

/* All registers, where the trampoline saved them; else NULL. */
static inline struct pt_regs *ftrace_get_regs(const struct ftrace_regs *fregs)
{
	return fregs->regs;
}

bool host_preemptible(void);

static inline void arch_ftrace_set_direct_caller(struct ftrace_regs *fregs, unsigned long addr)
{
	if (fregs->regs) {
		fregs->regs->direct = addr;
		fregs->regs->direct_preemptible = host_preemptible();
	}
}

extern char ftrace_caller[], ftrace_regs_caller[];
#define FTRACE_ADDR ((unsigned long)ftrace_caller)
#define FTRACE_REGS_ADDR ((unsigned long)ftrace_regs_caller)

void ftrace_stub(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs);

#endif
