/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters through the API: what they mean, their errors, and that a failed change changes nothing. */
#include "tests/unit/host_ftrace.h"

static const char *const names[] = {
	"alpha", "beta_one", "beta_two", "gamma", "one_beta", "do_sched", "sched_in", "sched_out", "zeta", "x42",
};

#define NR ((int)ARRAY_SIZE(names))

static void ignore(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops a, b;

static int setup(void **state)
{
	host_ftrace_boot(NR, names);
	a = (struct ftrace_ops){ .func = ignore };
	b = (struct ftrace_ops){ .func = ignore };
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a, &b);
	return 0;
}

/* Which sites ops wants, as a string: "+" yes, "-" no. */
static const char *wanted(struct ftrace_ops *ops)
{
	static char text[NR + 1];

	ftrace_ops_init(ops);
	for (int i = 0; i < NR; i++)
		text[i] = ftrace_ops_test(ops, host_site(i), ops) ? '+' : '-';
	return text;
}

#define expect_wanted(ops, text) assert_string_equal(wanted(ops), text)

/* ---- patterns ---- */

static void no_filter_means_all(void **state)
{
	expect_wanted(&a, "++++++++++");
}

static void patterns_of_every_kind_select_by_name(void **state)
{
	static const struct { const char *pattern, *sites; } expected[] = {
		{ "alpha", "+---------" }, { "beta*", "-++-------" },	   { "*beta", "----+-----" },
		{ "*beta*", "-++-+-----" }, { "beta_???", "-++-------" },  { "*[ae]ta", "----+---+-" },
		{ "*", "++++++++++" },	    { "s*d_in", "------+---" },	   { "1", "+---------" },
		{ "0xa", "---------+" },   { "\\alpha", "+---------" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_int_equal(host_set_filter(&a, expected[i].pattern, 1), 0);
		expect_wanted(&a, expected[i].sites);
	}
}

static void what_matches_nothing_is_einval_and_changes_nothing(void **state)
{
	static const char *const bad[] = { "alph", "alphaa", "", "!", "!nosuch", "Beta*", "0", "11", "99999999999999999999",
					   "1x", "-1", "[", "beta", "!0" };

	host_set_filter(&a, "zeta", 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(host_set_filter(&a, bad[i], 1), -EINVAL);
		expect_wanted(&a, "--------+-");
	}
}

static void append_adds_and_reset_starts_over(void **state)
{
	host_set_filter(&a, "alpha", 0);
	host_set_filter(&a, "zeta", 0);
	expect_wanted(&a, "+-------+-");
	host_set_filter(&a, "gamma", 1);
	expect_wanted(&a, "---+------");
	assert_int_equal(ftrace_set_filter(&a, NULL, 0, 1), 0);
	expect_wanted(&a, "++++++++++");
}

static void an_exclamation_mark_takes_out(void **state)
{
	host_set_filter(&a, "*beta*", 0);
	assert_int_equal(host_set_filter(&a, "!beta_*", 0), 0);
	expect_wanted(&a, "----+-----");
	/* A name that exists but is not in the set: nothing to do, no error. */
	assert_int_equal(host_set_filter(&a, "!alpha", 0), 0);
	assert_int_equal(host_set_filter(&a, "!10", 0), 0);
	expect_wanted(&a, "----+-----");
	/* The last one out: empty means all. */
	assert_int_equal(host_set_filter(&a, "!*", 0), 0);
	expect_wanted(&a, "++++++++++");
}

static void notrace_wins_over_the_filter(void **state)
{
	host_set_notrace(&a, "*sched*", 0);
	expect_wanted(&a, "+++++---++");
	host_set_filter(&a, "*_in", 0);
	expect_wanted(&a, "----------");
	host_set_filter(&a, "alpha", 0);
	expect_wanted(&a, "+---------");
	assert_int_equal(ftrace_set_notrace(&a, NULL, 0, 1), 0);
	expect_wanted(&a, "+-----+---");
}

static void disabled_records_match_by_number_only(void **state)
{
	ftrace_exact_rec(host_site(3))->flags |= FTRACE_FL_DISABLED;
	assert_int_equal(host_set_filter(&a, "gamma", 1), -EINVAL);
	assert_int_equal(host_set_filter(&a, "5", 1), 0);
	expect_wanted(&a, "----+-----");
	assert_int_equal(host_set_filter(&a, "4", 1), 0);
}

static void of_several_names_of_an_address_the_first_counts(void **state)
{
	host_ftrace_prepare(3, names);
	host_add_symbol(host_site(2), "alias");
	ftrace_init();
	assert_int_equal(host_set_filter(&a, "alias", 0), -EINVAL);
	assert_int_equal(host_set_filter(&a, "beta_two", 0), 0);
}

/* ---- addresses ---- */

static void the_error_trio_of_addresses(void **state)
{
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(0) + FTRACE_SITE_SIZE, 0, 0), -EINVAL);
	assert_int_equal(ftrace_set_filter_ip(&a, 0, 0, 0), -EINVAL);
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(1), 1, 0), -ENOENT);
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(1), 0, 0), 0);
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(1), 0, 0), 0);
	assert_int_equal(a.func_hash->filter_hash->count, 1);
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(1) + 15, 0, 0), 0);
	assert_int_equal(a.func_hash->filter_hash->count, 1);
	expect_wanted(&a, "-+--------");
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(1), 1, 0), 0);
	expect_wanted(&a, "++++++++++");
}

static void several_addresses_are_all_or_none(void **state)
{
	unsigned long good[] = { host_site(1), host_site(2), host_site(2) };
	unsigned long bad[] = { host_site(5), host_site(6), 4711 };
	unsigned long gone[] = { host_site(1), host_site(7) };

	assert_int_equal(ftrace_set_filter_ips(&a, good, 3, 0, 0), 0);
	expect_wanted(&a, "-++-------");
	assert_int_equal(ftrace_set_filter_ips(&a, NULL, 3, 0, 0), 0);
	assert_int_equal(ftrace_set_filter_ips(&a, bad, 3, 0, 0), -EINVAL);
	expect_wanted(&a, "-++-------");
	assert_int_equal(ftrace_set_filter_ips(&a, bad, 3, 0, 1), -EINVAL);
	expect_wanted(&a, "-++-------");
	assert_int_equal(ftrace_set_filter_ips(&a, gone, 2, 1, 0), -ENOENT);
	expect_wanted(&a, "-++-------");
	assert_int_equal(ftrace_set_filter_ips(&a, bad, 2, 0, 1), 0);
	expect_wanted(&a, "-----++---");
}

static void memory_that_runs_out_is_enomem_and_changes_nothing(void **state)
{
	host_set_filter(&a, "zeta", 0);
	register_ftrace_function(&a);
	for (int n = 1; n < 100; n++) {
		int ret;

		host_fail_alloc(n, false);
		ret = host_set_filter(&a, "*", 1);
		host_fail_alloc(0, false);
		host_ftrace_audit();
		if (!ret) {
			/* 2 for the copy, one for each name, 2 for the final hash. */
			assert_int_equal(n, 2 + NR + 2 + 1);
			break;
		}
		assert_int_equal(ret, -ENOMEM);
		expect_wanted(&a, "--------+-");
	}
	expect_wanted(&a, "++++++++++");
}

/* ---- on a registered ops ---- */

static void a_changed_filter_patches_the_difference(void **state)
{
	host_set_filter(&a, "*beta*", 0);
	register_ftrace_function(&a);
	host_arch_clear_stats();
	host_set_filter(&a, "*_one", 1);
	assert_int_equal(host_arch_stats.make_nop, 2);
	assert_int_equal(host_arch_stats.make_call, 0);
	host_ftrace_audit();
	host_arch_clear_stats();
	host_set_filter(&a, "beta_*", 1);
	assert_int_equal(host_arch_stats.make_nop, 0);
	assert_int_equal(host_arch_stats.make_call, 1);
	host_ftrace_audit();
	/* The same again: nothing to do. */
	host_arch_clear_stats();
	host_set_filter(&a, "beta_*", 1);
	assert_int_equal(host_arch_stats.batches, 0);
}

static void the_old_hash_stays_until_its_readers_are_gone(void **state)
{
	const struct ftrace_hash *old;

	host_set_filter(&a, "*beta*", 0);
	register_ftrace_function(&a);
	synchronize_rcu();
	old = a.func_hash->filter_hash;
	host_set_filter(&a, "*_one", 1);
	assert_ptr_not_equal(a.func_hash->filter_hash, old);
	assert_true(host_has_readers(old));
	assert_int_equal(old->count, 3);
	synchronize_rcu();
	assert_false(host_has_readers(old));
}

static void between_all_and_some_only_the_rest_is_patched(void **state)
{
	register_ftrace_function(&a);
	host_arch_clear_stats();
	host_set_filter(&a, "alpha", 0);
	assert_int_equal(host_arch_stats.make_nop, NR - 1);
	host_ftrace_audit();
	host_arch_clear_stats();
	ftrace_set_filter(&a, NULL, 0, 1);
	assert_int_equal(host_arch_stats.make_call, NR - 1);
	host_ftrace_audit();
	host_arch_clear_stats();
	host_set_notrace(&a, "zeta", 0);
	assert_int_equal(host_arch_stats.make_nop, 1);
	assert_int_equal(host_arch_stats.make_call, 0);
	host_ftrace_audit();
	host_set_notrace(&a, "alpha", 1);
	assert_int_equal(host_arch_stats.make_nop, 2);
	assert_int_equal(host_arch_stats.make_call, 1);
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	host_ftrace_audit();
}

static void removing_the_last_address_turns_it_into_all(void **state)
{
	ftrace_set_filter_ip(&a, host_site(4), 0, 0);
	register_ftrace_function(&a);
	assert_int_equal(ftrace_sites_on, 1);
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(4), 1, 0), 0);
	assert_int_equal(ftrace_sites_on, NR);
	host_ftrace_audit();
}

static void a_filter_for_modules_to_come_matches_nothing(void **state)
{
	struct ftrace_hash *hash = alloc_ftrace_hash(3);

	register_ftrace_function(&a);
	hash->flags = FTRACE_HASH_FL_MOD;
	mutex_lock(&ftrace_lock);
	assert_int_equal(ftrace_hash_move_and_update_ops(&a, &a.func_hash->filter_hash, hash, true), 0);
	mutex_unlock(&ftrace_lock);
	free_ftrace_hash(hash);
	assert_int_equal(ftrace_sites_on, 0);
	expect_wanted(&a, "----------");
	host_ftrace_audit();
}

static void a_patch_that_fails_while_the_filter_changes_is_enodev(void **state)
{
	register_ftrace_function(&a);
	host_arch_fail_at(3, -EFAULT);
	assert_int_equal(host_set_filter(&a, "alpha", 0), -ENODEV);
	assert_true(ftrace_is_dead());
}

/* ---- shared sets ---- */

static void ops_that_share_a_set_follow_it_together(void **state)
{
	ftrace_ops_set_global_filter(&a);
	ftrace_ops_set_global_filter(&b);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	assert_int_equal(ftrace_rec_count(ftrace_exact_rec(host_site(0))), 2);
	assert_int_equal(host_set_filter(&global_ops, "alpha", 1), 0);
	expect_wanted(&a, "+---------");
	expect_wanted(&b, "+---------");
	host_ftrace_audit();
	assert_int_equal(host_set_filter(&global_ops, "*beta*", 1), 0);
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	host_ftrace_audit();
	assert_int_equal(host_set_notrace(&global_ops, "*one*", 1), 0);
	host_ftrace_audit();
	unregister_ftrace_function(&b);
	host_ftrace_audit();
}

static void a_shared_set_is_not_freed_by_who_shares_it(void **state)
{
	ftrace_ops_set_global_filter(&a);
	host_set_filter(&global_ops, "alpha", 1);
	register_ftrace_function(&global_ops);
	ftrace_free_filter(&a);
	expect_wanted(&global_ops, "+---------");
	host_ftrace_audit();
	unregister_ftrace_function(&global_ops);
	assert_false(ftrace_is_dead());
}

static void set_global_filter_comes_too_late_after_any_use(void **state)
{
	host_set_filter(&a, "alpha", 0);
	ftrace_ops_set_global_filter(&a);
	assert_ptr_equal(a.func_hash, &a.local_hash);
}

static void global_filter_functions_change_global_ops(void **state)
{
	unsigned char some[] = "*beta*", less[] = "*one*";

	ftrace_set_global_filter(some, 6, 1);
	ftrace_set_global_notrace(less, 5, 1);
	expect_wanted(&global_ops, "--+-------");
}

static void free_filter_frees_it_unless_registered(void **state)
{
	host_set_filter(&a, "alpha", 0);
	register_ftrace_function(&a);
	ftrace_free_filter(&a);
	assert_int_equal(host_warnings, 1);
	expect_wanted(&a, "+---------");
	unregister_ftrace_function(&a);
	ftrace_free_filter(&a);
	expect_wanted(&a, "++++++++++");
	ftrace_free_filter(&a);
}

/* ---- IPMODIFY ---- */

static void ipmodify_needs_a_filter(void **state)
{
	a.flags = FTRACE_OPS_FL_IPMODIFY;
	assert_int_equal(register_ftrace_function(&a), -EINVAL);
	host_ftrace_audit();
	host_set_filter(&a, "alpha", 0);
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_true(ftrace_exact_rec(host_site(0))->flags & FTRACE_FL_IPMODIFY);
	assert_true(ftrace_exact_rec(host_site(0))->flags & FTRACE_FL_MODIFIED);
	/* Nor may it lose it. */
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(0), 1, 0), -EINVAL);
	assert_int_equal(ftrace_set_filter(&a, NULL, 0, 1), -EINVAL);
	expect_wanted(&a, "+---------");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	assert_false(ftrace_exact_rec(host_site(0))->flags & FTRACE_FL_IPMODIFY);
	assert_true(ftrace_exact_rec(host_site(0))->flags & FTRACE_FL_MODIFIED);
	host_ftrace_audit();
}

static void ipmodify_with_notrace_is_einval_even_unregistered(void **state)
{
	a.flags = FTRACE_OPS_FL_IPMODIFY;
	assert_int_equal(host_set_notrace(&a, "alpha", 0), -EINVAL);
}

static void ipmodify_needs_a_set_of_its_own(void **state)
{
	a.flags = FTRACE_OPS_FL_IPMODIFY;
	ftrace_ops_set_global_filter(&a);
	host_set_filter(&a, "alpha", 0);
	assert_int_equal(register_ftrace_function(&a), -EINVAL);
	host_ftrace_audit();
	assert_int_equal(ftrace_set_filter(&global_ops, NULL, 0, 1), 0);
}

static void ipmodify_is_busy_where_another_is(void **state)
{
	a.flags = b.flags = FTRACE_OPS_FL_IPMODIFY;
	host_set_filter(&a, "*sched*", 0);
	host_set_filter(&b, "*out", 0);
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_int_equal(register_ftrace_function(&b), -EBUSY);
	host_ftrace_audit();
	host_set_filter(&b, "zeta", 1);
	assert_int_equal(register_ftrace_function(&b), 0);
	assert_int_equal(host_set_filter(&b, "*_*", 0), -EBUSY);
	/* Nothing of what did not clash was taken. */
	assert_false(ftrace_exact_rec(host_site(1))->flags & FTRACE_FL_IPMODIFY);
	expect_wanted(&b, "--------+-");
	host_ftrace_audit();
	assert_int_equal(host_set_filter(&b, "beta*", 1), 0);
	assert_true(ftrace_exact_rec(host_site(1))->flags & FTRACE_FL_IPMODIFY);
	assert_false(ftrace_exact_rec(host_site(8))->flags & FTRACE_FL_IPMODIFY);
	host_ftrace_audit();
}

/* ---- boot options ---- */

static void boot_options_are_lists_of_patterns(void **state)
{
	char some[] = "alpha,*beta*,nosuch", less[] = "beta_one", none[] = "";

	host_ftrace_prepare(NR, names);
	assert_int_equal(host_set_param("ftrace_filter", some), 0);
	assert_int_equal(host_set_param("ftrace_notrace", less), 0);
	memset(some, 'x', 4);	/* the value is only lent */
	ftrace_init();
	expect_wanted(&global_ops, "+-+-+-----");
	assert_non_null(strstr(host_log, "ftrace_filter=: nothing matches \"nosuch\"\n"));
	assert_int_equal(host_set_param("ftrace_filter", NULL), -EINVAL);
	host_set_param("ftrace_filter", none);
	host_set_param("ftrace_notrace", none);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_filter_means_all),
		TEST(patterns_of_every_kind_select_by_name),
		TEST(what_matches_nothing_is_einval_and_changes_nothing),
		TEST(append_adds_and_reset_starts_over),
		TEST(an_exclamation_mark_takes_out),
		TEST(notrace_wins_over_the_filter),
		TEST(disabled_records_match_by_number_only),
		TEST(of_several_names_of_an_address_the_first_counts),
		TEST(the_error_trio_of_addresses),
		TEST(several_addresses_are_all_or_none),
		TEST(memory_that_runs_out_is_enomem_and_changes_nothing),
		TEST(a_changed_filter_patches_the_difference),
		TEST(the_old_hash_stays_until_its_readers_are_gone),
		TEST(between_all_and_some_only_the_rest_is_patched),
		TEST(removing_the_last_address_turns_it_into_all),
		TEST(a_filter_for_modules_to_come_matches_nothing),
		TEST(a_patch_that_fails_while_the_filter_changes_is_enodev),
		TEST(ops_that_share_a_set_follow_it_together),
		TEST(a_shared_set_is_not_freed_by_who_shares_it),
		TEST(set_global_filter_comes_too_late_after_any_use),
		TEST(global_filter_functions_change_global_ops),
		TEST(free_filter_frees_it_unless_registered),
		TEST(ipmodify_needs_a_filter),
		TEST(ipmodify_with_notrace_is_einval_even_unregistered),
		TEST(ipmodify_needs_a_set_of_its_own),
		TEST(ipmodify_is_busy_where_another_is),
		TEST(boot_options_are_lists_of_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
