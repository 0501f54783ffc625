/* SPDX-License-Identifier: BSD-2-Clause */
/* test_sched.c - tasks: birth, death, whose turn it is, preemption. */
#include "kernel/completion.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "kernel/smp.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "tests/ktest/ktest.h"
#include <asm/processor.h>

/* What the test, and its children, have to themselves is one CPU. */
static void stay_here(void)
{
	KTEST_EXPECT_EQ(set_cpus_allowed(current, BIT(smp_processor_id())), 0);
}

static int return_arg(void *arg)
{
	return (int)(long)arg;
}

KTEST(sched_wait4_returns_the_exit_code)
{
	int status = -1;
	pid_t pid = kernel_clone(return_arg, (void *)42L, "child", 0);

	KTEST_EXPECT(pid > 0);
	KTEST_EXPECT_EQ(kernel_wait4(pid, &status, 0), pid);
	KTEST_EXPECT_EQ(status, 42);
	KTEST_EXPECT_EQ(kernel_wait4(pid, &status, 0), -ECHILD);
}

KTEST(sched_wait4_any_collects_every_child)
{
	pid_t pid[3], got;
	int i, status, sum = 0;

	for (i = 0; i < 3; i++)
		pid[i] = kernel_clone(return_arg, (void *)(1L << i), NULL, 0);
	for (i = 0; i < 3; i++) {
		got = kernel_wait4(-1, &status, 0);
		KTEST_EXPECT(got == pid[0] || got == pid[1] || got == pid[2]);
		sum += status;
	}
	KTEST_EXPECT_EQ(sum, 7);
	KTEST_EXPECT_EQ(kernel_wait4(-1, NULL, 0), -ECHILD);
}

static int wait_for_gate(void *gate)
{
	wait_for_completion(gate);
	return 0;
}

KTEST(sched_wait4_wnohang_does_not_wait)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	pid_t pid = kernel_clone(wait_for_gate, &gate, NULL, 0);

	KTEST_EXPECT_EQ(kernel_wait4(pid, NULL, WNOHANG), 0);
	complete(&gate);
	KTEST_EXPECT_EQ(kernel_wait4(pid, NULL, 0), pid);
}

KTEST(sched_wait4_ends_with_eintr_on_a_signal)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	pid_t pid = kernel_clone(wait_for_gate, &gate, NULL, 0);
	int ret;

	send_sig(SIGINT, current);
	ret = kernel_wait4(pid, NULL, 0);
	flush_signals(current);
	complete(&gate);
	KTEST_EXPECT_EQ(ret, -EINTR);
	KTEST_EXPECT_EQ(kernel_wait4(pid, NULL, 0), pid);
}

struct family {
	struct completion grandchild_may_go;
	pid_t grandchild;
};

static int leave_an_orphan(void *arg)
{
	struct family *f = arg;

	f->grandchild = kernel_clone(wait_for_gate, &f->grandchild_may_go, "orphan", 0);
	return f->grandchild > 0 ? 0 : -EIO;
}

static bool task_exists(pid_t pid)
{
	bool found;

	spin_lock_irq(&tasklist_lock);
	found = find_task_by_pid(pid);
	spin_unlock_irq(&tasklist_lock);
	return found;
}

static pid_t parent_of(pid_t pid)
{
	struct task_struct *p;
	pid_t parent = -1;

	spin_lock_irq(&tasklist_lock);
	p = find_task_by_pid(pid);
	if (p)
		parent = p->parent->pid;
	spin_unlock_irq(&tasklist_lock);
	return parent;
}

KTEST(sched_orphan_passes_to_init_and_is_released)
{
	struct family f;
	pid_t child, heir;
	int status, tries;

	init_completion(&f.grandchild_may_go);
	child = kernel_clone(leave_an_orphan, &f, NULL, 0);
	KTEST_EXPECT_EQ(kernel_wait4(child, &status, 0), child);
	KTEST_EXPECT_EQ(status, 0);
	heir = parent_of(f.grandchild);
	complete(&f.grandchild_may_go);
	for (tries = 0; tries < 20 && task_exists(f.grandchild); tries++)
		msleep(10);
	KTEST_EXPECT_EQ(heir, 1);
	KTEST_EXPECT(!task_exists(f.grandchild));
}

KTEST(sched_autoreap_child_is_not_waited_for)
{
	pid_t pid = kernel_clone(return_arg, NULL, NULL, CLONE_AUTOREAP);

	KTEST_EXPECT(pid > 0);
	KTEST_EXPECT_EQ(kernel_wait4(pid, NULL, 0), -ECHILD);
}

KTEST(sched_child_inherits_comm_and_pgrp_unless_told)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	pid_t pid = kernel_clone(wait_for_gate, &gate, "a-name-that-is-too-long", 0);
	struct task_struct *p = find_get_task_ge(pid);
	char comm[TASK_COMM_LEN];
	pid_t pgrp = p->pgrp;

	strscpy(comm, p->comm, sizeof(comm));
	put_task_struct(p);
	complete(&gate);
	kernel_wait4(pid, NULL, 0);
	KTEST_EXPECT_STREQ(comm, "a-name-that-is-");
	KTEST_EXPECT_EQ(pgrp, current->pgrp);
}

KTEST(sched_task_list_is_sorted_and_has_current)
{
	struct task_struct *p;
	bool found = false, sorted = true;
	pid_t last = 0;

	for_each_task_get(p) {
		sorted &= p->pid > last;
		last = p->pid;
		found |= p == current;
	}
	KTEST_EXPECT(sorted);
	KTEST_EXPECT(found);
}

KTEST(sched_new_tasks_start_on_their_own_stack_preemptible)
{
	unsigned long sp = (unsigned long)__builtin_frame_address(0);

	KTEST_EXPECT_EQ(preempt_count(), 0);
	KTEST_EXPECT(!irqs_disabled());
	KTEST_EXPECT(sp > (unsigned long)current->stack && sp < (unsigned long)current->stack + THREAD_SIZE);
	KTEST_EXPECT(task_is_running(current));
}

struct spinner {
	unsigned long loops;
	bool stop;
};

static int spin(void *arg)
{
	struct spinner *s = arg;

	while (!READ_ONCE(s->stop))
		WRITE_ONCE(s->loops, s->loops + 1);
	return 0;
}

struct alarm {
	struct timer_list timer;
	struct completion rings;
	struct spinner *spinner;
	unsigned long loops; /* the spinner's when it rang */
};

static void ring(struct timer_list *timer)
{
	struct alarm *a = from_timer(a, timer, timer);

	a->loops = READ_ONCE(a->spinner->loops);
	complete(&a->rings);
}

KTEST(sched_sleeper_preempts_a_task_that_computes)
{
	struct spinner s = { 0, false };
	struct alarm a = { .spinner = &s };
	unsigned long loops;
	pid_t pid;
	int i;

	stay_here();
	pid = kernel_clone(spin, &s, "spinner", 0);
	init_completion(&a.rings);
	timer_setup(&a.timer, ring, 0);
	for (i = 0; i < 5; i++) /* ticks: it is through its slice then */
		msleep(10);
	mod_timer(&a.timer, jiffies + 2);
	wait_for_completion(&a.rings);
	loops = READ_ONCE(s.loops);
	del_timer_sync(&a.timer);
	WRITE_ONCE(s.stop, true);
	kernel_wait4(pid, NULL, 0);
	KTEST_EXPECT(loops > 0);
	KTEST_EXPECT_EQ(loops, a.loops); /* it did not get back to its loop */
}

#define SAMPLES 40

/* Looks at each tick whom it interrupted: time on a host's clock would say how busy the host is. */
struct sampler {
	struct timer_list timer;
	struct completion done;
	pid_t pid[2];
	int hits[2], taken;
};

static void take_sample(struct timer_list *timer)
{
	struct sampler *s = from_timer(s, timer, timer);
	int i;

	for (i = 0; i < 2; i++)
		s->hits[i] += current->pid == s->pid[i];
	if (++s->taken < SAMPLES)
		mod_timer(timer, jiffies + 1);
	else
		complete(&s->done);
}

KTEST(sched_tasks_that_compute_share_the_cpu)
{
	struct spinner s[2] = { { 0, false }, { 0, false } };
	struct sampler sampler = { .taken = 0 };
	int i;

	stay_here();
	init_completion(&sampler.done);
	timer_setup(&sampler.timer, take_sample, 0);
	for (i = 0; i < 2; i++)
		sampler.pid[i] = kernel_clone(spin, &s[i], "spinner", 0);
	mod_timer(&sampler.timer, jiffies + 1);
	wait_for_completion(&sampler.done);
	del_timer_sync(&sampler.timer);
	for (i = 0; i < 2; i++) {
		WRITE_ONCE(s[i].stop, true);
		kernel_wait4(sampler.pid[i], NULL, 0);
	}
	KTEST_EXPECT(sampler.hits[0] >= SAMPLES / 4);
	KTEST_EXPECT(sampler.hits[1] >= SAMPLES / 4);
}

static int set_flag(void *flag)
{
	WRITE_ONCE(*(int *)flag, 1);
	return 0;
}

KTEST(sched_preempt_disable_keeps_the_cpu)
{
	int ran = 0, ran_while_off;
	unsigned long start;
	pid_t pid;

	stay_here();
	preempt_disable();
	pid = kernel_clone(set_flag, &ran, NULL, 0);
	start = jiffies;
	while (jiffies - start < 5)
		cpu_relax();
	ran_while_off = READ_ONCE(ran);
	preempt_enable();
	kernel_wait4(pid, NULL, 0);
	KTEST_EXPECT_EQ(ran_while_off, 0);
	KTEST_EXPECT_EQ(ran, 1);
}

KTEST(sched_preempt_enable_switches_when_a_better_task_waits)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	unsigned long before;
	bool switched;
	pid_t pid;

	stay_here();
	pid = kernel_clone(wait_for_gate, &gate, NULL, 0);
	msleep(10); /* it waits; we are fresh from sleep as well */
	yield();    /* no longer: from here on a woken task goes first */
	before = current->nivcsw;
	preempt_disable();
	complete(&gate);
	switched = current->nivcsw != before;
	preempt_enable();
	KTEST_EXPECT(!switched);
	KTEST_EXPECT_EQ(current->nivcsw, before + 1);
	KTEST_EXPECT_EQ(kernel_wait4(pid, NULL, 0), pid);
}

KTEST(sched_exited_tasks_give_their_memory_back)
{
	struct sysinfo before, after;
	int i;

	kernel_wait4(kernel_clone(return_arg, NULL, NULL, 0), NULL, 0);
	si_meminfo(&before);
	for (i = 0; i < 50; i++)
		kernel_wait4(kernel_clone(return_arg, NULL, NULL, 0), NULL, 0);
	si_meminfo(&after);
	/* 50 stacks are 200 pages; a few pages may have become slabs. */
	KTEST_EXPECT(before.freeram - after.freeram < 20 || after.freeram > before.freeram);
}

KTEST(sched_signal_wakes_interruptible_sleepers_only)
{
	unsigned long start = jiffies;
	long left;

	send_sig(SIGINT, current);
	left = schedule_timeout_interruptible(100000);
	msleep(20); /* uninterruptible */
	flush_signals(current);
	KTEST_EXPECT(left > 50000); /* nearly all of it */
	KTEST_EXPECT(jiffies - start >= 2);
	KTEST_EXPECT(!signal_pending(current));
}

KTEST(sched_send_sig_refuses_bad_signals_and_empty_groups)
{
	KTEST_EXPECT_EQ(send_sig(0, current), -EINVAL);
	KTEST_EXPECT_EQ(send_sig(32, current), -EINVAL);
	KTEST_EXPECT_EQ(send_sig_pgrp(SIGINT, 32767), -ESRCH);
	KTEST_EXPECT(!signal_pending(current));
}
