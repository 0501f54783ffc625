/* SPDX-License-Identifier: BSD-2-Clause */
/* crew.h - a few threads that run the same function, for workloads. */
#ifndef KERNEL_WORKLOAD_CREW_H
#define KERNEL_WORKLOAD_CREW_H

#include "kernel/sched/sched.h"

#define CREW_MAX 8

struct crew {
	int size;
	struct task_struct *member[CREW_MAX]; /* each with a reference */
};

/*
 * Starts `size` threads NAME/0, NAME/1, ...; each runs fn(&args[i * arg_size]), which ends by itself or when
 * kthread_should_stop().  0, -ENOMEM, -EAGAIN: then none is left.
 */
int crew_start(struct crew *crew, int size, int (*fn)(void *), void *args, size_t arg_size, const char *name);
/* Asks all to stop, and returns when they have. */
void crew_stop(struct crew *crew);

#endif
