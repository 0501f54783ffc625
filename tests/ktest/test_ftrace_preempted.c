/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ftrace_preempted.c - an ops that is unregistered, overwritten and freed while a task is preempted in its callback.
 *
 * All three tasks are on one CPU: the one in the callback, who is preempted there again and again, since it never sleeps; the one
 * that unregisters; and the test, which looks whether that comes to an end while it must not.  RCU's readers are of no use
 * to the callback, which is called with preemption on: only the wait for preempted tasks holds the ops for it.
 */
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "kernel/workload/counted.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"

#define SITE ftrace_location((unsigned long)counted_function)
#define HELD_MSEC 200	/* some twenty turns of each task; a grace period of RCU takes a few */

static struct {
	struct ftrace_ops *ops;
	bool inside, let_go, freed;	/* the callback is there; may go on; and what it uses is gone */
	bool freed_inside, intact;	/* what it saw when it went on */
	int mark;
} held;

static void stay_inside(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	if (preempt_count())
		return;
	WRITE_ONCE(held.inside, true);
	while (!READ_ONCE(held.let_go))
		cpu_relax();
	held.freed_inside = READ_ONCE(held.freed);
	held.intact = op == held.ops && READ_ONCE(op->private) == &held.mark;
}

static int call_site(void *unused)
{
	counted_function();
	return 0;
}

static int unregister_and_free(void *ret)
{
	*(int *)ret = unregister_ftrace_function(held.ops);
	ftrace_free_filter(held.ops);
	memset(held.ops, 0x6b, sizeof(*held.ops));
	kfree(held.ops);
	WRITE_ONCE(held.freed, true);
	return 0;
}

/* A thread on this CPU, which may be gone already; NULL: no memory. */
static struct task_struct *start_here(int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *k = kthread_create(fn, arg, "%s", name);

	if (IS_ERR(k))
		return NULL;
	get_task_struct(k);
	kthread_bind(k, smp_processor_id());
	wake_up_process(k);
	return k;
}

static bool is_alive(const struct task_struct *k)
{
	return READ_ONCE(k->exit_state) == EXIT_ALIVE;
}

static void wait_for_exit(struct task_struct *k)
{
	while (is_alive(k))
		msleep(1);
	put_task_struct(k);
}

static void register_held_ops(unsigned long flags)
{
	memset(&held, 0, sizeof(held));
	held.ops = kzalloc(sizeof(*held.ops), GFP_KERNEL);
	KTEST_EXPECT(held.ops != NULL);
	held.ops->func = stay_inside;
	held.ops->private = &held.mark;
	held.ops->flags = flags;
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(held.ops, SITE, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(held.ops), 0);
	KTEST_EXPECT(held.ops->flags & FTRACE_OPS_FL_DYNAMIC);
}

/* Through one trampoline or the other, as flags want. */
static void unregister_while_preempted_inside(unsigned long flags)
{
	struct task_struct *caller, *remover;
	unsigned long preempted;
	int ret = -1;

	register_held_ops(flags);
	caller = start_here(call_site, NULL, "caller");
	KTEST_EXPECT(caller);
	while (!READ_ONCE(held.inside) && is_alive(caller))
		msleep(1);
	KTEST_EXPECT(held.inside);
	preempted = READ_ONCE(caller->nivcsw);
	remover = start_here(unregister_and_free, &ret, "remover");
	KTEST_EXPECT(remover);
	for (int i = 0; i < HELD_MSEC / 10 && !READ_ONCE(held.freed); i++)
		msleep(10);
	preempted = READ_ONCE(caller->nivcsw) - preempted;
	WRITE_ONCE(held.let_go, true);
	wait_for_exit(caller);
	wait_for_exit(remover);

	KTEST_EXPECT(preempted);
	KTEST_EXPECT(!held.freed_inside);
	KTEST_EXPECT(held.intact);
	KTEST_EXPECT_EQ(ret, 0);
	KTEST_EXPECT(held.freed);
}

KTEST(ftrace_a_temporary_ops_is_not_gone_while_a_task_is_preempted_in_its_callback)
{
	struct ftrace_audit audit;

	if (!ftrace_enabled)
		KTEST_SKIP("kernel.ftrace_enabled is 0");
	if (ftrace_patch_stopped)
		KTEST_SKIP("ftrace_patch=stop_machine: the list calls it, with preemption off");
	if (ftrace_rec_count(ftrace_exact_rec(SITE)))
		KTEST_SKIP("somebody traces the function, and the list calls both, with preemption off");
	set_cpus_allowed(current, BIT(smp_processor_id()));
	unregister_while_preempted_inside(0);
	unregister_while_preempted_inside(FTRACE_OPS_FL_SAVE_REGS);
	KTEST_EXPECT(ftrace_audit(&audit));
}
