/* SPDX-License-Identifier: BSD-2-Clause */
/* test_mutex.c - mutexes and spinlocks. */
#include "kernel/mutex.h"
#include "kernel/sched/sched.h"
#include "kernel/smp.h"
#include "kernel/signal.h"
#include "kernel/spinlock.h"
#include "kernel/time/time.h"
#include "lib/errno.h"
#include "tests/ktest/ktest.h"

struct queue {
	struct mutex lock;
	int order[4]; /* in which order the lock was had */
	int count;
	int next_id;
};

static int queue_up(void *arg)
{
	struct queue *q = arg;
	int id = q->next_id++;

	mutex_lock(&q->lock);
	q->order[q->count++] = id;
	mutex_unlock(&q->lock);
	return 0;
}

static int queue_up_interruptibly(void *arg)
{
	struct queue *q = arg;
	int ret = mutex_lock_interruptible(&q->lock);

	if (!ret)
		mutex_unlock(&q->lock);
	return ret;
}

static void queue_init(struct queue *q)
{
	*q = (struct queue){ .count = 0 };
	mutex_init(&q->lock);
}

KTEST(mutex_trylock_fails_when_held)
{
	struct queue q;

	queue_init(&q);
	KTEST_EXPECT(mutex_trylock(&q.lock));
	KTEST_EXPECT(mutex_is_locked(&q.lock));
	KTEST_EXPECT(mutex_is_owned(&q.lock));
	KTEST_EXPECT(!mutex_trylock(&q.lock));
	mutex_unlock(&q.lock);
	KTEST_EXPECT(!mutex_is_locked(&q.lock));
	KTEST_EXPECT(!mutex_is_owned(&q.lock));
}

KTEST(mutex_waiters_get_it_in_the_order_they_came)
{
	struct queue q;
	int i, locked_early;

	queue_init(&q);
	mutex_lock(&q.lock);
	for (i = 0; i < 3; i++) {
		kernel_clone(queue_up, &q, "waiter", 0);
		msleep(20);
	}
	locked_early = q.count;
	mutex_unlock(&q.lock);
	while (kernel_wait4(-1, NULL, 0) > 0)
		;
	KTEST_EXPECT_EQ(locked_early, 0);
	KTEST_EXPECT_EQ(q.count, 3);
	for (i = 0; i < 3; i++)
		KTEST_EXPECT_EQ(q.order[i], i);
	KTEST_EXPECT(!mutex_is_locked(&q.lock));
}

KTEST(mutex_unlock_hands_over_to_the_waiter)
{
	struct queue q;
	bool taken_again;

	queue_init(&q);
	set_cpus_allowed(current, BIT(smp_processor_id())); /* and so is the waiter */
	mutex_lock(&q.lock);
	kernel_clone(queue_up, &q, "waiter", 0);
	msleep(20);
	preempt_disable();
	mutex_unlock(&q.lock);
	taken_again = mutex_trylock(&q.lock); /* the waiter has not run yet, but owns it */
	preempt_enable();
	kernel_wait4(-1, NULL, 0);
	KTEST_EXPECT(!taken_again);
	KTEST_EXPECT_EQ(q.count, 1);
}

KTEST(mutex_interruptible_waiter_leaves_with_eintr)
{
	struct task_struct *p;
	struct queue q;
	int status = 0;
	pid_t pid;

	queue_init(&q);
	mutex_lock(&q.lock);
	pid = kernel_clone(queue_up_interruptibly, &q, "waiter", 0);
	msleep(20);
	p = find_get_task_ge(pid);
	send_sig(SIGINT, p);
	put_task_struct(p);
	kernel_wait4(pid, &status, 0);
	mutex_unlock(&q.lock);
	KTEST_EXPECT_EQ(status, -EINTR);
	KTEST_EXPECT(!mutex_is_locked(&q.lock));
}

KTEST(spinlock_counts_preemption_and_irqs)
{
	DEFINE_SPINLOCK(lock);
	unsigned long flags;

	spin_lock(&lock);
	KTEST_EXPECT_EQ(preempt_count(), PREEMPT_OFFSET);
	KTEST_EXPECT(spin_is_locked(&lock));
	KTEST_EXPECT(!spin_trylock(&lock));
	KTEST_EXPECT_EQ(preempt_count(), PREEMPT_OFFSET);
	spin_unlock(&lock);

	spin_lock_irqsave(&lock, flags);
	KTEST_EXPECT(irqs_disabled());
	spin_unlock_irqrestore(&lock, flags);
	KTEST_EXPECT(!irqs_disabled());

	spin_lock_bh(&lock);
	KTEST_EXPECT(in_softirq() && !in_serving_softirq() && in_task());
	spin_unlock_bh(&lock);
	KTEST_EXPECT_EQ(preempt_count(), 0);
	KTEST_EXPECT(!spin_is_locked(&lock));
}

KTEST(spinlock_survives_the_wrap_of_its_tickets)
{
	spinlock_t lock = { .next = ~0u, .owner = ~0u };
	int i;

	for (i = 0; i < 3; i++) {
		spin_lock(&lock);
		KTEST_EXPECT(!spin_trylock(&lock));
		spin_unlock(&lock);
		KTEST_EXPECT(!spin_is_locked(&lock));
	}
}
