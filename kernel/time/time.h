/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.h - the clock (nanoseconds since the machine started) and the tick that divides it into jiffies.
 */
#ifndef KERNEL_TIME_TIME_H
#define KERNEL_TIME_TIME_H

#include "lib/compiler.h"
#include <asm/timex.h>

#define HZ 100
#define MSEC_PER_SEC 1000L
#define USEC_PER_SEC 1000000L
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_SEC 1000000000L
#define TICK_NSEC (NSEC_PER_SEC / HZ)

/* Five minutes before it wraps on a 32-bit machine, so that code which compares jiffies wrongly fails soon. */
#define INITIAL_JIFFIES ((unsigned long)(unsigned int)(-300 * HZ))
/* Longest timeout that time_after() still sorts the right way. */
#define MAX_JIFFY_OFFSET ((~0UL >> 2) - 1)

extern volatile unsigned long jiffies;

#define time_after(a, b) ((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((unsigned long)(a) - (unsigned long)(b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)

typedef s64 ktime_t;

/* Nanoseconds, never backwards.  Any context, also from the tracer: inline, so never traced itself. */
static inline u64 sched_clock(void) { return arch_clock_ns(); }
static inline u64 local_clock(void) { return sched_clock(); }
static inline ktime_t ktime_get(void) { return (ktime_t)arch_clock_ns(); }
static inline u64 ktime_get_ns(void) { return arch_clock_ns(); }

/* Rounded up, so that a wait is never too short; negative and huge values mean the longest there is. */
unsigned long msecs_to_jiffies(unsigned int ms);
unsigned int jiffies_to_msecs(unsigned long j);

/* The timer interrupt: counts jiffies, charges the task, expires timers.  By arch, between irq_enter() and irq_exit(). */
void tick_handler(void);
/* Starts the tick of this CPU.  Interrupts off. */
void time_init(void);

/* At least `ms` milliseconds.  Task context. */
void msleep(unsigned int ms);
/* The same, ended early by a signal: the milliseconds that were left, else 0. */
unsigned long msleep_interruptible(unsigned int ms);

#endif
