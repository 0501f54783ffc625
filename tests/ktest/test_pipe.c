/* SPDX-License-Identifier: BSD-2-Clause */
/* test_pipe.c - pipes: end of file, errors, blocking, and signals that end it. */
#include "kernel/fs/fs.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "tests/ktest/ktest.h"

KTEST(vfs_pipe_gives_eof_epipe_eagain_and_espipe)
{
	char buf[8];
	int fds[2];

	KTEST_EXPECT_EQ(do_pipe2(fds, O_APPEND), -EINVAL);
	KTEST_EXPECT_EQ(do_pipe2(fds, O_NONBLOCK), 0);
	KTEST_EXPECT_EQ(ksys_read(fds[0], buf, 8), -EAGAIN);
	KTEST_EXPECT_EQ(ksys_write(fds[1], "abc", 3), 3);
	KTEST_EXPECT_EQ(ksys_lseek(fds[0], 0, SEEK_SET), -ESPIPE);
	KTEST_EXPECT_EQ(ksys_write(fds[0], "x", 1), -EBADF);
	KTEST_EXPECT_EQ(ksys_read(fds[0], buf, 2), 2);
	close_fd(fds[1]);
	KTEST_EXPECT_EQ(ksys_read(fds[0], buf, 8), 1);
	KTEST_EXPECT_EQ(buf[0], 'c');
	KTEST_EXPECT_EQ(ksys_read(fds[0], buf, 8), 0);
	close_fd(fds[0]);

	KTEST_EXPECT_EQ(do_pipe2(fds, 0), 0);
	close_fd(fds[0]);
	KTEST_EXPECT_EQ(ksys_write(fds[1], "x", 1), -EPIPE);
	KTEST_EXPECT(signal_pending_sig(current, SIGPIPE));
	flush_signals(current);
	close_fd(fds[1]);
}

KTEST(vfs_pipe_write_up_to_pipe_buf_is_all_or_nothing)
{
	static char block[PIPE_BUF];
	size_t total = 0;
	int fds[2];

	KTEST_EXPECT_EQ(do_pipe2(fds, O_NONBLOCK), 0);
	while (ksys_write(fds[1], block, 1000) == 1000)
		total += 1000;
	KTEST_EXPECT_EQ(total, 65000);
	KTEST_EXPECT_EQ(ksys_write(fds[1], block, 1000), -EAGAIN);
	KTEST_EXPECT_EQ(ksys_write(fds[1], block, 536), 536);
	KTEST_EXPECT_EQ(ksys_write(fds[1], block, 1), -EAGAIN);
	KTEST_EXPECT_EQ(ksys_read(fds[0], block, 7), 7);
	KTEST_EXPECT_EQ(ksys_write(fds[1], block, 1), 1);
	close_fd(fds[0]);
	close_fd(fds[1]);
}

#define STREAM_SIZE 300000

/* The other end of a pipe: writes STREAM_SIZE counted bytes in uneven pieces. */
static int write_stream(void *arg)
{
	int *fds = arg;
	char piece[997];
	int sent = 0;

	close_fd(fds[0]);
	while (sent < STREAM_SIZE) {
		int n = min((int)sizeof(piece) - sent % 13, STREAM_SIZE - sent);

		for (int i = 0; i < n; i++)
			piece[i] = (sent + i) * 7;
		if (ksys_write(fds[1], piece, n) != n)
			return 1;
		sent += n;
	}
	return 0;
}

KTEST(vfs_pipe_carries_a_stream_between_tasks)
{
	char buf[777];
	int fds[2], got = 0, bad = 0, status = -1;
	pid_t pid;

	KTEST_EXPECT_EQ(do_pipe2(fds, 0), 0);
	pid = kernel_clone(write_stream, fds, "stream", 0);
	KTEST_EXPECT(pid > 0);
	close_fd(fds[1]);
	for (;;) {
		ssize_t n = ksys_read(fds[0], buf, sizeof(buf));

		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			bad += buf[i] != (char)((got + i) * 7);
		got += n;
	}
	close_fd(fds[0]);
	KTEST_EXPECT_EQ(kernel_wait4(pid, &status, 0), pid);
	KTEST_EXPECT_EQ(status, 0);
	KTEST_EXPECT_EQ(got, STREAM_SIZE);
	KTEST_EXPECT_EQ(bad, 0);
}

static int read_blocking(void *arg)
{
	char c;

	return -ksys_read(*(int *)arg, &c, 1);
}

KTEST(vfs_pipe_read_is_interruptible)
{
	struct task_struct *task;
	unsigned long flags;
	int fds[2], status = 0;
	pid_t pid;

	KTEST_EXPECT_EQ(do_pipe2(fds, 0), 0);
	pid = kernel_clone(read_blocking, &fds[0], "reader", 0);
	KTEST_EXPECT(pid > 0);
	spin_lock_irqsave(&tasklist_lock, flags);
	task = find_task_by_pid(pid);
	send_sig(SIGINT, task);
	spin_unlock_irqrestore(&tasklist_lock, flags);
	KTEST_EXPECT_EQ(kernel_wait4(pid, &status, 0), pid);
	KTEST_EXPECT_EQ(status, EINTR);
	close_fd(fds[0]);
	close_fd(fds[1]);
}

/* Fills the pipe and blocks; the descriptors are this task's own copies. */
static int write_blocking(void *arg)
{
	static const char block[PIPE_BUF];
	int *fds = arg;
	ssize_t ret;

	close_fd(fds[0]);
	do
		ret = ksys_write(fds[1], block, sizeof(block));
	while (ret == sizeof(block));
	return -ret;
}

KTEST(vfs_pipe_write_that_blocks_ends_when_the_reader_goes)
{
	int fds[2], status = 0;
	pid_t pid;
	char c;

	KTEST_EXPECT_EQ(do_pipe2(fds, 0), 0);
	pid = kernel_clone(write_blocking, fds, "writer", 0);
	KTEST_EXPECT(pid > 0);
	close_fd(fds[1]);
	KTEST_EXPECT_EQ(ksys_read(fds[0], &c, 1), 1); /* it has begun, and cannot end by itself */
	close_fd(fds[0]);
	KTEST_EXPECT_EQ(kernel_wait4(pid, &status, 0), pid);
	KTEST_EXPECT_EQ(status, EPIPE);
}
