/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stdio.c - lib/stdio.c: every conversion against libc's, then what is our own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/stdio.h"
#include "lib/string.h"

#undef vsnprintf
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);

/* The same text and the same length as libc gives. */
static void same(const char *fmt, ...)
{
	char ours[256], libc[256];
	va_list args;
	int n, m;

	va_start(args, fmt);
	n = kern_vsnprintf(ours, sizeof(ours), fmt, args);
	va_end(args);
	va_start(args, fmt);
	m = vsnprintf(libc, sizeof(libc), fmt, args);
	va_end(args);
	if (n != m || strcmp(ours, libc))
		fail_msg("\"%s\": \"%s\" (%d), libc says \"%s\" (%d)", fmt, ours, n, libc, m);
}

static void expect(const char *want, const char *fmt, ...)
{
	char got[256];
	va_list args;

	va_start(args, fmt);
	kern_vsnprintf(got, sizeof(got), fmt, args);
	va_end(args);
	assert_string_equal(got, want);
}

/* Every combination of flags, with widths and precisions around the length of the number. */
static void integers_print_as_in_libc(void **state)
{
	static const long long values[] = {
		0, 1, -1, 7, 255, 4096, -123456, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN,
	};
	static const char flags[] = "-+ #0";
	static const char *const sizes[] = { "", "3", "12", "24", ".0", ".5", "12.7", "3.12", "." };
	static const char *const conversions[] = { "d", "i", "u", "x", "X", "o" };

	for (size_t c = 0; c < ARRAY_SIZE(conversions); c++)
		for (size_t s = 0; s < ARRAY_SIZE(sizes); s++)
			for (int mask = 0; mask < 32; mask++) {
				char f[16] = "", fmt[64];

				for (int i = 0, n = 0; i < 5; i++)
					if (mask & 1 << i)
						f[n++] = flags[i];
				for (size_t v = 0; v < ARRAY_SIZE(values); v++) {
					snprintf(fmt, sizeof(fmt), "[%%%s%s%s]", f, sizes[s], conversions[c]);
					same(fmt, (int)values[v]);
					snprintf(fmt, sizeof(fmt), "[%%%s%sll%s]", f, sizes[s], conversions[c]);
					same(fmt, values[v]);
				}
			}
}

static void lengths_cut_and_extend_as_in_libc(void **state)
{
	same("%hhd %hhu %hd %hu", -1, -1, 70000, -2);
	same("%ld %lu %lx", -5L, -5L, -5L);
	same("%zd %zu %td %jd", (ssize_t)-3, (size_t)-3, (ptrdiff_t)-4, (intmax_t)-5);
	same("%lld %llu", -1LL, -1LL);
}

static void strings_and_characters_print_as_in_libc(void **state)
{
	same("[%s] [%8s] [%-8s] [%.2s] [%8.2s] [%.0s] [%-4s]", "abc", "abc", "abc", "abc", "abc", "abc", "abcdef");
	same("[%c] [%4c] [%-4c]", 'a', 'b', 'c');
	same("[%*d] [%*d] [%.*s] [%.*s]", 6, 42, -6, 42, 2, "xyz", -1, "xyz");
	same("%%|%5d%%", 7);
	same("plain");
	same("");
}

static void null_string_and_unknown_conversions_are_shown(void **state)
{
	expect("(null)", "%s", NULL);
	expect("[%y] 3", "[%y] %d", 3);
	expect("50%", "50%");
	expect("%ll", "%ll");
}

static void nothing_is_written_through_an_argument(void **state)
{
	int n = 77;

	expect("a%nb", "a%nb", &n);
	assert_int_equal(n, 77);
}

static void pointers_are_plain_hex_of_full_width(void **state)
{
	expect("000000000000beef", "%p", (void *)0xbeef);
	expect("000000000000beef", "%px", (void *)0xbeef);
	expect("0000000000000000", "%p", NULL);
	expect("ffffffff80001000:", "%p:", (void *)0xffffffff80001000UL);
	expect("  000000000000beef|", "%18p|", (void *)0xbeef);
}

/* Without a symbol table (as here) a symbol is its address. */
static void symbols_fall_back_to_the_address(void **state)
{
	expect("0xbeef 0xbeef 0xbeef", "%pS %ps %pB", (void *)0xbeef, (void *)0xbeef, (void *)0xbeef);
	expect("  0xbeef|0xbeef  |", "%8ps|%-8ps|", (void *)0xbeef, (void *)0xbeef);
}

static void wrap(const char *want, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	expect(want, "<%pV> <%pV>%d", &vaf, &vaf, 9);
	va_end(args);
}

static void pV_prints_a_format_inside_a_format(void **state)
{
	wrap("<x=5 ab> <x=5 ab>9", "x=%d %s", 5, "ab");
}

static void a_short_buffer_is_filled_terminated_and_not_overrun(void **state)
{
	char buf[8];

	for (size_t size = 1; size < sizeof(buf); size++) {
		memset(buf, '#', sizeof(buf));
		assert_int_equal(snprintf(buf, size, "%d%s%5d", 12, "345", 6), 10);
		assert_int_equal(strlen(buf), size - 1);
		assert_memory_equal(buf, "12345    6", size - 1);
		assert_int_equal(buf[size], '#');
	}
	buf[0] = '#';
	assert_int_equal(snprintf(buf, 0, "%d", 1234), 4);
	assert_int_equal(snprintf(NULL, 0, "%d", 1234), 4);
	assert_int_equal(buf[0], '#');
}

static void scnprintf_returns_what_was_written(void **state)
{
	char buf[4] = "zz";

	assert_int_equal(scnprintf(buf, sizeof(buf), "%s", "ab"), 2);
	assert_int_equal(scnprintf(buf, sizeof(buf), "%s", "abcdef"), 3);
	assert_string_equal(buf, "abc");
	assert_int_equal(scnprintf(buf, 0, "%s", "xyz"), 0);
	assert_string_equal(buf, "abc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_print_as_in_libc),
		cmocka_unit_test(lengths_cut_and_extend_as_in_libc),
		cmocka_unit_test(strings_and_characters_print_as_in_libc),
		cmocka_unit_test(null_string_and_unknown_conversions_are_shown),
		cmocka_unit_test(nothing_is_written_through_an_argument),
		cmocka_unit_test(pointers_are_plain_hex_of_full_width),
		cmocka_unit_test(symbols_fall_back_to_the_address),
		cmocka_unit_test(pV_prints_a_format_inside_a_format),
		cmocka_unit_test(a_short_buffer_is_filled_terminated_and_not_overrun),
		cmocka_unit_test(scnprintf_returns_what_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
