/* SPDX-License-Identifier: BSD-2-Clause */
/* test_math64.c - lib/math64.c: the by-hand divisions of 32-bit machines, against the host's own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/math64.c"

static const u64 dividends[] = {
	0, 1, 9, 10, 65535, 65536, 0xffffffff, 0x100000000, 0x123456789abcdef, INT64_MAX, 1ULL << 63, UINT64_MAX,
};

static void divisions_by_digits_are_exact(void **state)
{
	static const u32 divisors[] = { 1, 2, 3, 10, 100, 1000, 32768, 65535 };

	for (size_t i = 0; i < ARRAY_SIZE(dividends); i++)
		for (size_t j = 0; j < ARRAY_SIZE(divisors); j++) {
			u32 rem;

			assert_int_equal(divide_digits(dividends[i], divisors[j], &rem), dividends[i] / divisors[j]);
			assert_int_equal(rem, dividends[i] % divisors[j]);
		}
}

static void divisions_by_bits_are_exact(void **state)
{
	static const u64 divisors[] = {
		1, 10, 65536, 1000000000, 0xffffffff, 0x100000001, INT64_MAX, 1ULL << 63, UINT64_MAX,
	};

	for (size_t i = 0; i < ARRAY_SIZE(dividends); i++)
		for (size_t j = 0; j < ARRAY_SIZE(divisors); j++) {
			u64 rem;

			assert_int_equal(divide_bits(dividends[i], divisors[j], &rem), dividends[i] / divisors[j]);
			assert_int_equal(rem, dividends[i] % divisors[j]);
		}
}

static void the_public_functions_agree(void **state)
{
	u32 rem32;
	u64 rem64;

	assert_int_equal(div_u64(1000000007, 1000), 1000000);
	assert_int_equal(div_u64_rem(UINT64_MAX, 10, &rem32), UINT64_MAX / 10);
	assert_int_equal(rem32, 5);
	assert_int_equal(div64_u64(UINT64_MAX, 1ULL << 40), UINT64_MAX >> 40);
	assert_int_equal(div64_u64_rem(1ULL << 40, 3, &rem64), (1ULL << 40) / 3);
	assert_int_equal(rem64, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(divisions_by_digits_are_exact),
		cmocka_unit_test(divisions_by_bits_are_exact),
		cmocka_unit_test(the_public_functions_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
