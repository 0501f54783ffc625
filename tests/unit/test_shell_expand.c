/* SPDX-License-Identifier: BSD-2-Clause */
/* test_shell_expand.c - kernel/shell/expand.c: quotes, $? and $$, and which words are globs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "tests/unit/host_kmalloc.h"
#include "kernel/shell/words.c"
#include "kernel/shell/expand.c"

static char asked[256];		/* the pattern that glob_path() got last */
static int background;		/* what $! is */
static int matches;		/* how many it finds: m0 m1 ... */

int glob_path(const char *pattern, struct words *out)
{
	char name[16];

	snprintf(asked, sizeof(asked), "%s", pattern);
	for (int i = 0; i < matches; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		if (words_add(out, name, strlen(name)))
			return -ENOMEM;
	}
	return matches;
}

/* The words that come out, each in []. */
static const char *expanded(const char *word)
{
	const struct sh_vars vars = { .status = 127, .pid = 4711, .background = background };
	struct words out = { 0 };
	static char text[512];

	text[0] = '\0';
	asked[0] = '\0';
	assert_int_equal(expand_word(word, &vars, &out), 0);
	for (int i = 0; i < out.nr; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "[%s]", out.v[i]);
	words_free(&out);
	return text;
}

static void quotes_are_removed(void **state)
{
	assert_string_equal(expanded("plain"), "[plain]");
	assert_string_equal(expanded("'a b'\"c d\"e\\ f"), "[a bc de f]");
	assert_string_equal(expanded("'\"'\"'\""), "[\"']");
	assert_string_equal(expanded("end\\"), "[end\\]");
}

static void backslash_in_double_quotes_is_special_only_before_special_bytes(void **state)
{
	assert_string_equal(expanded("\"\\\\ \\\" \\$x \\n \\*\""), "[\\ \" $x \\n \\*]");
	assert_string_equal(expanded("'\\\\'"), "[\\\\]");
}

static void status_and_pid_are_replaced(void **state)
{
	assert_string_equal(expanded("$?"), "[127]");
	assert_string_equal(expanded("$$.$?x"), "[4711.127x]");
	assert_string_equal(expanded("\"<$?>\""), "[<127>]");
	assert_string_equal(expanded("${?}${$}"), "[1274711]");
}

static void background_pid_is_empty_before_there_is_one(void **state)
{
	assert_string_equal(expanded("<$!>"), "[<>]");
	background = 99;
	assert_string_equal(expanded("<$!>${!}"), "[<99>99]");
	background = 0;
}

static void variables_are_literal_in_single_quotes_and_after_a_backslash(void **state)
{
	assert_string_equal(expanded("'$?'"), "[$?]");
	assert_string_equal(expanded("\\$?"), "[$?]");
	assert_string_equal(asked, "\\$?" + 1);
}

static void other_variables_are_empty(void **state)
{
	assert_string_equal(expanded("a$HOME"), "[a]");
	assert_string_equal(expanded("$HOME/x$1y"), "[/xy]");
	assert_string_equal(expanded("${LONG_name2}x"), "[x]");
}

static void a_word_of_nothing_vanishes_unless_quoted(void **state)
{
	assert_string_equal(expanded("$HOME"), "");
	assert_string_equal(expanded("\"$HOME\""), "[]");
	assert_string_equal(expanded("''"), "[]");
}

static void a_lone_dollar_is_itself(void **state)
{
	assert_string_equal(expanded("$"), "[$]");
	assert_string_equal(expanded("a$ b$%"), "[a$ b$%]");
	assert_string_equal(expanded("${x"), "[${x]");
}

static void a_glob_becomes_its_matches(void **state)
{
	matches = 2;
	assert_string_equal(expanded("a*"), "[m0][m1]");
	assert_string_equal(asked, "a*");
	matches = 0;
}

static void a_glob_without_matches_stays_as_typed(void **state)
{
	assert_string_equal(expanded("*sched*"), "[*sched*]");
	assert_string_equal(expanded("x[ab]?"), "[x[ab]?]");
	assert_string_equal(expanded("*'*'\\?"), "[**?]");
}

static void quoted_glob_bytes_are_not_globs(void **state)
{
	matches = 1;
	assert_string_equal(expanded("'*'\"?\"\\["), "[*?[]");
	assert_string_equal(asked, "");
	assert_string_equal(expanded("'*'*"), "[m0]");
	assert_string_equal(asked, "\\**");
	assert_string_equal(expanded("$?"), "[127]");
	matches = 0;
}

static void a_file_name_is_never_a_glob(void **state)
{
	const struct sh_vars vars = { .status = 1 };
	char *name;

	matches = 1;
	name = expand_filename("'a b'*$?$X", &vars);
	assert_string_equal(name, "a b*1");
	free(name);
	name = expand_filename("$X", &vars);
	assert_string_equal(name, "");
	free(name);
	matches = 0;
}

static void running_out_of_memory_is_an_error(void **state)
{
	const struct sh_vars vars = { 0 };
	struct words out = { 0 };

	for (int n = 1; n <= 3; n++) {
		kmalloc_fails_at = n;
		assert_int_equal(expand_word("word", &vars, &out), -ENOMEM);
	}
	kmalloc_fails_at = 0;
	assert_int_equal(out.nr, 0);
	words_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_are_removed),
		cmocka_unit_test(backslash_in_double_quotes_is_special_only_before_special_bytes),
		cmocka_unit_test(status_and_pid_are_replaced),
		cmocka_unit_test(background_pid_is_empty_before_there_is_one),
		cmocka_unit_test(variables_are_literal_in_single_quotes_and_after_a_backslash),
		cmocka_unit_test(other_variables_are_empty),
		cmocka_unit_test(a_word_of_nothing_vanishes_unless_quoted),
		cmocka_unit_test(a_lone_dollar_is_itself),
		cmocka_unit_test(a_glob_becomes_its_matches),
		cmocka_unit_test(a_glob_without_matches_stays_as_typed),
		cmocka_unit_test(quoted_glob_bytes_are_not_globs),
		cmocka_unit_test(a_file_name_is_never_a_glob),
		cmocka_unit_test(running_out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
