/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - a workload for the scheduler: threads in a ring wake each other in turn.
 *
 * The token is a number that only whose turn it is may advance; everybody else sleeps on a
 * wait queue of his own.  A lost wake-up stops the ring, which the time limit notices;
 * a turn taken twice or by the wrong thread shows in the counts.
 */
#include "kernel/kthread.h"
#include "kernel/shell/shell.h"
#include "kernel/time/time.h"
#include "kernel/wait.h"
#include "kernel/workload/crew.h"
#include "kernel/workload/workload.h"

#define MEMBERS 4

struct ring_member {
	struct ring *ring;
	unsigned int index;
	unsigned long turns; /* taken by this member */
	wait_queue_head_t wait;
};

struct ring {
	unsigned long token, end; /* turns taken by all; how many there are to be */
	wait_queue_head_t done;
	struct ring_member member[MEMBERS];
};

static bool ring_is_done(struct ring *ring)
{
	return smp_load_acquire(&ring->token) == ring->end;
}

static bool my_turn(struct ring_member *m)
{
	return !ring_is_done(m->ring) && READ_ONCE(m->ring->token) % MEMBERS == m->index;
}

static int ring_thread(void *arg)
{
	struct ring_member *m = arg;
	struct ring *ring = m->ring;

	for (;;) {
		wait_event_interruptible(m->wait, my_turn(m) || kthread_should_stop());
		if (!my_turn(m))
			return 0;
		m->turns++;
		smp_store_release(&ring->token, ring->token + 1);
		if (ring_is_done(ring))
			wake_up(&ring->done);
		else
			wake_up(&ring->member[(m->index + 1) % MEMBERS].wait);
	}
}

static bool ring_counts_are_right(const struct ring *ring)
{
	unsigned int i;

	for (i = 0; i < MEMBERS; i++)
		if (ring->member[i].turns != (ring->end + MEMBERS - 1 - i) / MEMBERS)
			return false;
	return true;
}

static int sched_main(unsigned long n)
{
	struct ring ring = { .end = n };
	struct crew crew;
	unsigned int i;
	int ret;

	init_waitqueue_head(&ring.done);
	for (i = 0; i < MEMBERS; i++) {
		ring.member[i].ring = &ring;
		ring.member[i].index = i;
		init_waitqueue_head(&ring.member[i].wait);
	}
	ret = crew_start(&crew, MEMBERS, ring_thread, ring.member, sizeof(ring.member[0]), "ring");
	if (ret)
		return ret;
	ret = wait_event_interruptible_timeout(ring.done, ring_is_done(&ring), msecs_to_jiffies(60000) + n);
	crew_stop(&crew);
	if (ret < 0)
		return ret;
	if (ret == 0 || !ring_counts_are_right(&ring))
		return -EIO;
	sh_printf("workload sched: %lu wake-ups around a ring of %d threads, ok\n", n, MEMBERS);
	return 0;
}
WORKLOAD(sched, sched_main, 200, "N wake-ups around a ring of threads on wait queues");
