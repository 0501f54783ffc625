/* SPDX-License-Identifier: BSD-2-Clause */
/* The files: what they print, and that writing edits a copy which takes effect at close. */
#include "tests/unit/host_file.h"
#include "tests/unit/host_ftrace.h"
#include "trace/trace_recursion.h"
#include "trace/tracefs.h"
#include <stdlib.h>

static const char *const names[] = { "alpha", "beta_one", "beta_two", "gamma", "one_beta" };

#define NR ((int)ARRAY_SIZE(names))

static void ignore(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops a;

static int setup(void **state)
{
	host_ftrace_boot(NR, names);
	/* Named here, or the linker would see no reason to take the file that registers it. */
	assert_non_null(ftrace_filter_fops.open);
	a = (struct ftrace_ops){ .func = ignore };
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a);
	return 0;
}

/* ---- lists ---- */

static void available_functions_are_all_in_order_of_address(void **state)
{
	expect_file("available_filter_functions", "alpha\nbeta_one\nbeta_two\ngamma\none_beta\n");
	ftrace_exact_rec(host_site(1))->flags |= FTRACE_FL_DISABLED;
	expect_file("available_filter_functions", "alpha\nbeta_one\nbeta_two\ngamma\none_beta\n");
}

static void available_functions_with_addresses(void **state)
{
	char expected[64];

	snprintf(expected, sizeof(expected), "%lx alpha\n%lx beta_one\n", host_site(0), host_site(1));
	assert_int_equal(strncmp(cat("available_filter_functions_addrs", 4096), expected, strlen(expected)), 0);
}

static void lists_do_not_depend_on_how_they_are_read(void **state)
{
	char *whole;

	host_ftrace_boot(1500, NULL);
	whole = strcpy(malloc(200000), cat("available_filter_functions", 65536));
	assert_int_equal(strlen(whole), 1500 * 10);
	assert_string_equal(cat("available_filter_functions", 1), whole);
	assert_string_equal(cat("available_filter_functions", 17), whole);
	assert_string_equal(cat("available_filter_functions", 4096), whole);
	free(whole);
}

static void lists_can_be_read_from_any_position(void **state)
{
	struct open_file f;
	char buf[6] = "";

	assert_int_equal(file_open(&f, "available_filter_functions", O_RDONLY), 0);
	assert_int_equal(f.file.f_op->llseek(&f.file, 15, SEEK_SET), 15);
	f.file.f_pos = 15;
	assert_int_equal(f.file.f_op->read(&f.file, buf, 5, &f.file.f_pos), 5);
	assert_string_equal(buf, "beta_");
	assert_int_equal(f.file.f_op->llseek(&f.file, 0, SEEK_SET), 0);
	f.file.f_pos = 0;
	assert_int_equal(f.file.f_op->read(&f.file, buf, 5, &f.file.f_pos), 5);
	assert_string_equal(buf, "alpha");
	file_close(&f);
}

static void enabled_functions_tell_count_and_flags(void **state)
{
	struct ftrace_ops heap = { .func = ignore };
	char expected[256], shared[256];

	expect_file("enabled_functions", "");
	ftrace_set_filter_ip(&a, host_site(1), 0, 0);
	register_ftrace_function(&a);
	snprintf(expected, sizeof(expected), "beta_one (1)       O   \tops: %pS (%pS)\n", &a, ignore);
	expect_file("enabled_functions", expected);
	ftrace_set_filter_ip(&heap, host_site(1), 0, 0);
	register_ftrace_function(&heap);
	snprintf(shared, sizeof(shared), "beta_one (2)            ->%pS\n", ftrace_ops_list_func);
	expect_file("enabled_functions", shared);
	unregister_ftrace_function(&heap);
	ftrace_free_filter(&heap);
	expect_file("enabled_functions", expected);
	unregister_ftrace_function(&a);
	expect_file("enabled_functions", "");
}

static void enabled_functions_show_registers_and_ipmodify(void **state)
{
	char expected[256];

	a.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY;
	ftrace_set_filter_ip(&a, host_site(3), 0, 0);
	register_ftrace_function(&a);
	snprintf(expected, sizeof(expected), "gamma (1) R I   O M \tops: %pS (%pS)\n", &a, ignore);
	expect_file("enabled_functions", expected);
	unregister_ftrace_function(&a);
	expect_file("touched_functions", "gamma (0)         M \n");
}

static void enabled_functions_name_the_trampoline_of_a_direct_call(void **state)
{
	static struct ftrace_ops b;
	unsigned long trampoline = host_site(100);
	char expected[256];

	b = (struct ftrace_ops){ .func = ignore };
	a.func = NULL;
	ftrace_set_filter_ip(&a, host_site(3), 0, 0);
	assert_int_equal(register_ftrace_direct(&a, trampoline), 0);
	snprintf(expected, sizeof(expected), "gamma (1) R   D O M \tops: %pS (%pS)\n\tdirect-->%pS\n", &a,
		 call_direct_funcs, (void *)trampoline);
	expect_file("enabled_functions", expected);
	register_ftrace_function(&b);
	snprintf(expected, sizeof(expected), "gamma (2) R   D   M  ->%pS\n\tdirect-->%pS\n", ftrace_ops_list_func,
		 (void *)trampoline);
	assert_non_null(strstr(cat("enabled_functions", 4096), expected));
	unregister_ftrace_function(&b);
	assert_int_equal(unregister_ftrace_direct(&a, trampoline, true), 0);
	assert_non_null(strstr(cat("touched_functions", 4096), "gamma (0)         M \n"));
}

/* Memory of boot is used again, but its symbols are still known. */
static void enabled_functions_name_no_ops_after_what_has_been_there(void **state)
{
	struct ftrace_ops *heap = calloc(1, sizeof(*heap));
	char expected[256];

	heap->func = ignore;
	host_add_symbol((unsigned long)heap, "an_object_of_boot");
	ftrace_set_filter_ip(heap, host_site(3), 0, 0);
	register_ftrace_function(heap);
	snprintf(expected, sizeof(expected), "gamma (1)       O   \tops: 0x%lx (%pS)\n", (unsigned long)heap, ignore);
	expect_file("enabled_functions", expected);
	unregister_ftrace_function(heap);
	ftrace_free_filter(heap);
	free(heap);
}

static void touched_functions_outlive_tracing(void **state)
{
	expect_file("touched_functions", "");
	ftrace_set_filter_ip(&a, host_site(0), 0, 0);
	register_ftrace_function(&a);
	unregister_ftrace_function(&a);
	expect_file("touched_functions", "alpha (0)           \n");
	expect_file("enabled_functions", "");
}

static void total_info_counts_records_pages_and_groups(void **state)
{
	expect_file("dyn_ftrace_total_info", "5 pages:1 groups: 1\n");
}

static void a_dead_ftrace_shows_what_is_still_on(void **state)
{
	struct open_file f;

	ftrace_set_filter_ip(&a, host_site(0), 0, 0);
	register_ftrace_function(&a);
	ftrace_kill();
	assert_int_equal(file_open(&f, "available_filter_functions", O_RDONLY), -ENODEV);
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_RDONLY), -ENODEV);
	assert_int_equal(strncmp(cat("enabled_functions", 100), "alpha (1)", 9), 0);
}

static void a_file_opened_before_death_ends_early(void **state)
{
	struct open_file list, filter;
	char buf[10];

	assert_int_equal(file_open(&list, "available_filter_functions", O_RDONLY), 0);
	assert_int_equal(file_open(&filter, "set_ftrace_filter", O_WRONLY), 0);
	ftrace_kill();
	assert_int_equal(list.file.f_op->read(&list.file, buf, 10, &list.file.f_pos), 0);
	assert_int_equal(file_puts(&filter, "alpha\n"), -ENODEV);
	assert_int_equal(file_close(&list), 0);
	assert_int_equal(file_close(&filter), -ENODEV);
}

/* ---- editing ---- */

static void empty_filters_say_so(void **state)
{
	expect_file("set_ftrace_filter", "#### all functions enabled ####\n");
	expect_file("set_ftrace_notrace", "#### no functions disabled ####\n");
	assert_string_equal(cat("set_ftrace_filter", 3), "#### all functions enabled ####\n");
}

static void several_words_are_listed_by_address(void **state)
{
	assert_int_equal(echo("gamma alpha\n", "set_ftrace_filter", O_TRUNC), 0);
	expect_file("set_ftrace_filter", "alpha\ngamma\n");
	assert_int_equal(echo("  beta* \t\n", "set_ftrace_notrace", O_TRUNC), 0);
	expect_file("set_ftrace_notrace", "beta_one\nbeta_two\n");
}

static void append_adds_and_truncate_starts_over(void **state)
{
	echo("gamma\n", "set_ftrace_filter", O_TRUNC);
	echo("alpha\n", "set_ftrace_filter", O_APPEND);
	expect_file("set_ftrace_filter", "alpha\ngamma\n");
	echo("beta_two\n", "set_ftrace_filter", O_TRUNC);
	expect_file("set_ftrace_filter", "beta_two\n");
	echo("\n", "set_ftrace_filter", O_APPEND);
	expect_file("set_ftrace_filter", "beta_two\n");
	echo("\n", "set_ftrace_filter", O_TRUNC);
	expect_file("set_ftrace_filter", "#### all functions enabled ####\n");
}

static void an_exclamation_mark_removes(void **state)
{
	echo("*\n", "set_ftrace_filter", O_TRUNC);
	assert_int_equal(echo("!*beta* !nosuch\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	expect_file("set_ftrace_filter", "alpha\ngamma\n");
	assert_int_equal(echo("!4\n", "set_ftrace_filter", O_APPEND), 0);
	expect_file("set_ftrace_filter", "alpha\n");
}

static void a_bad_word_stops_there_but_the_words_before_it_count(void **state)
{
	assert_int_equal(echo("alpha nosuch gamma\n", "set_ftrace_filter", O_TRUNC), -EINVAL);
	expect_file("set_ftrace_filter", "alpha\n");
}

static void a_last_word_without_white_space_counts_at_close(void **state)
{
	assert_int_equal(echo("alpha gamma", "set_ftrace_filter", O_TRUNC), 0);
	expect_file("set_ftrace_filter", "alpha\ngamma\n");
	/* Whether it matched is not told, as in Linux. */
	assert_int_equal(echo("nosuch", "set_ftrace_filter", O_TRUNC), 0);
	expect_file("set_ftrace_filter", "#### all functions enabled ####\n");
}

static void commands_that_do_not_exist_are_einval(void **state)
{
	echo("alpha\n", "set_ftrace_filter", O_TRUNC);
	assert_int_equal(echo("gamma:nosuch\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(echo("gamma:\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(echo(":\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	expect_file("set_ftrace_filter", "alpha\n");
}

static void nothing_takes_effect_before_close(void **state)
{
	struct open_file f;

	ftrace_ops_set_global_filter(&a);
	register_ftrace_function(&a);
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY | O_TRUNC), 0);
	assert_int_equal(ftrace_sites_on, NR);
	assert_int_equal(file_puts(&f, "gamma\n"), 0);
	assert_int_equal(ftrace_sites_on, NR);
	expect_file("set_ftrace_filter", "#### all functions enabled ####\n");
	assert_int_equal(file_close(&f), 0);
	assert_int_equal(ftrace_sites_on, 1);
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	a.func_hash = &a.local_hash;
}

static void reading_and_writing_at_once_shows_the_edited_copy(void **state)
{
	struct open_file f;
	char buf[64];
	ssize_t n;

	echo("alpha\n", "set_ftrace_filter", O_TRUNC);
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_RDWR), 0);
	assert_int_equal(file_puts(&f, "gamma\n"), 0);
	f.file.f_pos = 0;
	n = f.file.f_op->read(&f.file, buf, sizeof(buf) - 1, &f.file.f_pos);
	buf[max(n, (ssize_t)0)] = '\0';
	assert_string_equal(buf, "alpha\ngamma\n");
	assert_int_equal(file_close(&f), 0);
	expect_file("set_ftrace_filter", "alpha\ngamma\n");
}

static void a_reader_keeps_its_set_when_it_is_replaced(void **state)
{
	struct open_file f;
	char buf[64];
	ssize_t n;

	echo("alpha gamma\n", "set_ftrace_filter", O_TRUNC);
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_RDONLY), 0);
	echo("beta_one\n", "set_ftrace_filter", O_TRUNC);
	synchronize_rcu();
	n = f.file.f_op->read(&f.file, buf, sizeof(buf) - 1, &f.file.f_pos);
	buf[max(n, (ssize_t)0)] = '\0';
	assert_string_equal(buf, "alpha\ngamma\n");
	file_close(&f);
}

static void the_last_to_close_wins(void **state)
{
	struct open_file first, second;

	file_open(&first, "set_ftrace_filter", O_WRONLY);
	file_open(&second, "set_ftrace_filter", O_WRONLY);
	file_puts(&first, "alpha\n");
	file_puts(&second, "gamma\n");
	file_close(&second);
	file_close(&first);
	expect_file("set_ftrace_filter", "alpha\n");
}

/* ---- recursed_functions ---- */

static void refused_functions_are_listed_once_until_cleared(void **state)
{
	expect_file("recursed_functions", "");
	ftrace_record_recursion(host_site(1), host_site(0) + 20);
	ftrace_record_recursion(host_site(1), host_site(2));
	ftrace_record_recursion(host_site(3), host_site(2) + 4);
	expect_file("recursed_functions", "alpha+0x14/0x30:\tbeta_one+0x0/0x30\nbeta_two+0x4/0x30:\tgamma+0x0/0x30\n");
	assert_int_equal(echo("anything", "recursed_functions", O_APPEND), 0);
	assert_int_equal(strncmp(cat("recursed_functions", 7), "alpha+0x14/0x30:\t", 17), 0);
	assert_int_equal(echo("", "recursed_functions", O_TRUNC), 0);
	expect_file("recursed_functions", "");
}

static void no_more_refused_functions_are_kept_than_there_is_room_for(void **state)
{
	int lines = 0;

	for (int i = 0; i < 200; i++)
		ftrace_record_recursion(host_site(0) + i, host_site(1));
	for (const char *p = cat("recursed_functions", 4096); (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, 128);
	echo("", "recursed_functions", O_TRUNC);
}

/* ---- input of any kind ---- */

static void a_megabyte_of_words_is_taken(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len);
	struct open_file f;

	for (size_t i = 0; i < len; i++)
		text[i] = "gamma\n"[i % 6];
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY | O_TRUNC), 0);
	assert_int_equal(file_write(&f, text, len - len % 6), 0);
	assert_int_equal(file_close(&f), 0);
	expect_file("set_ftrace_filter", "gamma\n");
	free(text);
}

static void a_megabyte_without_white_space_is_einval(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len + 1);

	memset(text, 'a', len);
	text[len] = '\0';
	assert_int_equal(echo(text, "set_ftrace_filter", O_TRUNC), -EINVAL);
	free(text);
}

static void random_bytes_are_survived(void **state)
{
	unsigned int seed = 1;

	for (int round = 0; round < 300; round++) {
		struct open_file f;
		char text[400];

		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * 1103515245 + 12345;
			/* Mostly bytes that mean something here. */
			text[i] = seed >> 30 ? "*?[]\\!:0x alphbet_\n\t"[(seed >> 16) % 21] : (char)(seed >> 16);
		}
		assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY | (round & 1 ? O_TRUNC : 0)), 0);
		for (size_t at = 0; at < sizeof(text);) {
			ssize_t n = f.file.f_op->write(&f.file, text + at, min(sizeof(text) - at, (size_t)37),
						       &f.file.f_pos);

			at += n > 0 ? n : 1;
		}
		assert_int_equal(file_close(&f), 0);
		host_ftrace_audit();
	}
}

static void memory_that_runs_out_is_reported_and_leaks_nothing(void **state)
{
	struct open_file f;

	echo("alpha\n", "set_ftrace_filter", O_TRUNC);
	for (int n = 1; n <= 5; n++) {
		host_fail_alloc(n, true);
		assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY), -ENOMEM);
		host_fail_alloc(0, false);
	}
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY), 0);
	host_fail_alloc(1, true);
	assert_int_equal(file_puts(&f, "gamma\n"), -ENOMEM);
	assert_int_equal(file_close(&f), -ENOMEM);
	host_fail_alloc(0, false);
	expect_file("set_ftrace_filter", "alpha\n");
}

static void a_pattern_that_runs_out_of_memory_takes_no_effect(void **state)
{
	struct open_file f;

	echo("gamma\n", "set_ftrace_filter", O_TRUNC);
	for (int n = 1; n <= 3; n++) {
		/* The set has n - 1 of the three records that *beta* means, and memory is there again at close. */
		assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY | O_TRUNC), 0);
		host_fail_alloc(n, false);
		assert_int_equal(file_puts(&f, "*beta*\n"), -ENOMEM);
		assert_int_equal(file_puts(&f, "alpha\n"), 0);
		assert_int_equal(file_close(&f), -ENOMEM);
		expect_file("set_ftrace_filter", "gamma\n");
		/* Without white space behind it, the word is only matched at close. */
		assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY | O_TRUNC), 0);
		assert_int_equal(file_puts(&f, "*beta*"), 0);
		host_fail_alloc(n, false);
		assert_int_equal(file_close(&f), -ENOMEM);
		expect_file("set_ftrace_filter", "gamma\n");
	}
}

/* ---- a file of somebody else's, with a set that is no ops' ---- */

static struct ftrace_hash *own_set;

static struct ftrace_hash *own_copy(void *data)
{
	assert_ptr_equal(data, &own_set);
	return alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, own_set);
}

static int own_commit(void *data, struct ftrace_hash *hash)
{
	struct ftrace_hash *new_set = ftrace_hash_move(hash);

	if (!new_set)
		return -ENOMEM;
	free_ftrace_hash(own_set);
	own_set = new_set;
	return 0;
}

static const struct ftrace_hash_file own_file = {
	.empty = "#### nothing ####\n", .match = ftrace_match_records, .copy = own_copy, .commit = own_commit,
};

static int own_open(struct inode *inode, struct file *file)
{
	return ftrace_hash_file_open(inode, file, &own_file);
}

static const struct file_operations own_fops = {
	.open = own_open,
	.read = seq_read,
	.write = ftrace_hash_file_write,
	.llseek = ftrace_hash_file_lseek,
	.release = ftrace_hash_file_release,
};
TRACEFS_FILE(set_test_functions, "set_test_functions", TRACE_MODE_WRITE, &own_fops, &own_set);

static void a_file_of_a_tracers_own_has_the_same_words(void **state)
{
	expect_file("set_test_functions", "#### nothing ####\n");
	assert_int_equal(echo("*beta* !beta_two 1\n", "set_test_functions", O_TRUNC), 0);
	expect_file("set_test_functions", "alpha\nbeta_one\none_beta\n");
	assert_int_equal(echo("!beta_one nosuch gamma\n", "set_test_functions", O_APPEND), -EINVAL);
	expect_file("set_test_functions", "alpha\none_beta\n");
	/* It has no commands. */
	assert_int_equal(echo("gamma:traceoff\n", "set_test_functions", O_APPEND), -EINVAL);
	assert_int_equal(echo("gamma:mod:!x\n", "set_test_functions", O_APPEND), -EINVAL);
	expect_file("set_test_functions", "alpha\none_beta\n");
	expect_file("set_ftrace_filter", "#### all functions enabled ####\n");
	assert_int_equal(echo("\n", "set_test_functions", O_TRUNC), 0);
	expect_file("set_test_functions", "#### nothing ####\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(available_functions_are_all_in_order_of_address),
		TEST(available_functions_with_addresses),
		TEST(lists_do_not_depend_on_how_they_are_read),
		TEST(lists_can_be_read_from_any_position),
		TEST(enabled_functions_tell_count_and_flags),
		TEST(enabled_functions_show_registers_and_ipmodify),
		TEST(enabled_functions_name_the_trampoline_of_a_direct_call),
		TEST(enabled_functions_name_no_ops_after_what_has_been_there),
		TEST(touched_functions_outlive_tracing),
		TEST(total_info_counts_records_pages_and_groups),
		TEST(a_dead_ftrace_shows_what_is_still_on),
		TEST(a_file_opened_before_death_ends_early),
		TEST(empty_filters_say_so),
		TEST(several_words_are_listed_by_address),
		TEST(append_adds_and_truncate_starts_over),
		TEST(an_exclamation_mark_removes),
		TEST(a_bad_word_stops_there_but_the_words_before_it_count),
		TEST(a_last_word_without_white_space_counts_at_close),
		TEST(commands_that_do_not_exist_are_einval),
		TEST(nothing_takes_effect_before_close),
		TEST(reading_and_writing_at_once_shows_the_edited_copy),
		TEST(a_reader_keeps_its_set_when_it_is_replaced),
		TEST(the_last_to_close_wins),
		TEST(refused_functions_are_listed_once_until_cleared),
		TEST(no_more_refused_functions_are_kept_than_there_is_room_for),
		TEST(a_megabyte_of_words_is_taken),
		TEST(a_megabyte_without_white_space_is_einval),
		TEST(random_bytes_are_survived),
		TEST(memory_that_runs_out_is_reported_and_leaks_nothing),
		TEST(a_pattern_that_runs_out_of_memory_takes_no_effect),
		TEST(a_file_of_a_tracers_own_has_the_same_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
