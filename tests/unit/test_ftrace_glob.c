/* SPDX-License-Identifier: BSD-2-Clause */
/* Patterns: which class each falls into, and that every class agrees with the general matcher. */
#include "tests/unit/host_ftrace.h"
#include "trace/ftrace_glob.h"

static char buf[300];

static struct ftrace_glob parse(const char *pattern, bool *not)
{
	struct ftrace_glob glob;

	strscpy(buf, pattern, sizeof(buf));
	ftrace_glob_parse(&glob, buf, strlen(pattern), not);
	return glob;
}

static bool matches(const char *pattern, const char *name)
{
	bool not;
	struct ftrace_glob glob = parse(pattern, &not);

	return ftrace_glob_matches(&glob, name, strlen(name));
}

static void each_pattern_has_its_class(void **state)
{
	static const struct {
		const char *pattern, *search;
		enum ftrace_match_type type;
	} expected[] = {
		{ "schedule", "schedule", MATCH_FULL },
		{ "sched_*", "sched_", MATCH_FRONT_ONLY },
		{ "*_sched", "_sched", MATCH_END_ONLY },
		{ "*sched*", "sched", MATCH_MIDDLE_ONLY },
		{ "*", "", MATCH_END_ONLY },
		{ "**", "", MATCH_MIDDLE_ONLY },
		{ "", "", MATCH_FULL },
		{ "a*b", "a*b", MATCH_GLOB },
		{ "*a*b", "*a*b", MATCH_GLOB },
		{ "a*b*", "a*b*", MATCH_GLOB },
		{ "a?b", "a?b", MATCH_GLOB },
		{ "[ab]c", "[ab]c", MATCH_GLOB },
		{ "a\\*", "a\\*", MATCH_GLOB },
		{ "42", "42", MATCH_INDEX },
		{ "4*", "4*", MATCH_INDEX },
		{ "0x10", "0x10", MATCH_INDEX },
		{ "*4", "4", MATCH_END_ONLY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		bool not;
		struct ftrace_glob glob = parse(expected[i].pattern, &not);

		assert_int_equal(glob.type, expected[i].type);
		assert_string_equal(glob.search, expected[i].search);
		assert_int_equal(glob.len, strlen(glob.search));
		assert_false(not);
	}
}

static void an_exclamation_mark_inverts_and_is_no_part_of_it(void **state)
{
	bool not;
	struct ftrace_glob glob = parse("!sched*", &not);

	assert_true(not);
	assert_int_equal(glob.type, MATCH_FRONT_ONLY);
	assert_string_equal(glob.search, "sched");
	glob = parse("!", &not);
	assert_true(not);
	assert_int_equal(glob.type, MATCH_FULL);
	assert_int_equal(glob.len, 0);
	glob = parse("!!a", &not);
	assert_string_equal(glob.search, "!a");
}

static void full_wants_the_whole_name(void **state)
{
	assert_true(matches("schedule", "schedule"));
	assert_false(matches("schedule", "schedule_tail"));
	assert_false(matches("schedule", "sched"));
	assert_false(matches("schedule", "xschedule"));
	assert_false(matches("", "a"));
}

static void front_and_end_want_their_side(void **state)
{
	assert_true(matches("sched*", "schedule"));
	assert_true(matches("sched*", "sched"));
	assert_false(matches("sched*", "sche"));
	assert_false(matches("sched*", "__schedule"));
	assert_true(matches("*_read", "vfs_read"));
	assert_true(matches("*_read", "_read"));
	assert_false(matches("*_read", "read"));
	assert_false(matches("*_read", "vfs_read_iter"));
	assert_true(matches("*", "anything"));
}

static void middle_finds_the_pattern_anywhere(void **state)
{
	assert_true(matches("*sched*", "sched"));
	assert_true(matches("*sched*", "schedule"));
	assert_true(matches("*sched*", "do_sched"));
	assert_true(matches("*sched*", "__schedule_timeout"));
	assert_false(matches("*sched*", "sche"));
	assert_false(matches("*sched*", "schesche"));
	assert_true(matches("*sched*", "schesched"));
	assert_true(matches("*aab*", "aaab"));
	assert_true(matches("*abab*", "abaabab"));
	assert_true(matches("*_*", "a_"));
	assert_false(matches("*_*", "a"));
	assert_true(matches("**", "a"));
}

static void names_with_bytes_above_127_are_no_trouble(void **state)
{
	assert_true(matches("*\xc3\xa9*", "caf\xc3\xa9_open"));
	assert_false(matches("*\xc3\xa9*", "cafe_open"));
}

/* All classes but FULL can be written as a glob: on every short string over {a, b} they must agree. */
static void fast_classes_agree_with_the_general_matcher(void **state)
{
	static const char *const patterns[] = {
		"a*", "*a", "*a*", "ab*", "*ab", "*ab*", "*aa*", "*aba*", "*bab", "aab*", "*abab*", "*bbab*", "*", "**",
	};
	char name[9];

	for (int len = 0; len <= 8; len++) {
		for (int bits = 0; bits < 1 << len; bits++) {
			for (int i = 0; i < len; i++)
				name[i] = bits >> i & 1 ? 'b' : 'a';
			name[len] = '\0';
			for (size_t p = 0; p < ARRAY_SIZE(patterns); p++)
				assert_int_equal(matches(patterns[p], name), glob_match(patterns[p], name));
		}
	}
}

static void a_pattern_longer_than_the_skip_table_can_say_works(void **state)
{
	char pattern[303], name[600];
	struct ftrace_glob glob;
	bool not;

	pattern[0] = pattern[301] = '*';
	memset(pattern + 1, 'x', 300);
	pattern[302] = '\0';
	pattern[1] = 'y';
	memset(name, 'x', sizeof(name));
	name[599] = '\0';
	name[100] = 'y';

	ftrace_glob_parse(&glob, pattern, strlen(pattern), &not);
	assert_true(ftrace_glob_matches(&glob, name, strlen(name)));
	name[100] = 'x';
	assert_false(ftrace_glob_matches(&glob, name, strlen(name)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_pattern_has_its_class),
		cmocka_unit_test(an_exclamation_mark_inverts_and_is_no_part_of_it),
		cmocka_unit_test(full_wants_the_whole_name),
		cmocka_unit_test(front_and_end_want_their_side),
		cmocka_unit_test(middle_finds_the_pattern_anywhere),
		cmocka_unit_test(names_with_bytes_above_127_are_no_trouble),
		cmocka_unit_test(fast_classes_agree_with_the_general_matcher),
		cmocka_unit_test(a_pattern_longer_than_the_skip_table_can_say_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
