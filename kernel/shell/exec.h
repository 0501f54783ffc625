/* SPDX-License-Identifier: BSD-2-Clause */
/* exec.h - one shell, its jobs, and running a line; for kernel/shell/ and its tests only. */
#ifndef KERNEL_SHELL_EXEC_H
#define KERNEL_SHELL_EXEC_H

#include "kernel/shell/words.h"

/* What the `exit` built-in returns besides a status; SHELL_EXIT_SAME: keep $? as it is. */
#define SHELL_EXIT 0x100
#define SHELL_EXIT_SAME 0x200

/* $? after Ctrl-C: 128 + SIGINT. */
#define STATUS_INTERRUPTED 130

struct job;

/* Belongs to the task that runs it: no lock. */
struct shell {
	int status;		/* $? */
	pid_t pid;		/* $$ */
	pid_t background;	/* $!, 0 before the first */
	bool interactive;	/* the console's: a job is a process group, Ctrl-C goes to the one in front */
	bool exiting;		/* `exit` was run: no more lines */
	bool interrupted;	/* Ctrl-C during the last line */
	char origin[64];	/* how its messages begin: "sh", or "FILE: line 7" */
	struct job *jobs;	/* those in the background, newest first */
};

/* Runs a line of text; leaves its result in sh->status.  The text is not kept.  May sleep. */
void shell_run_line(struct shell *sh, const char *line);

/* --- jobs.c: the tasks of one pipeline --- */

#define MAX_STAGES 16
#define JOB_STATUS_LOST -1

struct job {
	struct job *next;
	int number;		/* [number], from 1 */
	int nr_pids;
	pid_t pids[MAX_STAGES];	/* 0: collected */
	pid_t pgrp;		/* pid of the first stage; 0 until there is one */
	int status;		/* of the last stage, once collected; JOB_STATUS_LOST: by `wait` */
	char *text;		/* background: what was typed */
};

/* Puts a task into a process group; pid 0: the current task; pgrp 0: a new group of its own. */
void set_task_pgrp(pid_t pid, pid_t pgrp);

/* Waits until all tasks of the job have exited.  Signals go to them, and stay pending for the caller.  $?. */
int job_wait(struct job *job);

/* Puts a started job into the background under the name `text`, and prints "[1] PID". */
void job_add_background(struct shell *sh, const struct job *job, const char *text, size_t len);

/* Collects background jobs that have ended and, in the interactive shell, says so. */
void jobs_reap(struct shell *sh);

/* Forgets the jobs of a shell that ends; the tasks go on as orphans. */
void jobs_free(struct shell *sh);

/* --- dir.c --- */

/* Appends the names in directory `path`, sorted, without "." and "..".  0 or -errno. */
int read_directory(const char *path, struct words *names);

/* --- complete.c: line_editor_ops.complete --- */
size_t complete_line(const char *line, size_t pos, struct words *names);

#endif
