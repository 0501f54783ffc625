/* SPDX-License-Identifier: BSD-2-Clause */
/* Registering and unregistering: errors, order, what is patched, and what remains after a failure. */
#include "tests/unit/host_ftrace.h"
#include <stdlib.h>

#define NR 64

static char calls[64];
static int nr_calls;

static void note(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	assert_int_equal(parent_ip - 0x1000, (ip - host_site(0)) / HOST_FUNC_SIZE);
	calls[nr_calls++] = *(char *)op->private;
	calls[nr_calls] = '\0';
}

/* Static: part of the "kernel image".  Zeroed anew for each test. */
static struct ftrace_ops a, b, c;

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	a = (struct ftrace_ops){ .func = note, .private = "a" };
	b = (struct ftrace_ops){ .func = note, .private = "b" };
	c = (struct ftrace_ops){ .func = note, .private = "c" };
	nr_calls = 0;
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a, &b, &c);
	return 0;
}

/* What hitting site i calls. */
static const char *hit(int i)
{
	nr_calls = 0;
	calls[0] = '\0';
	host_hit(i);
	return calls;
}

/* ---- the good case ---- */

static void without_a_filter_every_site_is_on(void **state)
{
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_int_equal(host_arch_stats.make_call, NR);
	assert_int_equal(host_arch_stats.batches, 1);
	host_ftrace_audit();
	assert_string_equal(hit(0), "a");
	assert_string_equal(hit(NR - 1), "a");
	assert_int_equal(unregister_ftrace_function(&a), 0);
	assert_int_equal(host_arch_stats.make_nop, NR);
	host_ftrace_audit();
	assert_string_equal(hit(0), "");
}

static void a_filter_patches_only_its_sites(void **state)
{
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(40), 0, 0), 0);
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(7), 0, 0), 0);
	assert_int_equal(host_arch_stats.batches, 0);
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_int_equal(host_arch_stats.make_call, 2);
	host_ftrace_audit();
	assert_string_equal(hit(7), "a");
	assert_string_equal(hit(8), "");
	assert_int_equal(unregister_ftrace_function(&a), 0);
	assert_int_equal(host_arch_stats.make_nop, 2);
	host_ftrace_audit();
}

static void the_newest_ops_is_called_first(void **state)
{
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	register_ftrace_function(&c);
	assert_string_equal(hit(3), "cba");
	unregister_ftrace_function(&b);
	assert_string_equal(hit(3), "ca");
	register_ftrace_function(&b);
	assert_string_equal(hit(3), "bca");
	host_ftrace_audit();
	unregister_ftrace_function(&b);
	unregister_ftrace_function(&a);
	unregister_ftrace_function(&c);
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
	host_ftrace_audit();
}

static void an_address_only_one_ops_wants_is_not_asked_of_the_others(void **state)
{
	ftrace_set_filter_ip(&a, host_site(1), 0, 0);
	ftrace_set_filter_ip(&b, host_site(2), 0, 0);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	assert_int_equal(host_site_payload(host_site(1)), a.dispatch_index);
	assert_int_equal(host_site_payload(host_site(2)), b.dispatch_index);
	assert_string_equal(hit(1), "a");
	assert_string_equal(hit(2), "b");
	host_ftrace_audit();
}

static void a_shared_site_loses_its_payload_and_gets_it_back(void **state)
{
	register_ftrace_function(&a);
	ftrace_set_filter_ip(&b, host_site(5), 0, 0);
	host_arch_clear_stats();
	register_ftrace_function(&b);
	assert_int_equal(host_arch_stats.modify_call, 1);
	assert_int_equal(host_arch_stats.make_call, 0);
	assert_int_equal(host_site_payload(host_site(5)), 0);
	assert_string_equal(hit(5), "ba");
	host_ftrace_audit();
	unregister_ftrace_function(&b);
	assert_int_equal(host_site_payload(host_site(5)), a.dispatch_index);
	host_ftrace_audit();
}

static void changes_are_visited_in_address_order(void **state)
{
	for (int i = 0; i < 6; i++)
		assert_int_equal(ftrace_set_filter_ip(&a, host_site((i * 5 + 3) % 31), 0, 0), 0);
	register_ftrace_function(&a);
	assert_int_equal(host_arch_stats.make_call, 6);
	host_ftrace_audit();	/* order_errors */
}

static void disabled_records_are_never_touched(void **state)
{
	ftrace_exact_rec(host_site(0))->flags |= FTRACE_FL_DISABLED;
	ftrace_exact_rec(host_site(9))->flags |= FTRACE_FL_DISABLED;
	ftrace_set_filter_ip(&b, host_site(9), 0, 0);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	assert_false(host_site_is_on(host_site(0)));
	assert_false(host_site_is_on(host_site(9)));
	assert_true(host_site_is_on(host_site(8)));
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	unregister_ftrace_function(&b);
	host_ftrace_audit();
}

/* ---- the slot ---- */

static void slot_calls_the_list_while_anybody_is_there(void **state)
{
	assert_ptr_equal(host_slot, ftrace_stub);
	register_ftrace_function(&a);
	assert_ptr_equal(host_slot, ftrace_ops_list_func);
	assert_int_equal(host_arch_stats.slot_updates, 1);
	/* What it calls stays: it is not written. */
	register_ftrace_function(&b);
	assert_ptr_equal(host_slot, ftrace_ops_list_func);
	unregister_ftrace_function(&a);
	assert_ptr_equal(host_slot, ftrace_ops_list_func);
	assert_int_equal(host_arch_stats.slot_updates, 1);
	unregister_ftrace_function(&b);
	assert_ptr_equal(host_slot, ftrace_stub);
	assert_int_equal(host_arch_stats.slot_updates, 2);
}

/* A task that was in the trampoline of a site when that was switched off reads payload 0 there. */
static void a_late_call_through_the_slot_is_only_for_who_wants_its_site(void **state)
{
	ftrace_set_filter_ip(&a, host_site(1), 0, 0);
	ftrace_set_filter_ip(&b, host_site(2), 0, 0);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	unregister_ftrace_function(&b);
	nr_calls = 0;
	host_slot(host_site(2), 0x1002, function_trace_op, &(struct ftrace_regs){ 0 });
	assert_int_equal(nr_calls, 0);
	host_slot(host_site(1), 0x1001, function_trace_op, &(struct ftrace_regs){ 0 });
	assert_int_equal(nr_calls, 1);
}

static void a_temporary_ops_has_an_index(void **state)
{
	struct ftrace_ops heap = { .func = note, .private = "h" };

	register_ftrace_function(&heap);
	assert_true(heap.flags & FTRACE_OPS_FL_DYNAMIC);
	assert_int_not_equal(heap.dispatch_index, 0);
	assert_int_equal(host_site_payload(host_site(0)), heap.dispatch_index);
	assert_string_equal(hit(0), "h");
	unregister_ftrace_function(&heap);
	ftrace_free_filter(&heap);
}

/* ---- errors, with nothing changed ---- */

static void expect_refused(struct ftrace_ops *ops, int error)
{
	assert_int_equal(register_ftrace_function(ops), error);
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
	assert_int_equal(ops->flags & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING), 0);
	assert_int_equal(host_arch_stats.make_call, 0);
	host_ftrace_audit();
}

static void flags_of_what_is_not_there_are_refused(void **state)
{
	a.flags = FTRACE_OPS_FL_DELETED;
	expect_refused(&a, -EINVAL);
	a.flags = FTRACE_OPS_FL_DIRECT;
	expect_refused(&a, -EINVAL);
	a.flags = FTRACE_OPS_FL_SUBOP;
	expect_refused(&a, -EINVAL);
	b.func = NULL;
	expect_refused(&b, -EINVAL);
}

static void registering_twice_is_busy_and_warns(void **state)
{
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_int_equal(register_ftrace_function(&a), -EBUSY);
	assert_int_equal(host_warnings, 1);
	assert_string_equal(hit(0), "a");
	host_ftrace_audit();
}

static void unregistering_what_is_not_registered_is_busy(void **state)
{
	assert_int_equal(unregister_ftrace_function(&a), -EBUSY);
	register_ftrace_function(&a);
	assert_int_equal(unregister_ftrace_function(&a), 0);
	assert_int_equal(unregister_ftrace_function(&a), -EBUSY);
	assert_int_equal(host_warnings, 2);
}

static void an_ops_that_is_not_in_the_list_is_minus_one(void **state)
{
	a.flags |= FTRACE_OPS_FL_ENABLED;
	assert_int_equal(unregister_ftrace_function(&a), -1);
}

/* ---- a site that cannot be patched ---- */

static void a_failed_patch_is_reported_and_kills(void **state)
{
	((u32 *)host_site(20))[0] = 0xbad0bad0;
	assert_int_equal(register_ftrace_function(&a), -ENODEV);
	assert_true(ftrace_is_dead());
	assert_non_null(strstr(host_log, "ftrace failed to modify ["));
	assert_non_null(strstr(host_log, "func_0020+0x0/0x30\n actual:   d0:ba:d0:ba:13:00:00:00:"));
	assert_non_null(strstr(host_log, " expected: 13:00:00:00:13:00:00:00:"));
	assert_non_null(strstr(host_log, "Setting ftrace call site to call ftrace function\n"));
	assert_non_null(strstr(host_log, "ftrace record flags: 400001\n (1)   O\n"));
	assert_int_equal(((u32 *)host_site(20))[0], 0xbad0bad0);
	/* The loop stopped there: 20 sites are on, and must not lead to an ops that nobody could unregister. */
	assert_int_equal(host_arch_stats.make_call, 20);
	assert_string_equal(hit(0), "");
	assert_int_equal(a.flags & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING), 0);
	assert_int_equal(ftrace_sites_on, 20);
}

static void a_site_that_cannot_be_switched_off_is_reported(void **state)
{
	register_ftrace_function(&a);
	((u32 *)host_site(3))[1] = 0x12345678;
	assert_int_equal(unregister_ftrace_function(&a), 0);
	assert_true(ftrace_is_dead());
	assert_non_null(strstr(host_log, "Setting ftrace call site to NOP\n"));
	assert_string_equal(hit(10), "");
}

static void a_site_whose_payload_cannot_change_is_reported(void **state)
{
	register_ftrace_function(&a);
	((u32 *)host_site(0))[3] = 0x12345678;
	assert_int_equal(register_ftrace_function(&b), -ENODEV);
	assert_non_null(strstr(host_log, "Updating ftrace call site to call a different ftrace function\n"));
	assert_string_equal(hit(10), "a");
}

static void a_temporary_ops_may_go_after_a_failed_patch(void **state)
{
	struct ftrace_ops *heap = calloc(1, sizeof(*heap));

	heap->func = note;
	host_arch_fail_at(10, -EINVAL);
	assert_int_equal(register_ftrace_function(heap), -ENODEV);
	ftrace_free_filter(heap);
	free(heap);
	assert_string_equal(hit(0), "");
}

/* ---- counts ---- */

static void a_count_that_would_overflow_kills(void **state)
{
	ftrace_exact_rec(host_site(2))->flags = FTRACE_REF_MAX;
	assert_int_equal(register_ftrace_function(&a), -ENODEV);
	assert_true(ftrace_is_dead());
	assert_int_equal(ftrace_rec_count(ftrace_exact_rec(host_site(2))), FTRACE_REF_MAX);
}

static void test_record_says_what_is_to_be_done(void **state)
{
	struct dyn_ftrace rec = { 0, 0 };

	assert_int_equal(ftrace_test_record(&rec, true), FTRACE_UPDATE_IGNORE);
	rec.flags = 1;
	assert_int_equal(ftrace_test_record(&rec, true), FTRACE_UPDATE_MAKE_CALL);
	assert_int_equal(ftrace_test_record(&rec, false), FTRACE_UPDATE_IGNORE);
	rec.flags = FTRACE_FL_ENABLED | 1;
	assert_int_equal(ftrace_test_record(&rec, true), FTRACE_UPDATE_IGNORE);
	assert_int_equal(ftrace_test_record(&rec, false), FTRACE_UPDATE_MAKE_NOP);
	rec.flags = FTRACE_FL_ENABLED | FTRACE_FL_CALL_OPS | 1;
	assert_int_equal(ftrace_test_record(&rec, true), FTRACE_UPDATE_MODIFY_CALL);
	rec.flags = FTRACE_FL_ENABLED | FTRACE_FL_REGS_EN | 1;
	assert_int_equal(ftrace_test_record(&rec, true), FTRACE_UPDATE_MODIFY_CALL);
	rec.flags = FTRACE_FL_ENABLED;
	assert_int_equal(ftrace_test_record(&rec, true), FTRACE_UPDATE_MAKE_NOP);
	rec.flags = FTRACE_FL_DISABLED | 1;
	assert_int_equal(ftrace_test_record(&rec, true), FTRACE_UPDATE_IGNORE);
}

static void no_memory_to_note_changes_patches_them_all_the_same(void **state)
{
	for (int n = 1; n <= 2; n++) {
		for (int i = 0; i < 5; i++)
			ftrace_set_filter_ip(&a, host_site(10 * i), 0, 0);
		host_fail_alloc(n, true);
		assert_int_equal(register_ftrace_function(&a), 0);
		host_ftrace_audit();
		assert_int_equal(unregister_ftrace_function(&a), 0);
		host_fail_alloc(0, false);
		host_ftrace_audit();
	}
}

/* ---- registers ---- */

static void save_regs_uses_the_other_trampoline_and_gets_registers(void **state)
{
	a.flags = FTRACE_OPS_FL_SAVE_REGS;
	ftrace_set_filter_ip(&a, host_site(4), 0, 0);
	register_ftrace_function(&b);
	register_ftrace_function(&a);
	assert_true(host_site_has_regs(host_site(4)));
	assert_false(host_site_has_regs(host_site(5)));
	assert_string_equal(hit(4), "ab");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	assert_false(host_site_has_regs(host_site(4)));
	host_ftrace_audit();
}

static void a_call_that_came_without_registers_is_not_for_save_regs(void **state)
{
	a.flags = FTRACE_OPS_FL_SAVE_REGS;
	register_ftrace_function(&a);
	assert_false(ftrace_ops_test(&a, host_site(1), NULL));
	assert_true(ftrace_ops_test(&a, host_site(1), &a));
}

/* ---- kernel.ftrace_enabled ---- */

static void disabled_turns_all_off_and_enabled_restores(void **state)
{
	ftrace_set_filter_ip(&a, host_site(3), 0, 0);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	assert_int_equal(ftrace_set_enabled(0), 0);
	assert_int_equal(ftrace_get_enabled(), 0);
	host_ftrace_audit();
	assert_int_equal(ftrace_sites_on, 0);
	assert_int_equal(ftrace_set_enabled(5), 0);
	assert_int_equal(ftrace_get_enabled(), 5);
	host_ftrace_audit();
	assert_string_equal(hit(3), "ba");
	assert_int_equal(ftrace_set_enabled(1), 0);
}

static void changes_while_disabled_take_effect_afterwards(void **state)
{
	register_ftrace_function(&a);
	ftrace_set_enabled(0);
	host_arch_clear_stats();
	assert_int_equal(register_ftrace_function(&b), 0);
	assert_int_equal(ftrace_set_filter_ip(&b, host_site(8), 0, 0), 0);
	assert_int_equal(unregister_ftrace_function(&a), 0);
	assert_int_equal(host_arch_stats.batches, 0);
	host_ftrace_audit();
	ftrace_set_enabled(1);
	host_ftrace_audit();
	assert_string_equal(hit(8), "b");
	assert_string_equal(hit(9), "");
	assert_ptr_equal(host_slot, ftrace_ops_list_func);
	/* And with nobody left. */
	ftrace_set_enabled(0);
	unregister_ftrace_function(&b);
	ftrace_set_enabled(1);
	host_ftrace_audit();
}

static void permanent_ops_and_disabling_exclude_each_other(void **state)
{
	a.flags = FTRACE_OPS_FL_PERMANENT;
	ftrace_set_enabled(0);
	assert_int_equal(register_ftrace_function(&a), -EBUSY);
	ftrace_set_enabled(1);
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_int_equal(ftrace_set_enabled(0), -EBUSY);
	assert_int_equal(ftrace_get_enabled(), 1);
	host_ftrace_audit();
}

/* ---- waiting before an ops may go ---- */

static void only_temporary_ops_wait_for_tasks_when_they_go(void **state)
{
	struct ftrace_ops heap = { .func = note, .private = "h" };

	register_ftrace_function(&a);
	unregister_ftrace_function(&a);
	/* But for who walks the list all do. */
	assert_int_not_equal(host_rcu_waits, 0);
	assert_int_equal(host_rcu_tasks_waits, 0);
	register_ftrace_function(&heap);
	unregister_ftrace_function(&heap);
	assert_int_not_equal(host_rcu_tasks_waits, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_filter_every_site_is_on),
		TEST(a_filter_patches_only_its_sites),
		TEST(the_newest_ops_is_called_first),
		TEST(an_address_only_one_ops_wants_is_not_asked_of_the_others),
		TEST(a_shared_site_loses_its_payload_and_gets_it_back),
		TEST(changes_are_visited_in_address_order),
		TEST(disabled_records_are_never_touched),
		TEST(slot_calls_the_list_while_anybody_is_there),
		TEST(a_late_call_through_the_slot_is_only_for_who_wants_its_site),
		TEST(a_temporary_ops_has_an_index),
		TEST(flags_of_what_is_not_there_are_refused),
		TEST(registering_twice_is_busy_and_warns),
		TEST(unregistering_what_is_not_registered_is_busy),
		TEST(an_ops_that_is_not_in_the_list_is_minus_one),
		TEST(a_failed_patch_is_reported_and_kills),
		TEST(a_site_that_cannot_be_switched_off_is_reported),
		TEST(a_site_whose_payload_cannot_change_is_reported),
		TEST(a_temporary_ops_may_go_after_a_failed_patch),
		TEST(a_count_that_would_overflow_kills),
		TEST(test_record_says_what_is_to_be_done),
		TEST(no_memory_to_note_changes_patches_them_all_the_same),
		TEST(save_regs_uses_the_other_trampoline_and_gets_registers),
		TEST(a_call_that_came_without_registers_is_not_for_save_regs),
		TEST(disabled_turns_all_off_and_enabled_restores),
		TEST(changes_while_disabled_take_effect_afterwards),
		TEST(permanent_ops_and_disabling_exclude_each_other),
		TEST(only_temporary_ops_wait_for_tasks_when_they_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
