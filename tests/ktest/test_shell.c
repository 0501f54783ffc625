/* SPDX-License-Identifier: BSD-2-Clause */
/* test_shell.c - what a transcript cannot see of the shell: its memory, and what a failed line leaves behind. */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/exec.h"
#include "tests/ktest/ktest.h"

/* This test's task is its own: its output may go away for good. */
static void silence(void)
{
	int fd = do_sys_open("/dev/null", O_RDWR, 0);

	KTEST_EXPECT(fd >= 0);
	KTEST_EXPECT_EQ(ksys_dup2(fd, 0), 0);
	KTEST_EXPECT_EQ(ksys_dup2(fd, 1), 1);
	KTEST_EXPECT_EQ(ksys_dup2(fd, 2), 2);
	KTEST_EXPECT_EQ(close_fd(fd), 0);
}

static void new_shell(struct shell *sh)
{
	*sh = (struct shell){ .pid = current->pid, .origin = "sh" };
}

static long live_objects(void)
{
	struct kmem_stats stats;

	kmem_get_stats(&stats);
	return stats.live;
}

#define ROUNDS 20

KTEST(shell_lines_leak_no_memory)
{
	static const char *const lines[] = {
		"echo a 'b c' \"$?\" $$ /p*/ver* nosuch*",
		"cat /proc/version | head -1 | wc",
		"nosuch; cat nosuch; echo > /x/y; cat < nosuch",
		"echo x ;; echo 'x", "( ", "echo > > y",
		"false && true || ls / > /dev/null 2>&1",
		"grep -E 'a|b' /proc/version; tail -n 3 /proc/version /proc/nosuch",
		"sh -c 'true; exit 3' & wait",
		"true && sleep 0 & wait",
		"echo x | sh; sh nosuch",
	};
	long before = 0;
	struct shell sh;

	silence();
	if (ktest_failed())
		return;
	new_shell(&sh);
	for (int round = 0; round <= ROUNDS; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
			shell_run_line(&sh, lines[i]);
		jobs_reap(&sh);
		/* The first round fills what is kept for good. */
		if (!round)
			before = live_objects();
	}
	/* A task that has just exited may still be on its way; a leak would show in every round. */
	KTEST_EXPECT(live_objects() - before < ROUNDS);
}

KTEST(shell_redirections_leave_the_descriptors_as_they_were)
{
	struct shell sh;
	struct file *before[NR_OPEN], *after;

	silence();
	if (ktest_failed())
		return;
	new_shell(&sh);
	for (int fd = 0; fd < NR_OPEN; fd++)
		before[fd] = READ_ONCE(current->files->fd[fd]);
	shell_run_line(&sh, "echo a > /f 2>&1; echo b 3>&1 4</f 1>&2; echo c > /x/y");
	shell_run_line(&sh, "nosuch 2>/f | cat <&7; sh -c 'echo > /f' > /g");
	for (int fd = 0; fd < NR_OPEN; fd++) {
		after = READ_ONCE(current->files->fd[fd]);
		KTEST_EXPECT_EQ((unsigned long)after, (unsigned long)before[fd]);
	}
	KTEST_EXPECT_EQ(do_unlink("/f"), 0);
	KTEST_EXPECT_EQ(do_unlink("/g"), 0);
}

KTEST(shell_built_ins_run_in_its_own_task_and_others_in_a_child)
{
	struct shell sh;
	pid_t before = current->pid;
	char cwd[16];

	silence();
	if (ktest_failed())
		return;
	new_shell(&sh);
	shell_run_line(&sh, "cd /proc; false");
	KTEST_EXPECT_EQ(sh.status, 1);
	KTEST_EXPECT(do_getcwd(cwd, sizeof(cwd)) > 0);
	KTEST_EXPECT_STREQ(cwd, "/proc");
	shell_run_line(&sh, "cd / | true");
	KTEST_EXPECT(do_getcwd(cwd, sizeof(cwd)) > 0);
	KTEST_EXPECT_STREQ(cwd, "/proc");
	KTEST_EXPECT_EQ(kernel_wait4(-1, NULL, 0), -ECHILD);
	KTEST_EXPECT_EQ(current->pid, before);
}
