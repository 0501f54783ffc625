/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace.h - the host as a machine. */
#ifndef UNIT_ASM_PTRACE_H
#define UNIT_ASM_PTRACE_H

struct pt_regs {
	unsigned long pc, sp;
	unsigned long direct;	/* where to jump to when the callbacks have returned, or 0 */
	bool direct_preemptible;	/* it was set with preemption on */
};

#endif
