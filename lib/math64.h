/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * math64.h - 64-bit division that also links on 32-bit machines.
 *
 * There, GCC turns u64 / u64 into a call of libgcc's __udivdi3, which a
 * freestanding kernel does not have; code that may run on one divides with these.
 * Pure.
 */
#ifndef LIB_MATH64_H
#define LIB_MATH64_H

#include "lib/compiler.h"

/* dividend / divisor; the remainder goes to *rem.  divisor must not be 0. */
u64 div_u64_rem(u64 dividend, u32 divisor, u32 *rem);
u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *rem);

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	u32 rem;

	return div_u64_rem(dividend, divisor, &rem);
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	u64 rem;

	return div64_u64_rem(dividend, divisor, &rem);
}

#endif
