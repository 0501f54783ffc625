/* SPDX-License-Identifier: BSD-2-Clause */
/* The word reader: whole words, words cut by the end of a write, words that are too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/host_os.h"
#include "trace/trace_parser.h"

static struct trace_parser parser;
static loff_t pos;

static int setup(void **state)
{
	host_reset();
	pos = 0;
	return trace_parser_get_init(&parser, 8);
}

static int teardown(void **state)
{
	trace_parser_put(&parser);
	return 0;
}

static ssize_t get(const char *text)
{
	return trace_get_user(&parser, text, strlen(text), &pos);
}

static void expect_word(const char *word)
{
	assert_true(trace_parser_loaded(&parser));
	assert_false(trace_parser_cont(&parser));
	assert_string_equal(parser.buffer, word);
	assert_int_equal(parser.idx, strlen(word));
	trace_parser_clear(&parser);
}

static void takes_one_word_and_its_white_space(void **state)
{
	assert_int_equal(get("one two\n"), 4);
	expect_word("one");
	assert_int_equal(get("two\n"), 4);
	expect_word("two");
	assert_int_equal(pos, 8);
}

static void skips_white_space_before_a_word(void **state)
{
	assert_int_equal(get(" \t\n one\n"), 8);
	expect_word("one");
}

static void only_white_space_is_no_word(void **state)
{
	assert_int_equal(get(" \n\t "), 4);
	assert_false(trace_parser_loaded(&parser));
	assert_false(trace_parser_cont(&parser));
}

static void a_word_at_the_end_may_go_on(void **state)
{
	assert_int_equal(get("on"), 2);
	assert_true(trace_parser_cont(&parser));
	assert_int_equal(get("e"), 1);
	assert_true(trace_parser_cont(&parser));
	assert_int_equal(get(" two"), 1);
	expect_word("one");
}

static void white_space_ends_a_word_that_was_cut(void **state)
{
	get("one");
	assert_int_equal(get("\n"), 1);
	expect_word("one");
}

static void a_write_at_the_beginning_forgets_what_was_cut(void **state)
{
	get("one");
	pos = 0;
	get("two ");
	expect_word("two");
}

static void the_longest_word_fits_and_one_more_is_einval(void **state)
{
	assert_int_equal(get("1234567 "), 8);
	expect_word("1234567");
	assert_int_equal(get("12345678 "), -EINVAL);
	assert_false(trace_parser_loaded(&parser));
	get("1234");
	assert_int_equal(get("5678"), -EINVAL);
	assert_false(trace_parser_loaded(&parser));
	assert_int_equal(get("ok "), 3);
	expect_word("ok");
}

static void a_nul_byte_ends_a_word(void **state)
{
	assert_int_equal(trace_get_user(&parser, "ab\0cd ", 6, &pos), 3);
	expect_word("ab");
	assert_int_equal(trace_get_user(&parser, "\0", 1, &pos), 1);
	assert_false(trace_parser_loaded(&parser));
}

static void bytes_above_127_are_part_of_words(void **state)
{
	get("\xff\xa0 ");
	expect_word("\xff\xa0");
}

static void no_memory_is_enomem(void **state)
{
	struct trace_parser other;

	host_fail_alloc(1, false);
	assert_int_equal(trace_parser_get_init(&other, 8), -ENOMEM);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(takes_one_word_and_its_white_space),
		TEST(skips_white_space_before_a_word),
		TEST(only_white_space_is_no_word),
		TEST(a_word_at_the_end_may_go_on),
		TEST(white_space_ends_a_word_that_was_cut),
		TEST(a_write_at_the_beginning_forgets_what_was_cut),
		TEST(the_longest_word_fits_and_one_more_is_einval),
		TEST(a_nul_byte_ends_a_word),
		TEST(bytes_above_127_are_part_of_words),
		TEST(no_memory_is_enomem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
