/* SPDX-License-Identifier: BSD-2-Clause */
/* counted.h - a traced function that counts its own calls: what a tracer must have seen can be known exactly. */
#ifndef KERNEL_WORKLOAD_COUNTED_H
#define KERNEL_WORKLOAD_COUNTED_H

#include "lib/atomic.h"

extern atomic_long_t counted_calls;

/* Adds one to counted_calls.  Any context. */
void counted_function(void);

#endif
