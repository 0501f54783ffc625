/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shell.h - what a shell command needs: how to register, and how to read and write.
 *
 *   #include "kernel/shell/shell.h"
 *
 *   static int cmd_hello(int argc, char **argv)
 *   {
 *           return sh_printf("hello, %s\n", argc > 1 ? argv[1] : "world") < 0;
 *   }
 *   SHELL_COMMAND(hello, cmd_hello, 0, "[NAME]", "greets NAME");
 *
 * That file, anywhere under kernel/, is all it takes.  argv[argc] is NULL; the
 * strings belong to the command until it returns.  The value returned is $? (0..255).
 *
 * A command runs in a task of its own, named after it and a child of the shell,
 * so that a trace reads `cat-23`; it may sleep.  SHELL_BUILTIN runs in the shell's own
 * task instead (unless it is a stage of a pipe or in the background): for what changes
 * the shell, or is too small to be worth a task.
 *
 * Ctrl-C makes signal_pending(current) true and wakes the task; nothing is torn
 * down from outside.  sh_read() and sh_write() then return -EINTR: a command that loops
 * without calling them looks at signal_pending() itself, frees what it holds and
 * returns.  The shell turns that into $? = 130.
 */
#ifndef KERNEL_SHELL_SHELL_H
#define KERNEL_SHELL_SHELL_H

#include "lib/errno.h"
#include "lib/registry.h"

#define SHELL_BUILTIN BIT(0)

struct words;

struct shell_command {
	const char *name;
	int (*fn)(int argc, char **argv);
	unsigned int flags;
	const char *usage; /* the arguments: "[-n] [WORD]..." */
	const char *help;  /* a line, or several: the first says what it does */
	/* What Tab offers for an argument: calls add(names, text) for each that begins with prefix.  NULL: files. */
	void (*complete)(const char *prefix, void (*add)(struct words *names, const char *text), struct words *names);
};

REGISTRY_DECLARE(commands, struct shell_command);

#define SHELL_COMMAND(ident, function, cmd_flags, cmd_usage, cmd_help)                  \
	__SHELL_COMMAND(#ident, function, NULL, cmd_flags, cmd_usage, cmd_help)

/* With a function for Tab. */
#define SHELL_COMMAND_COMPLETED(ident, function, completion, cmd_flags, cmd_usage, cmd_help) \
	__SHELL_COMMAND(#ident, function, completion, cmd_flags, cmd_usage, cmd_help)

#define __SHELL_COMMAND(cmd_name, function, completion, cmd_flags, cmd_usage, cmd_help) \
	REGISTRY_ENTRY(commands, struct shell_command, shell_##function) = {            \
		.name = cmd_name, .fn = function, .flags = cmd_flags,                   \
		.usage = cmd_usage, .help = cmd_help, .complete = completion,           \
	}

/* NULL if there is no such command. */
const struct shell_command *find_command(const char *name);

/*
 * --- Input and output of the running command: current's descriptors 0, 1, 2 ---
 * All in task context; all return -errno on error, -EINTR after Ctrl-C.
 */

/* At most size bytes from descriptor fd; 0 at the end. */
ssize_t sh_read(int fd, void *buf, size_t size);

/* All of buf to standard output, with as few writes as the file takes.  0 or -errno. */
int sh_write(const void *buf, size_t size);

/* Formatted text to standard output (of any length; one write).  0 or -errno. */
int sh_printf(const char *fmt, ...) __printf(1, 2);

/* Formatted text to standard error. */
void sh_error(const char *fmt, ...) __printf(1, 2);

/* Prints "NAME: WHAT: error text\n" (WHAT may be NULL) to standard error.  err is -errno.  Returns 1. */
int sh_fail(const char *name, const char *what, int err);

/* Prints "usage: NAME ...\n" of a registered command to standard error.  Returns 2. */
int sh_usage(const char *name);

/* A descriptor read line by line. */
struct sh_reader {
	int fd;
	int err;           /* -errno of the read that ended it, or 0 */
	size_t pos, len;   /* unread part of buf */
	char *line;        /* kmalloc'ed, grows */
	size_t line_size;
	char buf[512];
};

void sh_reader_init(struct sh_reader *r, int fd);
void sh_reader_exit(struct sh_reader *r);

/*
 * The next line, NUL-terminated, without its newline; *len (may be NULL) is its
 * length.  Valid until the next call.  NULL at the end or on an error (r->err).
 */
char *sh_getline(struct sh_reader *r, size_t *len);

/*
 * Options, as getopt(3): "n:v" = -n with a value, -v without.  Returns the option's
 * letter, -1 when there are no more (o->index is then the first other argument), or
 * '?' after printing what is wrong.  A "--" ends the options, a lone "-" is no option.
 */
struct sh_getopt {
	int index;        /* of the argument looked at */
	const char *next; /* inside a cluster such as -la */
	const char *value;
};

int sh_getopt(struct sh_getopt *o, int argc, char **argv, const char *options);

/*
 * Opens each file named in argv[first..] and calls fn with its descriptor and name; for "-",
 * or when none is named, with standard input.  A file that cannot be opened is reported and
 * skipped.  fn returns a status, with SH_STOP added to leave the other files.  Returns the
 * largest status, 1 for a file that could not be opened.
 */
#define SH_STOP 256
int sh_each_file(int argc, char **argv, int first, int (*fn)(int fd, const char *name, void *arg), void *arg);

/* --- The shell itself --- */

/* The console shell's task; the console is open as 0, 1 and 2.  Runs autorun=, then reads lines until `exit`. */
int console_shell(void *unused);

/* Runs the command that argv names, for commands that run others (time).  Its $?. */
int shell_run_argv(int argc, char **argv);

#endif
