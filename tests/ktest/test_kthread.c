/* SPDX-License-Identifier: BSD-2-Clause */
/* test_kthread.c - kernel threads and workqueues. */
#include "kernel/completion.h"
#include "kernel/kthread.h"
#include "kernel/time/time.h"
#include "kernel/workqueue.h"
#include "tests/ktest/ktest.h"

struct thread_log {
	int runs;
	bool is_kthread;
	pid_t parent;
};

static int run_until_stopped(void *arg)
{
	struct thread_log *log = arg;

	log->runs++;
	log->is_kthread = current->flags & PF_KTHREAD;
	log->parent = current->parent->pid;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 17;
}

KTEST(kthread_stop_returns_what_the_thread_returned)
{
	struct thread_log log = { 0 };
	struct task_struct *k = kthread_run(run_until_stopped, &log, "test/%d", 5);

	KTEST_EXPECT(!IS_ERR(k));
	KTEST_EXPECT_STREQ(k->comm, "test/5");
	msleep(20);
	KTEST_EXPECT_EQ(kthread_stop(k), 17);
	KTEST_EXPECT_EQ(log.runs, 1);
	KTEST_EXPECT(log.is_kthread);
	KTEST_EXPECT_EQ(log.parent, 2);
}

KTEST(kthread_created_does_not_run_until_woken)
{
	struct thread_log log = { 0 };
	struct task_struct *k = kthread_create(run_until_stopped, &log, "test");
	int runs;

	KTEST_EXPECT(!IS_ERR(k));
	msleep(20);
	runs = log.runs;
	KTEST_EXPECT_EQ(kthread_stop(k), -EINTR);
	KTEST_EXPECT_EQ(runs, 0);
	KTEST_EXPECT_EQ(log.runs, 0);
}

static int return_at_once(void *arg)
{
	return 3;
}

KTEST(kthread_stop_of_a_thread_that_has_returned_gives_its_result)
{
	struct task_struct *k = kthread_create(return_at_once, NULL, "test");
	int ret;

	KTEST_EXPECT(!IS_ERR(k));
	get_task_struct(k);
	wake_up_process(k);
	msleep(20);
	ret = kthread_stop(k);
	put_task_struct(k);
	KTEST_EXPECT_EQ(ret, 3);
}

KTEST(kthread_should_stop_is_false_for_other_tasks)
{
	KTEST_EXPECT(!kthread_should_stop());
}

struct counted_work {
	struct work_struct work;
	struct delayed_work later;
	int runs, requeue;
	struct completion go;
};

static void count_run(struct work_struct *work)
{
	struct counted_work *w = container_of(work, struct counted_work, work);

	w->runs++;
	if (w->requeue-- > 0)
		schedule_work(work);
}

static void count_later(struct work_struct *work)
{
	container_of(to_delayed_work(work), struct counted_work, later)->runs++;
}

static void wait_for_go(struct work_struct *work)
{
	struct counted_work *w = container_of(work, struct counted_work, work);

	wait_for_completion(&w->go);
	w->runs++;
}

static void init_counted(struct counted_work *w, work_func_t func)
{
	w->runs = 0;
	w->requeue = 0;
	init_completion(&w->go);
	INIT_WORK(&w->work, func);
	INIT_DELAYED_WORK(&w->later, count_later);
}

KTEST(workqueue_flush_waits_until_the_work_has_run)
{
	struct counted_work w;

	init_counted(&w, count_run);
	KTEST_EXPECT(!flush_work(&w.work));
	KTEST_EXPECT(schedule_work(&w.work));
	flush_work(&w.work);
	KTEST_EXPECT_EQ(w.runs, 1);
	KTEST_EXPECT(!flush_work(&w.work));
}

KTEST(workqueue_pending_work_is_not_queued_twice)
{
	struct workqueue_struct *wq = alloc_workqueue("test_wq");
	struct counted_work blocker, w;
	bool first, second;

	KTEST_EXPECT(wq);
	init_counted(&blocker, wait_for_go);
	init_counted(&w, count_run);
	queue_work(wq, &blocker.work);
	first = queue_work(wq, &w.work);
	second = queue_work(wq, &w.work);
	complete(&blocker.go);
	destroy_workqueue(wq);
	KTEST_EXPECT(first);
	KTEST_EXPECT(!second);
	KTEST_EXPECT_EQ(blocker.runs, 1);
	KTEST_EXPECT_EQ(w.runs, 1);
}

KTEST(workqueue_cancel_takes_a_pending_work_back)
{
	struct workqueue_struct *wq = alloc_workqueue("test_wq");
	struct counted_work blocker, w;
	bool cancelled, again;

	KTEST_EXPECT(wq);
	init_counted(&blocker, wait_for_go);
	init_counted(&w, count_run);
	queue_work(wq, &blocker.work);
	queue_work(wq, &w.work);
	cancelled = cancel_work_sync(&w.work);
	again = cancel_work_sync(&w.work);
	complete(&blocker.go);
	destroy_workqueue(wq);
	KTEST_EXPECT(cancelled);
	KTEST_EXPECT(!again);
	KTEST_EXPECT_EQ(w.runs, 0);
}

KTEST(workqueue_work_may_queue_itself_again)
{
	struct counted_work w;

	init_counted(&w, count_run);
	w.requeue = 3;
	schedule_work(&w.work);
	msleep(30);
	cancel_work_sync(&w.work);
	KTEST_EXPECT_EQ(w.runs, 4);
}

KTEST(workqueue_delayed_work_runs_after_its_delay)
{
	struct counted_work w;
	int early;

	init_counted(&w, count_run);
	KTEST_EXPECT(schedule_delayed_work(&w.later, 4));
	KTEST_EXPECT(!schedule_delayed_work(&w.later, 4));
	msleep(10);
	early = w.runs;
	msleep(60);
	KTEST_EXPECT(!cancel_delayed_work_sync(&w.later));
	KTEST_EXPECT_EQ(early, 0);
	KTEST_EXPECT_EQ(w.runs, 1);
}

KTEST(workqueue_cancelled_delayed_work_does_not_run)
{
	struct counted_work w;

	init_counted(&w, count_run);
	schedule_delayed_work(&w.later, 2);
	KTEST_EXPECT(cancel_delayed_work_sync(&w.later));
	msleep(40);
	KTEST_EXPECT_EQ(w.runs, 0);
	KTEST_EXPECT(schedule_delayed_work(&w.later, 0));
	flush_workqueue(system_wq);
	KTEST_EXPECT_EQ(w.runs, 1);
}
