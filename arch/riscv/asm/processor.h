/* SPDX-License-Identifier: BSD-2-Clause */
/* processor.h - what a task that does not run keeps, and how a CPU waits. */
#ifndef ASM_PROCESSOR_H
#define ASM_PROCESSOR_H

#include "lib/compiler.h"
#include <asm/irqflags.h>

/* Callee-saved state, written by __switch_to (entry.S knows the offsets, traps.c asserts them). */
struct thread_struct {
	unsigned long ra;
	unsigned long sp;
	unsigned long s[12];
	unsigned long overflow_sp;	/* the sp that left its stack, for the report */
};

static __always_inline void cpu_relax(void)
{
	/* PAUSE (Zihintpause): a hint that every CPU decodes as a fence that orders nothing. */
	__asm__ volatile(".4byte 0x0100000f" ::: "memory");
}

/* Called with interrupts off and nothing to do; returns with them on, after an interrupt may have run. */
static __always_inline void arch_cpu_idle(void)
{
	__asm__ volatile("wfi" ::: "memory");
	arch_local_irq_enable();
}

#endif
