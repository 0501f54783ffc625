/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jobs.c - the tasks that a pipeline became: waiting for them, and remembering those in the background.
 *
 * In the interactive shell a job is a process group of its own, so that Ctrl-C
 * reaches the one in front and none in the background.  A shell that runs a script
 * leaves its children in its own group: Ctrl-C reaches script and command alike.
 *
 * A struct job belongs to the task that started it: no lock.  Task context.
 */
#include "kernel/mm/slab.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "lib/errno.h"
#include "lib/string.h"

void set_task_pgrp(pid_t pid, pid_t pgrp)
{
	struct task_struct *task;
	unsigned long flags;

	spin_lock_irqsave(&tasklist_lock, flags);
	task = pid ? find_task_by_pid(pid) : current;
	if (task)
		task->pgrp = pgrp ? pgrp : task->pid;
	spin_unlock_irqrestore(&tasklist_lock, flags);
}

/* True if it was collected, now or already. */
static bool collect(struct job *job, int i, int options)
{
	int status = JOB_STATUS_LOST;
	pid_t pid;

	if (!job->pids[i])
		return true;
	pid = kernel_wait4(job->pids[i], &status, options);
	/* -ECHILD: the user's `wait` was there first. */
	if (pid == 0 || pid == -EINTR)
		return false;
	job->pids[i] = 0;
	if (i == job->nr_pids - 1)
		job->status = status;
	return true;
}

static void send_signals(struct task_struct *task, unsigned int signals)
{
	for (int sig = 1; signals >> sig; sig++)
		if (signals & BIT(sig))
			send_sig(sig, task);
}

/* The last stage first: else it might end, with success, because the one before it has ended. */
static void signal_job(const struct job *job, unsigned int signals)
{
	struct task_struct *task;
	unsigned long flags;

	spin_lock_irqsave(&tasklist_lock, flags);
	for (int i = job->nr_pids - 1; i >= 0; i--) {
		task = job->pids[i] ? find_task_by_pid(job->pids[i]) : NULL;
		if (task)
			send_signals(task, signals);
	}
	spin_unlock_irqrestore(&tasklist_lock, flags);
}

/*
 * A signal during the wait is passed on: Ctrl-C may have come after Enter but
 * before the job was in front, or before its tasks were there to be in the group.
 */
int job_wait(struct job *job)
{
	unsigned int pending = 0;

	for (int i = 0; i < job->nr_pids; i++) {
		while (!collect(job, i, 0)) {
			unsigned int signals = READ_ONCE(current->sigpending);

			/* Left pending it would end every wait at once. */
			flush_signals(current);
			signal_job(job, signals);
			pending |= signals;
		}
	}
	send_signals(current, pending);
	return job->status;
}

void job_add_background(struct shell *sh, const struct job *job, const char *text, size_t len)
{
	struct job *copy = kmemdup(job, sizeof(*job), GFP_KERNEL);

	if (copy)
		copy->text = kzalloc(len + 1, GFP_KERNEL);
	if (!copy || !copy->text) {
		kfree(copy);
		sh_fail(sh->origin, NULL, -ENOMEM);
		return;
	}
	memcpy(copy->text, text, len);
	copy->number = sh->jobs ? sh->jobs->number + 1 : 1;
	copy->next = sh->jobs;
	sh->jobs = copy;
	if (sh->interactive)
		sh_error("[%d] %d\n", copy->number, copy->pids[copy->nr_pids - 1]);
}

static bool job_is_done(struct job *job)
{
	bool done = true;

	for (int i = 0; i < job->nr_pids; i++)
		done &= collect(job, i, WNOHANG);
	return done;
}

static void free_job(struct job *job)
{
	kfree(job->text);
	kfree(job);
}

/* A job that the user waited for is no news. */
static void report_end(const struct job *job)
{
	if (job->status > 0)
		sh_error("[%d]+  Done(%d)                    %s\n", job->number, job->status, job->text);
	else if (job->status == 0)
		sh_error("[%d]+  Done                       %s\n", job->number, job->text);
}

void jobs_reap(struct shell *sh)
{
	struct job **link = &sh->jobs, *job;

	while ((job = *link)) {
		if (!job_is_done(job)) {
			link = &job->next;
			continue;
		}
		if (sh->interactive)
			report_end(job);
		*link = job->next;
		free_job(job);
	}
}

void jobs_free(struct shell *sh)
{
	struct job *job;

	while ((job = sh->jobs)) {
		sh->jobs = job->next;
		free_job(job);
	}
}
