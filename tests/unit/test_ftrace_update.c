/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In which order a switch is done, step by step: the slot, the sites, the wait, the slot; and with
 * ftrace_patch=stop_machine, that all of it but the wait is done while everybody else stands still.
 */
#include "tests/unit/host_ftrace.h"

#define NR 16

static char steps[256];
static const struct ftrace_ops *op_when_waiting, *op_when_last;

/* Runs of sites that change alike count as one. */
static void note_step(const char *what)
{
	static const char *last = "";

	if (*steps && !strcmp(last, what))
		return;
	last = what;
	if (*steps)
		strcat(steps, " ");
	strcat(steps, what);
	if (!strcmp(what, "wait"))
		op_when_waiting = function_trace_op;
	if (!strcmp(what, "slot:callback"))
		op_when_last = function_trace_op;
}

static char calls[16];

static void note_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	strcat(calls, op->private);
}

static struct ftrace_ops a, b;

static void boot(bool stopped)
{
	ftrace_patch_stopped = false;	/* init_nop is done before */
	host_ftrace_boot(NR, NULL);
	ftrace_patch_stopped = stopped;
	a = (struct ftrace_ops){ .func = note_call, .private = "a" };
	b = (struct ftrace_ops){ .func = note_call, .private = "b" };
	host_event_hook = note_step;
}

static int setup_word(void **state)
{
	boot(false);
	return 0;
}

static int setup_stopped(void **state)
{
	boot(true);
	return 0;
}

static int teardown(void **state)
{
	host_event_hook = NULL;
	ftrace_patch_stopped = false;
	host_ftrace_end_with(&a, &b);
	return 0;
}

/* The steps since the last call. */
static const char *took(void)
{
	static char last[sizeof(steps)];

	strcpy(last, steps);
	steps[0] = '\0';
	return last;
}

static const char *hit(int i)
{
	calls[0] = '\0';
	host_hit(i);
	return calls;
}

/* ---- one word ---- */

static void the_slot_changes_before_the_first_site_and_after_the_last(void **state)
{
	took();
	register_ftrace_function(&a);
	assert_string_equal(took(), "slot:list sync on");
	unregister_ftrace_function(&a);
	assert_string_equal(took(), "sync off slot:stub");
	host_ftrace_audit();
}

static void the_slot_never_calls_a_callback_where_sites_carry_indexes(void **state)
{
	register_ftrace_function(&a);
	took();
	register_ftrace_function(&b);
	assert_string_equal(took(), "modify");
	unregister_ftrace_function(&b);
	assert_string_equal(took(), "modify");
	assert_ptr_equal(host_slot, ftrace_ops_list_func);
	assert_ptr_equal(function_trace_op, &ftrace_list_end);
	host_ftrace_audit();
}

/* ---- ftrace_patch=stop_machine ---- */

static void the_only_ops_is_called_by_the_slot_after_a_wait(void **state)
{
	took();
	register_ftrace_function(&a);
	assert_string_equal(took(), "stop slot:list on go wait stop slot:callback go");
	assert_ptr_equal(op_when_waiting, &a);
	assert_ptr_equal(op_when_last, &a);
	assert_int_equal(host_site_payload(host_site(0)), 0);
	assert_ptr_equal(host_slot, note_call);
	assert_string_equal(hit(3), "a");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	assert_string_equal(took(), "stop slot:list off slot:stub go");
	assert_string_equal(hit(3), "");
	host_ftrace_audit();
}

static void a_second_ops_makes_the_slot_ask_all_and_a_first_alone_again(void **state)
{
	ftrace_set_filter_ip(&b, host_site(5), 0, 0);
	register_ftrace_function(&a);
	took();
	register_ftrace_function(&b);
	/* The site is on for both already: nothing of it changes. */
	assert_string_equal(took(), "stop slot:list go");
	assert_ptr_equal(function_trace_op, &ftrace_list_end);
	assert_string_equal(hit(5), "ba");
	assert_string_equal(hit(4), "a");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
	assert_string_equal(took(), "stop off go wait stop slot:callback go");
	assert_ptr_equal(op_when_last, &b);
	assert_string_equal(hit(5), "b");
	assert_string_equal(hit(4), "");
	host_ftrace_audit();
	unregister_ftrace_function(&b);
}

static void a_guarded_callback_is_called_through_its_guard(void **state)
{
	a.flags = FTRACE_OPS_FL_RECURSION;
	register_ftrace_function(&a);
	assert_ptr_not_equal(host_slot, note_call);
	assert_ptr_not_equal(host_slot, ftrace_ops_list_func);
	assert_string_equal(hit(1), "a");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
}

static void an_ops_that_may_be_freed_is_called_through_the_list(void **state)
{
	struct ftrace_ops *heap = kzalloc(sizeof(*heap), GFP_KERNEL);

	*heap = (struct ftrace_ops){ .func = note_call, .private = "h" };
	took();
	register_ftrace_function(heap);
	assert_string_equal(took(), "stop slot:list on go");
	assert_string_equal(hit(1), "h");
	host_ftrace_audit();
	unregister_ftrace_function(heap);
	ftrace_free_filter(heap);
	kfree(heap);
}

static void an_rcu_ops_is_called_through_the_list(void **state)
{
	a.flags = FTRACE_OPS_FL_RCU;
	register_ftrace_function(&a);
	assert_ptr_equal(host_slot, ftrace_ops_list_func);
	unregister_ftrace_function(&a);
}

static void a_changed_filter_leaves_the_slot(void **state)
{
	register_ftrace_function(&a);
	took();
	ftrace_set_filter_ip(&a, host_site(2), 0, 0);
	assert_string_equal(took(), "stop off go");
	assert_ptr_equal(host_slot, note_call);
	assert_string_equal(hit(2), "a");
	assert_string_equal(hit(3), "");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
}

static void note_other(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	strcat(calls, "other");
}

static void another_callback_comes_into_the_slot_by_way_of_the_list(void **state)
{
	register_ftrace_function(&a);
	took();
	ftrace_ops_set_func(&a, note_other);
	assert_string_equal(took(), "stop slot:list go wait stop slot:callback go");
	assert_string_equal(hit(1), "other");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
}

static void a_failed_site_leaves_the_slot_with_the_list(void **state)
{
	took();
	host_arch_fail_at(3, -EPERM);
	assert_int_equal(register_ftrace_function(&a), -ENODEV);
	assert_string_equal(took(), "stop slot:list on go");
	assert_ptr_equal(host_slot, ftrace_ops_list_func);
	assert_string_equal(hit(0), "");
}

static void ftrace_enabled_switches_off_and_on_again(void **state)
{
	register_ftrace_function(&a);
	took();
	assert_int_equal(ftrace_set_enabled(0), 0);
	assert_string_equal(took(), "stop off go");
	assert_string_equal(hit(1), "");
	assert_int_equal(ftrace_set_enabled(1), 0);
	assert_string_equal(took(), "stop slot:list on go wait stop slot:callback go");
	assert_string_equal(hit(1), "a");
	host_ftrace_audit();
	unregister_ftrace_function(&a);
}

/* ---- the option ---- */

static int give_option(const char *value)
{
	const struct kernel_param *const *p;
	char copy[32];

	strscpy(copy, value ? value : "", sizeof(copy));
	registry_for_each(params, p)
		if (!strcmp((*p)->str, "ftrace_patch"))
			return (*p)->setup_func(value ? copy : NULL);
	return 1;
}

static void the_option_takes_two_words_and_nothing_else(void **state)
{
	assert_int_equal(give_option("stop_machine"), 0);
	assert_true(ftrace_patch_stopped);
	assert_int_equal(give_option("nonsense"), -EINVAL);
	assert_int_equal(give_option(""), -EINVAL);
	assert_int_equal(give_option(NULL), -EINVAL);
	assert_true(ftrace_patch_stopped);
	assert_int_equal(give_option("word"), 0);
	assert_false(ftrace_patch_stopped);
}

#define WORD(test) cmocka_unit_test_setup_teardown(test, setup_word, teardown)
#define STOPPED(test) cmocka_unit_test_setup_teardown(test, setup_stopped, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORD(the_slot_changes_before_the_first_site_and_after_the_last),
		WORD(the_slot_never_calls_a_callback_where_sites_carry_indexes),
		STOPPED(the_only_ops_is_called_by_the_slot_after_a_wait),
		STOPPED(a_second_ops_makes_the_slot_ask_all_and_a_first_alone_again),
		STOPPED(a_guarded_callback_is_called_through_its_guard),
		STOPPED(an_ops_that_may_be_freed_is_called_through_the_list),
		STOPPED(an_rcu_ops_is_called_through_the_list),
		STOPPED(a_changed_filter_leaves_the_slot),
		STOPPED(another_callback_comes_into_the_slot_by_way_of_the_list),
		STOPPED(a_failed_site_leaves_the_slot_with_the_list),
		STOPPED(ftrace_enabled_switches_off_and_on_again),
		WORD(the_option_takes_two_words_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
