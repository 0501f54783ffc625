/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pipe.c - bytes from one task to another.
 *
 * A ring: `head` counts the bytes written since the pipe was made, `tail` those
 * read; both wrap, their difference is what is inside.  mutex guards everything;
 * the conditions of the two wait queues also look without it, and whoever changes
 * what a condition depends on wakes the other side afterwards.
 *
 * A pipe has one struct file for each end, however many descriptors share it.
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"
#include "kernel/wait.h"
#include "lib/string.h"

#define PIPE_ORDER 4 /* 16 pages, Linux's default */
#define PIPE_SIZE ((unsigned int)PAGE_SIZE << PIPE_ORDER)

struct pipe {
	struct mutex mutex;
	wait_queue_head_t rd_wait, wr_wait;
	unsigned int head, tail;
	bool readers, writers; /* is the end open? */
	char *ring;
};

static bool pipe_empty(const struct pipe *pipe)
{
	return READ_ONCE(pipe->head) == READ_ONCE(pipe->tail);
}

static unsigned int pipe_room(const struct pipe *pipe)
{
	return PIPE_SIZE - (READ_ONCE(pipe->head) - READ_ONCE(pipe->tail));
}

static bool pipe_readable(const struct pipe *pipe)
{
	return !pipe_empty(pipe) || !READ_ONCE(pipe->writers);
}

static bool pipe_writable(const struct pipe *pipe, unsigned int need)
{
	return pipe_room(pipe) >= need || !READ_ONCE(pipe->readers);
}

/* Out of the ring, at most `count` bytes. */
static size_t pipe_take(struct pipe *pipe, char *buf, size_t count)
{
	unsigned int at = pipe->tail % PIPE_SIZE;
	size_t n = min(count, (size_t)(pipe->head - pipe->tail));
	size_t first = min(n, (size_t)(PIPE_SIZE - at));

	memcpy(buf, pipe->ring + at, first);
	memcpy(buf + first, pipe->ring, n - first);
	WRITE_ONCE(pipe->tail, pipe->tail + n);
	return n;
}

/* Into the ring, at most `count` bytes. */
static size_t pipe_put(struct pipe *pipe, const char *buf, size_t count)
{
	unsigned int at = pipe->head % PIPE_SIZE;
	size_t n = min(count, (size_t)pipe_room(pipe));
	size_t first = min(n, (size_t)(PIPE_SIZE - at));

	memcpy(pipe->ring + at, buf, first);
	memcpy(pipe->ring, buf + first, n - first);
	WRITE_ONCE(pipe->head, pipe->head + n);
	return n;
}

/* What there is, at least one byte; waits for it.  0 when it is empty and can never be filled. */
static noinline ssize_t pipe_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	struct pipe *pipe = file->private_data;
	ssize_t ret;

	if (!count)
		return 0;
	for (;;) {
		mutex_lock(&pipe->mutex);
		if (!pipe_empty(pipe) || !pipe->writers)
			break;
		mutex_unlock(&pipe->mutex);
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(pipe->rd_wait, pipe_readable(pipe));
		if (ret < 0)
			return ret;
	}
	ret = pipe_take(pipe, buf, count);
	mutex_unlock(&pipe->mutex);
	if (ret)
		wake_up_interruptible_all(&pipe->wr_wait);
	return ret;
}

/* All of it, but for a signal or a reader who leaves half way; up to PIPE_BUF bytes go in one piece. */
static noinline ssize_t pipe_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct pipe *pipe = file->private_data;
	unsigned int need = count <= PIPE_BUF ? count : 1;
	size_t done = 0;
	ssize_t ret = 0;

	mutex_lock(&pipe->mutex);
	while (done < count) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current);
			ret = -EPIPE;
			break;
		}
		if (pipe_room(pipe) >= need) {
			done += pipe_put(pipe, buf + done, count - done);
			continue;
		}
		if (file->f_flags & O_NONBLOCK) {
			ret = -EAGAIN;
			break;
		}
		mutex_unlock(&pipe->mutex);
		wake_up_interruptible_all(&pipe->rd_wait);
		ret = wait_event_interruptible(pipe->wr_wait, pipe_writable(pipe, need));
		mutex_lock(&pipe->mutex);
		if (ret < 0)
			break;
	}
	mutex_unlock(&pipe->mutex);
	if (done)
		wake_up_interruptible_all(&pipe->rd_wait);
	return done ? (ssize_t)done : ret;
}

static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe *pipe = file->private_data;

	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		WRITE_ONCE(pipe->readers, false);
	else
		WRITE_ONCE(pipe->writers, false);
	mutex_unlock(&pipe->mutex);
	wake_up_interruptible_all(&pipe->rd_wait);
	wake_up_interruptible_all(&pipe->wr_wait);
	return 0;
}

static const struct file_operations pipefifo_fops = {
	.read = pipe_read,
	.write = pipe_write,
	.release = pipe_release,
};

static void pipe_evict_inode(struct inode *inode)
{
	struct pipe *pipe = inode->i_data;

	if (!pipe)
		return;
	free_pages(pipe->ring, PIPE_ORDER);
	kfree(pipe);
}

static const struct super_operations pipefs_ops = { .evict_inode = pipe_evict_inode };
static struct super_block pipefs_super = { .s_type = "pipefs", .s_op = &pipefs_ops };

static struct pipe *alloc_pipe(void)
{
	struct pipe *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);

	if (!pipe)
		return NULL;
	pipe->ring = __get_free_pages(GFP_KERNEL, PIPE_ORDER);
	if (!pipe->ring) {
		kfree(pipe);
		return NULL;
	}
	mutex_init(&pipe->mutex);
	init_waitqueue_head(&pipe->rd_wait);
	init_waitqueue_head(&pipe->wr_wait);
	pipe->readers = true;
	pipe->writers = true;
	return pipe;
}

/* The one name of a new pipe, in no tree; the pipe goes with it. */
static struct dentry *alloc_pipe_dentry(void)
{
	struct inode *inode = new_inode(&pipefs_super, S_IFIFO | 0600);

	if (!inode)
		return NULL;
	inode->i_data = alloc_pipe();
	if (!inode->i_data) {
		destroy_inode(inode);
		return NULL;
	}
	return d_make_root(inode);
}

static int create_pipe_files(struct file *file[2], int flags)
{
	struct dentry *dentry = alloc_pipe_dentry();

	if (!dentry)
		return -ENOMEM;
	file[0] = alloc_file_pseudo(dentry, O_RDONLY | flags, &pipefifo_fops);
	file[1] = alloc_file_pseudo(dentry, O_WRONLY | flags, &pipefifo_fops);
	for (int end = 0; end < 2; end++)
		if (file[end])
			file[end]->private_data = dentry->d_inode->i_data;
	dput(dentry); /* now the files' */
	if (file[0] && file[1])
		return 0;
	for (int end = 0; end < 2; end++)
		if (file[end])
			fput(file[end]);
	return -ENOMEM;
}

int do_pipe2(int fds[2], int flags)
{
	struct file *file[2];
	int fd[2];
	int ret;

	if (flags & ~O_NONBLOCK)
		return -EINVAL;
	fd[0] = get_unused_fd();
	if (fd[0] < 0)
		return fd[0];
	fd[1] = get_unused_fd();
	ret = fd[1] < 0 ? fd[1] : create_pipe_files(file, flags);
	if (ret < 0) {
		put_unused_fd(fd[0]);
		if (fd[1] >= 0)
			put_unused_fd(fd[1]);
		return ret;
	}
	for (int end = 0; end < 2; end++) {
		fd_install(fd[end], file[end]);
		fds[end] = fd[end];
	}
	return 0;
}
