/* SPDX-License-Identifier: BSD-2-Clause */
/* counted.c - see counted.h. */
#include "kernel/workload/counted.h"

atomic_long_t counted_calls;

noinline void counted_function(void)
{
	atomic_long_inc(&counted_calls);
}
