/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file_table.c - the life of struct file.
 *
 * Counted in f_count.  The last reference closes: f_op->release if the open had
 * succeeded, then the references on the path.
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"

/* The lock stands beside the file: struct file is everyone's, struct mutex the kernel's. */
struct locked_file {
	struct file file;
	struct mutex pos_lock;
};

struct file *alloc_empty_file(int flags)
{
	struct locked_file *locked = kzalloc(sizeof(*locked), GFP_KERNEL);
	struct file *file;

	if (!locked)
		return NULL;
	file = &locked->file;
	mutex_init(&locked->pos_lock);
	file->f_pos_lock = &locked->pos_lock;
	atomic_set(&file->f_count, 1);
	file->f_flags = flags;
	/* O_RDONLY, O_WRONLY, O_RDWR are 0, 1, 2; the fourth value allows neither. */
	file->f_mode = (flags + 1) & O_ACCMODE;
	return file;
}

void file_opened(struct file *file)
{
	if ((file->f_mode & FMODE_READ) && file->f_op->read)
		file->f_mode |= FMODE_CAN_READ;
	if ((file->f_mode & FMODE_WRITE) && file->f_op->write)
		file->f_mode |= FMODE_CAN_WRITE;
	if (!file->f_op->llseek)
		file->f_mode &= ~FMODE_LSEEK;
	file->f_mode |= FMODE_OPENED;
	file->f_flags &= ~(O_CREAT | O_EXCL | O_TRUNC);
}

struct file *alloc_file_pseudo(struct dentry *dentry, int flags, const struct file_operations *fops)
{
	struct file *file = alloc_empty_file(flags);

	if (!file)
		return NULL;
	file->f_path.dentry = dget(dentry);
	file->f_inode = dentry->d_inode;
	file->f_op = fops;
	file_opened(file);
	return file;
}

/* The end of a file nobody refers to any more: what release returned. */
static noinline int __fput(struct file *file)
{
	int ret = 0;

	if ((file->f_mode & FMODE_OPENED) && file->f_op->release)
		ret = file->f_op->release(file->f_inode, file);
	dput(file->f_path.dentry);
	kfree(container_of(file, struct locked_file, file));
	return ret;
}

void fput(struct file *file)
{
	if (atomic_dec_and_test(&file->f_count))
		__fput(file);
}

int filp_close(struct file *file)
{
	return atomic_dec_and_test(&file->f_count) ? __fput(file) : 0;
}
