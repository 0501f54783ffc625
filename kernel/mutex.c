/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutex.c - sleeping locks with direct hand-over.
 *
 * lock->owner is the owner's task pointer, with bit 0 set while the wait list is not
 * empty; 0 means free, and implies that nobody waits.  Without waiters, lock and
 * unlock are one compare-and-exchange each.  With waiters (bit 0), unlock makes the first of
 * the list the owner before it wakes it: nobody can overtake, nobody starves, and
 * a waiter knows that it is its turn by finding itself the owner.
 *
 * wait_lock guards the list and every change of bit 0.  It may be taken before the
 * scheduler runs, and nests outside the run queue's lock.  A holder may be preempted.
 */
#include "kernel/mutex.h"
#include "kernel/panic.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "lib/errno.h"

#define MUTEX_FLAG_WAITERS 1UL

struct mutex_waiter {
	struct list_head list;
	struct task_struct *task;
};

static inline struct task_struct *__owner_task(unsigned long owner)
{
	return (struct task_struct *)(owner & ~MUTEX_FLAG_WAITERS);
}

void mutex_init(struct mutex *lock)
{
	lock->owner = 0;
	spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->wait_list);
}

bool mutex_is_locked(const struct mutex *lock)
{
	return READ_ONCE(lock->owner);
}

bool mutex_is_owned(const struct mutex *lock)
{
	return __owner_task(READ_ONCE(lock->owner)) == current;
}

static inline bool __mutex_trylock_fast(struct mutex *lock)
{
	return cmpxchg(&lock->owner, 0, (unsigned long)current) == 0;
}

/* Takes the lock if it has become free, else announces a waiter.  wait_lock held. */
static bool __mutex_trylock_or_announce(struct mutex *lock)
{
	for (;;) {
		unsigned long owner = READ_ONCE(lock->owner);

		if (!owner) {
			if (__mutex_trylock_fast(lock))
				return true;
		} else if (cmpxchg(&lock->owner, owner, owner | MUTEX_FLAG_WAITERS) == owner) {
			return false;
		}
	}
}

/* Off the list; bit 0 goes with the last one.  wait_lock held. */
static void __mutex_remove_waiter(struct mutex *lock, struct mutex_waiter *waiter)
{
	list_del(&waiter->list);
	if (list_empty(&lock->wait_list))
		__atomic_fetch_and(&lock->owner, ~MUTEX_FLAG_WAITERS, __ATOMIC_RELAXED);
}

/* Sleeps until unlock hands the lock over; 0, or -EINTR in an interruptible state. */
static noinline int __mutex_lock_slowpath(struct mutex *lock, unsigned int state)
{
	struct mutex_waiter waiter = { .task = current };
	int ret = 0;

	if (mutex_is_owned(lock))
		panic("mutex %pS: %s/%d locks it twice, from %pS", lock, current->comm, current->pid,
		      __builtin_return_address(0));

	spin_lock(&lock->wait_lock);
	if (__mutex_trylock_or_announce(lock)) {
		spin_unlock(&lock->wait_lock);
		return 0;
	}
	list_add_tail(&waiter.list, &lock->wait_list);
	for (;;) {
		set_current_state(state);
		if (mutex_is_owned(lock))
			break;
		if (signal_pending_state(state, current)) {
			ret = -EINTR;
			break;
		}
		spin_unlock(&lock->wait_lock);
		schedule();
		spin_lock(&lock->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	__mutex_remove_waiter(lock, &waiter);
	spin_unlock(&lock->wait_lock);
	return ret;
}

void mutex_lock(struct mutex *lock)
{
	if (unlikely(!__mutex_trylock_fast(lock)))
		__mutex_lock_slowpath(lock, TASK_UNINTERRUPTIBLE);
}

int mutex_lock_interruptible(struct mutex *lock)
{
	return likely(__mutex_trylock_fast(lock)) ? 0 : __mutex_lock_slowpath(lock, TASK_INTERRUPTIBLE);
}

bool mutex_trylock(struct mutex *lock)
{
	return __mutex_trylock_fast(lock);
}

static noinline void __mutex_unlock_slowpath(struct mutex *lock)
{
	struct mutex_waiter *first;

	if (!mutex_is_owned(lock))
		panic("mutex %pS: %s/%d unlocks it, but does not hold it, from %pS", lock, current->comm,
		      current->pid, __builtin_return_address(0));

	spin_lock(&lock->wait_lock);
	first = list_first_entry_or_null(&lock->wait_list, struct mutex_waiter, list);
	if (first) {
		smp_store_release(&lock->owner, (unsigned long)first->task | MUTEX_FLAG_WAITERS);
		wake_up_process(first->task);
	} else { /* the only waiter gave up meanwhile */
		smp_store_release(&lock->owner, 0);
	}
	spin_unlock(&lock->wait_lock);
}

void mutex_unlock(struct mutex *lock)
{
	unsigned long self = (unsigned long)current;

	if (unlikely(cmpxchg(&lock->owner, self, 0) != self))
		__mutex_unlock_slowpath(lock);
}
