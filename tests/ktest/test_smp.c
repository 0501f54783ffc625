/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_smp.c - several CPUs: what runs where, and messages between them.
 *
 * Run on a machine with several CPUs; with one, most are skipped.
 */
#include "kernel/completion.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/mm/vmalloc.h"
#include "kernel/percpu.h"
#include "kernel/printk.h"
#include "kernel/rcu.h"
#include "kernel/smp.h"
#include "kernel/stop_machine.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "kernel/workload/textfile.h"
#include "lib/errno.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace.h"
#include <asm/processor.h>

#define SKIP_IF_ALONE()                            \
	do {                                       \
		if (num_online_cpus() == 1)        \
			KTEST_SKIP("one CPU only"); \
	} while (0)

static int another_cpu(void)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			return cpu;
	return -1;
}

/* ---- per-CPU data ---- */

static DEFINE_PER_CPU(int, initialised) = 4711;

KTEST(percpu_copies_start_with_the_value_they_were_defined_with)
{
	int cpu;

	for_each_possible_cpu(cpu)
		KTEST_EXPECT_EQ(per_cpu(initialised, cpu), 4711);
}

/* ---- function calls ---- */

struct call_log {
	atomic_t calls[NR_CPUS];
	atomic_t irqs_on, in_task;
};

static void log_call(void *info)
{
	struct call_log *log = info;

	atomic_inc(&log->calls[smp_processor_id()]);
	atomic_add(!irqs_disabled(), &log->irqs_on);
	atomic_add(!in_hardirq(), &log->in_task);
}

KTEST(smp_call_function_runs_once_on_every_other_cpu_in_its_interrupt)
{
	static struct call_log log;
	int cpu, me;

	SKIP_IF_ALONE();
	memset(&log, 0, sizeof(log));
	me = get_cpu();
	smp_call_function(log_call, &log, true);
	put_cpu();
	for_each_online_cpu(cpu)
		KTEST_EXPECT_EQ(atomic_read(&log.calls[cpu]), cpu != me);
	KTEST_EXPECT_EQ(atomic_read(&log.irqs_on), 0);
	KTEST_EXPECT_EQ(atomic_read(&log.in_task), 0);
}

KTEST(smp_on_each_cpu_runs_here_too)
{
	static struct call_log log;
	int cpu;

	memset(&log, 0, sizeof(log));
	on_each_cpu(log_call, &log, true);
	for_each_online_cpu(cpu)
		KTEST_EXPECT_EQ(atomic_read(&log.calls[cpu]), 1);
	KTEST_EXPECT_EQ(atomic_read(&log.irqs_on), 0);
}

KTEST(smp_calls_that_nobody_waits_for_all_happen_in_order)
{
	static struct call_log log;
	int cpu, i;

	SKIP_IF_ALONE();
	memset(&log, 0, sizeof(log));
	set_cpus_allowed(current, BIT(smp_processor_id()));
	cpu = another_cpu();
	for (i = 0; i < 100; i++)
		KTEST_EXPECT_EQ(smp_call_function_single(cpu, log_call, &log, false), 0);
	/* The next one is sent only when the last one has begun. */
	KTEST_EXPECT(atomic_read(&log.calls[cpu]) >= 98);
	KTEST_EXPECT_EQ(smp_call_function_single(cpu, log_call, &log, true), 0);
	KTEST_EXPECT_EQ(atomic_read(&log.calls[cpu]), 101);
}

static int call_all_often(void *log)
{
	for (int i = 0; i < 200; i++)
		smp_call_function(log_call, log, true);
	return 0;
}

KTEST(smp_cpus_that_call_each_other_at_the_same_time_all_get_through)
{
	static struct call_log log;
	int cpu, n = 0, total = 0;
	struct task_struct *k[NR_CPUS];

	SKIP_IF_ALONE();
	memset(&log, 0, sizeof(log));
	for_each_online_cpu(cpu) {
		k[n] = kthread_create(call_all_often, &log, "caller/%d", cpu);
		KTEST_EXPECT(!IS_ERR(k[n]));
		get_task_struct(k[n]);
		kthread_bind(k[n], cpu);
		wake_up_process(k[n++]);
	}
	while (n) {
		kthread_stop(k[--n]);
		put_task_struct(k[n]);
	}
	for_each_online_cpu(cpu)
		total += atomic_read(&log.calls[cpu]);
	/* Whoever was told to stop before it ran did not call. */
	KTEST_EXPECT(total > 0);
	KTEST_EXPECT_EQ(total % (200 * ((int)num_online_cpus() - 1)), 0);
}

/* ---- tasks on CPUs ---- */

static int where_am_i(void *cpu)
{
	*(int *)cpu = smp_processor_id();
	return 0;
}

KTEST(smp_a_bound_thread_runs_on_its_cpu)
{
	int cpu;

	for_each_online_cpu(cpu) {
		int ran_on = -1;
		struct task_struct *k = kthread_create(where_am_i, &ran_on, "bound/%d", cpu);

		KTEST_EXPECT(!IS_ERR(k));
		get_task_struct(k);
		kthread_bind(k, cpu);
		wake_up_process(k);
		while (READ_ONCE(k->exit_state) == EXIT_ALIVE)
			msleep(1);
		put_task_struct(k);
		KTEST_EXPECT_EQ(ran_on, cpu);
	}
}

KTEST(smp_a_task_moves_to_the_cpus_it_is_allowed)
{
	int cpu;

	for_each_online_cpu(cpu) {
		KTEST_EXPECT_EQ(set_cpus_allowed(current, BIT(cpu)), 0);
		KTEST_EXPECT_EQ(smp_processor_id(), cpu);
		KTEST_EXPECT_EQ(current->percpu_offset, __per_cpu_offset[cpu]);
		KTEST_EXPECT_EQ(*this_cpu_ptr(&initialised), 4711);
	}
	KTEST_EXPECT_EQ(set_cpus_allowed(current, 0), -EINVAL);
	KTEST_EXPECT_EQ(set_cpus_allowed(current, 1UL << 31), -EINVAL);
	KTEST_EXPECT_EQ(current->cpus_mask, BIT(smp_processor_id()));
}

struct sleeper {
	struct completion gate;
	int before, after;
};

static int sleep_at_gate(void *data)
{
	struct sleeper *s = data;

	s->before = smp_processor_id();
	wait_for_completion(&s->gate);
	s->after = smp_processor_id();
	return 0;
}

KTEST(smp_a_woken_task_goes_to_a_cpu_that_is_idle)
{
	struct sleeper s = { .before = -1, .after = -1 };
	struct task_struct *k;

	SKIP_IF_ALONE();
	init_completion(&s.gate);
	set_cpus_allowed(current, BIT(smp_processor_id()));
	k = kthread_create(sleep_at_gate, &s, "sleeper");
	KTEST_EXPECT(!IS_ERR(k));
	get_task_struct(k);
	kthread_bind(k, smp_processor_id());
	wake_up_process(k);
	while (READ_ONCE(s.before) < 0)
		msleep(1);
	set_cpus_allowed(k, ~0UL);
	/* This CPU is busy with us, and another one is not. */
	complete(&s.gate);
	while (READ_ONCE(s.after) < 0)
		cpu_relax();
	KTEST_EXPECT_EQ(s.before, smp_processor_id());
	KTEST_EXPECT(s.after != smp_processor_id());
	kthread_stop(k);
	put_task_struct(k);
}

/* ---- stop_machine ---- */

static void spin_for(u64 ns)
{
	u64 start = ktime_get_ns();

	while (ktime_get_ns() - start < ns)
		cpu_relax();
}

static unsigned long counters[NR_CPUS];
static int quiet_cpu;		/* is asked not to take interrupts for a while; -1: it does so, or nobody is asked */

static void count_here(void)
{
	unsigned long *counter = &counters[smp_processor_id()];

	WRITE_ONCE(*counter, *counter + 1);
}

static int count_on(void *unused)
{
	while (!kthread_should_stop()) {
		count_here();
		if (READ_ONCE(quiet_cpu) == smp_processor_id()) {
			u64 end = ktime_get_ns() + 5 * NSEC_PER_MSEC;

			local_irq_disable();
			WRITE_ONCE(quiet_cpu, -1);
			while (ktime_get_ns() < end)
				count_here();
			local_irq_enable();
		}
	}
	return 0;
}

/* From this moment on, for a while. */
static bool nobody_counts(void)
{
	unsigned long before[NR_CPUS];
	bool still = true;
	int cpu;

	for_each_online_cpu(cpu)
		before[cpu] = READ_ONCE(counters[cpu]);
	for (int i = 0; i < 20000; i++)
		cpu_relax();
	for_each_online_cpu(cpu)
		still &= READ_ONCE(counters[cpu]) == before[cpu];
	return still;
}

static int watch_counters(void *still)
{
	*(bool *)still = nobody_counts() && irqs_disabled();
	/* Who comes too late must still find where to park, or it parks for ever. */
	if (!*(bool *)still)
		spin_for(200 * NSEC_PER_MSEC);
	return 11;
}

/* Returns when each other CPU has counted since. */
static void wait_until_others_count(void)
{
	int cpu;

	for_each_online_cpu(cpu) {
		unsigned long before = READ_ONCE(counters[cpu]);

		while (cpu != smp_processor_id() && READ_ONCE(counters[cpu]) == before)
			cpu_relax();
	}
}

/* `slow` does not take interrupts when it is to stop, and goes on counting: it is waited for. */
static void expect_all_stop(int slow)
{
	bool still = false;

	wait_until_others_count();
	WRITE_ONCE(quiet_cpu, slow);
	while (READ_ONCE(quiet_cpu) == slow)
		cpu_relax();
	KTEST_EXPECT_EQ(stop_machine(watch_counters, &still), 11);
	KTEST_EXPECT(still);
}

KTEST(stop_machine_waits_until_every_other_cpu_is_parked)
{
	struct task_struct *k[NR_CPUS];
	int cpu, here, n = 0;

	SKIP_IF_ALONE();
	set_cpus_allowed(current, BIT(smp_processor_id()));
	here = smp_processor_id();
	quiet_cpu = -1;
	for_each_online_cpu(cpu) {
		if (cpu == here)
			continue;
		k[n] = kthread_create(count_on, NULL, "counter/%d", cpu);
		KTEST_EXPECT(!IS_ERR(k[n]));
		kthread_bind(k[n], cpu);
		wake_up_process(k[n++]);
	}
	for (int round = 0; round < 10; round++)
		for_each_online_cpu(cpu)
			if (cpu != here && !ktest_failed())
				expect_all_stop(cpu);
	wait_until_others_count();	/* they go on */
	while (n)
		kthread_stop(k[--n]);
}

/* ---- races between CPUs ---- */

static int return_at_once(void *unused)
{
	return 0;
}

/* A thread on a CPU; it may be gone already.  NULL: no memory. */
static struct task_struct *start_on(int cpu, int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *k = kthread_create(fn, arg, "%s", name);

	if (IS_ERR(k))
		return NULL;
	get_task_struct(k);
	kthread_bind(k, cpu);
	wake_up_process(k);
	return k;
}

static int idle_inside, ops_gone, gone_too_early;

/* In an idle task, which gives a dead task's stack back: stays there for many ticks, or until that is wrong. */
static void dawdle_when_idle(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	unsigned long start = jiffies;

	if (!is_idle_task(current) || irqs_disabled() || xchg(&idle_inside, 1))
		return;
	while (jiffies - start < 10 && !READ_ONCE(ops_gone))
		cpu_relax();
	gone_too_early = READ_ONCE(ops_gone);
}

KTEST(smp_an_idle_task_in_a_callback_is_waited_for)
{
	struct ftrace_ops *ops;
	struct task_struct *k;
	int cpu;

	SKIP_IF_ALONE();
	if (!ftrace_get_enabled())
		KTEST_SKIP("kernel.ftrace_enabled is 0");
	set_cpus_allowed(current, BIT(smp_processor_id()));
	cpu = another_cpu();
	idle_inside = ops_gone = gone_too_early = 0;
	ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	KTEST_EXPECT(ops);
	ops->func = dawdle_when_idle;
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(ops, (unsigned long)free_thread_stack, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(ops), 0);
	for (int i = 0; i < 100 && !READ_ONCE(idle_inside); i++) {
		k = start_on(cpu, return_at_once, NULL, "short");
		KTEST_EXPECT(k);
		msleep(10);
		put_task_struct(k);
	}
	KTEST_EXPECT_EQ(unregister_ftrace_function(ops), 0);
	WRITE_ONCE(ops_gone, 1);
	msleep(150);	/* were it still inside, it must not be in freed memory */
	ftrace_free_filter(ops);
	kfree(ops);
	KTEST_EXPECT(idle_inside);
	KTEST_EXPECT(!gone_too_early);
}

/* A timer of one CPU that arms itself again, while another one deletes it, and a third one interrupts that. */
struct rearming {
	struct timer_list timer;
	int owner, deleter;
	bool fired, held;	/* the timer's function runs; the deleter is in the interrupt */
};

static void rearm(struct timer_list *timer)
{
	struct rearming *r = from_timer(r, timer, timer);

	WRITE_ONCE(r->fired, true);
	while (!READ_ONCE(r->held))
		cpu_relax();
	mod_timer(timer, jiffies + 2);
}

static void arm_here(void *arg)
{
	struct rearming *r = arg;

	timer_setup(&r->timer, rearm, 0);
	mod_timer(&r->timer, jiffies + 1);
}

/* Until the timer is armed again, and its function has returned. */
static void hold(void *arg)
{
	struct rearming *r = arg;

	WRITE_ONCE(r->held, true);
	while (!timer_pending(&r->timer))
		cpu_relax();
	spin_for(NSEC_PER_MSEC);
}

static int interrupt_deleter(void *arg)
{
	struct rearming *r = arg;

	while (!READ_ONCE(r->fired))
		cpu_relax();
	spin_for(20 * NSEC_PER_USEC);
	smp_call_function_single(r->deleter, hold, r, true);
	return 0;
}

static void delete_while_it_rearms(struct rearming *r, int third)
{
	struct task_struct *k;

	r->fired = r->held = false;
	k = start_on(third, interrupt_deleter, r, "third");
	KTEST_EXPECT(k);
	smp_call_function_single(r->owner, arm_here, r, true);
	while (!READ_ONCE(r->fired))
		cpu_relax();
	del_timer_sync(&r->timer);
	KTEST_EXPECT(r->held);
	while (READ_ONCE(k->exit_state) == EXIT_ALIVE)
		msleep(1);
	put_task_struct(k);
	KTEST_EXPECT(!del_timer(&r->timer));
}

KTEST(smp_a_timer_that_arms_itself_is_gone_when_it_has_been_deleted)
{
	struct rearming r = { .fired = false };
	int cpu, others[NR_CPUS], n = 0;

	if (num_online_cpus() < 3)
		KTEST_SKIP("it takes three CPUs");
	set_cpus_allowed(current, BIT(smp_processor_id()));
	r.deleter = smp_processor_id();
	for_each_online_cpu(cpu)
		if (cpu != r.deleter)
			others[n++] = cpu;
	r.owner = others[0];
	for (int i = 0; i < 20 && !ktest_failed(); i++)
		delete_while_it_rearms(&r, others[1]);
	del_timer_sync(&r.timer);
}

struct traveller {
	unsigned long to;
	int arrived;
};

static int travel(void *arg)
{
	struct traveller *t = arg;

	set_cpus_allowed(current, t->to);
	WRITE_ONCE(t->arrived, smp_processor_id());
	return 0;
}

KTEST(smp_a_task_that_moves_follows_the_latest_mask)
{
	struct traveller t = { .arrived = -1 };
	int here = smp_processor_id(), cpu = another_cpu();
	struct task_struct *k;

	SKIP_IF_ALONE();
	set_cpus_allowed(current, BIT(here));
	t.to = BIT(cpu);
	k = start_on(here, travel, &t, "traveller");
	KTEST_EXPECT(k);
	/* It is asleep, to wake up elsewhere; it stays. */
	for (int i = 0; i < 100 && (task_is_running(k) || k->cpus_mask != BIT(cpu)); i++)
		yield();
	set_cpus_allowed(k, BIT(here));
	for (int i = 0; i < 100 && READ_ONCE(t.arrived) < 0; i++)
		msleep(10);
	KTEST_EXPECT(t.arrived >= 0);
	put_task_struct(k);
}

static int sleep_a_tick(void *unused)
{
	schedule_timeout_uninterruptible(1);
	return 0;
}

/* More at a time than stacks are kept. */
static int come_and_go(void *unused)
{
	while (!kthread_should_stop()) {
		for (int i = 0; i < 10; i++)
			kernel_clone(sleep_a_tick, NULL, "short", 0);
		while (kernel_wait4(-1, NULL, 0) > 0)
			;
	}
	return 0;
}

/* Their stacks come and go, too, and are not looked at when they are gone. */
KTEST(smp_tasks_are_shown_while_they_come_and_go)
{
	struct task_struct *k[NR_CPUS];
	int cpu, n = 0, loglevel = console_loglevel;

	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id() && (k[n] = start_on(cpu, come_and_go, NULL, "forker")))
			n++;
	console_loglevel = 0;
	for (int i = 0; i < 200; i++)
		write_text_file("/proc/sysrq-trigger", "t");
	console_loglevel = loglevel;
	while (n--) {
		kthread_stop(k[n]);
		put_task_struct(k[n]);
	}
}
