/* SPDX-License-Identifier: BSD-2-Clause */
/* processor.h - what a task that does not run keeps, and how a CPU waits. */
#ifndef ASM_PROCESSOR_H
#define ASM_PROCESSOR_H

#include "lib/compiler.h"
#include <asm/irqflags.h>

/* Callee-saved state, written by __switch_to (entry.S knows the offsets, task.c asserts them). */
struct thread_struct {
	unsigned long ra;
	unsigned long sp;
	unsigned long s[9];		/* s0 .. s7, s8 (= fp) */
	unsigned long overflow_sp;	/* the sp that left its stack, for the report */
};

static __always_inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

/*
 * Called with interrupts off and nothing to do; returns with them on, after an interrupt may have run.
 * In entry.S: interrupts have to be on for `wait` to end, so one may come just before it; see there.
 */
void arch_cpu_idle(void);

#endif
