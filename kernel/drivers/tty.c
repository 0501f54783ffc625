/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tty.c - the terminal on the serial console.
 *
 * Input: the UART's interrupt puts bytes into a ring, readers take them out.  `lock`
 * (interrupts off) guards the ring and the foreground group.  A byte that does not fit
 * is lost, as on any terminal.
 *
 * Output: write_lock makes one write() come out whole with respect to other writers; with
 * respect to kernel messages it comes out line by line (console_write() sees to that),
 * so that interrupts are never off for longer than a line takes.
 */
#include "kernel/drivers/tty.h"
#include "kernel/mutex.h"
#include "kernel/printk.h"
#include "kernel/wait.h"

#define CTRL_C 0x03
#define INPUT_SIZE 1024u /* a power of two */
#define CHUNK 256	 /* output at a time */

static char input[INPUT_SIZE];
static unsigned int input_head, input_tail; /* bytes ever received, ever read */
static pid_t foreground;
static DEFINE_SPINLOCK(lock);
static DECLARE_WAIT_QUEUE_HEAD(input_wait);
static DEFINE_MUTEX(write_lock);

void tty_set_foreground(pid_t pgrp)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	foreground = pgrp;
	spin_unlock_irqrestore(&lock, flags);
}

void tty_receive(char c)
{
	unsigned long flags;
	pid_t interrupt = 0;

	spin_lock_irqsave(&lock, flags);
	if (c == CTRL_C && foreground) {
		interrupt = foreground;
		input_tail = input_head;
	} else if (input_head - input_tail < INPUT_SIZE) {
		input[input_head++ % INPUT_SIZE] = c;
	}
	spin_unlock_irqrestore(&lock, flags);

	if (interrupt)
		send_sig_pgrp(SIGINT, interrupt);
	else
		wake_up_interruptible(&input_wait);
}

static size_t take_input(char *buf, size_t count)
{
	unsigned long flags;
	size_t n = 0;

	spin_lock_irqsave(&lock, flags);
	while (n < count && input_tail != input_head)
		buf[n++] = input[input_tail++ % INPUT_SIZE];
	spin_unlock_irqrestore(&lock, flags);
	return n;
}

static bool input_ready(void)
{
	return READ_ONCE(input_head) != READ_ONCE(input_tail);
}

static ssize_t tty_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	if (!count)
		return 0;
	for (;;) {
		size_t n = take_input(buf, count);
		int err;

		if (n)
			return (ssize_t)n;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		err = wait_event_interruptible(input_wait, input_ready());
		if (err)
			return err;
	}
}

/* One chunk: up to a newline or a full buffer.  Returns how many bytes of `buf` it took. */
static size_t write_chunk(const char *buf, size_t count)
{
	char out[CHUNK];
	size_t used = 0, len = 0;

	while (used < count && len + 2 <= CHUNK) {
		char c = buf[used++];

		if (c == '\n')
			out[len++] = '\r';
		out[len++] = c;
		if (c == '\n')
			break;
	}
	console_write(out, len);
	return used;
}

static ssize_t tty_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	size_t done = 0;

	mutex_lock(&write_lock);
	while (done < count)
		done += write_chunk(buf + done, count - done);
	mutex_unlock(&write_lock);
	return (ssize_t)count;
}

const struct file_operations tty_fops = {
	.open = stream_open,
	.read = tty_read,
	.write = tty_write,
};
