/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of pids, and that only the tasks on set_ftrace_pid (and none of set_ftrace_notrace_pid) are traced. */
#include "tests/unit/host_file.h"
#include "tests/unit/host_ftrace.h"
#include "trace/trace.h"
#include "trace/trace_pid.h"

#define ONLY "set_ftrace_pid"
#define NEVER "set_ftrace_notrace_pid"

static struct trace_array *const tr = &global_trace;
static int hits, other_hits;

static void count_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	assert_ptr_equal(op->private, tr);
	hits++;
}

static void count_other(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	other_hits++;
}

static struct ftrace_ops limited, other;

static int setup(void **state)
{
	host_ftrace_boot(4, NULL);
	hits = other_hits = 0;
	limited = (struct ftrace_ops){ .func = count_call, .flags = FTRACE_OPS_FL_PID, .private = tr };
	other = (struct ftrace_ops){ .func = count_other };
	ftrace_pid_follow_fork(false);
	return 0;
}

static int teardown(void **state)
{
	if (limited.flags & FTRACE_OPS_FL_ENABLED)
		unregister_ftrace_function(&limited);
	if (other.flags & FTRACE_OPS_FL_ENABLED)
		unregister_ftrace_function(&other);
	echo("", ONLY, O_TRUNC);
	echo("", NEVER, O_TRUNC);
	current->pid = 1;
	host_ftrace_end();
	return 0;
}

static int hits_of(int pid)
{
	hits = 0;
	current->pid = pid;
	host_hit(0);
	return hits;
}

/* ---- the set ---- */

static struct trace_pid_list list;

static int parse(const char *text)
{
	memset(&list, 0, sizeof(list));
	return trace_pid_list_parse(&list, text, strlen(text));
}

static void numbers_are_parsed_as_c_writes_them(void **state)
{
	assert_int_equal(parse("1 0x20\t010\n 0 32767\n"), 5);
	assert_int_equal(trace_pid_list_next(&list, 0), 0);
	assert_int_equal(trace_pid_list_next(&list, 1), 1);
	assert_int_equal(trace_pid_list_next(&list, 2), 8);
	assert_int_equal(trace_pid_list_next(&list, 9), 32);
	assert_int_equal(trace_pid_list_next(&list, 33), 32767);
	assert_int_equal(trace_pid_list_next(&list, 32768), -1);
	assert_int_equal(parse("7 7 7"), 3);
	assert_int_equal(trace_pid_list_next(&list, 8), -1);
	assert_int_equal(parse(""), 0);
	assert_int_equal(parse(" \n\t"), 0);
}

static void what_is_no_pid_is_einval(void **state)
{
	static const char *const bad[] = {
		"x", "-1", "1,2", "1x", "32768", "99999999999999999999999", "2 3 x", "0x",
	};
	char zeros[129];

	/* Up to 127 characters. */
	memset(zeros, '0', sizeof(zeros));
	strcpy(&zeros[126], "1");
	assert_int_equal(parse(zeros), 1);
	strcpy(&zeros[126], "01");
	assert_int_equal(parse(zeros), -EINVAL);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(parse(bad[i]), -EINVAL);
	host_fail_alloc(1, false);
	assert_int_equal(parse("1"), -ENOMEM);
	assert_null(({ host_fail_alloc(1, false); trace_pid_list_alloc(); }));
}

static void sets_grow_and_shrink(void **state)
{
	static struct trace_pid_list more;

	parse("63");
	memset(&more, 0, sizeof(more));
	trace_pid_list_set(&more, 64);
	trace_pid_list_set(&more, 32767);
	trace_pid_list_add(&list, &more);
	assert_true(trace_pid_list_is_set(&list, 63));
	assert_true(trace_pid_list_is_set(&list, 64));
	assert_false(trace_pid_list_is_set(&list, 65));
	trace_pid_list_clear(&list, 64);
	assert_false(trace_pid_list_is_set(&list, 64));
	assert_int_equal(trace_pid_list_next(&list, 64), 32767);
}

/* ---- the files ---- */

static void lists_are_shown_in_order_and_cleared_by_truncating(void **state)
{
	expect_file(ONLY, "no pid\n");
	assert_int_equal(echo("12 3 700\n", ONLY, O_TRUNC), 0);
	expect_file(ONLY, "3\n12\n700\n");
	assert_string_equal(cat(ONLY, 1), "3\n12\n700\n");
	assert_int_equal(echo("0", ONLY, O_APPEND), 0);
	expect_file(ONLY, "0\n3\n12\n700\n");
	expect_file(NEVER, "no pid\n");
	assert_int_equal(echo(" \n", ONLY, O_APPEND), 0);
	expect_file(ONLY, "0\n3\n12\n700\n");
	assert_int_equal(echo("9 x\n", ONLY, O_APPEND), -EINVAL);
	expect_file(ONLY, "0\n3\n12\n700\n");
	assert_int_equal(echo(" \n", ONLY, O_TRUNC), 0);
	expect_file(ONLY, "no pid\n");
}

static void memory_that_runs_out_changes_nothing(void **state)
{
	struct open_file f;

	assert_int_equal(echo("5\n", ONLY, O_TRUNC), 0);
	for (int n = 1; n <= 2; n++) {
		assert_int_equal(file_open(&f, ONLY, O_WRONLY), 0);
		host_fail_alloc(n, false);
		assert_int_equal(file_puts(&f, "6\n"), -ENOMEM);
		assert_int_equal(file_close(&f), 0);
		expect_file(ONLY, "5\n");
	}
}

/* ---- who is traced ---- */

static void only_tasks_on_the_list_are_traced(void **state)
{
	register_ftrace_function(&limited);
	assert_ptr_equal(limited.func, count_call);
	assert_int_equal(hits_of(5), 1);
	echo("5 0\n", ONLY, O_TRUNC);
	assert_ptr_not_equal(limited.func, count_call);
	assert_int_equal(hits_of(5), 1);
	assert_int_equal(hits_of(0), 1);
	assert_int_equal(hits_of(6), 0);
	echo("6\n", ONLY, O_APPEND);
	assert_int_equal(hits_of(6), 1);
	echo("5\n", NEVER, O_TRUNC);
	assert_int_equal(hits_of(5), 0);
	assert_int_equal(hits_of(6), 1);
	echo("\n", ONLY, O_TRUNC);
	assert_int_equal(hits_of(5), 0);
	assert_int_equal(hits_of(7), 1);
	echo("\n", NEVER, O_TRUNC);
	assert_ptr_equal(limited.func, count_call);
	assert_int_equal(hits_of(5), 1);
}

static void an_ops_registered_later_or_with_others_is_limited_too(void **state)
{
	echo("5\n", ONLY, O_TRUNC);
	register_ftrace_function(&limited);
	assert_int_equal(hits_of(6), 0);
	/* Two on the site: through the list function. */
	register_ftrace_function(&other);
	assert_int_equal(hits_of(6), 0);
	assert_int_equal(hits_of(5), 1);
	assert_int_equal(other_hits, 2);
	unregister_ftrace_function(&limited);
	assert_ptr_equal(limited.func, count_call);
	echo("\n", ONLY, O_TRUNC);
	register_ftrace_function(&limited);
	assert_int_equal(hits_of(6), 1);
}

static void ops_without_the_flag_or_an_array_are_never_limited(void **state)
{
	echo("5\n", ONLY, O_TRUNC);
	register_ftrace_function(&other);
	hits_of(6);
	assert_int_equal(other_hits, 1);
	unregister_ftrace_function(&other);
	other.flags |= FTRACE_OPS_FL_PID;
	register_ftrace_function(&other);
	hits_of(6);
	assert_int_equal(other_hits, 2);
}

static void another_callback_is_limited_as_the_first(void **state)
{
	register_ftrace_function(&limited);
	ftrace_ops_set_func(&limited, count_other);
	hits_of(5);
	assert_int_equal(other_hits, 1);
	echo("5\n", ONLY, O_TRUNC);
	ftrace_ops_set_func(&limited, count_call);
	assert_int_equal(hits_of(5), 1);
	assert_int_equal(hits_of(6), 0);
	echo("\n", ONLY, O_TRUNC);
	assert_ptr_equal(limited.func, count_call);
	assert_int_equal(hits_of(6), 1);
	assert_int_equal(other_hits, 1);
}

/* ---- children ---- */

/* A callback that looks at it may run with preemption on. */
static void a_list_goes_when_every_task_has_left_it(void **state)
{
	echo("1", ONLY, O_TRUNC);
	host_rcu_tasks_waits = 0;
	echo("", ONLY, O_TRUNC);
	assert_int_not_equal(host_rcu_tasks_waits, 0);
}

static void children_follow_when_asked_to(void **state)
{
	struct task_struct parent = { .pid = 5 }, child = { .pid = 6 }, stranger = { .pid = 8 };
	char on[] = "function-fork", off[] = "nofunction-fork";

	echo("5\n", ONLY, O_TRUNC);
	echo("7\n", NEVER, O_TRUNC);
	assert_null(trace_sched_process_fork_hook);
	assert_int_equal(trace_set_options(tr, on), 0);
	trace_sched_process_fork_hook(&parent, &child);
	trace_sched_process_fork_hook(&stranger, &child);
	expect_file(ONLY, "5\n6\n");
	expect_file(NEVER, "7\n");
	parent.pid = 7;
	trace_sched_process_fork_hook(&parent, &stranger);
	expect_file(NEVER, "7\n8\n");
	trace_sched_process_exit_hook(&child);
	expect_file(ONLY, "5\n");
	trace_sched_process_exit_hook(&stranger);
	trace_sched_process_exit_hook(&parent);
	/* An empty list is a list: nobody is left out. */
	expect_file(NEVER, "");
	echo("\n", ONLY, O_TRUNC);
	trace_sched_process_fork_hook(&parent, &child);
	expect_file(ONLY, "no pid\n");
	assert_int_equal(trace_set_options(tr, off), 0);
	assert_null(trace_sched_process_fork_hook);
	assert_null(trace_sched_process_exit_hook);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_are_parsed_as_c_writes_them),
		TEST(what_is_no_pid_is_einval),
		TEST(sets_grow_and_shrink),
		TEST(lists_are_shown_in_order_and_cleared_by_truncating),
		TEST(memory_that_runs_out_changes_nothing),
		TEST(only_tasks_on_the_list_are_traced),
		TEST(an_ops_registered_later_or_with_others_is_limited_too),
		TEST(ops_without_the_flag_or_an_array_are_never_limited),
		TEST(another_callback_is_limited_as_the_first),
		TEST(a_list_goes_when_every_task_has_left_it),
		TEST(children_follow_when_asked_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
