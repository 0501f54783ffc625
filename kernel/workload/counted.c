/* SPDX-License-Identifier: BSD-2-Clause */
/* counted.c - see counted.h. */
#include "kernel/workload/counted.h"
#include "lib/compiler.h"

atomic_long_t counted_calls;

noinline void counted_function(void)
{
	atomic_long_inc(&counted_calls);
}

#define COUNTED_FUNCTION(n)                         \
	static noinline void counted_##n(void)      \
	{                                           \
		atomic_long_inc(&counted[n].calls); \
	}

COUNTED_FUNCTION(0)
COUNTED_FUNCTION(1)
COUNTED_FUNCTION(2)
COUNTED_FUNCTION(3)

struct counted counted[NR_COUNTED] = { { .fn = counted_0 }, { .fn = counted_1 }, { .fn = counted_2 }, { .fn = counted_3 } };
