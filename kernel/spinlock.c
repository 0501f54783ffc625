/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spinlock.c - what happens when a spinlock is not free.
 *
 * The fast path is inline (spinlock.h).  A holder lets go within microseconds, so a
 * lock that stays taken for seconds is a deadlock; saying so beats hanging silently.
 */
#include "kernel/spinlock.h"
#include "kernel/panic.h"
#include "kernel/time/time.h"
#include <asm/processor.h>

#define LOCKUP_NSEC (10ULL * NSEC_PER_SEC)

/* notrace: the tracer's own locks come here too. */
void notrace arch_spin_lock_slowpath(spinlock_t *lock, u32 ticket)
{
	u64 start = sched_clock();

	while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket) {
		cpu_relax();
		if (unlikely(sched_clock() - start > LOCKUP_NSEC))
			panic("spinlock %pS is stuck: %u holds it, %u waits (from %pS)", lock,
			      READ_ONCE(lock->owner), ticket, __builtin_return_address(0));
	}
}
