/* SPDX-License-Identifier: BSD-2-Clause */
/* Subops: the set of their manager is made of theirs, whatever they do, and each is called for its own. */
#include "tests/unit/host_ftrace.h"
#include "trace/trace.h"
#include "trace/trace_pid.h"

#define NR 8

static struct ftrace_ops manager, other, a, b, c;

static struct ftrace_ops *called[4];
static int calls, calls_preemptible;

static void note_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	assert_true(ftrace_ops_test(op, ip, fregs));
	called[calls++ % 4] = op;
	calls_preemptible += !preempt_count();
}

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	manager = other = (struct ftrace_ops){ .func = ftrace_subops_func, .flags = FTRACE_OPS_FL_RECURSION };
	a = b = c = (struct ftrace_ops){ .func = note_call };
	calls = calls_preemptible = 0;
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&manager, &other, &a, &b, &c);
	return 0;
}

/* One digit a site that is on. */
static void expect_on(const char *sites)
{
	char on[NR + 1] = "";

	for (int i = 0; i < NR; i++)
		if (host_site_is_on(host_site(i)))
			snprintf(on + strlen(on), sizeof(on) - strlen(on), "%d", i);
	assert_string_equal(on, sites);
	host_ftrace_audit();
}

static void expect_calls(int site, struct ftrace_ops *first, struct ftrace_ops *second)
{
	calls = 0;
	host_hit(site);
	assert_int_equal(calls, !!first + !!second);
	if (first)
		assert_ptr_equal(called[0], first);
	if (second)
		assert_ptr_equal(called[1], second);
}

/* a: 0 and 1; b: 1 and 2. */
static void start_two(void)
{
	assert_int_equal(host_set_filter(&a, "func_000[01]", 0), 0);
	assert_int_equal(host_set_filter(&b, "func_000[12]", 0), 0);
	assert_int_equal(ftrace_startup_subops(&manager, &a), 0);
	assert_int_equal(ftrace_startup_subops(&manager, &b), 0);
}

#define BEHIND (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_SUBOP)

static void the_first_registers_its_manager_and_the_last_unregisters_it(void **state)
{
	assert_int_equal(host_set_filter(&a, "func_000[01]", 0), 0);
	assert_int_equal(ftrace_startup_subops(&manager, &a), 0);
	assert_ptr_equal(ftrace_ops_list, &manager);
	assert_ptr_equal(manager.next, &ftrace_list_end);
	assert_int_equal(a.flags & BEHIND, BEHIND);
	assert_int_equal(manager.flags & BEHIND, FTRACE_OPS_FL_ENABLED);
	expect_on("01");
	assert_int_equal(ftrace_shutdown_subops(&manager, &a), 0);
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
	assert_int_equal((a.flags | manager.flags) & BEHIND, 0);
	assert_true(ftrace_hash_empty(manager.func_hash->filter_hash));
	assert_int_equal(a.func_hash->filter_hash->count, 2);
	expect_on("");
	/* And again: nothing of the first time is left. */
	start_two();
	expect_on("012");
}

static void each_is_called_for_its_own_sites_newest_first(void **state)
{
	start_two();
	expect_calls(0, &a, NULL);
	expect_calls(1, &b, &a);
	expect_calls(2, &b, NULL);
	a.flags |= FTRACE_OPS_FL_STUB;
	expect_calls(1, &b, NULL);
}

/* It may be alone on its site, and be called as the trampoline is: with preemption on, in which a hash may go. */
static void a_manager_without_a_guard_asks_with_preemption_off(void **state)
{
	manager.flags = 0;
	start_two();
	expect_calls(0, &a, NULL);
	expect_calls(1, &b, &a);
	assert_int_equal(calls_preemptible, 0);
	assert_int_equal(preempt_count(), 0);
}

static void the_filter_is_what_any_has_and_all_if_one_has_none(void **state)
{
	start_two();
	expect_on("012");
	assert_int_equal(manager.func_hash->filter_hash->count, 3);
	assert_int_equal(ftrace_startup_subops(&manager, &c), 0);
	expect_on("01234567");
	assert_int_equal(ftrace_shutdown_subops(&manager, &b), 0);
	expect_on("01234567");
	assert_int_equal(ftrace_shutdown_subops(&manager, &c), 0);
	expect_on("01");
}

static void left_out_is_what_all_leave_out(void **state)
{
	assert_int_equal(host_set_notrace(&a, "func_000[0-4]", 0), 0);
	assert_int_equal(host_set_notrace(&b, "func_000[3-7]", 0), 0);
	assert_int_equal(ftrace_startup_subops(&manager, &a), 0);
	expect_on("567");
	assert_int_equal(ftrace_startup_subops(&manager, &b), 0);
	expect_on("012567");
	expect_calls(0, &b, NULL);
	assert_int_equal(ftrace_startup_subops(&manager, &c), 0);
	expect_on("01234567");
	expect_calls(3, &c, NULL);
	/* The first of the list goes, then the last: the rest decides. */
	assert_int_equal(ftrace_shutdown_subops(&manager, &c), 0);
	assert_int_equal(ftrace_shutdown_subops(&manager, &a), 0);
	expect_on("012");
	/* The host looks whether readers of what the manager left out are waited for. */
	assert_int_equal(ftrace_shutdown_subops(&manager, &b), 0);
	expect_on("");
}

static void a_set_that_changes_takes_the_managers_along(void **state)
{
	start_two();
	assert_int_equal(host_set_filter(&b, "func_0007", 1), 0);
	expect_on("017");
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(0), 1, 0), 0);
	expect_on("17");
	assert_int_equal(host_set_notrace(&a, "func_0001", 0), 0);
	/* b does not leave it out. */
	expect_on("17");
	expect_calls(1, NULL, NULL);
	assert_int_equal(host_set_notrace(&b, "func_000[12]", 0), 0);
	expect_on("7");
	assert_int_equal(ftrace_set_filter(&b, NULL, 0, 1), 0);
	expect_on("0234567");
}

static void a_managers_set_is_made_of_theirs_only(void **state)
{
	start_two();
	assert_int_equal(host_set_filter(&manager, "func_0007", 0), -EBUSY);
	assert_int_equal(host_set_notrace(&manager, "func_0001", 0), -EBUSY);
	assert_int_equal(ftrace_set_filter_ip(&manager, host_site(7), 0, 1), -EBUSY);
	expect_on("012");
	ftrace_shutdown_subops(&manager, &a);
	ftrace_shutdown_subops(&manager, &b);
	assert_int_equal(host_set_filter(&manager, "func_0007", 0), 0);
}

static void a_shared_set_counts_for_all_who_have_it(void **state)
{
	static struct ftrace_ops sharing;

	sharing = (struct ftrace_ops){ .func = note_call };
	a.func = b.func = note_call;
	ftrace_ops_set_global_filter(&a);
	ftrace_ops_set_global_filter(&sharing);
	assert_int_equal(host_set_filter(&global_ops, "func_0002", 0), 0);
	assert_int_equal(ftrace_startup_subops(&manager, &a), 0);
	assert_int_equal(register_ftrace_function(&sharing), 0);
	expect_calls(2, &sharing, &a);
	assert_int_equal(host_set_filter(&global_ops, "func_0004", 0), 0);
	expect_on("24");
	assert_int_equal(host_set_filter(&a, "func_0005", 1), 0);
	expect_on("5");
	expect_calls(5, &sharing, &a);
	/* One set, two managers: nobody could say whose sites it means. */
	ftrace_ops_set_global_filter(&b);
	assert_int_equal(ftrace_startup_subops(&other, &b), -EBUSY);
	assert_int_equal(ftrace_startup_subops(&manager, &b), 0);
	assert_int_equal(unregister_ftrace_function(&sharing), 0);
	expect_on("5");
}

static void what_cannot_be_is_refused_and_changes_nothing(void **state)
{
	static const unsigned long refused[] = {
		FTRACE_OPS_FL_DELETED, FTRACE_OPS_FL_DIRECT, FTRACE_OPS_FL_IPMODIFY, FTRACE_OPS_FL_SAVE_REGS,
		FTRACE_OPS_FL_RCU,
	};

	static struct ftrace_ops never;

	start_two();
	host_warnings = 0;
	assert_int_equal(ftrace_startup_subops(&manager, &a), -EBUSY);
	assert_int_equal(ftrace_startup_subops(&other, &a), -EBUSY);
	assert_int_equal(register_ftrace_function(&a), -EBUSY);
	assert_int_equal(unregister_ftrace_function(&a), -EPERM);
	assert_int_equal(ftrace_shutdown_subops(&other, &a), -EINVAL);
	assert_int_equal(ftrace_shutdown_subops(&manager, &c), -EINVAL);
	assert_int_equal(ftrace_shutdown_subops(&never, &c), -EINVAL);
	assert_int_equal(host_warnings, 6);
	ftrace_free_filter(&a);	/* warns, and does nothing */
	assert_int_equal(ftrace_startup_subops(&a, &c), -EINVAL);
	assert_int_equal(ftrace_startup_subops(&manager, &manager), -EBUSY);
	assert_int_equal(ftrace_startup_subops(&other, &other), -EINVAL);
	for (unsigned int i = 0; i < ARRAY_SIZE(refused); i++) {
		c.flags |= refused[i];
		assert_int_equal(ftrace_startup_subops(&manager, &c), -EINVAL);
		c.flags &= ~refused[i];
	}
	c.func = NULL;
	assert_int_equal(ftrace_startup_subops(&manager, &c), -EINVAL);
	/* A manager is only that. */
	c.func = note_call;
	assert_int_equal(register_ftrace_function(&other), 0);
	assert_int_equal(ftrace_startup_subops(&other, &c), -EBUSY);
	assert_int_equal(unregister_ftrace_function(&other), 0);
	c.flags |= FTRACE_OPS_FL_SUBOP;
	assert_int_equal(register_ftrace_function(&c), -EINVAL);
	expect_on("012");
	assert_int_equal(ftrace_shutdown_subops(&manager, &b), 0);
	expect_on("01");
}

static void memory_that_runs_out_changes_nothing(void **state)
{
	int n, ret = -ENOMEM;

	start_two();
	assert_int_equal(host_set_filter(&c, "func_000[5-7]", 0), 0);
	for (n = 1; ret; n++) {
		host_fail_alloc(n, false);
		ret = ftrace_startup_subops(&manager, &c);
		host_fail_alloc(0, false);
		assert_true(!ret || ret == -ENOMEM);
		expect_on(ret ? "012" : "012567");
		assert_int_equal(!!(c.flags & FTRACE_OPS_FL_ENABLED), !ret);
	}
	assert_true(n > 3);
	for (n = 1, ret = -ENOMEM; ret; n++) {
		host_fail_alloc(n, false);
		ret = host_set_filter(&c, "func_0003", 1);
		host_fail_alloc(0, false);
		assert_true(!ret || ret == -ENOMEM);
		expect_on(ret ? "012567" : "0123");
	}
	for (n = 1, ret = -ENOMEM; ret; n++) {
		host_fail_alloc(n, false);
		ret = ftrace_shutdown_subops(&manager, &c);
		host_fail_alloc(0, false);
		assert_true(!ret || ret == -ENOMEM);
		expect_on(ret ? "0123" : "012");
	}
}

static void who_cannot_start_the_manager_does_not_stay(void **state)
{
	assert_int_equal(host_set_filter(&manager, "func_0007", 0), 0);
	ftrace_set_enabled(0);
	manager.flags |= FTRACE_OPS_FL_PERMANENT;
	assert_int_equal(ftrace_startup_subops(&manager, &a), -EBUSY);
	assert_null(manager.subops);
	assert_int_equal(a.flags & BEHIND, 0);
	/* It has its own set still. */
	assert_int_equal(manager.func_hash->filter_hash->count, 1);
	ftrace_set_enabled(1);
	assert_int_equal(ftrace_startup_subops(&manager, &a), 0);
	expect_on("01234567");
}

static void dead_is_enodev_and_everybody_may_go(void **state)
{
	start_two();
	host_arch_fail_at(1, -EINVAL);
	assert_int_equal(ftrace_startup_subops(&manager, &c), -ENODEV);
	assert_int_equal(c.flags & BEHIND, 0);
	assert_int_equal(ftrace_startup_subops(&manager, &c), -ENODEV);
	assert_int_equal(ftrace_shutdown_subops(&manager, &a), -ENODEV);
	assert_ptr_equal(manager.subops, &b);
	assert_int_equal(ftrace_shutdown_subops(&manager, &b), -ENODEV);
	assert_int_equal((a.flags | b.flags | manager.flags) & BEHIND, 0);
	assert_null(manager.subops);
}

static void each_may_ask_for_tasks_of_its_own(void **state)
{
	struct trace_pid_list *list = trace_pid_list_alloc();

	a.flags |= FTRACE_OPS_FL_PID;
	a.private = &global_trace;
	trace_pid_list_set(list, current->pid + 1);
	global_trace.function_pids = list;
	start_two();
	expect_calls(1, &b, NULL);
	trace_pid_list_set(list, current->pid);
	expect_calls(1, &b, &a);
	global_trace.function_pids = NULL;
	assert_int_equal(ftrace_shutdown_subops(&manager, &a), 0);
	assert_ptr_equal(a.func, note_call);
	kfree(list);
}

static void freed_boot_code_leaves_their_sets(void **state)
{
	start_two();
	ftrace_free_mem(host_site(2), host_site(3));
	host_ftrace_audit();
	assert_null(ftrace_lookup_ip(b.func_hash->filter_hash, host_site(2)));
	assert_null(ftrace_lookup_ip(manager.func_hash->filter_hash, host_site(2)));
	/* What is left of its set, an address of nothing, keeps that from meaning all. */
	assert_int_equal(host_set_filter(&b, "!func_0001", 0), 0);
	assert_int_equal(ftrace_shutdown_subops(&manager, &a), 0);
	host_ftrace_audit();
	assert_int_equal(ftrace_sites_on, 0);
}

/* The manager stays, so that its going is not what waits. */
static void who_goes_is_waited_for_and_a_temporary_one_longer(void **state)
{
	struct ftrace_ops temporary = { .func = note_call };

	start_two();
	host_rcu_tasks_waits = 0;
	assert_int_equal(ftrace_shutdown_subops(&manager, &b), 0);
	assert_false(host_has_readers(&b));
	assert_int_equal(host_rcu_tasks_waits, 0);
	assert_int_equal(host_set_filter(&temporary, "func_0001", 0), 0);
	assert_int_equal(ftrace_startup_subops(&manager, &temporary), 0);
	host_rcu_tasks_waits = 0;
	assert_int_equal(ftrace_shutdown_subops(&manager, &temporary), 0);
	assert_int_not_equal(host_rcu_tasks_waits, 0);
	ftrace_free_filter(&temporary);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_registers_its_manager_and_the_last_unregisters_it),
		TEST(each_is_called_for_its_own_sites_newest_first),
		TEST(a_manager_without_a_guard_asks_with_preemption_off),
		TEST(the_filter_is_what_any_has_and_all_if_one_has_none),
		TEST(left_out_is_what_all_leave_out),
		TEST(a_set_that_changes_takes_the_managers_along),
		TEST(a_managers_set_is_made_of_theirs_only),
		TEST(a_shared_set_counts_for_all_who_have_it),
		TEST(what_cannot_be_is_refused_and_changes_nothing),
		TEST(memory_that_runs_out_changes_nothing),
		TEST(who_cannot_start_the_manager_does_not_stay),
		TEST(dead_is_enodev_and_everybody_may_go),
		TEST(each_may_ask_for_tasks_of_its_own),
		TEST(who_goes_is_waited_for_and_a_temporary_one_longer),
		TEST(freed_boot_code_leaves_their_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
