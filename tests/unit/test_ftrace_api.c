/* SPDX-License-Identifier: BSD-2-Clause */
/* The API to the letter: values of flags, what is set while something changes, the order of changes, which locks are held. */
#include "tests/unit/host_ftrace.h"

#define NR 8

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
	host_ftrace_end();
	a.flags = b.flags = 0;
	ftrace_free_filter(&a);
	ftrace_free_filter(&b);
	return 0;
}

static void flags_have_linux_values(void **state)
{
	static const unsigned long in_order[] = {
		FTRACE_OPS_FL_ENABLED, FTRACE_OPS_FL_DYNAMIC, FTRACE_OPS_FL_SAVE_REGS,
		FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED, FTRACE_OPS_FL_RECURSION, FTRACE_OPS_FL_STUB,
		FTRACE_OPS_FL_INITIALIZED, FTRACE_OPS_FL_DELETED, FTRACE_OPS_FL_ADDING, FTRACE_OPS_FL_REMOVING,
		FTRACE_OPS_FL_MODIFYING, FTRACE_OPS_FL_ALLOC_TRAMP, FTRACE_OPS_FL_IPMODIFY, FTRACE_OPS_FL_PID,
		FTRACE_OPS_FL_RCU, FTRACE_OPS_FL_TRACE_ARRAY, FTRACE_OPS_FL_PERMANENT, FTRACE_OPS_FL_DIRECT,
		FTRACE_OPS_FL_SUBOP,
	};

	for (size_t i = 0; i < ARRAY_SIZE(in_order); i++)
		assert_int_equal(in_order[i], 1UL << i);
	assert_int_equal(FTRACE_REF_MAX, (1 << 19) - 1);
	assert_int_equal(FTRACE_FL_ENABLED, 1U << 31);
	assert_int_equal(FTRACE_FL_REGS | FTRACE_FL_REGS_EN, 3U << 29);
	assert_int_equal(FTRACE_FL_IPMODIFY, 1 << 26);
	assert_int_equal(FTRACE_FL_DISABLED, 1 << 25);
	assert_int_equal(FTRACE_FL_DIRECT | FTRACE_FL_DIRECT_EN, 3 << 23);
	assert_int_equal(FTRACE_FL_CALL_OPS | FTRACE_FL_CALL_OPS_EN, 3 << 21);
	assert_int_equal(FTRACE_FL_TOUCHED, 1 << 20);
	assert_int_equal(FTRACE_FL_MODIFIED, 1 << 19);
}

static void init_is_idempotent_and_register_does_it(void **state)
{
	ftrace_ops_init(&a);
	assert_ptr_equal(a.func_hash, &a.local_hash);
	a.func_hash = &b.local_hash;
	ftrace_ops_init(&a);
	assert_ptr_equal(a.func_hash, &b.local_hash);
	a.func_hash = &a.local_hash;
	register_ftrace_function(&b);
	assert_ptr_equal(b.func_hash, &b.local_hash);
	assert_true(b.flags & FTRACE_OPS_FL_INITIALIZED);
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

static void if_supported_alone_asks_for_no_registers(void **state)
{
	a.flags = FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED;
	register_ftrace_function(&a);
	assert_false(host_site_has_regs(host_site(0)));
	assert_int_equal(a.flags & FTRACE_OPS_FL_SAVE_REGS, 0);
	b.flags = FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED | FTRACE_OPS_FL_SAVE_REGS;
	register_ftrace_function(&b);
	assert_true(host_site_has_regs(host_site(0)));
	host_ftrace_audit();
}

/* ---- while something changes ---- */

static unsigned long flags_seen;
static ftrace_func_t slot_seen;

static void look(unsigned long ip)
{
	flags_seen = a.flags;
	slot_seen = host_slot;
	assert_true(mutex_is_locked(&ftrace_lock));
}

#define TRANSIENT (FTRACE_OPS_FL_ADDING | FTRACE_OPS_FL_REMOVING | FTRACE_OPS_FL_MODIFYING)

static void expect_seen(unsigned long transient, ftrace_func_t slot)
{
	assert_int_equal(flags_seen & TRANSIENT, transient);
	assert_ptr_equal(slot_seen, slot);
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
	expect_seen(FTRACE_OPS_FL_ADDING, ftrace_ops_list_func);
	host_set_filter(&a, "func_0001", 0);
	expect_seen(FTRACE_OPS_FL_MODIFYING, ftrace_ops_list_func);
	unregister_ftrace_function(&a);
	assert_false(a.flags & FTRACE_OPS_FL_ENABLED);
	expect_seen(FTRACE_OPS_FL_REMOVING, ftrace_ops_list_func);
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

/* ---- locks ---- */

static void expect_unlocked(void)
{
	assert_false(mutex_is_locked(&a.func_hash->regex_lock));
	assert_false(mutex_is_locked(&ftrace_lock));
	assert_false(mutex_is_locked(&direct_mutex));
}

static void every_way_out_gives_the_locks_back(void **state)
{
	assert_int_equal(host_set_filter(&a, "func_0001", 0), 0);
	expect_unlocked();
	assert_int_equal(host_set_filter(&a, "nosuch", 0), -EINVAL);
	expect_unlocked();
	assert_int_equal(ftrace_set_filter_ip(&a, 0, 0, 0), -EINVAL);
	expect_unlocked();
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(2), 1, 0), -ENOENT);
	expect_unlocked();
	host_fail_alloc(1, false);
	assert_int_equal(host_set_filter(&a, "func_0002", 0), -ENOMEM);
	expect_unlocked();
	a.flags |= FTRACE_OPS_FL_IPMODIFY;
	assert_int_equal(host_set_notrace(&a, "func_0001", 0), -EINVAL);
	expect_unlocked();
	assert_int_equal(register_ftrace_function(&a), 0);
	expect_unlocked();
	assert_int_equal(register_ftrace_function(&a), -EBUSY);
	expect_unlocked();
	assert_int_equal(register_ftrace_direct(&a, host_site(100)), -EINVAL);
	expect_unlocked();
	assert_int_equal(unregister_ftrace_direct(&a, host_site(100), true), -EINVAL);
	expect_unlocked();
	assert_int_equal(unregister_ftrace_function(&a), 0);
	expect_unlocked();
	assert_int_equal(unregister_ftrace_function(&a), -EBUSY);
	expect_unlocked();
	ftrace_kill();
	assert_int_equal(host_set_filter(&a, "func_0001", 0), -ENODEV);
	expect_unlocked();
	assert_int_equal(register_ftrace_function(&a), -ENODEV);
	expect_unlocked();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(flags_have_linux_values),
		TEST(init_is_idempotent_and_register_does_it),
		TEST(saved_func_is_what_was_registered_and_comes_back),
		TEST(a_stub_has_its_sites_on_and_is_never_called),
		TEST(if_supported_alone_asks_for_no_registers),
		TEST(each_kind_of_change_has_its_flag_and_the_slot_asks_everybody),
		TEST(a_failed_registration_leaves_no_flag),
		TEST(nothing_is_patched_when_nothing_changes),
		TEST(every_way_out_gives_the_locks_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
