/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutex.c - a workload for mutexes: threads add to a counter that only the mutex protects.
 *
 * Every holder gives the CPU away between reading and writing the counter, so that all
 * others find the lock taken and queue up; an increment lost to a broken lock is missing at the end.
 */
#include "kernel/kthread.h"
#include "kernel/mutex.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/workload/crew.h"
#include "kernel/workload/workload.h"
#include "lib/errno.h"

#define THREADS 4

struct shared {
	struct mutex lock;
	unsigned long counter; /* under lock */
	unsigned long n;
	bool interrupted;
};

static int adder_thread(void *arg)
{
	struct shared *s = *(struct shared **)arg;
	unsigned long i, seen;

	for (i = 0; i < s->n && !READ_ONCE(s->interrupted); i++) {
		mutex_lock(&s->lock);
		seen = READ_ONCE(s->counter);
		yield();
		WRITE_ONCE(s->counter, seen + 1);
		mutex_unlock(&s->lock);
	}
	return 0;
}

static int mutex_main(unsigned long n)
{
	struct shared s = { .n = n };
	struct shared *args[THREADS] = { &s, &s, &s, &s };
	struct crew crew;
	unsigned long want = n * THREADS;
	int ret;

	mutex_init(&s.lock);
	ret = crew_start(&crew, THREADS, adder_thread, args, sizeof(args[0]), "adder");
	if (ret)
		return ret;
	while (!ret) {
		ret = mutex_lock_interruptible(&s.lock);
		if (ret)
			break;
		ret = s.counter >= want;
		mutex_unlock(&s.lock);
	}
	WRITE_ONCE(s.interrupted, ret < 0);
	crew_stop(&crew);
	if (ret < 0)
		return ret;
	if (s.counter != want)
		return -EIO;
	sh_printf("workload mutex: %lu additions by %d threads under one mutex, ok\n", want, THREADS);
	return 0;
}
WORKLOAD(mutex, mutex_main, 50, "N additions by each of four threads under one contended mutex");
