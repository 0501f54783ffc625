/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.h - a patch site on MIPS, and what its trampoline saves.
 *
 * The compiler leaves 8 nop (32 bytes).  arch/mips/ftrace.c draws what boot makes of them,
 * near (one jal reaches the trampoline) and far (it does not), and how a site changes.
 * MCOUNT=pg: the compiler leaves a call of _mcount (12 bytes) behind the prologue instead.
 * The operand rides in a NOP: `lui $0, imm` carries the dispatch index in its low half.
 */
#ifndef ASM_FTRACE_H
#define ASM_FTRACE_H

#include <asm/ptrace.h>

#ifdef CONFIG_MCOUNT_PG
/* A call of _mcount, behind the prologue: the near form without the NOPs that follow it, and no far form. */
#define FTRACE_SITE_WORDS 3
#define FTRACE_SITE_SIZE 12
#define FTRACE_SITE_ALIGN 4
#define FTRACE_HAS_FAR_SITES 0
#define FTRACE_BEHIND_PROLOGUE 1
#else
#define FTRACE_SITE_WORDS 8
#define FTRACE_SITE_SIZE 32
#define FTRACE_SITE_ALIGN 8
#define FTRACE_HAS_FAR_SITES 1
#define FTRACE_BEHIND_PROLOGUE 0
#endif
#define MCOUNT_INSN_SIZE FTRACE_SITE_SIZE	/* any address inside the site belongs to it */
#define FTRACE_MAX_PAYLOAD 0xffff

/* From ra, after the site's jal or jalr and its delay slot, back to the payload and to the site. */
#define SITE_PAYLOAD_BEFORE_RA 4
#define SITE_NEAR_BEFORE_RA 12
#define SITE_FAR_BEFORE_RA 20

#ifndef __ASSEMBLER__
#include "lib/compiler.h"

struct ftrace_ops;

/* Arguments in registers: a0 .. a7 on n64, a0 .. a3 on o32. */
#define FTRACE_REGS_ARGS (SZREG == 8 ? 8 : 4)

/*
 * A pt_regs right below the traced function's stack pointer.  Both trampolines fill
 *
 *   epc             where the traced function goes on: behind the call; a callback may change it
 *   ra              return address into the caller: parent_ip
 *   a0 ..           the arguments
 *   regs[0]         0: that was all (ftrace_caller); 1: everything is filled (ftrace_regs_caller)
 */
struct ftrace_regs {
	struct pt_regs regs;
};

static inline unsigned long ftrace_regs_get_instruction_pointer(const struct ftrace_regs *fregs)
{
	return fregs->regs.epc;
}

static inline void ftrace_regs_set_instruction_pointer(struct ftrace_regs *fregs, unsigned long ip)
{
	fregs->regs.epc = ip;
}

static inline unsigned long ftrace_regs_get_stack_pointer(const struct ftrace_regs *fregs)
{
	return (unsigned long)(fregs + 1);
}

/*
 * Arguments beyond the registers lie on the caller's stack: on o32 argument n at word n, on n64 argument 8 at word 0.
 * Behind a prologue nobody can tell where that is: 0.
 */
static inline unsigned long ftrace_regs_get_argument(const struct ftrace_regs *fregs, unsigned int n)
{
	const unsigned long *stack = (const unsigned long *)ftrace_regs_get_stack_pointer(fregs);

	if (n < FTRACE_REGS_ARGS)
		return fregs->regs.regs[REG_A0 + n];
	if (FTRACE_BEHIND_PROLOGUE)
		return 0;
	return stack[SZREG == 8 ? n - FTRACE_REGS_ARGS : n];
}

static inline unsigned long ftrace_regs_get_return_address(const struct ftrace_regs *fregs)
{
	return fregs->regs.regs[REG_RA];
}

/* All registers, where the trampoline saved them; else NULL. */
static inline struct pt_regs *ftrace_get_regs(struct ftrace_regs *fregs)
{
	return fregs->regs.regs[0] ? &fregs->regs : NULL;
}

/*
 * A direct call: when the callbacks have returned, the trampoline jumps to addr with every register as at the site.
 * There, ra is where to go on in the traced function, and `at` where that returns to.  The trampoline that saves
 * all registers keeps 0 as t9, which is dead at a function's start, and jumps to what it finds there afterwards.
 */
static inline void arch_ftrace_set_direct_caller(struct ftrace_regs *fregs, unsigned long addr)
{
	if (ftrace_get_regs(fregs))
		fregs->regs.regs[REG_T9] = addr;
}

/* In trampoline.S: trampolines, and the patched call slot that they share. */
extern char ftrace_caller[], ftrace_regs_caller[], ftrace_call[], ftrace_trampolines_end[];
/* And a trampoline for direct calls that does nothing. */
extern char ftrace_stub_direct_tramp[];
/* What compiled code calls with MCOUNT=pg, until ftrace_init() has made every site a NOP. */
extern char _mcount[];
#define FTRACE_ADDR ((unsigned long)ftrace_caller)
#define FTRACE_REGS_ADDR ((unsigned long)ftrace_regs_caller)

void ftrace_stub(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs);
#endif

#endif
