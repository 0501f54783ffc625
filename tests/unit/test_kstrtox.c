/* SPDX-License-Identifier: BSD-2-Clause */
/* test_kstrtox.c - lib/kstrtox.c and lib/errno.c: what is a number, and what must not pass for one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/errno.h"
#include "lib/kstrtox.h"

#define UNTOUCHED 4711

static void expect_ull(const char *s, unsigned int base, int err, unsigned long long want)
{
	unsigned long long v = UNTOUCHED;

	assert_int_equal(kstrtoull(s, base, &v), err);
	assert_int_equal(v, err ? UNTOUCHED : want);
}

static void expect_ll(const char *s, unsigned int base, int err, long long want)
{
	long long v = UNTOUCHED;

	assert_int_equal(kstrtoll(s, base, &v), err);
	assert_int_equal(v, err ? UNTOUCHED : want);
}

static void expect_int(const char *s, int err, int want)
{
	int v = UNTOUCHED;

	assert_int_equal(kstrtoint(s, 10, &v), err);
	assert_int_equal(v, err ? UNTOUCHED : want);
}

static void numbers_in_every_base(void **state)
{
	expect_ull("0", 10, 0, 0);
	expect_ull("123\n", 10, 0, 123);
	expect_ull("+7", 10, 0, 7);
	expect_ull("0x1F", 0, 0, 31);
	expect_ull("0X1f", 16, 0, 31);
	expect_ull("1f", 16, 0, 31);
	expect_ull("017", 0, 0, 15);
	expect_ull("017", 10, 0, 17);
	expect_ull("101", 2, 0, 5);
	expect_ull("18446744073709551615", 10, 0, ~0ULL);
	expect_ull("0xffffffffffffffff", 0, 0, ~0ULL);
	expect_ll("-9223372036854775808", 10, 0, INT64_MIN);
	expect_ll("-0x10", 0, 0, -16);
	expect_ll("-0", 10, 0, 0);
}

static void what_is_not_a_number_is_einval(void **state)
{
	static const char *const wrong[] = { "",   "\n",  "x",  "1x",    "1 ",  " 1",   "1\n\n", "-",  "+",
					     "+-1", "0x", "--1", "1-", "08x", "1.5", "0x1g" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		expect_ull(wrong[i], 0, -EINVAL, 0);
		expect_ll(wrong[i], 0, -EINVAL, 0);
	}
	expect_ull("-1", 10, -EINVAL, 0);
	expect_ull("8", 8, -EINVAL, 0);
	expect_ull("0x10", 10, -EINVAL, 0);
}

static void what_does_not_fit_is_erange(void **state)
{
	expect_ull("18446744073709551616", 10, -ERANGE, 0);
	expect_ull("99999999999999999999999", 10, -ERANGE, 0);
	expect_ull("0x10000000000000000", 0, -ERANGE, 0);
	expect_ll("9223372036854775808", 10, -ERANGE, 0);
	expect_ll("-9223372036854775809", 10, -ERANGE, 0);
	expect_int("2147483648", -ERANGE, 0);
	expect_int("-2147483649", -ERANGE, 0);
	expect_int("-2147483648", 0, INT32_MIN);
	expect_int("2147483647", 0, INT32_MAX);
}

static void narrower_types_agree(void **state)
{
	unsigned long ul = 0;
	unsigned int ui = 0;
	long l = 0;

	assert_int_equal(kstrtoul("12", 10, &ul), 0);
	assert_int_equal(ul, 12);
	assert_int_equal(kstrtol("-12", 10, &l), 0);
	assert_int_equal(l, -12);
	assert_int_equal(kstrtouint("4294967295", 10, &ui), 0);
	assert_int_equal(ui, 4294967295U);
	assert_int_equal(kstrtouint("4294967296", 10, &ui), -ERANGE);
}

static void booleans_by_their_first_letters(void **state)
{
	static const char *const yes[] = { "1", "y", "Y", "yes\n", "t", "on", "On" };
	static const char *const no[] = { "0", "n", "No", "f", "off", "OF" };
	bool v;

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		v = false;
		assert_int_equal(kstrtobool(yes[i], &v), 0);
		assert_true(v);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		v = true;
		assert_int_equal(kstrtobool(no[i], &v), 0);
		assert_false(v);
	}
	assert_int_equal(kstrtobool("", &v), -EINVAL);
	assert_int_equal(kstrtobool("o", &v), -EINVAL);
	assert_int_equal(kstrtobool("2", &v), -EINVAL);
}

static void memparse_takes_suffixes_and_says_where_it_stopped(void **state)
{
	char *end;

	assert_int_equal(memparse("64K,x", &end), 65536);
	assert_string_equal(end, ",x");
	assert_int_equal(memparse("0x10m", NULL), 16 << 20);
	assert_int_equal(memparse("7", &end), 7);
	assert_string_equal(end, "");
	assert_int_equal(memparse("2G", NULL), 2ULL << 30);
	assert_int_equal(memparse("zz", &end), 0);
	assert_string_equal(end, "zz");
}

static void memparse_gives_the_largest_number_for_what_is_too_large(void **state)
{
	char *end;

	assert_true(memparse("10000000000000000000000k,", &end) == ~0ULL);
	assert_string_equal(end, ",");
	assert_true(memparse("18446744073709551616", NULL) == ~0ULL);
	assert_true(memparse("16E", NULL) == ~0ULL);
	assert_true(memparse("15E", NULL) == 15ULL << 60);
}

static void error_numbers_have_their_usual_texts(void **state)
{
	assert_string_equal(errno_text(EINVAL), "Invalid argument");
	assert_string_equal(errno_text(ETIMEDOUT), "Connection timed out");
	assert_string_equal(errno_text(15), "Unknown error");
	assert_string_equal(errno_text(-1), "Unknown error");
	assert_string_equal(errno_text(4000), "Unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_every_base),
		cmocka_unit_test(what_is_not_a_number_is_einval),
		cmocka_unit_test(what_does_not_fit_is_erange),
		cmocka_unit_test(narrower_types_agree),
		cmocka_unit_test(booleans_by_their_first_letters),
		cmocka_unit_test(memparse_takes_suffixes_and_says_where_it_stopped),
		cmocka_unit_test(memparse_gives_the_largest_number_for_what_is_too_large),
		cmocka_unit_test(error_numbers_have_their_usual_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
