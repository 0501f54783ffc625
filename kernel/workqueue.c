/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * workqueue.c - a thread that runs functions from a list.
 *
 * work->pending is set, atomically, by whoever gets to queue the work, and cleared by the
 * worker just before it calls the function: so a function that is running may already be
 * queued again, and everything that was written before a refused queue_work() is seen by it.
 *
 * wq->lock guards the list and current_work; taken with interrupts off.  Waiting for a work is done by
 * a barrier: a work of our own behind it in the list, whose function completes a completion.
 */
#include "kernel/workqueue.h"
#include "init/initcall.h"
#include "kernel/completion.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/panic.h"
#include "kernel/spinlock.h"
#include "kernel/wait.h"
#include "lib/atomic.h"

struct workqueue_struct {
	spinlock_t lock;
	struct list_head worklist;
	struct work_struct *current_work; /* being run; the worker never looks into it again: it may be freed */
	wait_queue_head_t more_work;
	struct task_struct *worker;
};

struct workqueue_struct *system_wq;

struct wq_barrier {
	struct work_struct work;
	struct completion done;
};

void init_work(struct work_struct *work, work_func_t func)
{
	work->pending = 0;
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
	work->wq = NULL;
}

/* ---- The worker ---- */

static struct work_struct *next_work(struct workqueue_struct *wq)
{
	struct work_struct *work;

	spin_lock_irq(&wq->lock);
	work = list_first_entry_or_null(&wq->worklist, struct work_struct, entry);
	wq->current_work = work;
	if (work)
		list_del_init(&work->entry);
	spin_unlock_irq(&wq->lock);
	return work;
}

static noinline void process_one_work(struct work_struct *work)
{
	work_func_t func = work->func;

	/* A full barrier: who finds it pending before this, is heard; who finds it not, queues it again. */
	(void)xchg(&work->pending, 0);
	func(work);
}

static int worker_thread(void *data)
{
	struct workqueue_struct *wq = data;
	struct work_struct *work;

	for (;;) {
		wait_event_interruptible(wq->more_work, (work = next_work(wq)) || kthread_should_stop());
		if (!work)
			return 0;
		process_one_work(work);
		cond_resched();
	}
}

/* ---- Queueing ---- */

/* The caller has set work->pending. */
static noinline void __queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	WRITE_ONCE(work->wq, wq);
	list_add_tail(&work->entry, &wq->worklist);
	spin_unlock_irqrestore(&wq->lock, flags);
	wake_up(&wq->more_work);
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	if (xchg(&work->pending, 1))
		return false;
	__queue_work(wq, work);
	return true;
}

static void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);

	__queue_work(dwork->wq, &dwork->work);
}

void init_delayed_work(struct delayed_work *dwork, work_func_t func)
{
	init_work(&dwork->work, func);
	timer_setup(&dwork->timer, delayed_work_timer_fn, 0);
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	if (xchg(&dwork->work.pending, 1))
		return false;
	dwork->wq = wq;
	if (delay)
		mod_timer(&dwork->timer, jiffies + delay);
	else
		__queue_work(wq, &dwork->work);
	return true;
}

/* ---- Waiting and taking back ---- */

static void wq_barrier_func(struct work_struct *work)
{
	complete(&container_of(work, struct wq_barrier, work)->done);
}

static void init_barrier(struct wq_barrier *barrier, struct workqueue_struct *wq)
{
	WARN_ON_ONCE(current == wq->worker); /* it would wait for itself */
	init_work(&barrier->work, wq_barrier_func);
	barrier->work.pending = 1;
	barrier->work.wq = wq;
	init_completion(&barrier->done);
}

bool flush_work(struct work_struct *work)
{
	struct workqueue_struct *wq = READ_ONCE(work->wq);
	struct wq_barrier barrier;
	bool busy = true;

	if (!wq)
		return false;
	init_barrier(&barrier, wq);
	spin_lock_irq(&wq->lock);
	if (!list_empty(&work->entry))
		list_add(&barrier.work.entry, &work->entry);
	else if (wq->current_work == work)
		list_add(&barrier.work.entry, &wq->worklist);
	else
		busy = false;
	spin_unlock_irq(&wq->lock);
	if (busy) {
		wake_up(&wq->more_work);
		wait_for_completion(&barrier.done);
	}
	return busy;
}

void flush_workqueue(struct workqueue_struct *wq)
{
	struct wq_barrier barrier;

	init_barrier(&barrier, wq);
	__queue_work(wq, &barrier.work);
	wait_for_completion(&barrier.done);
}

/* Off the list if it is on it. */
static bool try_to_grab_pending(struct work_struct *work)
{
	struct workqueue_struct *wq = READ_ONCE(work->wq);
	bool grabbed = false;

	if (!wq)
		return false;
	spin_lock_irq(&wq->lock);
	if (!list_empty(&work->entry)) {
		list_del_init(&work->entry);
		(void)xchg(&work->pending, 0);
		grabbed = true;
	}
	spin_unlock_irq(&wq->lock);
	return grabbed;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool pending = false;

	/* Again after each wait: the function may have queued itself again while it was running. */
	do {
		pending |= try_to_grab_pending(work);
	} while (flush_work(work));
	return pending;
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool pending = false;

	do {
		if (del_timer_sync(&dwork->timer)) {
			(void)xchg(&dwork->work.pending, 0);
			pending = true;
		}
		pending |= cancel_work_sync(&dwork->work);
	} while (timer_pending(&dwork->timer));
	return pending;
}

/* ---- Making and ending a queue ---- */

struct workqueue_struct *alloc_workqueue(const char *name)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);

	if (!wq)
		return NULL;
	spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->worklist);
	init_waitqueue_head(&wq->more_work);
	wq->worker = kthread_create(worker_thread, wq, "%s", name);
	if (IS_ERR(wq->worker)) {
		kfree(wq);
		return NULL;
	}
	wake_up_process(wq->worker);
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	flush_workqueue(wq);
	kthread_stop(wq->worker);
	kfree(wq);
}

static int __init workqueue_init(void)
{
	system_wq = alloc_workqueue("kworker/0:0");
	if (!system_wq)
		panic("no memory for the system's workqueue");
	return 0;
}
core_initcall(workqueue_init);
