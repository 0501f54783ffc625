/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_basic.c - commands that steer the shell and its tasks: true false exit wait kill sleep time. */
#include "kernel/shell/exec.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "lib/ctype.h"
#include "lib/kstrtox.h"
#include "lib/math64.h"
#include "lib/string.h"

static int cmd_true(int argc, char **argv)
{
	return 0;
}
SHELL_COMMAND(true, cmd_true, SHELL_BUILTIN, "", "does nothing; $? is 0");

static int cmd_false(int argc, char **argv)
{
	return 1;
}
SHELL_COMMAND(false, cmd_false, SHELL_BUILTIN, "", "does nothing; $? is 1");

static int cmd_exit(int argc, char **argv)
{
	int status;

	if (argc == 1)
		return SHELL_EXIT | SHELL_EXIT_SAME;
	if (argc > 2)
		return sh_usage("exit");
	if (kstrtoint(argv[1], 10, &status) || status < 0) {
		sh_fail("exit", argv[1], -EINVAL);
		return 2;
	}
	return SHELL_EXIT | (status & 0xff);
}
SHELL_COMMAND(exit, cmd_exit, SHELL_BUILTIN, "[STATUS]",
	      "ends the shell; the console then gets a new one");

static int cmd_wait(int argc, char **argv)
{
	int status = 0, pid;

	if (argc == 1) {
		while ((pid = kernel_wait4(-1, NULL, 0)) > 0)
			;
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		if (kstrtoint(argv[i], 10, &pid) || pid <= 0)
			return sh_fail("wait", argv[i], -EINVAL);
		if (kernel_wait4(pid, &status, 0) < 0)
			status = 127;
	}
	return status;
}
SHELL_COMMAND(wait, cmd_wait, SHELL_BUILTIN, "[PID]...",
	      "waits for tasks in the background (all of them)\n$? is that of the last PID, 127 if it is no child");

static int parse_signal(const char *s)
{
	static const struct { const char *name; int sig; } names[] = {
		{ "INT", SIGINT }, { "KILL", SIGKILL }, { "PIPE", SIGPIPE },
	};
	int sig;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(s, names[i].name))
			return names[i].sig;
	return kstrtoint(s, 10, &sig) || sig <= 0 ? -EINVAL : sig;
}

static int kill_one(const char *word, int sig)
{
	struct task_struct *task;
	unsigned long flags;
	int pid, err = -ESRCH;

	if (kstrtoint(word, 10, &pid) || pid <= 0)
		return sh_fail("kill", word, -EINVAL);
	spin_lock_irqsave(&tasklist_lock, flags);
	task = find_task_by_pid(pid);
	if (task)
		err = send_sig(sig, task);
	spin_unlock_irqrestore(&tasklist_lock, flags);
	return err ? sh_fail("kill", word, err) : 0;
}

static int cmd_kill(int argc, char **argv)
{
	int sig = SIGINT, first = 1, status = 0;

	if (argc > 1 && argv[1][0] == '-') {
		sig = parse_signal(argv[1] + 1);
		if (sig < 0)
			return sh_fail("kill", argv[1], sig);
		first = 2;
	}
	if (first == argc)
		return sh_usage("kill");
	for (int i = first; i < argc; i++)
		status |= kill_one(argv[i], sig);
	return status;
}
SHELL_COMMAND(kill, cmd_kill, SHELL_BUILTIN, "[-SIGNAL] PID...",
	      "sends INT (or KILL, PIPE, or a number); the task ends when it next looks");

/* "1.25" in milliseconds, or -EINVAL.  Digits behind the third do not count. */
static long parse_seconds(const char *s)
{
	long ms = 0, unit = 100;

	if (!isdigit(*s) && *s != '.')
		return -EINVAL;
	for (; isdigit(*s); s++) {
		ms = ms * 10 + (*s - '0') * MSEC_PER_SEC;
		if (ms > 1000000 * MSEC_PER_SEC)
			return -EINVAL;
	}
	if (*s == '.')
		for (s++; isdigit(*s); s++, unit /= 10)
			ms += (*s - '0') * unit;
	return *s ? -EINVAL : ms;
}

static int cmd_sleep(int argc, char **argv)
{
	long ms;

	if (argc != 2)
		return sh_usage("sleep");
	ms = parse_seconds(argv[1]);
	if (ms < 0)
		return sh_fail("sleep", argv[1], ms);
	return msleep_interruptible(ms) != 0;
}
SHELL_COMMAND(sleep, cmd_sleep, 0, "SECONDS", "does nothing for SECONDS, which may be 0.5");

static int cmd_time(int argc, char **argv)
{
	u64 start = ktime_get_ns();
	u32 ns, s;
	int status;

	if (argc < 2)
		return sh_usage("time");
	status = shell_run_argv(argc - 1, argv + 1);
	s = div_u64_rem(ktime_get_ns() - start, NSEC_PER_SEC, &ns);
	sh_error("real\t%um %u.%03us\n", s / 60, s % 60, (u32)(ns / NSEC_PER_MSEC));
	return status;
}
SHELL_COMMAND(time, cmd_time, 0, "COMMAND [ARGUMENT]...", "runs COMMAND and says how long it took");
