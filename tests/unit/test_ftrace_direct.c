/* SPDX-License-Identifier: BSD-2-Clause */
/* Direct calls: which form a site has, who may have one, and what remains after an error.  The words are host_arch.h's. */
#include "tests/unit/host_ftrace.h"

#define NR 16
#define NEAR host_site(100)	/* trampolines: any text that is not a site */
#define NEAR2 host_site(101)
#define FAR host_site(4000)

static struct ftrace_ops d, e, a, patch, patch2;
static int a_calls, asked[3], answer[3];

static void count_a(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	a_calls++;
}

static int be_asked(struct ftrace_ops *op, enum ftrace_ops_cmd cmd)
{
	asked[cmd]++;
	return answer[cmd];
}

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	d = (struct ftrace_ops){ 0 };
	e = (struct ftrace_ops){ 0 };
	a = (struct ftrace_ops){ .func = count_a };
	patch = patch2 = (struct ftrace_ops){ .func = count_a, .flags = FTRACE_OPS_FL_IPMODIFY };
	a_calls = 0;
	memset(asked, 0, sizeof(asked));
	memset(answer, 0, sizeof(answer));
	assert_int_equal(ftrace_set_filter_ip(&d, host_site(1), 0, 0), 0);
	assert_int_equal(ftrace_set_filter_ip(&d, host_site(2), 0, 0), 0);
	assert_int_equal(ftrace_set_filter_ip(&e, host_site(2), 0, 0), 0);
	assert_int_equal(ftrace_set_filter_ip(&e, host_site(3), 0, 0), 0);
	assert_int_equal(ftrace_set_filter_ip(&patch, host_site(2), 0, 0), 0);
	return 0;
}

static void end_direct(struct ftrace_ops *ops)
{
	if (ops->direct_call && !ftrace_is_dead())
		assert_int_equal(unregister_ftrace_direct(ops, ops->direct_call, false), 0);
}

static int teardown(void **state)
{
	end_direct(&d);
	end_direct(&e);
	host_ftrace_end_with(&d, &e, &a, &patch, &patch2);
	return 0;
}

static void a_lone_direct_call_is_the_sites_own(void **state)
{
	assert_int_equal(register_ftrace_direct(&d, NEAR), 0);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(1)), NEAR);
	assert_int_equal(host_hit(1), NEAR);
	assert_int_equal(host_hit(2), NEAR);
	assert_int_equal(host_hit(3), 0);
	assert_int_equal(ftrace_exact_rec(host_site(1))->flags & FTRACE_FL_DIRECT, FTRACE_FL_DIRECT);
	assert_int_equal(ftrace_exact_rec(host_site(1))->flags & FTRACE_FL_MODIFIED, FTRACE_FL_MODIFIED);
	assert_int_equal(unregister_ftrace_direct(&d, NEAR, false), 0);
	host_ftrace_audit();
	assert_int_equal(host_hit(1), 0);
	assert_int_equal(ftrace_exact_rec(host_site(1))->flags & FTRACE_FL_DIRECT, 0);
	/* As before: it can be registered again. */
	assert_null(d.func);
	assert_int_equal(register_ftrace_direct(&d, NEAR2), 0);
	assert_int_equal(host_hit(2), NEAR2);
}

static void a_far_trampoline_is_reached_through_the_saved_registers(void **state)
{
	assert_int_equal(register_ftrace_direct(&d, FAR), 0);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(1)), 0);
	assert_true(host_site_has_regs(host_site(1)));
	assert_int_equal(host_hit(1), FAR);
}

static void a_shared_site_runs_callbacks_and_then_the_trampoline(void **state)
{
	register_ftrace_function(&a);
	assert_int_equal(register_ftrace_direct(&d, NEAR), 0);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(1)), 0);
	assert_int_equal(host_hit(1), NEAR);
	assert_int_equal(a_calls, 1);
	unregister_ftrace_function(&a);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(1)), NEAR);
	register_ftrace_function(&a);
	host_ftrace_audit();
	assert_int_equal(host_hit(2), NEAR);
	assert_int_equal(a_calls, 2);
	assert_int_equal(unregister_ftrace_direct(&d, NEAR, false), 0);
	host_ftrace_audit();
	assert_int_equal(host_hit(2), 0);
	assert_int_equal(a_calls, 3);
}

static void sites_go_back_to_their_own_trampolines(void **state)
{
	ftrace_set_filter_ip(&e, host_site(3), 0, 1);
	register_ftrace_direct(&d, NEAR);
	register_ftrace_direct(&e, NEAR2);
	register_ftrace_function(&a);
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(2)), NEAR);
	assert_int_equal(host_site_direct(host_site(3)), NEAR2);
	ftrace_set_enabled(0);
	ftrace_set_enabled(1);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(3)), NEAR2);
}

static void a_call_that_came_without_registers_goes_on_in_the_function(void **state)
{
	struct ftrace_regs fregs = { 0 };

	register_ftrace_direct(&d, FAR);
	ftrace_dispatch[d.dispatch_index].func(host_site(1), 0x1001, &d, &fregs);
	assert_null(fregs.regs);
}

static void a_late_call_after_unregistering_goes_on_in_the_function(void **state)
{
	struct pt_regs regs = { 0 };
	struct ftrace_regs fregs = { .regs = &regs };
	u32 index;

	register_ftrace_direct(&d, FAR);
	index = d.dispatch_index;
	unregister_ftrace_direct(&d, FAR, false);
	ftrace_dispatch[index].func(host_site(1), 0x1001, ftrace_dispatch[index].ops, &fregs);
	assert_int_equal(regs.direct, 0);
	assert_int_not_equal(host_rcu_waits, 0);
}

static void modify_changes_the_trampoline_of_every_site(void **state)
{
	register_ftrace_function(&a);
	ftrace_set_filter_ip(&a, host_site(2), 0, 0);
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(modify_ftrace_direct(&d, NEAR2), 0);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(1)), NEAR2);
	assert_int_equal(host_hit(1), NEAR2);
	assert_int_equal(host_hit(2), NEAR2);
	/* From near to far and back. */
	assert_int_equal(modify_ftrace_direct(&d, FAR), 0);
	host_ftrace_audit();
	assert_int_equal(host_site_direct(host_site(1)), 0);
	assert_int_equal(host_hit(1), FAR);
	assert_int_equal(modify_ftrace_direct(&d, NEAR), 0);
	host_ftrace_audit();
	assert_int_equal(host_hit(1), NEAR);
	assert_ptr_equal(ftrace_ops_list, &d);
	assert_ptr_equal(d.next, &a);
}

static void changes_while_disabled_take_effect_afterwards(void **state)
{
	ftrace_set_enabled(0);
	assert_int_equal(register_ftrace_direct(&d, NEAR), 0);
	assert_int_equal(host_hit(1), 0);
	assert_int_equal(modify_ftrace_direct(&d, NEAR2), 0);
	ftrace_set_enabled(1);
	host_ftrace_audit();
	assert_int_equal(host_hit(1), NEAR2);
	ftrace_set_enabled(0);
	host_ftrace_audit();
	assert_int_equal(unregister_ftrace_direct(&d, NEAR2, false), 0);
	ftrace_set_enabled(1);
	host_ftrace_audit();
}

/* ---- errors ---- */

static void expect_untouched(void)
{
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
	assert_int_equal(host_arch_stats.make_call, 0);
	host_ftrace_audit();
}

static void an_ops_that_is_not_fresh_or_has_no_functions_is_einval(void **state)
{
	static struct ftrace_ops never_filtered, emptied, shared;

	assert_int_equal(register_ftrace_direct(&a, NEAR), -EINVAL);
	assert_int_equal(register_ftrace_direct(&never_filtered, NEAR), -EINVAL);
	ftrace_ops_init(&emptied);
	assert_int_equal(register_ftrace_direct(&emptied, NEAR), -EINVAL);
	host_set_notrace(&emptied, "func_0001", 0);
	assert_int_equal(register_ftrace_direct(&emptied, NEAR), -EINVAL);
	ftrace_free_filter(&emptied);
	host_set_filter(&global_ops, "func_0001", 0);
	ftrace_ops_set_global_filter(&shared);
	assert_int_equal(register_ftrace_direct(&shared, NEAR), -EINVAL);
	d.flags |= FTRACE_OPS_FL_DELETED;
	assert_int_equal(register_ftrace_direct(&d, NEAR), -EINVAL);
	d.flags = (d.flags & ~(unsigned long)FTRACE_OPS_FL_DELETED) | FTRACE_OPS_FL_IPMODIFY;
	assert_int_equal(register_ftrace_direct(&d, NEAR), -EINVAL);
	d.flags &= ~(unsigned long)FTRACE_OPS_FL_IPMODIFY;
	expect_untouched();
	assert_int_equal(register_ftrace_direct(&d, NEAR), 0);
	assert_int_equal(register_ftrace_direct(&d, NEAR), -EINVAL);
}

static void what_is_no_code_is_einval(void **state)
{
	assert_int_equal(register_ftrace_direct(&d, 0), -EINVAL);
	assert_int_equal(register_ftrace_direct(&d, (unsigned long)&d), -EINVAL);
	expect_untouched();
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(modify_ftrace_direct(&d, 0), -EINVAL);
	assert_int_equal(host_hit(1), NEAR);
}

static void a_function_has_one_direct_call_at_most(void **state)
{
	register_ftrace_direct(&d, NEAR);
	host_arch_clear_stats();
	assert_int_equal(register_ftrace_direct(&e, NEAR2), -EBUSY);
	assert_int_equal(host_arch_stats.batches, 0);
	assert_int_equal(ftrace_find_rec_direct(host_site(2)), NEAR);
	assert_null(e.func);
	assert_int_equal(e.flags & (FTRACE_OPS_FL_DIRECT | FTRACE_OPS_FL_ENABLED), 0);
	host_ftrace_audit();
	unregister_ftrace_direct(&d, NEAR, false);
	assert_int_equal(register_ftrace_direct(&e, NEAR2), 0);
	host_ftrace_audit();
}

static void what_is_not_registered_so_is_einval(void **state)
{
	assert_int_equal(modify_ftrace_direct(&d, NEAR), -EINVAL);
	assert_int_equal(unregister_ftrace_direct(&d, NEAR, false), -EINVAL);
	register_ftrace_function(&a);
	assert_int_equal(modify_ftrace_direct(&a, NEAR), -EINVAL);
	assert_int_equal(unregister_ftrace_direct(&a, 0, false), -EINVAL);
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(unregister_ftrace_direct(&d, NEAR2, false), -EINVAL);
	assert_int_equal(unregister_ftrace_function(&d), -EINVAL);
	assert_int_equal(host_hit(1), NEAR);
	host_ftrace_audit();
}

static void the_flag_alone_does_not_register(void **state)
{
	ftrace_set_filter_ip(&a, host_site(1), 0, 0);
	a.flags |= FTRACE_OPS_FL_DIRECT;
	assert_int_equal(register_ftrace_function(&a), -EINVAL);
	expect_untouched();
}

static void the_filter_cannot_change_meanwhile(void **state)
{
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(ftrace_set_filter_ip(&d, host_site(5), 0, 0), -EBUSY);
	assert_int_equal(host_set_notrace(&d, "func_0001", 0), -EBUSY);
	host_ftrace_audit();
	assert_int_equal(unregister_ftrace_direct(&d, NEAR, true), 0);
	assert_true(ftrace_hash_empty(d.func_hash->filter_hash));
	assert_int_equal(ftrace_set_filter_ip(&d, host_site(5), 0, 0), 0);
}

static void dead_is_enodev_and_the_call_stays(void **state)
{
	register_ftrace_direct(&d, NEAR);
	ftrace_kill();
	assert_int_equal(register_ftrace_direct(&e, NEAR2), -ENODEV);
	assert_int_equal(modify_ftrace_direct(&d, NEAR2), -ENODEV);
	assert_int_equal(unregister_ftrace_direct(&d, NEAR, true), -ENODEV);
	assert_int_equal(host_hit(1), NEAR);
	/* What is left of it must not be found by the next test. */
	ftrace_disabled = 0;
	ftrace_enabled = 1;
	assert_int_equal(unregister_ftrace_direct(&d, NEAR, true), 0);
}

static void a_site_that_cannot_be_patched_is_reported_with_the_trampoline(void **state)
{
	char expected[64];

	register_ftrace_direct(&d, NEAR);
	((u32 *)host_site(1))[3] = 0x12345678;
	assert_int_equal(unregister_ftrace_direct(&d, NEAR, false), -ENODEV);
	assert_true(ftrace_is_dead());
	snprintf(expected, sizeof(expected), "expected tramp: %lx\n", NEAR);
	assert_non_null(strstr(host_log, expected));
}

/* ---- with IPMODIFY ---- */

static void direct_and_ipmodify_exclude_each_other(void **state)
{
	assert_int_equal(register_ftrace_function(&patch), 0);
	assert_int_equal(register_ftrace_direct(&d, NEAR), -EBUSY);
	host_ftrace_audit();
	unregister_ftrace_function(&patch);
	assert_int_equal(register_ftrace_direct(&d, NEAR), 0);
	assert_int_equal(register_ftrace_function(&patch), -EBUSY);
	assert_int_equal(ftrace_exact_rec(host_site(2))->flags & FTRACE_FL_IPMODIFY, 0);
	host_ftrace_audit();
	/* Nor by way of a filter that grows. */
	ftrace_set_filter_ip(&patch, host_site(9), 0, 1);
	assert_int_equal(register_ftrace_function(&patch), 0);
	assert_int_equal(ftrace_set_filter_ip(&patch, host_site(1), 0, 0), -EBUSY);
	host_ftrace_audit();
}

static void an_ops_func_is_asked_and_may_agree(void **state)
{
	d.ops_func = be_asked;
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(register_ftrace_function(&patch), 0);
	assert_int_equal(asked[FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER], 1);
	host_ftrace_audit();
	assert_int_equal(host_hit(2), NEAR);
	assert_int_equal(unregister_ftrace_function(&patch), 0);
	assert_int_equal(asked[FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER], 1);
	unregister_ftrace_direct(&d, NEAR, false);
	register_ftrace_function(&patch);
	assert_int_equal(register_ftrace_direct(&d, NEAR), 0);
	assert_int_equal(asked[FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_SELF], 1);
	host_ftrace_audit();
}

/* The one that may share is another trampoline. */
static int change_trampoline(struct ftrace_ops *op, enum ftrace_ops_cmd cmd)
{
	bool share = cmd == FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER;

	return modify_ftrace_direct_nolock(op, share ? NEAR2 : NEAR);
}

static void an_ops_func_may_change_the_trampoline(void **state)
{
	d.ops_func = change_trampoline;
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(register_ftrace_function(&patch), 0);
	assert_int_equal(host_hit(1), NEAR2);
	assert_int_equal(host_hit(2), NEAR2);
	host_ftrace_audit();
	assert_int_equal(unregister_ftrace_function(&patch), 0);
	assert_int_equal(host_hit(2), NEAR);
	host_ftrace_audit();
}

static void the_answer_of_an_ops_func_is_the_error(void **state)
{
	d.ops_func = e.ops_func = be_asked;
	answer[FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER] = -EAGAIN;
	answer[FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_SELF] = -EPERM;
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(register_ftrace_function(&patch), -EAGAIN);
	assert_int_equal(asked[FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER], 0);
	unregister_ftrace_direct(&d, NEAR, false);
	register_ftrace_function(&patch);
	assert_int_equal(register_ftrace_direct(&e, NEAR), -EPERM);
	host_ftrace_audit();
}

static void who_agreed_is_told_when_it_comes_to_nothing(void **state)
{
	const int *agreed = &asked[FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER];
	const int *told = &asked[FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER];

	/* One shares its function willingly, the other does not; the hash's order decides who is asked first. */
	ftrace_set_filter_ip(&d, host_site(1), 0, 1);
	ftrace_set_filter_ip(&e, host_site(3), 0, 1);
	ftrace_set_filter_ip(&patch, host_site(1), 0, 1);
	ftrace_set_filter_ip(&patch, host_site(3), 0, 0);
	register_ftrace_direct(&d, NEAR);
	register_ftrace_direct(&e, NEAR);
	for (int i = 0; i < 2; i++) {
		(i ? &d : &e)->ops_func = be_asked;
		(i ? &e : &d)->ops_func = NULL;
		assert_int_equal(register_ftrace_function(&patch), -EBUSY);
		assert_int_equal(*agreed, *told);
	}
	assert_int_equal(*agreed, 1);
	/* All agree, and then the registration fails. */
	unregister_ftrace_direct(&e, NEAR, false);
	memset(asked, 0, sizeof(asked));
	patch.flags |= FTRACE_OPS_FL_DELETED;
	assert_int_equal(register_ftrace_function(&patch), -EINVAL);
	assert_int_equal(*agreed, 1);
	assert_int_equal(*told, 1);
}

static void who_agreed_is_not_told_while_another_patch_stays(void **state)
{
	const int *told = &asked[FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER];

	d.ops_func = be_asked;
	register_ftrace_direct(&d, NEAR);
	assert_int_equal(register_ftrace_function(&patch), 0);
	/* On the same function, and the same once more: refused. */
	assert_int_equal(ftrace_set_filter_ip(&patch2, host_site(2), 0, 1), 0);
	assert_int_equal(register_ftrace_function(&patch2), -EBUSY);
	assert_int_equal(register_ftrace_function(&patch), -EBUSY);
	assert_int_equal(*told, 0);
	/* On another of its functions: the second to go is the last. */
	assert_int_equal(ftrace_set_filter_ip(&patch2, host_site(1), 0, 1), 0);
	assert_int_equal(register_ftrace_function(&patch2), 0);
	assert_int_equal(unregister_ftrace_function(&patch), 0);
	assert_int_equal(*told, 0);
	assert_int_equal(unregister_ftrace_function(&patch2), 0);
	assert_int_equal(*told, 1);
	host_ftrace_audit();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lone_direct_call_is_the_sites_own),
		TEST(a_far_trampoline_is_reached_through_the_saved_registers),
		TEST(a_shared_site_runs_callbacks_and_then_the_trampoline),
		TEST(sites_go_back_to_their_own_trampolines),
		TEST(a_call_that_came_without_registers_goes_on_in_the_function),
		TEST(a_late_call_after_unregistering_goes_on_in_the_function),
		TEST(modify_changes_the_trampoline_of_every_site),
		TEST(changes_while_disabled_take_effect_afterwards),
		TEST(an_ops_that_is_not_fresh_or_has_no_functions_is_einval),
		TEST(what_is_no_code_is_einval),
		TEST(a_function_has_one_direct_call_at_most),
		TEST(what_is_not_registered_so_is_einval),
		TEST(the_flag_alone_does_not_register),
		TEST(the_filter_cannot_change_meanwhile),
		TEST(dead_is_enodev_and_the_call_stays),
		TEST(a_site_that_cannot_be_patched_is_reported_with_the_trampoline),
		TEST(direct_and_ipmodify_exclude_each_other),
		TEST(an_ops_func_is_asked_and_may_agree),
		TEST(an_ops_func_may_change_the_trampoline),
		TEST(the_answer_of_an_ops_func_is_the_error),
		TEST(who_agreed_is_told_when_it_comes_to_nothing),
		TEST(who_agreed_is_not_told_while_another_patch_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
