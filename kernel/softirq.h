/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * softirq.h - interrupt work that runs with interrupts on, right after the handler.
 *
 * A raised softirq runs at the end of the current interrupt or local_bh_disable()
 * section of this CPU; raised outside both, at the end of the CPU's next interrupt
 * (at the latest the tick).  Actions run in softirq context: they may not sleep, and
 * never nest on one CPU.
 */
#ifndef KERNEL_SOFTIRQ_H
#define KERNEL_SOFTIRQ_H

#include "lib/compiler.h"

enum { TIMER_SOFTIRQ, RCU_SOFTIRQ, NR_SOFTIRQS };

/* At boot, before the first raise. */
void open_softirq(int nr, void (*action)(void));

void raise_softirq(unsigned int nr);
void raise_softirq_irqoff(unsigned int nr); /* the caller has interrupts off */

/* Bits by number, of this CPU. */
u32 local_softirq_pending(void);

/* Around every hardware interrupt, by arch code with interrupts off.  irq_exit() runs what is pending. */
void irq_enter(void);
void irq_exit(void);

/* Runs what is pending unless already inside an interrupt or a softirq: for local_bh_enable(). */
void do_softirq(void);

#endif
