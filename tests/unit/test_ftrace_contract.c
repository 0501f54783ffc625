/* SPDX-License-Identifier: BSD-2-Clause */
/* The API to the letter: values of flags, initialisation, what is set while something changes, locks that are given back. */
#include "tests/unit/host_ftrace.h"

#define NR 20

static struct ftrace_ops a, b;
static int calls;

static void count_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	calls++;
}

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	a = b = (struct ftrace_ops){ .func = count_call };
	calls = 0;
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a, &b);
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
	assert_int_equal(FTRACE_FL_DISABLED, 1U << 25);
	assert_int_equal(FTRACE_FL_DIRECT | FTRACE_FL_DIRECT_EN, 3U << 23);
	assert_int_equal(FTRACE_FL_CALL_OPS | FTRACE_FL_CALL_OPS_EN, 3U << 21);
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
	/* Registering does it, too. */
	register_ftrace_function(&b);
	assert_ptr_equal(b.func_hash, &b.local_hash);
	assert_true(b.flags & FTRACE_OPS_FL_INITIALIZED);
}

static void a_filter_set_before_registering_is_kept(void **state)
{
	const struct ftrace_hash *hash;

	assert_int_equal(ftrace_set_filter_ip(&a, host_site(3), 0, 0), 0);
	hash = a.func_hash->filter_hash;
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_ptr_equal(a.func_hash->filter_hash, hash);
	assert_ptr_equal(a.saved_func, count_call);
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

/* After each way out of a change, with its error, the locks must be free. */
static void expect_error_and_free_locks(int ret, int error)
{
	assert_int_equal(ret, error);
	assert_false(mutex_is_locked(&a.local_hash.regex_lock));
	assert_false(mutex_is_locked(&ftrace_lock));
	assert_false(mutex_is_locked(&direct_mutex));
}

static void locks_are_given_back_on_every_way_out(void **state)
{
	expect_error_and_free_locks(ftrace_set_filter_ip(&a, host_site(1), 0, 0), 0);
	expect_error_and_free_locks(ftrace_set_filter_ip(&a, 4711, 0, 0), -EINVAL);
	expect_error_and_free_locks(ftrace_set_filter_ip(&a, host_site(2), 1, 0), -ENOENT);
	expect_error_and_free_locks(host_set_filter(&a, "nosuch", 0), -EINVAL);
	for (int n = 1; n <= 5; n++) {
		host_fail_alloc(n, false);
		expect_error_and_free_locks(ftrace_set_filter_ip(&a, host_site(2), 0, 0), -ENOMEM);
	}
	host_fail_alloc(0, false);
	a.flags |= FTRACE_OPS_FL_IPMODIFY;
	expect_error_and_free_locks(host_set_notrace(&a, "func*", 0), -EINVAL);
	expect_error_and_free_locks(register_ftrace_function(&a), 0);
	expect_error_and_free_locks(register_ftrace_function(&a), -EBUSY);
	expect_error_and_free_locks(register_ftrace_direct(&a, host_site(100)), -EINVAL);
	expect_error_and_free_locks(unregister_ftrace_direct(&a, host_site(100), true), -EINVAL);
	expect_error_and_free_locks(unregister_ftrace_function(&a), 0);
	expect_error_and_free_locks(unregister_ftrace_function(&a), -EBUSY);
	ftrace_kill();
	expect_error_and_free_locks(ftrace_set_filter_ip(&a, host_site(1), 0, 0), -ENODEV);
	expect_error_and_free_locks(register_ftrace_function(&a), -ENODEV);
}

/* IF_SUPPORTED is a wish that goes with SAVE_REGS: alone it asks for nothing where registers can be had. */
static void registers_if_supported_alone_gives_none(void **state)
{
	a.flags = FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED;
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_false(host_site_has_regs(host_site(0)));
	assert_false(a.flags & FTRACE_OPS_FL_SAVE_REGS);
	assert_int_equal(unregister_ftrace_function(&a), 0);
	a.flags |= FTRACE_OPS_FL_SAVE_REGS;
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_true(host_site_has_regs(host_site(0)));
}

static void saved_func_is_what_was_registered_and_comes_back(void **state)
{
	register_ftrace_function(&a);
	assert_ptr_equal(a.saved_func, count_call);
	a.func = ftrace_stub;	/* as a filter by task does */
	unregister_ftrace_function(&a);
	assert_ptr_equal(a.func, count_call);
}

static void a_stub_has_its_sites_on_and_is_never_called(void **state)
{
	a.flags = FTRACE_OPS_FL_STUB;
	register_ftrace_function(&a);
	assert_int_equal(ftrace_sites_on, NR);
	host_hit(0);
	assert_int_equal(calls, 0);
	register_ftrace_function(&b);
	host_hit(0);
	assert_int_equal(calls, 1);
	host_ftrace_audit();
}

/* ---- while something changes ---- */

static unsigned long flags_seen;
static ftrace_func_t slot_seen;
static bool listed_seen;
static u32 count_seen;

static void look(unsigned long ip)
{
	flags_seen = a.flags;
	slot_seen = host_slot;
	listed_seen = ftrace_ops_list == &a;
	count_seen = ftrace_rec_count(ftrace_exact_rec(ip));
	assert_true(mutex_is_locked(&ftrace_lock));
}

#define TRANSIENT (FTRACE_OPS_FL_ADDING | FTRACE_OPS_FL_REMOVING | FTRACE_OPS_FL_MODIFYING)

/* When the last site was patched: list and counts were already what they are to be, and the slot asked everybody. */
static void expect_seen(unsigned long transient, bool listed, u32 count)
{
	assert_int_equal(flags_seen & TRANSIENT, transient);
	assert_ptr_equal(slot_seen, ftrace_ops_list_func);
	assert_int_equal(listed_seen, listed);
	assert_int_equal(count_seen, count);
	assert_int_equal(a.flags & TRANSIENT, 0);
	flags_seen = 0;
	slot_seen = NULL;
}

static void each_kind_of_change_has_its_flag_and_the_slot_asks_everybody(void **state)
{
	assert_ptr_equal(host_slot, ftrace_stub);
	host_arch_change_hook = look;
	register_ftrace_function(&a);
	assert_true(a.flags & FTRACE_OPS_FL_ENABLED);
	expect_seen(FTRACE_OPS_FL_ADDING, true, 1);
	host_set_filter(&a, "func_0001", 0);
	expect_seen(FTRACE_OPS_FL_MODIFYING, true, 0);
	unregister_ftrace_function(&a);
	assert_false(a.flags & FTRACE_OPS_FL_ENABLED);
	expect_seen(FTRACE_OPS_FL_REMOVING, false, 0);
	assert_ptr_equal(host_slot, ftrace_stub);
}

static void a_failed_registration_leaves_no_flag(void **state)
{
	a.flags = FTRACE_OPS_FL_IPMODIFY;
	assert_int_equal(register_ftrace_function(&a), -EINVAL);
	assert_int_equal(a.flags & (TRANSIENT | FTRACE_OPS_FL_ENABLED), 0);
	host_arch_fail_at(2, -EINVAL);
	assert_int_equal(register_ftrace_function(&b), -ENODEV);
	assert_int_equal(b.flags & (TRANSIENT | FTRACE_OPS_FL_ENABLED), 0);
}

static void nothing_is_patched_when_nothing_changes(void **state)
{
	host_set_filter(&a, "func_0001", 0);
	register_ftrace_function(&a);
	host_arch_clear_stats();
	assert_int_equal(host_set_filter(&a, "func_0001", 0), 0);
	assert_int_equal(host_set_notrace(&a, "func_0002", 0), 0);
	assert_int_equal(host_arch_stats.batches, 0);
	host_ftrace_audit();
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
		TEST(saved_func_is_what_was_registered_and_comes_back),
		TEST(a_stub_has_its_sites_on_and_is_never_called),
		TEST(each_kind_of_change_has_its_flag_and_the_slot_asks_everybody),
		TEST(a_failed_registration_leaves_no_flag),
		TEST(nothing_is_patched_when_nothing_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
