/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libgcc.c - what GCC calls where the machine has no instruction for it.
 *
 * A freestanding kernel links no libgcc; the names and prototypes are that library's
 * ("GCC internals", "Routines for integer arithmetic").
 */
#include "lib/types.h"

int __clzdi2(u64 value);

/* Leading zeros of a value that is not 0: __builtin_clzl() on a CPU without Zbb. */
int __clzdi2(u64 value)
{
	int zeros = 0;

	for (int shift = 32; shift; shift >>= 1)
		if (!(value >> (64 - shift))) {
			value <<= shift;
			zeros += shift;
		}
	return zeros;
}
