/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spinlock.h - ticket locks: whoever comes first is served first.
 *
 * A holder is never switched away (preemption is off) and must not sleep.  A lock
 * that an interrupt handler takes too must be taken with interrupts off everywhere
 * (_irq, _irqsave); one shared with softirqs only, with _bh.  raw_spinlock_t is the
 * same type: there is no sleeping variant here, the name only keeps Linux's spelling.
 */
#ifndef KERNEL_SPINLOCK_H
#define KERNEL_SPINLOCK_H

#include "kernel/irqflags.h"
#include "kernel/preempt.h"
#include "lib/atomic.h"

typedef struct spinlock {
	u32 next;  /* the ticket the next comer draws */
	u32 owner; /* the ticket being served; equal to next when the lock is free */
} spinlock_t;
typedef spinlock_t raw_spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name) { 0, 0 }
#define __RAW_SPIN_LOCK_UNLOCKED(name) __SPIN_LOCK_UNLOCKED(name)
#define DEFINE_SPINLOCK(name) spinlock_t name = __SPIN_LOCK_UNLOCKED(name)
#define DEFINE_RAW_SPINLOCK(name) DEFINE_SPINLOCK(name)

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->next = 0;
	lock->owner = 0;
}

static inline bool spin_is_locked(const spinlock_t *lock)
{
	return READ_ONCE(lock->next) != READ_ONCE(lock->owner);
}

/* Waits for `ticket`; panics with the lock's symbol if the holder does not let go for seconds. */
void arch_spin_lock_slowpath(spinlock_t *lock, u32 ticket);

/* The bare lock: preemption and interrupts are the caller's business. */
static inline void arch_spin_lock(spinlock_t *lock)
{
	u32 ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	if (unlikely(__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket))
		arch_spin_lock_slowpath(lock, ticket);
}

static inline bool arch_spin_trylock(spinlock_t *lock)
{
	/* The unlock is a store to `owner`: it is this load, not the exchange of `next`, that must see what came before it. */
	u32 ticket = smp_load_acquire(&lock->owner);

	return __atomic_compare_exchange_n(&lock->next, &ticket, ticket + 1, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline void arch_spin_unlock(spinlock_t *lock)
{
	__atomic_store_n(&lock->owner, lock->owner + 1, __ATOMIC_RELEASE);
}

static inline void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	arch_spin_lock(lock);
}

static inline bool spin_trylock(spinlock_t *lock)
{
	preempt_disable();
	if (arch_spin_trylock(lock))
		return true;
	preempt_enable();
	return false;
}

static inline void spin_unlock(spinlock_t *lock)
{
	arch_spin_unlock(lock);
	preempt_enable();
}

static inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	arch_spin_unlock(lock);
	local_irq_enable();
	preempt_enable();
}

static inline unsigned long __spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	spin_lock(lock);
	return flags;
}
#define spin_lock_irqsave(lock, flags) ((void)((flags) = __spin_lock_irqsave(lock)))

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	arch_spin_unlock(lock);
	local_irq_restore(flags);
	preempt_enable();
}

static inline void spin_lock_bh(spinlock_t *lock)
{
	local_bh_disable();
	spin_lock(lock);
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	spin_unlock(lock);
	local_bh_enable();
}

#define raw_spin_lock_init(lock) spin_lock_init(lock)
#define raw_spin_is_locked(lock) spin_is_locked(lock)
#define raw_spin_lock(lock) spin_lock(lock)
#define raw_spin_trylock(lock) spin_trylock(lock)
#define raw_spin_unlock(lock) spin_unlock(lock)
#define raw_spin_lock_irq(lock) spin_lock_irq(lock)
#define raw_spin_unlock_irq(lock) spin_unlock_irq(lock)
#define raw_spin_lock_irqsave(lock, flags) spin_lock_irqsave(lock, flags)
#define raw_spin_unlock_irqrestore(lock, flags) spin_unlock_irqrestore(lock, flags)

#endif
