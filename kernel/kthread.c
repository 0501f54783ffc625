/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kthread.c - kernel threads.
 *
 * kthreadd (pid 2) makes every thread, so that none inherits what its creator
 * happens to be: a request goes on a list, kthreadd clones, the new thread reports that it
 * exists and sleeps until it is woken for the first time.
 *
 * struct kthread is the request at first, then the thread's own record; it is freed with
 * the task_struct.  kthread_create_lock guards the list only.
 */
#include "kernel/kthread.h"
#include "kernel/completion.h"
#include "kernel/mm/slab.h"
#include "kernel/wait.h"
#include "lib/stdio.h"
#include "lib/string.h"

struct kthread {
	struct list_head entry; /* in kthread_create_list until kthreadd takes it */
	char comm[TASK_COMM_LEN];
	int (*threadfn)(void *data);
	void *data;
	struct task_struct *task; /* or ERR_PTR(); valid once `created` is complete */
	bool should_stop;
	int result; /* what threadfn returned; valid once `exited` is complete */
	struct completion created, exited;
};

static DEFINE_SPINLOCK(kthread_create_lock);
static LIST_HEAD(kthread_create_list);
static DECLARE_WAIT_QUEUE_HEAD(kthreadd_wait);

/* What a thread runs. */
static int kthread(void *_self)
{
	struct kthread *self = _self;
	int ret = -EINTR;

	current->kthread = self;
	self->task = current;
	__set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&self->created);
	schedule();

	if (!kthread_should_stop())
		ret = self->threadfn(self->data);
	self->result = ret;
	complete_all(&self->exited);
	return ret;
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt, ...)
{
	struct kthread *self = kzalloc(sizeof(*self), GFP_KERNEL);
	struct task_struct *task;
	va_list args;

	if (!self)
		return ERR_PTR(-ENOMEM);
	va_start(args, namefmt);
	vscnprintf(self->comm, sizeof(self->comm), namefmt, args);
	va_end(args);
	self->threadfn = threadfn;
	self->data = data;
	init_completion(&self->created);
	init_completion(&self->exited);

	spin_lock(&kthread_create_lock);
	list_add_tail(&self->entry, &kthread_create_list);
	spin_unlock(&kthread_create_lock);
	wake_up(&kthreadd_wait);

	wait_for_completion(&self->created);
	task = self->task;
	if (IS_ERR(task))
		kfree(self);
	return task;
}

static noinline void create_kthread(struct kthread *self)
{
	pid_t pid = kernel_clone(kthread, self, self->comm, CLONE_FS | CLONE_FILES | CLONE_KTHREAD);

	if (pid < 0) {
		self->task = ERR_PTR(pid);
		complete(&self->created);
	}
}

static struct kthread *next_request(void)
{
	struct kthread *self;

	spin_lock(&kthread_create_lock);
	self = list_first_entry_or_null(&kthread_create_list, struct kthread, entry);
	if (self)
		list_del(&self->entry);
	spin_unlock(&kthread_create_lock);
	return self;
}

int kthreadd(void *unused)
{
	struct kthread *self;

	for (;;) {
		wait_event_interruptible(kthreadd_wait, (self = next_request()));
		create_kthread(self);
	}
	return 0;
}

bool kthread_should_stop(void)
{
	return current->kthread && READ_ONCE(current->kthread->should_stop);
}

int kthread_stop(struct task_struct *k)
{
	struct kthread *self = k->kthread;
	int ret;

	get_task_struct(k);
	WRITE_ONCE(self->should_stop, true);
	wake_up_process(k);
	wait_for_completion(&self->exited);
	ret = self->result;
	put_task_struct(k);
	return ret;
}

void free_kthread_struct(struct task_struct *k)
{
	kfree(k->kthread);
}
