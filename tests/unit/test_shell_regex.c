/* SPDX-License-Identifier: BSD-2-Clause */
/* test_shell_regex.c - kernel/shell/regex.c: what matches, what must not, and which patterns are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "kernel/shell/regex.c"

struct sample {
	const char *pattern, *text;
	unsigned int flags;
};

static bool found(const struct sample *s)
{
	const char *wrong = regex_check(s->pattern, s->flags);

	if (wrong)
		fail_msg("\"%s\" is refused: %s", s->pattern, wrong);
	return regex_search(s->pattern, s->text, s->flags);
}

static void matches(void **state)
{
	static const struct sample yes[] = {
		{ "", "", 0 }, { "", "abc", 0 }, { "b", "abc", 0 }, { "abc", "abc", 0 }, { "^a", "abc", 0 },
		{ "c$", "abc", 0 }, { "^$", "", 0 }, { "^abc$", "abc", 0 }, { "a.c", "abc", 0 },
		{ "ab*c", "ac", 0 }, { "ab*c", "abbbc", 0 }, { "a.*c", "a--c--", 0 }, { ".*", "", 0 },
		{ "[a-c]x", "bx", 0 }, { "[^a-c]x", "dx", 0 }, { "[]]", "]", 0 }, { "[^]]", "a", 0 },
		{ "[a-]", "-", 0 }, { "[-a]", "-", 0 }, { "[0-9]*$", "abc", 0 }, { "\\.", "a.b", 0 },
		{ "\\*", "*", 0 }, { "*a", "*a", 0 }, { "a+", "a+", 0 }, { "a|b", "a|b", 0 }, { "a$b", "a$b", 0 },
		{ "(a)", "(a)", 0 },
		{ "a+", "caat", REGEX_EXTENDED }, { "ab?c", "ac", REGEX_EXTENDED }, { "ab?c", "abc", REGEX_EXTENDED },
		{ "x|b", "abc", REGEX_EXTENDED }, { "^x|c$", "abc", REGEX_EXTENDED }, { "[|]", "|", REGEX_EXTENDED },
		{ "\\|", "|", REGEX_EXTENDED }, { "|x", "abc", REGEX_EXTENDED },
		{ "a.*b.*c", "aXXbXbXc", REGEX_EXTENDED },
		{ "^(a|b)c", "bc", REGEX_EXTENDED }, { "x(a|bc*|)y$", "xbccy", REGEX_EXTENDED },
		{ "x(a|b|)y", "xy", REGEX_EXTENDED }, { "((a|b)c|d)e", "bce", REGEX_EXTENDED },
		{ "(ab|a)bc", "abc", REGEX_EXTENDED }, { "([)]|x)", ")", REGEX_EXTENDED },
		{ "(^a|b$)", "xb", REGEX_EXTENDED },
		{ "\\(", "(", REGEX_EXTENDED }, { "a(b)c|(d)", "d", REGEX_EXTENDED },
		{ "ABC", "xabc", REGEX_IGNORE_CASE }, { "[a-z]1", "Q1", REGEX_IGNORE_CASE },
		{ "a.*[", "xa.*[y", REGEX_FIXED }, { "", "", REGEX_FIXED },
		{ "A.B", "xa.b", REGEX_FIXED | REGEX_IGNORE_CASE }, { "c", "abC", REGEX_FIXED | REGEX_IGNORE_CASE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (!found(&yes[i]))
			fail_msg("\"%s\" does not match \"%s\"", yes[i].pattern, yes[i].text);
}

static void does_not_match(void **state)
{
	static const struct sample no[] = {
		{ "x", "abc", 0 }, { "^b", "abc", 0 }, { "b$", "abc", 0 }, { "^$", "a", 0 }, { "a.c", "ac", 0 },
		{ ".", "", 0 }, { "ab*c", "abd", 0 }, { "[a-c]", "d", 0 }, { "[^a-c]", "abc", 0 }, { "[^a]", "", 0 },
		{ "\\.", "ab", 0 }, { "ABC", "abc", 0 }, { "a\\$", "a", 0 },
		{ "a+", "bcd", REGEX_EXTENDED }, { "ab+c", "ac", REGEX_EXTENDED },
		{ "^ab?c", "abbc", REGEX_EXTENDED },
		{ "^(a|b)c", "xbc", REGEX_EXTENDED }, { "(a|b)c$", "bcd", REGEX_EXTENDED },
		{ "x(a|b)y", "xy", REGEX_EXTENDED }, { "((a|b)c|d)e", "be", REGEX_EXTENDED },
		{ "x|y", "abc", REGEX_EXTENDED }, { "^b|^c", "abc", REGEX_EXTENDED },
		{ "[^a-z]", "Q", REGEX_IGNORE_CASE },
		{ "a.c", "abc", REGEX_FIXED }, { "abcd", "abc", REGEX_FIXED | REGEX_IGNORE_CASE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (found(&no[i]))
			fail_msg("\"%s\" matches \"%s\"", no[i].pattern, no[i].text);
}

static void wrong_patterns_are_refused(void **state)
{
	assert_string_equal(regex_check("a[bc", 0), "unmatched [");
	assert_string_equal(regex_check("[", 0), "unmatched [");
	assert_string_equal(regex_check("[]", 0), "unmatched [");
	assert_string_equal(regex_check("[^]", 0), "unmatched [");
	assert_string_equal(regex_check("a\\", 0), "trailing backslash");
	assert_string_equal(regex_check("(a|b)*", REGEX_EXTENDED), "a group cannot be repeated");
	assert_string_equal(regex_check("((a)", REGEX_EXTENDED), "unmatched (");
	assert_string_equal(regex_check("a)", REGEX_EXTENDED), "unmatched )");
	assert_string_equal(regex_check("(a[)", REGEX_EXTENDED), "unmatched [");
	assert_string_equal(regex_check("a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q*", 0), "too many repeats and groups");
	assert_null(regex_check("a[\\", REGEX_FIXED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
		cmocka_unit_test(does_not_match),
		cmocka_unit_test(wrong_patterns_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
