/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a site cannot be changed: every kind of change, with every error, says all there is to know and leaves ftrace
 * dead; and what dead means to everybody.
 */
#include "tests/unit/host_ftrace.h"
#include "trace/ftrace_audit.h"
#include <stdlib.h>

#define NR 16

static int hits;

static void count_hit(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	hits++;
}

static struct ftrace_ops a, b;

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	a = (struct ftrace_ops){ .func = count_hit };
	b = (struct ftrace_ops){ .func = count_hit };
	hits = 0;
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a, &b);
	return 0;
}

/* ---- the report ---- */

static const struct {
	int error;
	const char *words;
} errors[] = {
	{ -EFAULT, "ftrace faulted on modifying [<" },
	{ -EINVAL, "ftrace failed to modify [<" },
	{ -EPERM, "ftrace faulted on writing [<" },
};

/* Each makes the change of site 4 fail in its own way.  Before the first sites come on, the slot is changed. */
static void fail_call(int error)
{
	host_arch_fail_at(6, error);
	assert_int_equal(register_ftrace_function(&a), -ENODEV);
}

static void fail_nop(int error)
{
	register_ftrace_function(&a);
	host_arch_fail_at(5, error);
	assert_int_equal(unregister_ftrace_function(&a), 0);
}

static void fail_update(int error)
{
	register_ftrace_function(&a);
	host_arch_fail_at(5, error);
	assert_int_equal(register_ftrace_function(&b), -ENODEV);
}

static void fail_init(int error)
{
	host_ftrace_prepare(NR, NULL);
	host_arch_fail_at(5, error);
	ftrace_init();
}

static const struct {
	void (*break_it)(int error);
	const char *doing, *actual, *expected, *record;
} kinds[] = {
	{ fail_call, "Setting ftrace call site to call ftrace function\n",
	  " actual:   13:00:00:00:13:00:00:00:13:00:00:00:13:00:00:00\n",
	  " expected: 13:00:00:00:13:00:00:00:13:00:00:00:13:00:00:00\n", "ftrace record flags: 400001\n (1)   O\n" },
	{ fail_nop, "Setting ftrace call site to NOP\n",
	  " actual:   00:00:11:ca:01:00:00:7a:01:00:50:d1:13:00:00:00\n",
	  " expected: 00:00:11:ca:01:00:00:7a:", "ftrace record flags: 80300000\n (0)    \n" },
	{ fail_update, "Updating ftrace call site to call a different ftrace function\n",
	  " actual:   00:00:11:ca:01:00:00:7a:01:00:50:d1:13:00:00:00\n",
	  " expected: 00:00:11:ca:01:00:00:7a:", "ftrace record flags: 80300002\n (2)    \n" },
	{ fail_init, "Initializing ftrace call sites\n", NULL, " expected: 13:00:00:00:13:00:00:00:",
	  "ftrace record flags: 0\n (0)    \n" },
};

static void expect_report(const char *text, bool wanted)
{
	if (text && wanted != !!strstr(host_log, text))
		fail_msg("%s\"%s\" in\n%s", wanted ? "no " : "", text, host_log);
}

static void every_kind_of_change_with_every_error_is_reported(void **state)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (size_t e = 0; e < ARRAY_SIZE(errors); e++) {
			bool read = errors[e].error == -EINVAL;
			char where[80];

			teardown(NULL);
			setup(NULL);
			kinds[k].break_it(errors[e].error);
			assert_true(ftrace_is_dead());
			assert_int_equal(host_warnings, 1);
			snprintf(where, sizeof(where), "%s%px>] func_0004+0x0/0x30\n", errors[e].words,
				 (void *)host_site(4));
			expect_report("------------[ ftrace bug ]------------\n", true);
			expect_report(where, true);
			expect_report(kinds[k].doing, true);
			expect_report(kinds[k].record, true);
			/* What was there is known only if it could be read and was not what it should be. */
			expect_report(kinds[k].actual, read);
			expect_report(kinds[k].expected, read);
		}
	}
}

static void the_report_names_who_wants_the_site(void **state)
{
	char text[200];

	ftrace_set_filter_ip(&a, host_site(4), 0, 0);
	register_ftrace_function(&a);
	host_arch_fail_at(5, -EPERM);
	register_ftrace_function(&b);
	snprintf(text, sizeof(text), " ops: %pS (%pS) flags: 141 index: 2\n ops: %pS (%pS) flags: 41 index: 1\n", &b,
		 count_hit, &a, count_hit);
	expect_report(text, true);
}

/* Not a site: the slot in the trampolines. */
static void a_slot_that_cannot_be_changed_is_reported_as_what_it_is(void **state)
{
	for (size_t e = 0; e < ARRAY_SIZE(errors); e++) {
		char where[80];

		teardown(NULL);
		setup(NULL);
		host_arch_fail_at(1, errors[e].error);
		assert_int_equal(register_ftrace_function(&a), -ENODEV);
		assert_true(ftrace_is_dead());
		assert_int_equal(host_warnings, 1);
		snprintf(where, sizeof(where), "%s%px>] ", errors[e].words, (void *)FTRACE_ADDR);
		expect_report(where, true);
		expect_report("ftrace call site", false);
		expect_report("ftrace record flags", false);
		expect_report(" calls what it should: ", errors[e].error == -EINVAL);
		assert_int_equal(ftrace_sites_on, 0);
	}
}

static void a_slot_that_calls_somebody_else_is_shown(void **state)
{
	host_slot = count_hit;
	host_arch_fail_at(1, -EINVAL);
	register_ftrace_function(&a);
	expect_report(" actual:   ", true);
	expect_report(" calls what it should", false);
}

static void an_unknown_error_is_a_bug_too(void **state)
{
	fail_call(-EIO);
	expect_report("ftrace faulted on unknown error [<", true);
	assert_true(ftrace_is_dead());
}

/* ---- dead ---- */

static const char *audit_text(void)
{
	static char text[256];
	struct ftrace_audit audit;
	bool consistent = ftrace_audit(&audit);

	ftrace_audit_text(&audit, consistent, text, sizeof(text));
	return text;
}

static void nothing_can_be_changed_any_more(void **state)
{
	unsigned long ips[] = { host_site(1), host_site(2) };
	unsigned char pattern[] = "func_0003";

	register_ftrace_function(&a);
	ftrace_kill();
	assert_true(ftrace_is_dead());
	host_arch_clear_stats();
	assert_int_equal(register_ftrace_function(&b), -ENODEV);
	assert_int_equal(ftrace_set_filter_ip(&a, host_site(1), 0, 0), -ENODEV);
	assert_int_equal(ftrace_set_filter_ips(&a, ips, 2, 0, 0), -ENODEV);
	assert_int_equal(host_set_filter(&a, "func*", 0), -ENODEV);
	assert_int_equal(host_set_notrace(&a, "func*", 0), -ENODEV);
	ftrace_set_global_filter(pattern, sizeof(pattern) - 1, 1);
	ftrace_set_global_notrace(pattern, sizeof(pattern) - 1, 1);
	assert_true(ftrace_hash_empty(global_ops.func_hash->filter_hash));
	assert_true(ftrace_hash_empty(global_ops.func_hash->notrace_hash));
	assert_int_equal(ftrace_set_enabled(0), -ENODEV);
	assert_int_equal(ftrace_set_enabled(1), -ENODEV);
	assert_int_equal(ftrace_get_enabled(), 0);
	assert_int_equal(unregister_ftrace_function(&b), -ENODEV);
	assert_int_equal(host_arch_stats.batches, 0);
	assert_string_equal(audit_text(), "16 sites, 16 on, consistent, but ftrace is dead");
	/* What can be asked can still be asked. */
	assert_int_equal(ftrace_location(host_site(1)), host_site(1));
}

static void callbacks_go_on_until_they_are_unregistered(void **state)
{
	ftrace_set_filter_ip(&a, host_site(1), 0, 0);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	ftrace_kill();
	host_hit(1);
	assert_int_equal(hits, 2);
	/* By the list, and by its index. */
	assert_int_equal(unregister_ftrace_function(&a), -ENODEV);
	host_hit(1);
	assert_int_equal(hits, 3);
	host_hit(2);
	assert_int_equal(hits, 4);
	assert_int_equal(unregister_ftrace_function(&b), -ENODEV);
	host_hit(1);
	host_hit(2);
	assert_int_equal(hits, 4);
	assert_int_equal(unregister_ftrace_function(&b), -ENODEV);
	assert_int_equal(host_warnings, 0);
	ftrace_free_filter(&a);
	assert_int_equal(host_warnings, 0);
}

static void a_temporary_ops_may_go(void **state)
{
	struct ftrace_ops *heap = calloc(1, sizeof(*heap));

	heap->func = count_hit;
	ftrace_set_filter_ip(heap, host_site(3), 0, 0);
	register_ftrace_function(heap);
	ftrace_kill();
	host_rcu_waits = 0;
	assert_int_equal(unregister_ftrace_function(heap), -ENODEV);
	assert_in_range(host_rcu_waits, 1, 10);
	ftrace_free_filter(heap);
	free(heap);
	assert_true(host_site_is_on(host_site(3)));
	host_hit(3);
	assert_int_equal(hits, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_kind_of_change_with_every_error_is_reported),
		TEST(the_report_names_who_wants_the_site),
		TEST(a_slot_that_cannot_be_changed_is_reported_as_what_it_is),
		TEST(a_slot_that_calls_somebody_else_is_shown),
		TEST(an_unknown_error_is_a_bug_too),
		TEST(nothing_can_be_changed_any_more),
		TEST(callbacks_go_on_until_they_are_unregistered),
		TEST(a_temporary_ops_may_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
