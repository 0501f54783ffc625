/* SPDX-License-Identifier: BSD-2-Clause */
/* test_string.c - lib/string.c: blocks at every alignment and overlap, strings at their edges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/string.h"
#include "lib/errno.h"

/* Longer than two words on any side of the word loops, with room to see stray writes. */
#define BLOCK 96
#define FENCE 0x5a

static void fill(unsigned char *buf)
{
	for (int i = 0; i < BLOCK; i++)
		buf[i] = (unsigned char)(i * 7 + 3);
}

static void expect_block(const unsigned char *got, const unsigned char *want, const char *what, int d, int s,
			 int n)
{
	for (int i = 0; i < BLOCK; i++)
		if (got[i] != want[i])
			fail_msg("%s dest+%d src+%d n=%d: byte %d is %02x, expected %02x", what, d, s, n, i, got[i],
				 want[i]);
}

static void memcpy_copies_exactly_at_every_alignment(void **state)
{
	unsigned char src[BLOCK] __aligned(16), got[BLOCK] __aligned(16), want[BLOCK];

	fill(src);
	for (int d = 0; d < 9; d++)
		for (int s = 0; s < 9; s++)
			for (int n = 0; n < 70; n++) {
				for (int i = 0; i < BLOCK; i++)
					got[i] = want[i] = FENCE;
				for (int i = 0; i < n; i++)
					want[d + i] = src[s + i];
				assert_ptr_equal(memcpy(got + d, src + s, (size_t)n), got + d);
				expect_block(got, want, "memcpy", d, s, n);
			}
}

static void memmove_survives_every_overlap(void **state)
{
	unsigned char got[BLOCK] __aligned(16), want[BLOCK], before[BLOCK];

	fill(before);
	for (int d = 0; d < 26; d++)
		for (int s = 0; s < 26; s++)
			for (int n = 0; n < 66; n++) {
				for (int i = 0; i < BLOCK; i++)
					got[i] = want[i] = before[i];
				for (int i = 0; i < n; i++)
					want[d + i] = before[s + i];
				assert_ptr_equal(memmove(got + d, got + s, (size_t)n), got + d);
				expect_block(got, want, "memmove", d, s, n);
			}
}

static void memset_fills_exactly_at_every_alignment(void **state)
{
	unsigned char got[BLOCK] __aligned(16), want[BLOCK];

	for (int d = 0; d < 9; d++)
		for (int n = 0; n < 70; n++) {
			for (int i = 0; i < BLOCK; i++)
				got[i] = want[i] = FENCE;
			for (int i = 0; i < n; i++)
				want[d + i] = 0xc3;
			assert_ptr_equal(memset(got + d, 0x1c3, (size_t)n), got + d);
			expect_block(got, want, "memset", d, 0, n);
		}
}

static void memcmp_and_memchr_see_bytes_as_unsigned(void **state)
{
	assert_true(memcmp("\xff", "\x01", 1) > 0);
	assert_true(memcmp("ab", "ac", 2) < 0);
	assert_int_equal(memcmp("ab", "ac", 1), 0);
	assert_int_equal(memcmp("x", "y", 0), 0);
	assert_string_equal(memchr("abc\xff" "d", 0xff, 5), "\xff" "d");
	assert_null(memchr("abc", 'c', 2));
}

static void comparisons_order_as_unsigned_and_stop_at_nul(void **state)
{
	assert_int_equal(strcmp("", ""), 0);
	assert_true(strcmp("a", "ab") < 0);
	assert_true(strcmp("\xff", "a") > 0);
	assert_int_equal(strncmp("abc", "abd", 2), 0);
	assert_int_equal(strncmp("ab\0x", "ab\0y", 4), 0);
	assert_true(strncmp("ab", "abc", 3) < 0);
	assert_int_equal(strcasecmp("Hello", "hELLO"), 0);
	assert_true(strcasecmp("a", "B") < 0);
	assert_int_equal(strncasecmp("ABx", "aby", 2), 0);
}

static void searches_find_the_right_occurrence(void **state)
{
	const char *s = "a.b.c";

	assert_ptr_equal(strchr(s, '.'), s + 1);
	assert_ptr_equal(strrchr(s, '.'), s + 3);
	assert_ptr_equal(strchr(s, '\0'), s + 5);
	assert_ptr_equal(strrchr(s, '\0'), s + 5);
	assert_null(strchr(s, 'x'));
	assert_null(strrchr(s, 'x'));
	assert_ptr_equal(strchrnul(s, 'x'), s + 5);
	assert_ptr_equal(strstr(s, "b."), s + 2);
	assert_ptr_equal(strstr(s, ""), s);
	assert_null(strstr(s, "b.d"));
	assert_null(strstr("", "a"));
	assert_int_equal(strspn("aabbc", "ab"), 4);
	assert_int_equal(strspn("abc", ""), 0);
	assert_int_equal(strcspn("abc", "xc"), 2);
	assert_int_equal(strcspn("abc", "x"), 3);
	assert_ptr_equal(strpbrk(s, "cb"), s + 2);
	assert_null(strpbrk(s, "xy"));
}

static void lengths_and_copies(void **state)
{
	char buf[16];

	assert_int_equal(strlen(""), 0);
	assert_int_equal(strnlen("abc", 2), 2);
	assert_int_equal(strnlen("abc", 9), 3);
	assert_string_equal(strcat(strcpy(buf, "ab"), "cd"), "abcd");
}

static void strsep_returns_empty_fields_too(void **state)
{
	char line[] = "a,,b", *p = line;

	assert_string_equal(strsep(&p, ",;"), "a");
	assert_string_equal(strsep(&p, ",;"), "");
	assert_string_equal(strsep(&p, ",;"), "b");
	assert_null(strsep(&p, ",;"));
}

static void strscpy_always_terminates_and_says_when_it_cut(void **state)
{
	char buf[4] = "zzz";

	assert_int_equal(strscpy(buf, "abc", sizeof(buf)), 3);
	assert_string_equal(buf, "abc");
	assert_int_equal(strscpy(buf, "abcd", sizeof(buf)), -E2BIG);
	assert_string_equal(buf, "abc");
	assert_int_equal(strscpy(buf, "", sizeof(buf)), 0);
	assert_string_equal(buf, "");
	assert_int_equal(strscpy(buf, "x", 0), -E2BIG);
}

static void strim_cuts_both_ends(void **state)
{
	char line[] = " \t a b\n ", blank[] = " \n", empty[] = "";

	assert_string_equal(strim(line), "a b");
	assert_string_equal(strim(blank), "");
	assert_string_equal(strim(empty), "");
	assert_string_equal(skip_spaces(" \v\f\r\n\tx "), "x ");
}

static void prefixes_and_tables(void **state)
{
	static const char *const names[] = { "nop", "function", NULL, "never" };

	assert_int_equal(str_has_prefix("ftrace=on", "ftrace="), 7);
	assert_int_equal(str_has_prefix("ftrac", "ftrace="), 0);
	assert_int_equal(match_string(names, 4, "function"), 1);
	assert_int_equal(match_string(names, 4, "func"), -EINVAL);
	assert_int_equal(match_string(names, 4, "never"), -EINVAL);
	assert_int_equal(match_string(names, 1, "function"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memcpy_copies_exactly_at_every_alignment),
		cmocka_unit_test(memmove_survives_every_overlap),
		cmocka_unit_test(memset_fills_exactly_at_every_alignment),
		cmocka_unit_test(memcmp_and_memchr_see_bytes_as_unsigned),
		cmocka_unit_test(comparisons_order_as_unsigned_and_stop_at_nul),
		cmocka_unit_test(searches_find_the_right_occurrence),
		cmocka_unit_test(lengths_and_copies),
		cmocka_unit_test(strsep_returns_empty_fields_too),
		cmocka_unit_test(strscpy_always_terminates_and_says_when_it_cut),
		cmocka_unit_test(strim_cuts_both_ends),
		cmocka_unit_test(prefixes_and_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
