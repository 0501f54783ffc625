/* SPDX-License-Identifier: BSD-2-Clause */
/* counted.h - traced functions that count their own calls: what a tracer must have seen can be known exactly. */
#ifndef KERNEL_WORKLOAD_COUNTED_H
#define KERNEL_WORKLOAD_COUNTED_H

#include "lib/atomic.h"

extern atomic_long_t counted_calls;

/* Adds one to counted_calls.  Any context. */
void counted_function(void);

/* Several, each with a count of its own. */
#define NR_COUNTED 4

struct counted {
	void (*fn)(void);
	atomic_long_t calls;
};

extern struct counted counted[NR_COUNTED];

#endif
