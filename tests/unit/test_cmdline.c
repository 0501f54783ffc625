/* SPDX-License-Identifier: BSD-2-Clause */
/* test_cmdline.c - lib/cmdline.c and init/params.c: how words are cut, who gets them, and which nobody takes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "tests/unit/host_kmalloc.h"
#include "init/params.c"

/* --- next_arg --- */

/* All options of a line, each as <name> or <name|value>. */
static const char *cut(const char *line)
{
	static char out[256];
	char copy[256], *rest = copy, *param, *val;

	strcpy(copy, line);
	out[0] = '\0';
	for (;;) {
		rest = next_arg(rest, &param, &val);
		if (!*param && !val)
			return out;
		snprintf(out + strlen(out), sizeof(out) - strlen(out), "<%s%s%s>", param,
			 val ? "|" : "", val ? val : "");
	}
}

static void words_and_values(void **state)
{
	assert_string_equal(cut(""), "");
	assert_string_equal(cut("  "), "");
	assert_string_equal(cut("quiet"), "<quiet>");
	assert_string_equal(cut(" a=1  b= c=d=e\tf "), "<a|1><b|><c|d=e><f>");
}

static void quotes_keep_blanks(void **state)
{
	assert_string_equal(cut("a=\"b c\" d"), "<a|b c><d>");
	assert_string_equal(cut("\"a=b c\" d"), "<a|b c><d>");
	assert_string_equal(cut("\"a b\" c"), "<a b><c>");
	assert_string_equal(cut("a=b\" \"c"), "<a|b\" \"c>");
	assert_string_equal(cut("a=\"echo 1 > x; cat x\""), "<a|echo 1 > x; cat x>");
}

static void an_open_quote_runs_to_the_end(void **state)
{
	assert_string_equal(cut("a=\"b c d"), "<a|b c d>");
	assert_string_equal(cut("a=\""), "<a|>");
}

static void dashes_are_underscores_in_names(void **state)
{
	assert_true(parameq("a-b_c", "a_b-c"));
	assert_false(parameq("a-b", "a-bc"));
	assert_false(parameq("ab", "a-b"));
	assert_true(parameqn("a-bX", "a_bY", 3));
	assert_false(parameqn("a", "ab", 2));
}

/* --- parse_early_param and parse_args --- */

static char calls[512];		/* what the functions below were called with, in order */
static char logged[512];

int printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(logged + strlen(logged), sizeof(logged) - strlen(logged), fmt, args);
	va_end(args);
	return 0;
}

static int record(const char *who, const char *val)
{
	snprintf(calls + strlen(calls), sizeof(calls) - strlen(calls), "%s(%s) ", who, val ? val : "NULL");
	return 1;
}

static int take_early(char *val)
{
	record("early", val);
	return val && !strcmp(val, "bad");
}
early_param("early_one", take_early);

static int take_value(char *val)
{
	return record("value", val);
}
__setup("value=", take_value);

static int take_flag(char *val)
{
	return record("flag", val);
}
__setup("flag", take_flag);

static int refuse(char *val)
{
	record("refused", val);
	return 0;
}
__setup("refused=", refuse);

/* parse_args() keeps its copy for ever, because functions may. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:parse_args";
}

const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

static void boot_with(const char *line)
{
	calls[0] = logged[0] = '\0';
	setup_command_line(line);
}

static void early_options_come_first_and_only_once(void **state)
{
	boot_with("value=1 early-one=x early_one");
	parse_early_param();
	assert_string_equal(calls, "early(x) early(NULL) ");
	parse_args();
	assert_string_equal(calls, "early(x) early(NULL) value(1) ");
	assert_string_equal(logged, "");
}

static void options_get_their_values_in_order(void **state)
{
	boot_with("flag value=\"a b\" flag=2 value=");
	parse_args();
	assert_string_equal(calls, "flag() value(a b) flag(2) value() ");
	assert_string_equal(logged, "");
}

static void the_saved_line_stays_whole(void **state)
{
	boot_with("value=\"a b\" nobody flag");
	parse_early_param();
	parse_args();
	assert_string_equal(saved_command_line, "value=\"a b\" nobody flag");
}

static void a_malformed_early_option_is_logged(void **state)
{
	boot_with("early_one=bad");
	parse_early_param();
	assert_string_equal(logged, KERN_ERR "Malformed early option 'early_one=bad': ignored\n");
}

static void words_that_nobody_takes_are_logged_in_one_line(void **state)
{
	boot_with("nobody value=1 refused=2 flagx value flag=3 \"x y\"");
	parse_args();
	assert_string_equal(calls, "value(1) refused(2) flag(3) ");
	assert_string_equal(logged, KERN_NOTICE
			    "Unknown kernel command line parameters \"nobody refused=2 flagx value x y\"\n");
}

static void two_dashes_end_the_options(void **state)
{
	boot_with("flag -- flag nobody early_one");
	parse_early_param();
	parse_args();
	assert_string_equal(calls, "flag() ");
	assert_string_equal(logged, "");
}

static void without_memory_it_says_so(void **state)
{
	boot_with("flag");
	kmalloc_fails_at = 1;
	parse_args();
	kmalloc_fails_at = 0;
	assert_string_equal(calls, "");
	assert_non_null(strstr(logged, "No memory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_values),
		cmocka_unit_test(quotes_keep_blanks),
		cmocka_unit_test(an_open_quote_runs_to_the_end),
		cmocka_unit_test(dashes_are_underscores_in_names),
		cmocka_unit_test(early_options_come_first_and_only_once),
		cmocka_unit_test(options_get_their_values_in_order),
		cmocka_unit_test(the_saved_line_stays_whole),
		cmocka_unit_test(a_malformed_early_option_is_logged),
		cmocka_unit_test(words_that_nobody_takes_are_logged_in_one_line),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(without_memory_it_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
