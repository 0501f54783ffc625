/* SPDX-License-Identifier: BSD-2-Clause */
/* test_glob.c - lib/glob.c: patterns that match, patterns that must not, and one that is slow elsewhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/glob.h"
#include "lib/string.h"

struct sample {
	const char *pat, *str;
};

static void matches(void **state)
{
	static const struct sample yes[] = {
		{ "", "" },	     { "a", "a" },	      { "*", "" },	      { "*", "anything" },
		{ "a*", "a" },	     { "a*", "abc" },	      { "*c", "abc" },	      { "*b*", "abc" },
		{ "a*c", "ac" },     { "a*b*c", "aXbYbZc" },  { "**", "x" },	      { "?", "a" },
		{ "a?c", "abc" },    { "[abc]", "b" },	      { "[a-c]", "b" },	      { "[!a-c]", "d" },
		{ "[]]", "]" },	     { "[!]]", "a" },	      { "[]a]", "a" },	      { "[a-]", "-" },
		{ "[-a]", "-" },     { "[", "[" },	      { "[abc", "[abc" },     { "a[", "a[" },
		{ "\\*", "*" },	     { "\\[a]", "[a]" },      { "*[0-9]", "x7" },     { "*ab", "aab" },
		{ "*aab", "aaaab" }, { "vfs_*[!e]", "vfs_x" }, { "[\x80-\xff]", "\x90" }, { "*.c", ".c" },
	};

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!glob_match(yes[i].pat, yes[i].str))
			fail_msg("\"%s\" does not match \"%s\"", yes[i].pat, yes[i].str);
}

static void does_not_match(void **state)
{
	static const struct sample no[] = {
		{ "", "a" },	  { "a", "" },	     { "a", "b" },     { "a", "ab" },	  { "?", "" },
		{ "?", "ab" },	  { "a*", "ba" },    { "*a", "ab" },   { "a*b*c", "aXc" }, { "[abc]", "d" },
		{ "[!abc]", "a" }, { "[!a]", "" },   { "[a-c]", "d" }, { "\\*", "x" },	  { "a[", "ab" },
		{ "[]", "]" },	  { "A", "a" },	     { "*ab", "abb" }, { "\\", "x" },	  { "[a]b", "a" },
	};

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (glob_match(no[i].pat, no[i].str))
			fail_msg("\"%s\" matches \"%s\"", no[i].pat, no[i].str);
}

/* A matcher that recurses at each '*' needs years for this. */
static void many_stars_cost_little(void **state)
{
	char str[201];

	memset(str, 'a', 200);
	str[200] = '\0';
	assert_false(glob_match("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", str));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
		cmocka_unit_test(does_not_match),
		cmocka_unit_test(many_stars_cost_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
