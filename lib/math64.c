/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * math64.c - 64-bit division.  A 64-bit machine divides; a 32-bit one does it by hand:
 * digit by digit in base 65536 where the divisor is one such digit (10, 1000, HZ, ...:
 * nearly always), bit by bit otherwise.
 */
#include "lib/math64.h"

/* Bit by bit, as on paper. */
static u64 divide_bits(u64 dividend, u64 divisor, u64 *rem)
{
	u64 quotient = 0, r = 0;
	int i;

	for (i = 63; i >= 0; i--) {
		bool carry = r >> 63;

		r = r << 1 | (dividend >> i & 1);
		if (carry || r >= divisor) {
			r -= divisor;
			quotient |= 1ULL << i;
		}
	}
	*rem = r;
	return quotient;
}

/* divisor < 65536, so that a remainder and the next digit fit in 32 bits. */
static u64 divide_digits(u64 dividend, u32 divisor, u32 *rem)
{
	u64 quotient = 0;
	u32 r = 0;
	int shift;

	for (shift = 48; shift >= 0; shift -= 16) {
		u32 part = r << 16 | ((u32)(dividend >> shift) & 0xffff);

		quotient = quotient << 16 | part / divisor;
		r = part % divisor;
	}
	*rem = r;
	return quotient;
}

u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *rem)
{
	if (sizeof(long) == 8) {
		*rem = (unsigned long)dividend % (unsigned long)divisor;
		return (unsigned long)dividend / (unsigned long)divisor;
	}
	return divide_bits(dividend, divisor, rem);
}

u64 div_u64_rem(u64 dividend, u32 divisor, u32 *rem)
{
	u64 quotient, r;

	if (sizeof(long) == 8) {
		*rem = (u32)((unsigned long)dividend % divisor);
		return (unsigned long)dividend / divisor;
	}
	if (divisor <= 0xffff)
		return divide_digits(dividend, divisor, rem);
	quotient = divide_bits(dividend, divisor, &r);
	*rem = (u32)r;
	return quotient;
}
