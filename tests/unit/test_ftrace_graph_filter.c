/* SPDX-License-Identifier: BSD-2-Clause */
/* set_graph_function and set_graph_notrace: their words, and the sets that a tracer of graphs asks. */
#include "tests/unit/host_file.h"
#include "tests/unit/host_ftrace.h"

static const char *const names[] = { "alpha", "beta_one", "beta_two", "gamma", "one_beta" };

#define NR ((int)ARRAY_SIZE(names))
#define ALL "#### all functions enabled ####\n"
#define NONE "#### no functions disabled ####\n"

static int setup(void **state)
{
	host_ftrace_boot(NR, names);
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end();
	return 0;
}

/* A letter a function: '+' for those that the question is true of. */
static void expect_answers(const char *begins, const char *left_out)
{
	for (int i = 0; i < NR; i++) {
		assert_int_equal(ftrace_graph_addr(host_site(i)), begins[i] == '+');
		assert_int_equal(ftrace_graph_notrace_addr(host_site(i)), left_out[i] == '+');
	}
}

/* ---- the sets ---- */

static void empty_sets_are_all_to_begin_with_and_none_to_leave_out(void **state)
{
	expect_file("set_graph_function", ALL);
	expect_file("set_graph_notrace", NONE);
	expect_answers("+++++", "-----");
	assert_int_equal(echo("\n", "set_graph_function", O_TRUNC), 0);
	assert_int_equal(echo("", "set_graph_notrace", O_TRUNC), 0);
	expect_file("set_graph_function", ALL);
	expect_file("set_graph_notrace", NONE);
	expect_answers("+++++", "-----");
}

static void each_file_has_a_set_of_its_own(void **state)
{
	assert_int_equal(echo("gamma alpha\n", "set_graph_function", O_TRUNC), 0);
	expect_answers("+--+-", "-----");
	assert_int_equal(echo("*beta* alpha\n", "set_graph_notrace", O_TRUNC), 0);
	expect_answers("+--+-", "+++-+");
	expect_file("set_graph_function", "alpha\ngamma\n");
	expect_file("set_graph_notrace", "alpha\nbeta_one\nbeta_two\none_beta\n");
	/* None of that is an ops'. */
	expect_file("set_ftrace_filter", ALL);
	expect_file("set_ftrace_notrace", NONE);
	assert_int_equal(ftrace_sites_on, 0);
	host_ftrace_audit();
}

static void append_adds_and_truncate_starts_over(void **state)
{
	echo("gamma\n", "set_graph_function", O_TRUNC);
	assert_int_equal(echo("alpha gamma\n", "set_graph_function", O_APPEND), 0);
	expect_file("set_graph_function", "alpha\ngamma\n");
	assert_int_equal(echo("\n", "set_graph_function", O_APPEND), 0);
	expect_file("set_graph_function", "alpha\ngamma\n");
	assert_int_equal(echo("beta_*\n", "set_graph_function", O_TRUNC), 0);
	expect_file("set_graph_function", "beta_one\nbeta_two\n");
}

/* ---- words ---- */

static void what_is_not_there_cannot_be_taken_out(void **state)
{
	echo("alpha beta_one beta_two\n", "set_graph_function", O_TRUNC);
	assert_int_equal(echo("!beta*\n", "set_graph_function", O_APPEND), 0);
	expect_file("set_graph_function", "alpha\n");
	assert_int_equal(echo("!beta*\n", "set_graph_function", O_APPEND), -EINVAL);
	assert_int_equal(echo("!gamma\n", "set_graph_function", O_APPEND), -EINVAL);
	assert_int_equal(echo("!\n", "set_graph_function", O_APPEND), -EINVAL);
	expect_file("set_graph_function", "alpha\n");
	/* One of those that it means is enough. */
	assert_int_equal(echo("!*\n", "set_graph_function", O_APPEND), 0);
	expect_file("set_graph_function", ALL);
	assert_int_equal(echo("!*\n", "set_graph_function", O_APPEND), -EINVAL);
}

static void a_number_is_the_name_of_no_function(void **state)
{
	assert_int_equal(echo("1\n", "set_graph_function", O_TRUNC), -EINVAL);
	expect_file("set_graph_function", ALL);
	echo("alpha\n", "set_graph_notrace", O_TRUNC);
	assert_int_equal(echo("2\n", "set_graph_notrace", O_APPEND), -EINVAL);
	assert_int_equal(echo("!1\n", "set_graph_notrace", O_APPEND), -EINVAL);
	expect_file("set_graph_notrace", "alpha\n");
}

static void a_colon_is_a_character(void **state)
{
	assert_int_equal(echo("bet[:a]_one\n", "set_graph_function", O_TRUNC), 0);
	expect_file("set_graph_function", "beta_one\n");
	assert_int_equal(echo("alpha:traceoff\n", "set_graph_function", O_APPEND), -EINVAL);
	assert_int_equal(echo("alpha:mod:!x\n", "set_graph_function", O_APPEND), -EINVAL);
	assert_int_equal(echo(":\n", "set_graph_function", O_APPEND), -EINVAL);
	expect_file("set_graph_function", "beta_one\n");
}

static void a_bad_word_stops_there_but_the_words_before_it_count(void **state)
{
	assert_int_equal(echo("gamma nosuch alpha\n", "set_graph_notrace", O_TRUNC), -EINVAL);
	expect_file("set_graph_notrace", "gamma\n");
	/* At the very end nobody is told, as in the other files. */
	assert_int_equal(echo("nosuch", "set_graph_notrace", O_APPEND), 0);
	assert_int_equal(echo("alpha", "set_graph_notrace", O_APPEND), 0);
	expect_file("set_graph_notrace", "alpha\ngamma\n");
}

static void functions_that_may_not_be_touched_are_in_no_set(void **state)
{
	ftrace_exact_rec(host_site(0))->flags |= FTRACE_FL_DISABLED;
	assert_int_equal(echo("alpha\n", "set_graph_function", O_TRUNC), -EINVAL);
	assert_int_equal(echo("*\n", "set_graph_function", O_TRUNC), 0);
	expect_answers("-++++", "-----");
}

/* ---- who looks on ---- */

static void a_set_changes_at_close_and_the_old_one_stays_for_those_who_look_at_it(void **state)
{
	const struct ftrace_hash *old;
	struct open_file f;

	echo("alpha\n", "set_graph_function", O_TRUNC);
	old = ftrace_graph_hash;
	assert_int_equal(file_open(&f, "set_graph_function", O_WRONLY | O_TRUNC), 0);
	assert_int_equal(file_puts(&f, "gamma\n"), 0);
	assert_ptr_equal(ftrace_graph_hash, old);
	expect_file("set_graph_function", "alpha\n");
	assert_int_equal(file_close(&f), 0);
	expect_answers("---+-", "-----");
	/* ASan would know. */
	assert_non_null(ftrace_lookup_ip(old, host_site(0)));
	synchronize_rcu();
}

static void a_dead_ftrace_has_no_such_files(void **state)
{
	struct open_file early, f;

	echo("alpha\n", "set_graph_function", O_TRUNC);
	assert_int_equal(file_open(&early, "set_graph_function", O_WRONLY | O_TRUNC), 0);
	ftrace_kill();
	assert_int_equal(file_puts(&early, "gamma\n"), -ENODEV);
	assert_int_equal(file_close(&early), -ENODEV);
	assert_int_equal(file_open(&f, "set_graph_function", O_RDONLY), -ENODEV);
	assert_int_equal(file_open(&f, "set_graph_notrace", O_WRONLY), -ENODEV);
	expect_answers("+----", "-----");
}

static void memory_that_goes_away_leaves_no_function_and_not_all(void **state)
{
	echo("beta_one beta_two\n", "set_graph_function", O_TRUNC);
	echo("beta_two gamma\n", "set_graph_notrace", O_TRUNC);
	ftrace_free_mem(host_site(1), host_site(3));
	expect_answers("-----", "---+-");
	expect_file("set_graph_function", "");
	expect_file("set_graph_notrace", "gamma\n");
}

/* ---- no memory ---- */

/* echo TEXT >> set_graph_notrace with allocation n failing, or all from there on; the first error. */
static int append_without_memory(unsigned long n, bool lasting, const char *text)
{
	struct open_file f;
	int ret, err;

	host_fail_alloc(n, lasting);
	ret = file_open(&f, "set_graph_notrace", O_WRONLY | O_APPEND);
	if (!ret) {
		ret = file_puts(&f, text);
		err = file_close(&f);
		ret = ret ? ret : err;
	}
	host_fail_alloc(0, false);
	return ret;
}

static void every_allocation_may_fail_and_the_set_stays(void **state)
{
	for (int lasting = 0; lasting < 2; lasting++) {
		unsigned long n = 1;

		echo("gamma\n", "set_graph_notrace", O_TRUNC);
		for (int ret; (ret = append_without_memory(n, lasting, "*beta* !one_beta alpha\n")); n++) {
			assert_int_equal(ret, -ENOMEM);
			expect_file("set_graph_notrace", "gamma\n");
		}
		/* What belongs to the open file, a copy of one, the four that come, and the set that takes them over. */
		assert_int_equal(n - 1, 2 + 2 + 1 + 4 + 2);
		expect_file("set_graph_notrace", "alpha\nbeta_one\nbeta_two\ngamma\n");
	}
}

static void an_option_at_boot_without_memory_leaves_the_set(void **state)
{
	unsigned long n = 1;
	int ret;

	do {
		char word[] = "*beta*";

		host_fail_alloc(n++, false);
		ret = ftrace_graph_add(&ftrace_graph_hash, word);
		host_fail_alloc(0, false);
		assert_true(!ret || ret == -ENOMEM);
		expect_file("set_graph_function", ret ? ALL : "beta_one\nbeta_two\none_beta\n");
	} while (ret);
	/* The last was too high: a copy, the three that come, and the set that takes them over. */
	assert_int_equal(n - 2, 2 + 3 + 2);
}

/* ---- boot options ---- */

static void boot_options_are_lists_of_patterns(void **state)
{
	char some[] = "alpha,*beta*,!beta_two,1,nosuch", less[] = "beta_one,!gamma", none[] = "", most[1025];

	host_ftrace_prepare(NR, names);
	assert_int_equal(host_set_param("ftrace_graph_filter", some), 0);
	assert_int_equal(host_set_param("ftrace_graph_notrace", less), 0);
	ftrace_init();
	expect_answers("++--+", "-+---");
	assert_non_null(strstr(host_log, "ftrace_graph_filter=: nothing matches \"1\"\n"));
	assert_non_null(strstr(host_log, "ftrace_graph_filter=: nothing matches \"nosuch\"\n"));
	assert_non_null(strstr(host_log, "ftrace_graph_notrace=: nothing matches \"!gamma\"\n"));
	assert_int_equal(host_set_param("ftrace_graph_filter", NULL), -EINVAL);
	memset(most, 'a', 1024);
	most[1024] = '\0';
	assert_int_equal(host_set_param("ftrace_graph_notrace", most), -EINVAL);
	assert_int_equal(host_set_param("ftrace_graph_filter", none), 0);
	assert_int_equal(host_set_param("ftrace_graph_notrace", none), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(empty_sets_are_all_to_begin_with_and_none_to_leave_out),
		TEST(each_file_has_a_set_of_its_own),
		TEST(append_adds_and_truncate_starts_over),
		TEST(what_is_not_there_cannot_be_taken_out),
		TEST(a_number_is_the_name_of_no_function),
		TEST(a_colon_is_a_character),
		TEST(a_bad_word_stops_there_but_the_words_before_it_count),
		TEST(functions_that_may_not_be_touched_are_in_no_set),
		TEST(a_set_changes_at_close_and_the_old_one_stays_for_those_who_look_at_it),
		TEST(a_dead_ftrace_has_no_such_files),
		TEST(memory_that_goes_away_leaves_no_function_and_not_all),
		TEST(every_allocation_may_fail_and_the_set_stays),
		TEST(an_option_at_boot_without_memory_leaves_the_set),
		TEST(boot_options_are_lists_of_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
