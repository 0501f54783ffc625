/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * read_write.c - moving bytes: checks that hold for every file, then f_op.
 */
#include "kernel/fs/internal.h"

/* Most that one call moves: a count always fits into ssize_t and int. */
#define MAX_RW_COUNT ((size_t)0x7ffff000)

static noinline int rw_verify_area(loff_t pos, size_t *count)
{
	if (pos < 0)
		return -EINVAL;
	*count = min(*count, MAX_RW_COUNT);
	return 0;
}

noinline ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos)
{
	int ret;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_READ))
		return -EINVAL;
	ret = rw_verify_area(*pos, &count);
	if (ret < 0)
		return ret;
	return file->f_op->read(file, buf, count, pos);
}

noinline ssize_t vfs_write(struct file *file, const char *buf, size_t count, loff_t *pos)
{
	int ret;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_WRITE))
		return -EINVAL;
	ret = rw_verify_area(*pos, &count);
	if (ret < 0)
		return ret;
	return file->f_op->write(file, buf, count, pos);
}

ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	size_t done = 0;

	while (done < count) {
		ssize_t n = vfs_read(file, (char *)buf + done, count - done, pos);

		if (n < 0)
			return n;
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	size_t done = 0;

	while (done < count) {
		ssize_t n = vfs_write(file, (const char *)buf + done, count - done, pos);

		if (n < 0)
			return n;
		if (n == 0)
			return -EIO;
		done += n;
	}
	return done;
}

noinline loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	return file->f_op->llseek(file, offset, whence);
}

int iterate_dir(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	int ret = -ENOENT;

	if (!file->f_op->iterate)
		return -ENOTDIR;
	inode_lock(inode);
	if (!(inode->i_flags & S_DEAD)) {
		ctx->pos = file->f_pos;
		ret = file->f_op->iterate(file, ctx);
		file->f_pos = ctx->pos;
	}
	inode_unlock(inode);
	return ret;
}

static struct file *fdget_pos(unsigned int fd)
{
	struct file *file = fget(fd);

	if (file && (file->f_mode & FMODE_ATOMIC_POS))
		mutex_lock(file->f_pos_lock);
	return file;
}

static void fdput_pos(struct file *file)
{
	if (file->f_mode & FMODE_ATOMIC_POS)
		mutex_unlock(file->f_pos_lock);
	fput(file);
}

/* The position moves only when the transfer succeeded. */
static ssize_t put_pos(struct file *file, loff_t pos, ssize_t ret)
{
	if (ret >= 0)
		file->f_pos = pos;
	fdput_pos(file);
	return ret;
}

ssize_t ksys_read(unsigned int fd, char *buf, size_t count)
{
	struct file *file = fdget_pos(fd);
	loff_t pos;
	ssize_t ret;

	if (!file)
		return -EBADF;
	pos = file->f_pos;
	ret = vfs_read(file, buf, count, &pos);
	return put_pos(file, pos, ret);
}

ssize_t ksys_write(unsigned int fd, const char *buf, size_t count)
{
	struct file *file = fdget_pos(fd);
	loff_t pos;
	ssize_t ret;

	if (!file)
		return -EBADF;
	pos = file->f_pos;
	ret = vfs_write(file, buf, count, &pos);
	return put_pos(file, pos, ret);
}

loff_t ksys_lseek(unsigned int fd, loff_t offset, int whence)
{
	struct file *file = fdget_pos(fd);
	loff_t ret;

	if (!file)
		return -EBADF;
	ret = vfs_llseek(file, offset, whence);
	fdput_pos(file);
	return ret;
}
