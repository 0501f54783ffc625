/* SPDX-License-Identifier: BSD-2-Clause */
/* test_rcu.c - grace periods, per-CPU data, cross-calls, stop_machine. */
#include "kernel/percpu.h"
#include "kernel/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/stop_machine.h"
#include "kernel/time/time.h"
#include "lib/errno.h"
#include "tests/ktest/ktest.h"
#include <asm/processor.h>

struct rcu_log {
	struct rcu_head head;
	int calls, sequence;
	bool in_softirq;
};

static int rcu_sequence;

static void log_callback(struct rcu_head *head)
{
	struct rcu_log *log = container_of(head, struct rcu_log, head);

	log->calls++;
	log->sequence = rcu_sequence++;
	log->in_softirq = in_serving_softirq();
}

KTEST(rcu_callback_runs_once_in_softirq)
{
	struct rcu_log log = { .calls = 0 };

	call_rcu(&log.head, log_callback);
	rcu_barrier();
	KTEST_EXPECT_EQ(log.calls, 1);
	KTEST_EXPECT(log.in_softirq);
}

KTEST(rcu_callback_waits_for_the_reader)
{
	struct rcu_log log = { .calls = 0 };
	unsigned long start;
	int calls_inside;

	rcu_read_lock();
	call_rcu(&log.head, log_callback);
	start = jiffies;
	while (jiffies - start < 6) /* ticks come, but find the CPU inside a reader */
		cpu_relax();
	calls_inside = READ_ONCE(log.calls);
	rcu_read_unlock();
	rcu_barrier();
	KTEST_EXPECT_EQ(calls_inside, 0);
	KTEST_EXPECT_EQ(log.calls, 1);
}

KTEST(rcu_callbacks_run_in_order)
{
	struct rcu_log log[3] = { { .calls = 0 } };
	int i;

	for (i = 0; i < 3; i++)
		call_rcu(&log[i].head, log_callback);
	rcu_barrier();
	for (i = 0; i < 3; i++)
		KTEST_EXPECT_EQ(log[i].calls, 1);
	KTEST_EXPECT_EQ(log[1].sequence, log[0].sequence + 1);
	KTEST_EXPECT_EQ(log[2].sequence, log[1].sequence + 1);
}

KTEST(rcu_synchronize_returns)
{
	synchronize_rcu();
	KTEST_EXPECT_EQ(preempt_count(), 0);
}

static int compute_until(void *stop)
{
	while (!READ_ONCE(*(bool *)stop))
		cpu_relax();
	return 0;
}

static int wait_for_tasks(void *done)
{
	synchronize_rcu_tasks();
	WRITE_ONCE(*(bool *)done, true);
	return 0;
}

KTEST(rcu_tasks_waits_for_a_preempted_task)
{
	bool stop = false, done = false, done_early;
	pid_t hog = kernel_clone(compute_until, &stop, "hog", 0);
	pid_t waiter = kernel_clone(wait_for_tasks, &done, "waiter", 0);

	msleep(60);
	done_early = READ_ONCE(done);
	WRITE_ONCE(stop, true);
	kernel_wait4(hog, NULL, 0);
	kernel_wait4(waiter, NULL, 0);
	KTEST_EXPECT(!done_early);
	KTEST_EXPECT(done);
}

static int resched_until(void *stop)
{
	while (!READ_ONCE(*(bool *)stop))
		cond_resched();
	return 0;
}

KTEST(rcu_tasks_takes_cond_resched_as_quiescent)
{
	bool stop = false;
	pid_t pid = kernel_clone(resched_until, &stop, "polite", 0);

	synchronize_rcu_tasks();
	WRITE_ONCE(stop, true);
	KTEST_EXPECT_EQ(kernel_wait4(pid, NULL, 0), pid);
}

static DEFINE_PER_CPU(int, test_counter) = 5;

KTEST(percpu_variables_are_reached_three_ways)
{
	int cpu = get_cpu();

	this_cpu_write(test_counter, 5);
	this_cpu_inc(test_counter);
	this_cpu_add(test_counter, 2);
	put_cpu();
	KTEST_EXPECT_EQ(this_cpu_read(test_counter), 8);
	KTEST_EXPECT_EQ(per_cpu(test_counter, cpu), 8);
	KTEST_EXPECT_EQ(*per_cpu_ptr(&test_counter, cpu), 8);
	KTEST_EXPECT_EQ(current->percpu_offset, __per_cpu_offset[cpu]);
}

struct cross_call {
	int calls, cpu;
	bool irqs_off;
};

static void note_call(void *info)
{
	struct cross_call *call = info;

	call->calls++;
	call->cpu = smp_processor_id();
	call->irqs_off = irqs_disabled();
}

KTEST(smp_call_function_runs_with_interrupts_off)
{
	struct cross_call call = { 0 };

	KTEST_EXPECT_EQ(smp_call_function_single(smp_processor_id(), note_call, &call, 1), 0);
	KTEST_EXPECT_EQ(call.calls, 1);
	KTEST_EXPECT_EQ(call.cpu, smp_processor_id());
	KTEST_EXPECT(call.irqs_off);
	KTEST_EXPECT(!irqs_disabled());
}

KTEST(smp_call_function_refuses_a_cpu_that_is_not_online)
{
	struct cross_call call = { 0 };

	KTEST_EXPECT_EQ(smp_call_function_single(NR_CPUS, note_call, &call, 1), -ENXIO);
	KTEST_EXPECT_EQ(smp_call_function_single(-1, note_call, &call, 1), -ENXIO);
	if (!cpu_online(NR_CPUS - 1))
		KTEST_EXPECT_EQ(smp_call_function_single(NR_CPUS - 1, note_call, &call, 1), -ENXIO);
	KTEST_EXPECT_EQ(call.calls, 0);
}

KTEST(smp_online_cpus_are_counted)
{
	int cpu;
	unsigned int n = 0;

	for_each_online_cpu(cpu)
		n++;
	KTEST_EXPECT_EQ(n, num_online_cpus());
	KTEST_EXPECT(cpu_online(0));
	KTEST_EXPECT(num_online_cpus() <= num_possible_cpus());
}

static int stopped_fn(void *arg)
{
	*(bool *)arg = irqs_disabled();
	return 11;
}

KTEST(stop_machine_runs_with_interrupts_off_and_returns_the_result)
{
	bool irqs_off = false;

	KTEST_EXPECT_EQ(stop_machine(stopped_fn, &irqs_off), 11);
	KTEST_EXPECT(irqs_off);
	KTEST_EXPECT(!irqs_disabled());
}
