/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace.h - the host as a machine: nothing of it looks inside struct pt_regs. */
#ifndef UNIT_ASM_PTRACE_H
#define UNIT_ASM_PTRACE_H

struct pt_regs {
	unsigned long pc, sp;
};

#endif
