/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdtable.c - descriptors: a task's small numbers for open files.
 *
 * files->lock guards the table.  It is a spinlock, so files are closed (which may
 * sleep) only after it is dropped.  A descriptor is reserved before its file is
 * opened: open must not have effects and then find that there is no number left.
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"

static_assert(NR_OPEN <= 64, "files->reserved is 64 bits");

int get_unused_fd(void)
{
	struct files *files = current->files;
	int fd;

	spin_lock(&files->lock);
	for (fd = 0; fd < NR_OPEN; fd++)
		if (!files->fd[fd] && !(files->reserved & (1ULL << fd)))
			break;
	if (fd < NR_OPEN)
		files->reserved |= 1ULL << fd;
	spin_unlock(&files->lock);
	return fd < NR_OPEN ? fd : -EMFILE;
}

void put_unused_fd(unsigned int fd)
{
	struct files *files = current->files;

	spin_lock(&files->lock);
	files->reserved &= ~(1ULL << fd);
	spin_unlock(&files->lock);
}

void fd_install(unsigned int fd, struct file *file)
{
	struct files *files = current->files;

	spin_lock(&files->lock);
	files->fd[fd] = file;
	files->reserved &= ~(1ULL << fd);
	spin_unlock(&files->lock);
}

struct file *fget(unsigned int fd)
{
	struct files *files = current->files;
	struct file *file;

	if (fd >= NR_OPEN)
		return NULL;
	spin_lock(&files->lock);
	file = files->fd[fd];
	if (file)
		get_file(file);
	spin_unlock(&files->lock);
	return file;
}

int close_fd(unsigned int fd)
{
	struct files *files = current->files;
	struct file *file;

	if (fd >= NR_OPEN)
		return -EBADF;
	spin_lock(&files->lock);
	file = files->fd[fd];
	files->fd[fd] = NULL;
	spin_unlock(&files->lock);
	return file ? filp_close(file) : -EBADF;
}

int ksys_dup2(unsigned int oldfd, unsigned int newfd)
{
	struct files *files = current->files;
	struct file *file = fget(oldfd);
	struct file *replaced;

	if (!file)
		return -EBADF;
	if (newfd >= NR_OPEN || newfd == oldfd) {
		fput(file);
		return newfd == oldfd ? (int)newfd : -EBADF;
	}
	spin_lock(&files->lock);
	if (files->reserved & (1ULL << newfd)) {
		/* Another task that shares the table is about to open it. */
		spin_unlock(&files->lock);
		fput(file);
		return -EBUSY;
	}
	replaced = files->fd[newfd];
	files->fd[newfd] = file;
	spin_unlock(&files->lock);
	if (replaced)
		fput(replaced);
	return newfd;
}

static struct files *dup_fd(struct files *old)
{
	struct files *files = kzalloc(sizeof(*files), GFP_KERNEL);

	if (!files)
		return NULL;
	atomic_set(&files->users, 1);
	spin_lock_init(&files->lock);
	spin_lock(&old->lock);
	for (int fd = 0; fd < NR_OPEN; fd++)
		if (old->fd[fd])
			files->fd[fd] = get_file(old->fd[fd]);
	spin_unlock(&old->lock);
	return files;
}

int copy_files(unsigned int clone_flags, struct task_struct *child)
{
	child->files = current->files;
	if (clone_flags & CLONE_FILES)
		atomic_inc(&child->files->users);
	else
		child->files = dup_fd(current->files);
	return child->files ? 0 : -ENOMEM;
}

void exit_files(struct task_struct *task)
{
	struct files *files = task->files;

	task->files = NULL;
	if (!files || !atomic_dec_and_test(&files->users))
		return;
	for (int fd = 0; fd < NR_OPEN; fd++)
		if (files->fd[fd])
			filp_close(files->fd[fd]);
	kfree(files);
}
