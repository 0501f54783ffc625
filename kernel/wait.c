/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - wait queues.
 *
 * A waiter is on the queue from prepare_to_wait() until it is woken (its entry's func
 * takes it off) or calls finish_wait().  wq->lock guards the list and is taken with
 * interrupts off, since handlers wake tasks.  A run queue's lock nests inside it.
 */
#include "kernel/wait.h"

void init_waitqueue_head(wait_queue_head_t *wq)
{
	spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->head);
}

bool default_wake_function(struct wait_queue_entry *entry, unsigned int mode)
{
	return try_to_wake_up(entry->task, mode);
}

bool autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode)
{
	if (!default_wake_function(entry, mode))
		return false;
	list_del_init(&entry->entry);
	return true;
}

/* Exclusive waiters stand at the end, so that a wake-up meets all others first. */
static void __add_wait_queue(wait_queue_head_t *wq, struct wait_queue_entry *entry)
{
	if (entry->flags & WQ_FLAG_EXCLUSIVE)
		list_add_tail(&entry->entry, &wq->head);
	else
		list_add(&entry->entry, &wq->head);
}

void add_wait_queue(wait_queue_head_t *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	__add_wait_queue(wq, entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void remove_wait_queue(wait_queue_head_t *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_del_init(&entry->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void prepare_to_wait(wait_queue_head_t *wq, struct wait_queue_entry *entry, unsigned int state)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&entry->entry))
		__add_wait_queue(wq, entry);
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void prepare_to_wait_exclusive(wait_queue_head_t *wq, struct wait_queue_entry *entry, unsigned int state)
{
	entry->flags |= WQ_FLAG_EXCLUSIVE;
	prepare_to_wait(wq, entry, state);
}

void finish_wait(wait_queue_head_t *wq, struct wait_queue_entry *entry)
{
	__set_current_state(TASK_RUNNING);
	/* Under the lock even if it looks unlinked: the waker may still be using the entry, which our caller ends. */
	remove_wait_queue(wq, entry);
}

/* noinline: this is the name that a trace of a wake-up shows on Linux. */
static noinline void __wake_up_common(wait_queue_head_t *wq, unsigned int mode, int nr_exclusive)
{
	struct wait_queue_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &wq->head, entry) {
		bool exclusive = entry->flags & WQ_FLAG_EXCLUSIVE;

		if (entry->func(entry, mode) && exclusive && !--nr_exclusive)
			break;
	}
}

void __wake_up_locked(wait_queue_head_t *wq, unsigned int mode, int nr)
{
	__wake_up_common(wq, mode, nr);
}

void __wake_up(wait_queue_head_t *wq, unsigned int mode, int nr)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	__wake_up_common(wq, mode, nr);
	spin_unlock_irqrestore(&wq->lock, flags);
}
