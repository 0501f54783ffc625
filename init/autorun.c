/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * autorun.c - what pid 1 does when boot is over: in-kernel tests, or a shell for ever.
 *
 * Every program of this kernel is a shell command, so there is no init to load from a
 * disk; pid 1 opens the console as descriptors 0, 1 and 2 for its children and starts
 * the shell itself.
 */
#include "init/autorun.h"
#include "arch/arch.h"
#include "init/params.h"
#include "kernel/fs/fs.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "tests/ktest/ktest.h"

static const char *autorun;
static const char *ktest_glob;	/* NULL: no tests; "": all */

static int __init set_autorun(char *val)
{
	autorun = val;
	return 1;
}
__setup("autorun=", set_autorun);

static int __init set_ktest(char *val)
{
	ktest_glob = val;
	return 1;
}
__setup("ktest", set_ktest);

const char *autorun_lines(void)
{
	return autorun;
}

static void console_on_rootfs(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (do_sys_open("/dev/console", O_RDWR, 0) != fd)
			panic("init: cannot open /dev/console as descriptor %d", fd);
}

static void __noreturn run_ktests(void)
{
	struct ktest_totals totals;
	int status = ktest_run(*ktest_glob ? ktest_glob : NULL, &totals);

	arch_power_off(status);
}

void run_init_process(void)
{
	console_on_rootfs();
	if (ktest_glob)
		run_ktests();
	for (;;) {
		pid_t shell = kernel_clone(console_shell, NULL, "sh", 0);

		if (shell < 0)
			panic("init: cannot start the shell: error %d", shell);
		while (kernel_wait4(shell, NULL, 0) == -EINTR)
			flush_signals(current);
		autorun = NULL;
	}
}
