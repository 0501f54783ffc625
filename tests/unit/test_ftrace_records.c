/* SPDX-License-Identifier: BSD-2-Clause */
/* Records: boot turns any table of sites into them, and every address finds its own. */
#include "tests/unit/host_ftrace.h"

static int setup(void **state)
{
	host_ftrace_boot(100, NULL);
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end();
	return 0;
}

/* ---- boot ---- */

static void boot_with_no_sites_is_dead(void **state)
{
	host_ftrace_prepare(0, NULL);
	ftrace_init();
	assert_true(ftrace_is_dead());
	assert_non_null(strstr(host_log, "ftrace: No functions to be traced?"));
	assert_int_equal(ftrace_location(host_site(0)), 0);
}

static void boot_with_one_site_finds_it(void **state)
{
	host_ftrace_boot(1, NULL);
	assert_int_equal(ftrace_location(host_site(0)), host_site(0));
	assert_int_equal(ftrace_location(host_site(1)), 0);
	host_ftrace_audit();
}

static void boot_prints_entries_pages_and_groups(void **state)
{
	/* 1600 records of 8 bytes are 3.1 pages of 512: 4 pages, and one group of 4. */
	host_ftrace_boot(1600, NULL);
	assert_non_null(strstr(host_log, "ftrace: allocating 1600 entries in 4 pages\n"));
	assert_non_null(strstr(host_log, "ftrace: allocated 4 pages with 1 groups\n"));
	/* 2600: 6 pages are 4 + 2. */
	host_ftrace_boot(2600, NULL);
	assert_non_null(strstr(host_log, "ftrace: allocated 6 pages with 2 groups\n"));
	for (int i = 0; i < 2600; i++)
		assert_int_equal(ftrace_location(host_site(i) + 15), host_site(i));
	host_ftrace_audit();
}

static void boot_sorts_a_shuffled_table(void **state)
{
	host_ftrace_prepare(1000, NULL);
	for (int i = 0; i < 1000; i++) {
		int j = (i * 617 + 13) % 1000;
		unsigned long t = host_mcount[i];

		host_mcount[i] = host_mcount[j];
		host_mcount[j] = t;
	}
	ftrace_init();
	assert_false(ftrace_is_dead());
	for (int i = 0; i < 1000; i++)
		assert_int_equal(ftrace_rec_ip(ftrace_nth_rec(i)), host_site(i));
	assert_null(ftrace_nth_rec(1000));
	host_ftrace_audit();
}

static void boot_skips_zeros_duplicates_and_what_is_not_text(void **state)
{
	host_ftrace_prepare(10, NULL);
	host_mcount[10] = 0;
	host_mcount[11] = host_site(3);
	host_mcount[12] = (unsigned long)&host_mcount;
	host_mcount[13] = host_site(HOST_MAX_SITES);
	host_mcount[14] = 1;
	__stop_mcount_loc += 5;
	ftrace_init();
	assert_false(ftrace_is_dead());
	assert_non_null(strstr(host_log, "ftrace: 5 of the table's entries name no site"));
	assert_int_equal(ftrace_number_of_records, 10);
	assert_int_equal(host_arch_stats.init_nop, 10);
	host_ftrace_audit();
}

static void boot_gives_groups_back_that_stayed_empty(void **state)
{
	host_ftrace_prepare(600, NULL);
	for (int i = 10; i < 600; i++)
		host_mcount[i] = 0;
	ftrace_init();
	assert_int_equal(ftrace_number_of_records, 10);
	assert_int_equal(ftrace_number_of_groups, 1);
	host_ftrace_audit();
}

static void boot_without_memory_is_dead_and_leaks_nothing(void **state)
{
	for (int n = 1; n <= 2; n++) {
		host_ftrace_prepare(10, NULL);
		host_fail_alloc(n, true);
		ftrace_init();
		assert_true(ftrace_is_dead());
		assert_non_null(strstr(host_log, "no memory"));
		assert_int_equal(host_arch_stats.init_nop, 0);
	}
}

static void boot_takes_smaller_groups_when_memory_is_in_pieces(void **state)
{
	host_ftrace_prepare(2000, NULL);
	host_fail_alloc(2, false);	/* the first group's 4 pages */
	ftrace_init();
	assert_false(ftrace_is_dead());
	assert_int_equal(ftrace_number_of_pages, 4);
	assert_int_equal(ftrace_number_of_groups, 2);
	assert_int_equal(ftrace_location(host_site(1999)), host_site(1999));
	host_ftrace_audit();
}

static void boot_reports_a_site_with_other_bytes_and_dies(void **state)
{
	host_ftrace_prepare(10, NULL);
	((u32 *)host_site(4))[2] = 0xdeadbeef;
	ftrace_init();
	assert_true(ftrace_is_dead());
	assert_non_null(strstr(host_log, "------------[ ftrace bug ]------------\nftrace failed to modify ["));
	assert_non_null(strstr(host_log, "func_0004+0x0/0x30\n actual:   01:00:01:00:01:00:01:00:ef:be:ad:de:"));
	assert_non_null(strstr(host_log, " expected: 13:00:00:00:"));
	assert_non_null(strstr(host_log, "Initializing ftrace call sites\n"));
	assert_int_equal(((u32 *)host_site(4))[2], 0xdeadbeef);
	assert_int_equal(host_warnings, 1);
}

/* ---- from an address to its record ---- */

static void location_covers_exactly_the_bytes_of_a_site(void **state)
{
	unsigned long site = host_site(50);

	assert_int_equal(ftrace_location(site - 1), 0);
	for (int i = 0; i < FTRACE_SITE_SIZE; i++)
		assert_int_equal(ftrace_location(site + i), site);
	assert_int_equal(ftrace_location(site + FTRACE_SITE_SIZE), 0);
	assert_int_equal(ftrace_location(0), 0);
	assert_int_equal(ftrace_location(~0UL), 0);
}

static void location_finds_every_site_for_every_count(void **state)
{
	for (int n = 1; n < 40; n++) {
		host_ftrace_boot(n, NULL);
		assert_int_equal(ftrace_location(host_site(0) - 1), 0);
		for (int i = 0; i < n; i++)
			assert_int_equal(ftrace_location(host_site(i)), host_site(i));
		assert_int_equal(ftrace_location(host_site(n)), 0);
	}
}

static void location_of_a_function_finds_a_site_behind_its_first_instruction(void **state)
{
	static const char *const name = "late_site";

	host_ftrace_prepare(3, NULL);
	kallsyms_num_syms = 2;
	host_add_symbol(host_site(2) - 8, name);
	ftrace_init();
	assert_int_equal(ftrace_location(host_site(2) - 8), host_site(2));
	/* Only its first address, not any other before the site. */
	assert_int_equal(ftrace_location(host_site(2) - 4), 0);
}

static void location_range_is_inclusive_at_both_ends(void **state)
{
	unsigned long site = host_site(7), end = site + FTRACE_SITE_SIZE - 1;

	assert_int_equal(ftrace_location_range(site - 10, site - 1), 0);
	assert_int_equal(ftrace_location_range(site - 10, site), site);
	assert_int_equal(ftrace_location_range(end, end + 5), site);
	assert_int_equal(ftrace_location_range(end + 1, end + 5), 0);
	assert_int_equal(ftrace_location_range(site + 3, site + 4), site);
	assert_int_not_equal(ftrace_location_range(0, ~0UL), 0);
}

static void text_reserved_says_whether_a_site_is_touched(void **state)
{
	char *site = (char *)host_site(7);

	assert_int_equal(ftrace_text_reserved(site, site), 1);
	assert_int_equal(ftrace_text_reserved(site - 4, site - 1), 0);
	assert_int_equal(ftrace_text_reserved(site - 4, site), 1);
	assert_int_equal(ftrace_text_reserved(site + 16, site + 40), 0);
}

static void exact_rec_takes_only_the_first_address(void **state)
{
	assert_non_null(ftrace_exact_rec(host_site(9)));
	assert_null(ftrace_exact_rec(host_site(9) + 4));
	assert_null(ftrace_exact_rec(host_site(9) - 1));
}

/* ---- from names to sites ---- */

static void lookup_symbols_finds_all_names_in_one_pass(void **state)
{
	const char *syms[] = { "func_0000", "func_0042", "func_0099" };
	unsigned long addrs[3];

	assert_int_equal(ftrace_lookup_symbols(syms, 3, addrs), 0);
	assert_int_equal(addrs[0], host_site(0));
	assert_int_equal(addrs[1], host_site(42));
	assert_int_equal(addrs[2], host_site(99));
	assert_int_equal(ftrace_lookup_symbols(syms, 0, addrs), -ESRCH);
}

static void lookup_symbols_fails_when_one_is_no_function(void **state)
{
	const char *syms[] = { "func_0001", "no_such_function" };
	const char *data[] = { "some_variable" };
	unsigned long addrs[2];

	assert_int_equal(ftrace_lookup_symbols(syms, 2, addrs), -ESRCH);
	assert_int_equal(addrs[0], host_site(1));
	assert_int_equal(addrs[1], 0);
	host_add_symbol(host_site(200), "some_variable");
	assert_int_equal(ftrace_lookup_symbols(data, 1, addrs), -ESRCH);
}

/* ---- memory that goes away ---- */

static void free_mem_removes_records_of_the_range_only(void **state)
{
	ftrace_free_mem(host_site(10), host_site(20));
	assert_int_equal(ftrace_number_of_records, 90);
	assert_int_equal(ftrace_location(host_site(9)), host_site(9));
	for (int i = 10; i < 20; i++)
		assert_int_equal(ftrace_location(host_site(i)), 0);
	assert_int_equal(ftrace_location(host_site(20)), host_site(20));
	host_ftrace_audit();
}

static void a_group_that_lost_all_its_records_is_passed_over(void **state)
{
	/* A group of 4 pages and one of 2. */
	host_ftrace_boot(2600, NULL);
	ftrace_free_mem(host_site(0), host_site(2048));
	assert_int_equal(ftrace_pages_start->index, 0);
	assert_int_equal(ftrace_number_of_records, 552);
	assert_int_equal(ftrace_location(host_site(100)), 0);
	assert_int_equal(ftrace_location(host_site(2048)), host_site(2048));
	assert_int_equal(ftrace_location_range(0, ~0UL), host_site(2324));	/* the middle of those that are left */
	assert_int_equal(ftrace_rec_ip(ftrace_nth_rec(0)), host_site(2048));
	host_ftrace_audit();
	ftrace_free_mem(host_site(2048), host_site(2600));
	assert_int_equal(ftrace_location_range(0, ~0UL), 0);
	assert_null(ftrace_nth_rec(0));
}

static void free_init_mem_takes_the_linker_scripts_range(void **state)
{
	__init_begin = (char *)host_site(90);
	__init_end = (char *)host_site(100);
	ftrace_free_init_mem();
	assert_int_equal(ftrace_number_of_records, 90);
	ftrace_free_init_mem();
	assert_int_equal(ftrace_number_of_records, 90);
}

static void ignore(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

static void free_mem_keeps_a_filter_of_lost_sites_from_meaning_all(void **state)
{
	static struct ftrace_ops ops = { .func = ignore };

	assert_int_equal(ftrace_set_filter_ip(&ops, host_site(15), 0, 0), 0);
	assert_int_equal(register_ftrace_function(&ops), 0);
	ftrace_free_mem(host_site(10), host_site(20));
	assert_int_equal(ftrace_sites_on, 0);
	host_ftrace_audit();
	/* A function that is loaded there later is not the one that was asked for. */
	assert_false(ftrace_ops_test(&ops, host_site(15), &ops));
	assert_int_equal(unregister_ftrace_function(&ops), 0);
	host_ftrace_audit();
	ftrace_free_filter(&ops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(boot_with_no_sites_is_dead, teardown),
		cmocka_unit_test_teardown(boot_with_one_site_finds_it, teardown),
		cmocka_unit_test_teardown(boot_prints_entries_pages_and_groups, teardown),
		cmocka_unit_test_teardown(boot_sorts_a_shuffled_table, teardown),
		cmocka_unit_test_teardown(boot_skips_zeros_duplicates_and_what_is_not_text, teardown),
		cmocka_unit_test_teardown(boot_gives_groups_back_that_stayed_empty, teardown),
		cmocka_unit_test_teardown(boot_without_memory_is_dead_and_leaks_nothing, teardown),
		cmocka_unit_test_teardown(boot_takes_smaller_groups_when_memory_is_in_pieces, teardown),
		cmocka_unit_test_teardown(boot_reports_a_site_with_other_bytes_and_dies, teardown),
		cmocka_unit_test_setup_teardown(location_covers_exactly_the_bytes_of_a_site, setup, teardown),
		cmocka_unit_test_teardown(location_finds_every_site_for_every_count, teardown),
		cmocka_unit_test_teardown(location_of_a_function_finds_a_site_behind_its_first_instruction, teardown),
		cmocka_unit_test_setup_teardown(location_range_is_inclusive_at_both_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(text_reserved_says_whether_a_site_is_touched, setup, teardown),
		cmocka_unit_test_setup_teardown(exact_rec_takes_only_the_first_address, setup, teardown),
		cmocka_unit_test_setup_teardown(lookup_symbols_finds_all_names_in_one_pass, setup, teardown),
		cmocka_unit_test_setup_teardown(lookup_symbols_fails_when_one_is_no_function, setup, teardown),
		cmocka_unit_test_setup_teardown(free_mem_removes_records_of_the_range_only, setup, teardown),
		cmocka_unit_test_teardown(a_group_that_lost_all_its_records_is_passed_over, teardown),
		cmocka_unit_test_setup_teardown(free_init_mem_takes_the_linker_scripts_range, setup, teardown),
		cmocka_unit_test_setup_teardown(free_mem_keeps_a_filter_of_lost_sites_from_meaning_all, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
