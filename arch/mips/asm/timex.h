/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timex.h - the clock: CP0 Count, 32 bits wide, wraps every few seconds.
 *
 * mips_clock is a point in time that the timer interrupt moves on (time.c):
 *
 *   now = ns + (Count - count) * mult >> CLOCK_SHIFT
 *
 * One 32 x 32 -> 64 bit multiplication, also on the 32-bit machine.  The difference of
 * counts may grow to 2^32 - 1 before the interrupt has to have come (25 seconds at
 * 167 MHz).
 *
 * Reader and writer share a CPU, so the writer, with interrupts off, is atomic to the
 * reader; and it changes `count` each time.  Hence a reader that finds `count` unchanged
 * after reading everything else has read one whole point.
 */
#ifndef ASM_TIMEX_H
#define ASM_TIMEX_H

#include "lib/compiler.h"
#include <asm/csr.h>

#define CLOCK_SHIFT 24

struct mips_clock {
	u64 ns;
	u32 count;
	u32 mult;	/* nanoseconds a count << CLOCK_SHIFT; 8 bits before the point: Count at 4 MHz or more */
};

extern struct mips_clock mips_clock;

static __always_inline u32 arch_get_cycles(void)
{
	u32 count;

	__asm__ volatile("mfc0 %0, " __stringify(CP0_COUNT) : "=r"(count));
	return count;
}

/* Measures how fast Count runs.  Boot, once, interrupts off. */
void time_measure(void);
/* The timer interrupt. */
void time_handle_irq(void);

/* arch_clock_ns() with interrupts off: nobody moves the point meanwhile. */
static __always_inline u64 __arch_clock_ns(void)
{
	u32 delta = arch_get_cycles() - mips_clock.count;

	return mips_clock.ns + ((u64)delta * mips_clock.mult >> CLOCK_SHIFT);
}

/* Nanoseconds since the machine came out of reset; never goes back.  Any context. */
static __always_inline u64 arch_clock_ns(void)
{
	u32 count, delta;
	u64 ns;

	do {
		count = READ_ONCE(mips_clock.count);
		ns = *(const volatile u64 *)&mips_clock.ns;
		delta = arch_get_cycles() - count;
	} while (unlikely(READ_ONCE(mips_clock.count) != count));
	return ns + ((u64)delta * mips_clock.mult >> CLOCK_SHIFT);
}

#endif
