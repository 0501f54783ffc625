/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptrace.h - all registers at a trap, in the order entry.S stores them: $0 at word 0, and so on.
 *
 * `at` ($1) counts like any other: in a patch site it holds the traced function's return address.
 */
#ifndef ASM_PTRACE_H
#define ASM_PTRACE_H

#include <asm/offsets.h>

#define PT_R(n) ((n) * SZREG)
#define PT_HI (32 * SZREG)
#define PT_LO (33 * SZREG)
#define PT_EPC (34 * SZREG)
#define PT_BADVADDR (35 * SZREG)
#define PT_STATUS (36 * SZREG)
#define PT_CAUSE (37 * SZREG)
#define PT_SIZE (38 * SZREG)	/* a multiple of 8 (o32) or 16 (n64): keeps sp aligned */

#ifndef __ASSEMBLER__
#include "lib/compiler.h"
#include <asm/csr.h>

struct pt_regs {
	unsigned long regs[32];		/* by number; [0] is not stored, [26] and [27] (k0, k1) are meaningless */
	unsigned long hi, lo;
	unsigned long epc, badvaddr, status, cause;
};

/* Register numbers. */
enum { REG_AT = 1, REG_V1 = 3, REG_A0 = 4, REG_T9 = 25, REG_GP = 28, REG_SP = 29, REG_FP = 30, REG_RA = 31 };

/* Every instruction is one or more of these, aligned.  An oops shows so many before the trapped one, and from it on. */
typedef u32 insn_unit_t;
#define OOPS_CODE_BEFORE 3
#define OOPS_CODE_FROM 6
#define OOPS_CODE_TRAPPED "<%0*x>"

static inline unsigned long instruction_pointer(const struct pt_regs *regs) { return regs->epc; }
static inline unsigned long kernel_stack_pointer(const struct pt_regs *regs) { return regs->regs[REG_SP]; }
static inline bool regs_irqs_disabled(const struct pt_regs *regs) { return !(regs->status & ST_IE); }
#endif

#endif
