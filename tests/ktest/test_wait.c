/* SPDX-License-Identifier: BSD-2-Clause */
/* test_wait.c - wait queues and completions. */
#include "kernel/completion.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "kernel/wait.h"
#include "tests/ktest/ktest.h"

struct gate {
	wait_queue_head_t wait;
	int open;
	int through;
};

static int pass_gate(void *arg)
{
	struct gate *gate = arg;

	wait_event(gate->wait, READ_ONCE(gate->open) > 0);
	gate->through++;
	return 0;
}

static int pass_gate_exclusively(void *arg)
{
	struct gate *gate = arg;
	int ret = wait_event_interruptible_exclusive(gate->wait, READ_ONCE(gate->open) > 0);

	gate->through++;
	return ret;
}

static void start_waiters(struct gate *gate, int (*fn)(void *), int n)
{
	gate->open = 0;
	gate->through = 0;
	init_waitqueue_head(&gate->wait);
	while (n--)
		kernel_clone(fn, gate, "waiter", 0);
	msleep(20);
}

static void collect_children(void)
{
	while (kernel_wait4(-1, NULL, 0) > 0)
		;
}

KTEST(wait_wake_up_wakes_all_ordinary_waiters)
{
	struct gate gate;
	bool queued;

	start_waiters(&gate, pass_gate, 3);
	queued = waitqueue_active(&gate.wait);
	WRITE_ONCE(gate.open, 1);
	wake_up(&gate.wait);
	collect_children();
	KTEST_EXPECT(queued);
	KTEST_EXPECT_EQ(gate.through, 3);
	KTEST_EXPECT(!waitqueue_active(&gate.wait));
}

KTEST(wait_wake_up_wakes_one_exclusive_waiter)
{
	struct gate gate;
	int after_one, after_two;

	start_waiters(&gate, pass_gate_exclusively, 3);
	WRITE_ONCE(gate.open, 1);
	wake_up(&gate.wait);
	msleep(20);
	after_one = gate.through;
	wake_up_nr(&gate.wait, 1);
	msleep(20);
	after_two = gate.through;
	wake_up_all(&gate.wait);
	collect_children();
	KTEST_EXPECT_EQ(after_one, 1);
	KTEST_EXPECT_EQ(after_two, 2);
	KTEST_EXPECT_EQ(gate.through, 3);
}

KTEST(wait_spurious_wake_up_lets_nobody_through)
{
	struct gate gate;
	int early;

	start_waiters(&gate, pass_gate, 1);
	wake_up(&gate.wait);
	msleep(20);
	early = gate.through;
	WRITE_ONCE(gate.open, 1);
	wake_up(&gate.wait);
	collect_children();
	KTEST_EXPECT_EQ(early, 0);
	KTEST_EXPECT_EQ(gate.through, 1);
}

KTEST(wait_wake_up_interruptible_leaves_the_uninterruptible_asleep)
{
	struct gate gate;
	int early;

	start_waiters(&gate, pass_gate, 1);
	WRITE_ONCE(gate.open, 1);
	wake_up_interruptible(&gate.wait);
	msleep(20);
	early = gate.through;
	wake_up(&gate.wait);
	collect_children();
	KTEST_EXPECT_EQ(early, 0);
	KTEST_EXPECT_EQ(gate.through, 1);
}

KTEST(wait_event_timeout_tells_time_left_or_zero)
{
	DECLARE_WAIT_QUEUE_HEAD(wq);
	bool never = false, already = true;

	KTEST_EXPECT_EQ(wait_event_timeout(wq, READ_ONCE(never), 2), 0);
	KTEST_EXPECT_EQ(wait_event_timeout(wq, READ_ONCE(already), 7), 7);
	KTEST_EXPECT_EQ(wait_event_timeout(wq, READ_ONCE(already), 0), 1);
	KTEST_EXPECT(!waitqueue_active(&wq));
}

KTEST(wait_event_interruptible_ends_with_eintr)
{
	DECLARE_WAIT_QUEUE_HEAD(wq);
	bool never = false;
	int plain, timed;

	send_sig(SIGINT, current);
	plain = wait_event_interruptible(wq, READ_ONCE(never));
	timed = wait_event_interruptible_timeout(wq, READ_ONCE(never), 100);
	flush_signals(current);
	KTEST_EXPECT_EQ(plain, -EINTR);
	KTEST_EXPECT_EQ(timed, -EINTR);
	KTEST_EXPECT(!waitqueue_active(&wq));
	KTEST_EXPECT(task_is_running(current));
}

struct timed_completion {
	struct timer_list timer;
	struct completion done;
};

static void complete_from_timer(struct timer_list *timer)
{
	struct timed_completion *t = from_timer(t, timer, timer);

	complete(&t->done);
}

KTEST(completion_from_softirq_wakes_the_waiter)
{
	struct timed_completion t;

	init_completion(&t.done);
	timer_setup(&t.timer, complete_from_timer, 0);
	mod_timer(&t.timer, jiffies + 2);
	KTEST_EXPECT(wait_for_completion_timeout(&t.done, 100) > 0);
	KTEST_EXPECT(!completion_done(&t.done));
	KTEST_EXPECT(!del_timer_sync(&t.timer));
}

KTEST(completion_counts_events)
{
	DECLARE_COMPLETION_ONSTACK(done);

	complete(&done);
	complete(&done);
	wait_for_completion(&done);
	KTEST_EXPECT(try_wait_for_completion(&done));
	KTEST_EXPECT(!try_wait_for_completion(&done));
	KTEST_EXPECT_EQ(wait_for_completion_timeout(&done, 2), 0);
}

KTEST(completion_complete_all_lasts_until_reinit)
{
	DECLARE_COMPLETION_ONSTACK(done);

	complete_all(&done);
	wait_for_completion(&done);
	wait_for_completion(&done);
	KTEST_EXPECT(completion_done(&done));
	reinit_completion(&done);
	KTEST_EXPECT(!try_wait_for_completion(&done));
}

KTEST(completion_interruptible_wait_ends_with_eintr)
{
	DECLARE_COMPLETION_ONSTACK(done);
	int ret;

	send_sig(SIGINT, current);
	ret = wait_for_completion_interruptible(&done);
	flush_signals(current);
	KTEST_EXPECT_EQ(ret, -EINTR);
}
