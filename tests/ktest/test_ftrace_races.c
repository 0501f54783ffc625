/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ftrace_races.c - ops that change while another CPU is on its way through the list of ops.
 *
 * A task on another CPU calls a function and is held in the callback of `holder`; meanwhile the test changes the list, and then lets it go on from there.  What has to wait until nobody
 * stands there any more would wait for ever: so the task goes on after a while in any case.
 */
#include "kernel/kthread.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/time/time.h"
#include "kernel/workload/counted.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"

#define SITE ftrace_location((unsigned long)counted_function)
#define OTHER ftrace_location((unsigned long)counted[0].fn)
#define HOLD_NSEC (100 * NSEC_PER_MSEC)

#define SKIP_IF_ALONE()                                                \
	do {                                                           \
		if (!ftrace_enabled)                                   \
			KTEST_SKIP("kernel.ftrace_enabled is 0");      \
		if (num_online_cpus() == 1)                            \
			KTEST_SKIP("one CPU only");                    \
	} while (0)

static struct ftrace_ops holder, second, third;
static struct task_struct *held_task;
static bool held, let_go;
static unsigned long calls, strays;

static void hold(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	u64 end = sched_clock() + HOLD_NSEC;

	WRITE_ONCE(held, true);
	while (!READ_ONCE(let_go) && sched_clock() < end)
		cpu_relax();
}

static void count(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	if (ip == SITE)
		calls++;
}

/* Of an ops that wants OTHER. */
static void count_strays(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	strays += ip != OTHER;
}

static void add_ops(struct ftrace_ops *ops, ftrace_func_t func, unsigned long ip)
{
	*ops = (struct ftrace_ops){ .func = func };
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(ops, ip, 0, 0), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(ops), 0);
}

static int call_once(void *unused)
{
	counted_function();
	return 0;
}

/* Returns when a task is held in the callback of `holder`. */
static void hold_a_task(void)
{
	int cpu, other = -1;

	set_cpus_allowed(current, BIT(smp_processor_id()));
	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			other = cpu;
	held = let_go = false;
	calls = strays = 0;
	held_task = kthread_create(call_once, NULL, "held");
	KTEST_EXPECT(!IS_ERR(held_task));
	get_task_struct(held_task);
	kthread_bind(held_task, other);
	wake_up_process(held_task);
	while (!READ_ONCE(held))
		yield();
}

static void let_it_go_on(void)
{
	WRITE_ONCE(let_go, true);
	while (READ_ONCE(held_task->exit_state) == EXIT_ALIVE)
		msleep(1);
	put_task_struct(held_task);
}

KTEST(ftrace_an_ops_registered_again_does_not_lead_back_who_stands_there)
{
	SKIP_IF_ALONE();
	add_ops(&holder, hold, SITE);
	add_ops(&second, count, SITE);
	hold_a_task();
	unregister_ftrace_function(&holder);
	KTEST_EXPECT_EQ(register_ftrace_function(&holder), 0);
	let_it_go_on();
	unregister_ftrace_function(&second);
	unregister_ftrace_function(&holder);
	KTEST_EXPECT_EQ(calls, 1);
	ftrace_free_filter(&holder);
	ftrace_free_filter(&second);
}

KTEST(ftrace_an_ops_that_becomes_subops_does_not_lead_who_stands_there_out_of_the_list)
{
	static struct ftrace_ops manager = { .func = ftrace_subops_func };

	SKIP_IF_ALONE();
	add_ops(&third, count, SITE);
	add_ops(&holder, hold, SITE);
	hold_a_task();
	unregister_ftrace_function(&holder);
	KTEST_EXPECT_EQ(ftrace_startup_subops(&manager, &holder), 0);
	let_it_go_on();
	KTEST_EXPECT_EQ(ftrace_shutdown_subops(&manager, &holder), 0);
	unregister_ftrace_function(&third);
	KTEST_EXPECT_EQ(calls, 1);
	ftrace_free_filter(&manager);
	ftrace_free_filter(&holder);
	ftrace_free_filter(&third);
}

/* Nor is an ops without a set, which would mean all functions, found by who stands on one that came before it. */
KTEST(ftrace_an_ops_whose_filter_is_freed_is_not_called_for_what_it_never_wanted)
{
	SKIP_IF_ALONE();
	add_ops(&third, count, SITE);
	add_ops(&second, count_strays, OTHER);
	add_ops(&holder, hold, SITE);
	hold_a_task();
	unregister_ftrace_function(&holder);
	unregister_ftrace_function(&second);
	ftrace_free_filter(&second);
	let_it_go_on();
	unregister_ftrace_function(&third);
	KTEST_EXPECT_EQ(calls, 1);
	KTEST_EXPECT_EQ(strays, 0);
	ftrace_free_filter(&holder);
	ftrace_free_filter(&third);
}
