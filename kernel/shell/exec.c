/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec.c - running what parse.c understood.
 *
 * A command that is about to run is a struct invocation: its words and redirections,
 * expanded.  The task that runs it owns it and frees it: the shell's own task for a
 * lone built-in, a new child for everything else (every stage of a pipe, and what goes
 * into the background).  Both go through invoke(), which puts the redirections in place,
 * calls the command, takes them away and reports what closing them said: a tracefs
 * filter only takes effect, or fails, when its file is closed.
 *
 * Task context, no lock: all state is the calling shell's.
 */
#include "kernel/drivers/tty.h"
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/expand.h"
#include "kernel/shell/parse.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "lib/stdio.h"
#include "lib/string.h"

#define STATUS_CANNOT_FORK 2
#define STATUS_NOT_FOUND 127

struct invocation {
	struct invocation *next;		/* the next stage of the pipe: its own task's business */
	const struct shell_command *command;	/* NULL: not found, or only redirections */
	struct words argv;
	struct sh_redir *redirs;		/* their words expanded */
	char origin[sizeof(((struct shell *)0)->origin)];
	/* For a task of its own: */
	int in, out, unused;	/* pipe ends: become descriptors 0 and 1; not for it.  -1: none */
	bool own_group;
	pid_t pgrp;		/* to join, if own_group; 0: leads it */
	bool background;
};

const struct shell_command *find_command(const char *name)
{
	const struct shell_command *const *c;

	registry_for_each(commands, c)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

/* --- Making an invocation --- */

static void free_invocations(struct invocation *inv)
{
	while (inv) {
		struct invocation *next = inv->next;

		words_free(&inv->argv);
		sh_free_redirs(inv->redirs);
		kfree(inv);
		inv = next;
	}
}

static struct invocation *new_invocation(const struct shell *sh)
{
	struct invocation *inv = kzalloc(sizeof(*inv), GFP_KERNEL);

	if (!inv)
		return NULL;
	strscpy(inv->origin, sh->origin, sizeof(inv->origin));
	inv->in = inv->out = inv->unused = -1;
	return inv;
}

static int expand_command(struct invocation *inv, const struct sh_command *c, const struct sh_vars *vars)
{
	struct sh_redir **last = &inv->redirs;

	for (int i = 0; i < c->words.nr; i++)
		if (expand_word(c->words.v[i], vars, &inv->argv))
			return -ENOMEM;
	for (const struct sh_redir *r = c->redirs; r; r = r->next) {
		struct sh_redir *copy = kmemdup(r, sizeof(*r), GFP_KERNEL);

		if (!copy)
			return -ENOMEM;
		copy->next = NULL;
		copy->word = NULL;
		*last = copy;
		last = &copy->next;
		if (r->word) {
			copy->word = expand_filename(r->word, vars);
			if (!copy->word)
				return -ENOMEM;
		}
	}
	if (inv->argv.nr)
		inv->command = find_command(inv->argv.v[0]);
	return 0;
}

/* The stages of a pipeline as a list; NULL, after a message, when it cannot be made. */
static struct invocation *expand_pipeline(const struct shell *sh, const struct sh_command *c)
{
	struct sh_vars vars = { .status = sh->status, .pid = sh->pid, .background = sh->background };
	struct invocation *first = NULL, **last = &first;
	int stages = 0;

	for (; c; c = c->next) {
		if (++stages > MAX_STAGES) {
			sh_error("%s: a pipe has at most %d stages\n", sh->origin, MAX_STAGES);
			break;
		}
		*last = new_invocation(sh);
		if (!*last || expand_command(*last, c, &vars)) {
			sh_fail(sh->origin, NULL, -ENOMEM);
			break;
		}
		last = &(*last)->next;
	}
	if (c) {
		free_invocations(first);
		return NULL;
	}
	return first;
}

/* --- Redirections --- */

/* The descriptor that r->fd is to become, *opened if it has to be closed then; or -errno after a message. */
static int redirection_source(const char *origin, const struct sh_redir *r, bool *opened)
{
	static const int flags[] = {
		[REDIR_IN] = O_RDONLY,
		[REDIR_OUT] = O_WRONLY | O_CREAT | O_TRUNC,
		[REDIR_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
	};
	int fd;

	*opened = r->type != REDIR_DUP;
	if (r->type == REDIR_DUP)
		return r->from;
	fd = do_sys_open(r->word, flags[r->type], 0666);
	if (fd < 0)
		sh_error("%s: can't %s %s: %s\n", origin, r->type == REDIR_IN ? "open" : "create", r->word,
			 errno_text(-fd));
	return fd;
}

/* Descriptors 0..9 as they were before the redirections. */
struct saved_fds {
	unsigned int changed;	/* bit n: descriptor n */
	int at[10];		/* a copy of it, from the top of the table; or -EBADF: it was not open */
};

/* 0, or -EMFILE when the table has no room for the copy. */
static int save_fd(struct saved_fds *saved, int fd)
{
	struct file *file;
	int to = NR_OPEN;

	if (saved->changed & BIT(fd))
		return 0;
	do {
		if (--to < 10)
			return -EMFILE;
		file = fget(to);
		if (file)
			fput(file);
	} while (file);
	saved->changed |= BIT(fd);
	saved->at[fd] = ksys_dup2(fd, to);
	return 0;
}

/* 0 or -errno, after a message. */
static int apply_redirections(const char *origin, const struct sh_redir *r, struct saved_fds *saved)
{
	for (; r; r = r->next) {
		int from, err = save_fd(saved, r->fd);
		bool opened;

		if (err) {
			sh_fail(origin, NULL, err);
			return err;
		}
		from = redirection_source(origin, r, &opened);
		if (from < 0)
			return from;
		if (from != r->fd)
			err = ksys_dup2(from, r->fd);
		if (opened && from != r->fd)
			close_fd(from);
		if (err < 0) {
			sh_error("%s: %d: %s\n", origin, from, errno_text(-err));
			return err;
		}
	}
	return 0;
}

/* The first error that closing the redirected ones gave. */
static int undo_redirections(const struct saved_fds *saved)
{
	int first_err = 0;

	for (int fd = 0; saved->changed >> fd; fd++) {
		int err;

		if (!(saved->changed & BIT(fd)))
			continue;
		err = close_fd(fd);
		if (!first_err && err != -EBADF)
			first_err = err;
		if (saved->at[fd] >= 0) {
			ksys_dup2(saved->at[fd], fd);
			close_fd(saved->at[fd]);
		}
	}
	return first_err;
}

/* $? of a command that a signal ended. */
static int signal_status(void)
{
	int sig = 1;

	while (sig < 31 && !signal_pending_sig(current, sig))
		sig++;
	return 128 + sig;
}

/* Runs it in the current task.  Its status, with the bits of exec.h if it was `exit`. */
static int invoke(struct invocation *inv)
{
	struct saved_fds saved = { 0 };
	int status = 0, err;

	if (apply_redirections(inv->origin, inv->redirs, &saved)) {
		status = 1;
	} else if (inv->command) {
		status = inv->command->fn(inv->argv.nr, inv->argv.v);
	} else if (inv->argv.nr) {
		sh_error("%s: %s: not found\n", inv->origin, inv->argv.v[0]);
		status = STATUS_NOT_FOUND;
	}
	err = undo_redirections(&saved);
	if (err && !status)
		status = sh_fail(inv->argv.nr ? inv->argv.v[0] : inv->origin, "write error", err);
	return signal_pending(current) ? signal_status() : status;
}

/* --- Running in a task of its own --- */

static void move_fd(int from, int to)
{
	if (from < 0)
		return;
	ksys_dup2(from, to);
	close_fd(from);
}

static int stage_main(void *arg)
{
	struct invocation *inv = arg;
	int status;

	inv->next = NULL;
	if (inv->own_group)
		set_task_pgrp(0, inv->pgrp);
	/* Else a job in the background would take what is typed for the shell. */
	if (inv->background && inv->in < 0)
		inv->in = do_sys_open("/dev/null", O_RDONLY, 0);
	move_fd(inv->in, 0);
	move_fd(inv->out, 1);
	if (inv->unused >= 0)
		close_fd(inv->unused);
	status = invoke(inv) & 0xff;
	free_invocations(inv);
	return status;
}

/*
 * Starts one stage; takes inv.  in: the pipe to read from, or -1, and then the one that
 * the next stage will read from.  0 or -errno, with the pipe ends closed.
 */
static int start_stage(struct shell *sh, struct invocation *inv, struct job *job, bool background, int *in)
{
	const char *name = inv->argv.nr ? inv->argv.v[0] : "sh";
	int pipe[2] = { -1, -1 }, err = inv->next ? do_pipe2(pipe, 0) : 0;
	pid_t pid;

	inv->in = *in;
	inv->out = pipe[1];
	inv->unused = pipe[0];
	inv->own_group = sh->interactive;
	inv->pgrp = job->pgrp;
	inv->background = background;
	pid = err ? err : kernel_clone(stage_main, inv, name, 0);
	if (*in >= 0)
		close_fd(*in);
	if (pipe[1] >= 0)
		close_fd(pipe[1]);
	*in = pipe[0];
	if (pid < 0) {
		inv->next = NULL;
		free_invocations(inv);
		return pid;
	}
	if (!job->pgrp)
		job->pgrp = pid;
	/* The child does it too: whoever comes first. */
	if (sh->interactive)
		set_task_pgrp(pid, job->pgrp);
	job->pids[job->nr_pids++] = pid;
	return 0;
}

/* Starts all stages; takes the list.  On an error those already started see the end of their pipes. */
static int start_job(struct shell *sh, struct invocation *inv, struct job *job, bool background)
{
	int in = -1, err = 0;

	while (inv && !err) {
		struct invocation *next = inv->next;

		err = start_stage(sh, inv, job, background, &in);
		inv = next;
	}
	if (in >= 0)
		close_fd(in);
	free_invocations(inv);
	if (err)
		sh_error("%s: can't fork: %s\n", sh->origin, errno_text(-err));
	return err;
}

/* --- Pipelines and lists --- */

static int run_in_foreground(struct shell *sh, struct invocation *inv)
{
	struct job job = { .status = 1 };
	int err = start_job(sh, inv, &job, false);

	if (sh->interactive && job.pgrp)
		tty_set_foreground(job.pgrp);
	job_wait(&job);
	if (sh->interactive)
		tty_set_foreground(current->pgrp);
	/* Ctrl-C ends the whole line, not only the command that was running. */
	sh->interrupted |= job.status == STATUS_INTERRUPTED;
	return err ? STATUS_CANNOT_FORK : job.status;
}

static int run_in_shell(struct shell *sh, struct invocation *inv)
{
	int status = invoke(inv);

	free_invocations(inv);
	if (status & SHELL_EXIT)
		sh->exiting = true;
	return status & SHELL_EXIT_SAME ? sh->status : status & 0xff;
}

static bool needs_task(const struct invocation *inv)
{
	return inv->next || (inv->command && !(inv->command->flags & SHELL_BUILTIN));
}

static void run_invocations(struct shell *sh, struct invocation *inv)
{
	sh->status = needs_task(inv) ? run_in_foreground(sh, inv) : run_in_shell(sh, inv);
	if (signal_pending(current)) {
		sh->interrupted = true;
		sh->status = signal_status();
	}
}

static void run_and_or(struct shell *sh, const struct sh_pipeline *pl)
{
	for (; pl && !sh->exiting && !sh->interrupted; pl = pl->next) {
		struct invocation *inv;

		if ((pl->when == RUN_IF_OK && sh->status) || (pl->when == RUN_IF_FAILED && !sh->status))
			continue;
		inv = expand_pipeline(sh, pl->commands);
		if (inv)
			run_invocations(sh, inv);
		else
			sh->status = STATUS_CANNOT_FORK;
	}
}

/* `a && b &` is one job: a shell that runs the text. */
static struct invocation *list_invocation(struct shell *sh, const struct sh_list *item)
{
	struct invocation *inv = new_invocation(sh);

	if (inv && !words_add(&inv->argv, "sh", 2) && !words_add(&inv->argv, "-c", 2) &&
	    !words_add(&inv->argv, item->text, item->text_len)) {
		inv->command = find_command("sh");
		return inv;
	}
	free_invocations(inv);
	sh_fail(sh->origin, NULL, -ENOMEM);
	return NULL;
}

static void run_in_background(struct shell *sh, const struct sh_list *item)
{
	struct job job = { .status = 1 };
	struct invocation *inv;
	int err;

	if (item->pipelines->next)
		inv = list_invocation(sh, item);
	else
		inv = expand_pipeline(sh, item->pipelines->commands);
	err = inv ? start_job(sh, inv, &job, true) : -ENOMEM;
	if (job.nr_pids) {
		sh->background = job.pids[job.nr_pids - 1];
		job_add_background(sh, &job, item->text, item->text_len);
	}
	sh->status = err ? STATUS_CANNOT_FORK : 0;
}

void shell_run_line(struct shell *sh, const char *line)
{
	struct sh_list *list, *item;
	char error[96];
	int err = sh_parse(line, &list, error, sizeof(error));

	if (err) {
		if (err == -EINVAL)
			sh_error("%s: %s\n", sh->origin, error);
		else
			sh_fail(sh->origin, NULL, err);
		sh->status = 2;
		return;
	}
	sh->interrupted = false;
	for (item = list; item && !sh->exiting && !sh->interrupted; item = item->next) {
		if (item->background)
			run_in_background(sh, item);
		else
			run_and_or(sh, item->pipelines);
	}
	sh_free_list(list);
}

int shell_run_argv(int argc, char **argv)
{
	struct shell sh = { .pid = current->pid, .origin = "sh" };
	struct invocation *inv = new_invocation(&sh);

	for (int i = 0; inv && i < argc; i++) {
		if (words_add(&inv->argv, argv[i], strlen(argv[i]))) {
			free_invocations(inv);
			inv = NULL;
		}
	}
	if (!inv)
		return sh_fail("sh", NULL, -ENOMEM);
	inv->command = find_command(argv[0]);
	run_invocations(&sh, inv);
	return sh.status;
}
