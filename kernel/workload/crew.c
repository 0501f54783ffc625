/* SPDX-License-Identifier: BSD-2-Clause */
/* crew.c - starting and stopping a workload's threads.  A crew belongs to one task: no lock. */
#include "kernel/workload/crew.h"
#include "kernel/kthread.h"
#include "kernel/panic.h"

int crew_start(struct crew *crew, int size, int (*fn)(void *), void *args, size_t arg_size, const char *name)
{
	int i;

	BUG_ON(size > CREW_MAX);
	crew->size = 0;
	for (i = 0; i < size; i++) {
		struct task_struct *k = kthread_create(fn, (char *)args + i * arg_size, "%s/%d", name, i);

		if (IS_ERR(k)) {
			crew_stop(crew);
			return PTR_ERR(k);
		}
		get_task_struct(k); /* it may end before crew_stop() */
		crew->member[crew->size++] = k;
	}
	for (i = 0; i < size; i++)
		wake_up_process(crew->member[i]);
	return 0;
}

void crew_stop(struct crew *crew)
{
	int i;

	for (i = 0; i < crew->size; i++) {
		kthread_stop(crew->member[i]);
		put_task_struct(crew->member[i]);
	}
}
