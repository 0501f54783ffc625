/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.h - a patch site on RISC-V, and what its trampoline saves.
 *
 * The compiler leaves 8 c.nop (16 bytes, 8-byte aligned).  arch/riscv/ftrace.c draws the four words that boot
 * makes of them, near (one jal reaches the trampoline) and far (it does not), and how a site changes.
 *
 * The operand rides in a NOP: `slti zero, ...` does nothing, the unprivileged specification leaves it to
 * custom hints, and its bits 31:15 carry the dispatch index.  A plain nop read as a payload is 0, "no index".
 */
#ifndef ASM_FTRACE_H
#define ASM_FTRACE_H

#define FTRACE_SITE_WORDS 4
#define FTRACE_SITE_SIZE 16
#define MCOUNT_INSN_SIZE FTRACE_SITE_SIZE	/* any address inside the site belongs to it */
#define FTRACE_MAX_PAYLOAD 0x1ffff

/* Inside a site, and from t0, behind its jal or jalr, back to its start. */
#define SITE_PAYLOAD_OFFSET 8
#define SITE_FAR_TRAMPOLINE_OFFSET 12
#define SITE_NEAR_BEFORE_T0 4
#define SITE_FAR_BEFORE_T0 8

/* struct ftrace_regs as ftrace_caller stores it */
#define FREGS_EPC 0
#define FREGS_RA 8
#define FREGS_S0 16
#define FREGS_REGS 24
#define FREGS_A0 32
#define FREGS_SIZE 96

#ifndef __ASSEMBLER__
#include "lib/compiler.h"
#include <asm/ptrace.h>

struct ftrace_ops;

/* Right below the traced function's stack pointer; with ftrace_regs_caller, a struct pt_regs lies below it in turn. */
struct ftrace_regs {
	unsigned long epc;	/* where the traced function goes on: behind the call; a callback may change it */
	unsigned long ra;	/* return address into the caller: parent_ip */
	unsigned long s0;	/* the caller's frame pointer; read only */
	struct pt_regs *regs;	/* all registers, read back when the callback returns (epc is regs->epc then), or NULL */
	unsigned long args[8];	/* a0 .. a7 */
};

/* All registers of the traced function at its site; NULL if the site's trampoline did not save them. */
static inline struct pt_regs *ftrace_get_regs(struct ftrace_regs *fregs)
{
	return fregs->regs;
}

static inline unsigned long ftrace_regs_get_instruction_pointer(const struct ftrace_regs *fregs)
{
	return fregs->regs ? fregs->regs->epc : fregs->epc;
}

static inline void ftrace_regs_set_instruction_pointer(struct ftrace_regs *fregs, unsigned long ip)
{
	if (fregs->regs)
		fregs->regs->epc = ip;
	else
		fregs->epc = ip;
}

/*
 * A direct call: when the callbacks have returned, the trampoline jumps to addr with every register as at the site.
 * There, t0 is where to go on in the traced function, and ra where that returns to.  The trampoline that saves all
 * registers keeps 0 as t1, which is dead at a function's start, and jumps to what it finds there afterwards.
 */
static inline void arch_ftrace_set_direct_caller(struct ftrace_regs *fregs, unsigned long addr)
{
	if (fregs->regs)
		fregs->regs->t1 = addr;
}

static inline unsigned long ftrace_regs_get_argument(const struct ftrace_regs *fregs, unsigned int n)
{
	return n < 8 ? fregs->args[n] : 0;
}

static inline unsigned long ftrace_regs_get_return_address(const struct ftrace_regs *fregs)
{
	return fregs->ra;
}

/* The frame is exactly below the traced function's stack pointer. */
static inline unsigned long ftrace_regs_get_stack_pointer(const struct ftrace_regs *fregs)
{
	return (unsigned long)fregs + FREGS_SIZE;
}

/* In trampoline.S: the trampolines, and the patched call slot inside each. */
extern char ftrace_caller[], ftrace_call[], ftrace_caller_end[];
extern char ftrace_regs_caller[], ftrace_regs_call[], ftrace_trampolines_end[];
/* And a trampoline for direct calls that does nothing. */
extern char ftrace_stub_direct_tramp[];
#define FTRACE_ADDR ((unsigned long)ftrace_caller)
#define FTRACE_REGS_ADDR ((unsigned long)ftrace_regs_caller)

void ftrace_stub(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs);
#endif

#endif
