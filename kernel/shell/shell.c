/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shell.c - where lines come from: the console's shell, and `sh FILE`.
 *
 * The console's shell is the only interactive one.  While a line is being edited no
 * process group is in front, so that Ctrl-C is a key like any other; from Enter to the next
 * prompt there always is one, the shell's own or that of the job it runs.
 */
#include "init/autorun.h"
#include "kernel/drivers/tty.h"
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/lineedit.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "lib/stdio.h"
#include "lib/string.h"

/* --- The console --- */

static void console_output(const char *s, size_t len)
{
	ksys_write(1, s, len);
}

static const struct line_editor_ops console_ops = {
	.output = console_output,
	.complete = complete_line,
};

static void begin_line(struct line_editor *e)
{
	char prompt[PROMPT_SIZE];
	int len = do_getcwd(prompt, PROMPT_SIZE - 3); /* room for " # " */

	if (len > 0)
		strscpy(prompt + len - 1, " # ", 4);
	else if (len == -ENOENT && *e->prompt)
		strscpy(prompt, e->prompt, sizeof(prompt)); /* removed: where we were */
	else
		strscpy(prompt, "/... # ", sizeof(prompt));
	line_begin(e, prompt);
}

/* Reads one line into e->line.  False: Ctrl-C, or a signal. */
static bool edit_line(struct line_editor *e)
{
	enum line_event event = LINE_MORE;

	begin_line(e);
	while (event == LINE_MORE) {
		char c;

		/* One byte at a time: what follows the line is for the command it starts. */
		if (ksys_read(0, &c, 1) == 1) {
			event = line_feed(e, c);
		} else {
			console_output("\n", 1);
			event = LINE_INTERRUPTED;
		}
	}
	return event == LINE_DONE;
}

/* end: what ends the line on the screen; whoever sees it may press Ctrl-C and means the command. */
static void run_console_line(struct shell *sh, const char *line, const char *end)
{
	tty_set_foreground(current->pgrp);
	console_output(end, strlen(end));
	shell_run_line(sh, line);
	tty_set_foreground(0);
	flush_signals(current);
	if (sh->interrupted)
		sh_error("^C\n");
}

int console_shell(void *unused)
{
	struct line_editor *editor = kzalloc(sizeof(*editor), GFP_KERNEL);
	struct shell sh = { .pid = current->pid, .interactive = true, .origin = "sh" };
	const char *lines = autorun_lines();

	if (!editor)
		return sh_fail("sh", NULL, -ENOMEM);
	editor->ops = &console_ops;
	set_task_pgrp(0, 0);
	if (lines)
		run_console_line(&sh, lines, "");
	while (!sh.exiting) {
		jobs_reap(&sh);
		if (!edit_line(editor)) {
			flush_signals(current);
			sh.status = STATUS_INTERRUPTED;
			continue;
		}
		line_history_add(editor, editor->line);
		run_console_line(&sh, editor->line, "\n");
	}
	jobs_free(&sh);
	line_history_free(editor);
	kfree(editor);
	return sh.status;
}

/* --- Scripts --- */

/* Runs the lines of a file.  $? of the last, or of `exit`. */
static int run_script(int fd, const char *name)
{
	struct shell sh = { .pid = current->pid, .origin = "sh" };
	struct sh_reader *reader = kmalloc(sizeof(*reader), GFP_KERNEL);
	char *line;
	int number = 0;

	if (!reader)
		return sh_fail("sh", NULL, -ENOMEM);
	sh_reader_init(reader, fd);
	while (!sh.exiting && (line = sh_getline(reader, NULL))) {
		snprintf(sh.origin, sizeof(sh.origin), "%s: line %d", name, ++number);
		shell_run_line(&sh, line);
		jobs_reap(&sh);
	}
	if (reader->err)
		sh.status = sh_fail("sh", name, reader->err);
	sh_reader_exit(reader);
	kfree(reader);
	jobs_free(&sh);
	return sh.status;
}

static int run_text(const char *text)
{
	struct shell sh = { .pid = current->pid, .origin = "sh" };

	shell_run_line(&sh, text);
	jobs_free(&sh);
	return sh.status;
}

static bool stdin_is_terminal(void)
{
	struct file *file = fget(0);
	bool terminal = file && file->f_op == &tty_fops;

	if (file)
		fput(file);
	return terminal;
}

static int cmd_sh(int argc, char **argv)
{
	int fd, status;

	if (argc == 3 && !strcmp(argv[1], "-c"))
		return run_text(argv[2]);
	if (argc == 1 && !stdin_is_terminal())
		return run_script(0, "sh");
	if (argc != 2 || argv[1][0] == '-')
		return sh_usage("sh");
	fd = do_sys_open(argv[1], O_RDONLY, 0);
	if (fd < 0) {
		sh_error("sh: can't open %s: %s\n", argv[1], errno_text(-fd));
		return 2;
	}
	status = run_script(fd, argv[1]);
	close_fd(fd);
	return status;
}
SHELL_COMMAND(sh, cmd_sh, 0, "FILE | -c LINE",
	      "runs the lines of FILE, LINE, or what comes through a pipe\n"
	      "A line is: COMMAND [WORD]... [; && || | &] ...   words: 'as it is' \"with $\" \\c  * ? [a-z] $? $$ $!  # comment\n"
	      "Files: > >> < 2> 2>&1.  No variables, loops or $(...).  Keys: Tab, arrows, Home, End, ^E ^K ^U ^W ^L ^C");
