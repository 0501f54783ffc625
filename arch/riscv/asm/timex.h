/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timex.h - the clock: the `time` CSR counts at machine.timebase Hz on all harts in step.
 *
 * ns = time * riscv_clock_mult >> CLOCK_SHIFT.  At 10 MHz the product overflows after
 * 208 days; the shift is a constant because this is on the trace hot path.
 */
#ifndef ASM_TIMEX_H
#define ASM_TIMEX_H

#include "lib/compiler.h"

#define CLOCK_SHIFT 10

extern unsigned long riscv_clock_mult;

static __always_inline u64 arch_get_cycles(void)
{
	unsigned long time;

	__asm__ volatile("rdtime %0" : "=r"(time));
	return time;
}

/* Nanoseconds since the machine came out of reset; never goes back.  Any context. */
static __always_inline u64 arch_clock_ns(void)
{
	return arch_get_cycles() * riscv_clock_mult >> CLOCK_SHIFT;
}

/* The same with interrupts off, where that is cheaper on other machines. */
static __always_inline u64 __arch_clock_ns(void) { return arch_clock_ns(); }

#endif
