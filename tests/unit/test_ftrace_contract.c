/* SPDX-License-Identifier: BSD-2-Clause */
/* What callers may rely on of struct ftrace_ops: values, initialisation, locks that are given back. */
#include "tests/unit/host_ftrace.h"

static struct ftrace_ops a;

static void ignore(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

static int setup(void **state)
{
	host_ftrace_boot(20, NULL);
	a = (struct ftrace_ops){ .func = ignore };
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end();
	a.flags &= FTRACE_OPS_FL_INITIALIZED;
	ftrace_free_filter(&a);
	return 0;
}

/* Those of 6.12, which are not those of older ones: there is no GLOBAL, CONTROL or RECURSION_SAFE. */
static void flags_have_linuxs_values(void **state)
{
	static const unsigned long flags[] = {
		FTRACE_OPS_FL_ENABLED, FTRACE_OPS_FL_DYNAMIC, FTRACE_OPS_FL_SAVE_REGS,
		FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED, FTRACE_OPS_FL_RECURSION, FTRACE_OPS_FL_STUB,
		FTRACE_OPS_FL_INITIALIZED, FTRACE_OPS_FL_DELETED, FTRACE_OPS_FL_ADDING, FTRACE_OPS_FL_REMOVING,
		FTRACE_OPS_FL_MODIFYING, FTRACE_OPS_FL_ALLOC_TRAMP, FTRACE_OPS_FL_IPMODIFY, FTRACE_OPS_FL_PID,
		FTRACE_OPS_FL_RCU, FTRACE_OPS_FL_TRACE_ARRAY, FTRACE_OPS_FL_PERMANENT, FTRACE_OPS_FL_DIRECT,
		FTRACE_OPS_FL_SUBOP,
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		assert_int_equal(flags[i], 1UL << i);
}

static void record_flags_have_linuxs_values(void **state)
{
	assert_int_equal(FTRACE_FL_ENABLED, 1U << 31);
	assert_int_equal(FTRACE_FL_REGS, 1U << 30);
	assert_int_equal(FTRACE_FL_REGS_EN, 1U << 29);
	assert_int_equal(FTRACE_FL_IPMODIFY, 1U << 26);
	assert_int_equal(FTRACE_FL_DISABLED, 1U << 25);
	assert_int_equal(FTRACE_FL_CALL_OPS, 1U << 22);
	assert_int_equal(FTRACE_FL_TOUCHED, 1U << 20);
	assert_int_equal(FTRACE_FL_MODIFIED, 1U << 19);
	assert_int_equal(FTRACE_REF_MAX, (1U << 19) - 1);
}

static void an_ops_is_initialised_once(void **state)
{
	ftrace_ops_init(&a);
	assert_true(a.flags & FTRACE_OPS_FL_INITIALIZED);
	assert_ptr_equal(a.func_hash, &a.local_hash);
	a.func_hash = global_ops.func_hash;
	ftrace_ops_init(&a);
	assert_ptr_equal(a.func_hash, global_ops.func_hash);
}

static void a_filter_set_before_registering_is_kept(void **state)
{
	const struct ftrace_hash *hash;

	assert_int_equal(ftrace_set_filter_ip(&a, host_site(3), 0, 0), 0);
	hash = a.func_hash->filter_hash;
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_ptr_equal(a.func_hash->filter_hash, hash);
	assert_ptr_equal(a.saved_func, ignore);
	assert_true(host_site_is_on(host_site(3)));
	assert_false(host_site_is_on(host_site(4)));
}

static void each_set_has_a_hash_of_its_own(void **state)
{
	assert_null(a.local_hash.filter_hash);
	host_set_filter(&a, "*1*", 0);
	assert_int_equal(a.local_hash.filter_hash->count, 11);
	assert_true(ftrace_hash_empty(a.local_hash.notrace_hash));
	host_set_notrace(&a, "*3", 0);
	assert_int_equal(a.local_hash.filter_hash->count, 11);
	assert_int_equal(a.local_hash.notrace_hash->count, 2);
}

/* After each way out of a change, with its error, the lock must be free. */
static void expect_error_and_free_lock(int ret, int error)
{
	assert_int_equal(ret, error);
	assert_false(mutex_is_locked(&a.local_hash.regex_lock));
	assert_false(mutex_is_locked(&ftrace_lock));
}

static void locks_are_given_back_on_every_way_out(void **state)
{
	expect_error_and_free_lock(ftrace_set_filter_ip(&a, host_site(1), 0, 0), 0);
	expect_error_and_free_lock(ftrace_set_filter_ip(&a, 4711, 0, 0), -EINVAL);
	expect_error_and_free_lock(ftrace_set_filter_ip(&a, host_site(2), 1, 0), -ENOENT);
	expect_error_and_free_lock(host_set_filter(&a, "nosuch", 0), -EINVAL);
	for (int n = 1; n <= 5; n++) {
		host_fail_alloc(n, false);
		expect_error_and_free_lock(ftrace_set_filter_ip(&a, host_site(2), 0, 0), -ENOMEM);
	}
	host_fail_alloc(0, false);
	a.flags |= FTRACE_OPS_FL_IPMODIFY;
	expect_error_and_free_lock(host_set_notrace(&a, "func*", 0), -EINVAL);
	ftrace_kill();
	expect_error_and_free_lock(ftrace_set_filter_ip(&a, host_site(1), 0, 0), -ENODEV);
	expect_error_and_free_lock(register_ftrace_function(&a), -ENODEV);
}

/* IF_SUPPORTED is a wish that goes with SAVE_REGS: alone it asks for nothing where registers can be had. */
static void registers_if_supported_alone_gives_none(void **state)
{
	a.flags = FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED;
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_false(host_site_has_regs(host_site(0)));
	assert_int_equal(unregister_ftrace_function(&a), 0);
	a.flags |= FTRACE_OPS_FL_SAVE_REGS;
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_true(host_site_has_regs(host_site(0)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(flags_have_linuxs_values),
		TEST(record_flags_have_linuxs_values),
		TEST(an_ops_is_initialised_once),
		TEST(a_filter_set_before_registering_is_kept),
		TEST(each_set_has_a_hash_of_its_own),
		TEST(locks_are_given_back_on_every_way_out),
		TEST(registers_if_supported_alone_gives_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
