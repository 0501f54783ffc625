/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutex.h - a lock whose waiters sleep, first come first served.
 *
 * Task context only.  Only the owner unlocks; locking twice is a bug that panics
 * (with the symbol of the second caller) instead of hanging.
 */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include "kernel/panic.h"
#include "kernel/spinlock.h"
#include "lib/list.h"

struct mutex {
	unsigned long owner;  /* the owning task, and bit 0 while somebody waits; 0: free */
	spinlock_t wait_lock; /* guards the list, and bit 0 */
	struct list_head wait_list;
};

#define __MUTEX_INITIALIZER(name) \
	{ 0, __SPIN_LOCK_UNLOCKED((name).wait_lock), LIST_HEAD_INIT((name).wait_list) }
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)

void mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);
/* 0, or -EINTR when a signal came before the lock. */
int __must_check mutex_lock_interruptible(struct mutex *lock);
/* Whether it was taken; never waits. */
bool __must_check mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(const struct mutex *lock);
/* Does the current task hold it?  For assertions. */
bool mutex_is_owned(const struct mutex *lock);

#define lockdep_assert_held(lock) ((void)WARN_ON_ONCE(!mutex_is_owned(lock)))

#endif
