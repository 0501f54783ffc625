/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace.h - all registers at a trap, in the order entry.S stores them: x1 at word 1, and so on. */
#ifndef ASM_PTRACE_H
#define ASM_PTRACE_H

#define PT_EPC 0
#define PT_X(n) ((n) * 8)
#define PT_STATUS 256
#define PT_BADADDR 264
#define PT_CAUSE 272
#define PT_SIZE 288	/* keeps sp 16-byte aligned */

#ifndef __ASSEMBLER__
#include "lib/compiler.h"
#include <asm/csr.h>

struct pt_regs {
	unsigned long epc;
	unsigned long ra, sp, gp, tp;
	unsigned long t0, t1, t2;
	unsigned long s0, s1;
	unsigned long a0, a1, a2, a3, a4, a5, a6, a7;
	unsigned long s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
	unsigned long t3, t4, t5, t6;
	unsigned long status, badaddr, cause;
	unsigned long unused;
};

/* Every instruction is one or more of these, aligned.  An oops shows so many before the trapped one, and from it on. */
typedef u16 insn_unit_t;
#define OOPS_CODE_BEFORE 10
#define OOPS_CODE_FROM 2
#define OOPS_CODE_TRAPPED "(%0*x)"

static inline unsigned long instruction_pointer(const struct pt_regs *regs) { return regs->epc; }
static inline unsigned long kernel_stack_pointer(const struct pt_regs *regs) { return regs->sp; }
static inline bool regs_irqs_disabled(const struct pt_regs *regs) { return !(regs->status & SR_SPIE); }
#endif

#endif
