/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.c - CP0 Count as clock, CP0 Compare as clock event device.
 *
 * Nothing says how fast Count runs, so boot measures it against the PC's interval timer
 * (Intel 8254, 1.193182 MHz) for 10 ms.  A host that stops the machine between two readings would
 * spoil the measurement: each is a timer reading between two readings of Count, and
 * of several the one with the least between them is taken.
 *
 * mips_clock is moved on by each timer interrupt; see asm/timex.h for its readers.
 */
#include "arch/arch.h"
#include "arch/mips/irqchip.h"
#include "arch/mips/mm.h"
#include "kernel/time/time.h"
#include "lib/math64.h"
#include <asm/timex.h>

#define PIT_CHANNEL0 0x40
#define PIT_COMMAND 0x43
#define PIT_LATCH0 0x00
#define PIT_MODE2 0x34		/* channel 0, low byte then high byte, divide by n */
#define PIT_HZ 1193182
#define MEASURE_TICKS (PIT_HZ / 100)
#define TRIES 8

/* Until it is measured: what QEMU's Malta has, 6 ns a count. */
struct mips_clock mips_clock = { .mult = 6 << CLOCK_SHIFT };

static u32 counts_per_ns;	/* << 32 */

struct reading {
	u32 count, width;
	u16 pit;	/* counts up, and wraps after 55 ms: only differences mean something */
};

/* The timer itself counts down. */
static u16 read_pit(void)
{
	u32 low;

	*isa_port(PIT_COMMAND) = PIT_LATCH0;
	low = *isa_port(PIT_CHANNEL0);
	return (u16)-(*isa_port(PIT_CHANNEL0) << 8 | low);
}

static struct reading read_both(void)
{
	struct reading best = { .width = ~0U };

	for (int i = 0; i < TRIES; i++) {
		u32 before = arch_get_cycles();
		u16 pit = read_pit();
		u32 width = arch_get_cycles() - before;

		if (width < best.width)
			best = (struct reading){ before + width / 2, width, pit };
	}
	return best;
}

/* Returns Count's frequency in Hz. */
static u32 measure(void)
{
	struct reading start, end;
	u16 ticks;

	*isa_port(PIT_COMMAND) = PIT_MODE2;
	*isa_port(PIT_CHANNEL0) = 0;
	*isa_port(PIT_CHANNEL0) = 0;
	start = read_both();
	do {
		end = read_both();
		ticks = end.pit - start.pit;
	} while (ticks < MEASURE_TICKS);
	return (u32)div_u64((u64)(end.count - start.count) * PIT_HZ, ticks);
}

void time_measure(void)
{
	u32 hz = measure();

	machine.timebase = hz;
	mips_clock.mult = (u32)div64_u64((u64)NSEC_PER_SEC << CLOCK_SHIFT, hz);
	counts_per_ns = (u32)div64_u64((u64)hz << 32, NSEC_PER_SEC);
}

static void advance_clock(void)
{
	u32 count = arch_get_cycles();

	mips_clock.ns += (u64)(count - mips_clock.count) * mips_clock.mult >> CLOCK_SHIFT;
	mips_clock.count = count;
}

void time_handle_irq(void)
{
	advance_clock();
	tick_handler();
}

/*
 * Compare only fires when Count comes to equal it: a moment that is over when it is set would be a wrap away.
 * Both conversions round down, so two counts are added: a tick must not come before its time.
 */
void arch_timer_set_next(u64 ns)
{
	u64 now = arch_clock_ns();
	u32 delay = ns <= now ? 0 : (u32)min(ns - now, (u64)NSEC_PER_SEC);
	u32 distance = ((u64)delay * counts_per_ns >> 32) + 2, compare;

	do {
		compare = arch_get_cycles() + distance;
		cp0_write(CP0_COMPARE, compare);
		distance *= 2;
	} while ((s32)(compare - arch_get_cycles()) <= 0);
}

void arch_timer_init(void)
{
	advance_clock();
	arch_timer_set_next(arch_clock_ns() + NSEC_PER_SEC / HZ);
	cpu_irq_unmask(CPU_IRQ_TIMER);
}
