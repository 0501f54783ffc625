/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fs_struct.c - a task's working directory and umask.
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"

void get_fs_pwd(struct fs_struct *fs, struct path *pwd)
{
	spin_lock(&fs->lock);
	*pwd = fs->pwd;
	path_get(pwd);
	spin_unlock(&fs->lock);
}

umode_t mode_strip_umask(umode_t mode)
{
	return mode & ~current->fs->umask & 07777;
}

int do_chdir(const char *name)
{
	struct fs_struct *fs = current->fs;
	struct path path, old;
	int ret = path_lookupat(name, true, &path);

	if (ret < 0)
		return ret;
	spin_lock(&fs->lock);
	old = fs->pwd;
	fs->pwd = path;
	spin_unlock(&fs->lock);
	path_put(&old);
	return 0;
}

int do_getcwd(char *buf, size_t size)
{
	struct path pwd;
	char *start;
	int ret;

	get_fs_pwd(current->fs, &pwd);
	if (READ_ONCE(pwd.dentry->d_inode->i_flags) & S_DEAD) {
		ret = -ENOENT;
	} else {
		start = d_path(&pwd, buf, size);
		ret = IS_ERR(start) ? PTR_ERR(start) : buf + size - start;
		if (ret > 0)
			memmove(buf, start, ret);
	}
	path_put(&pwd);
	return ret;
}

static struct fs_struct *copy_fs_struct(struct fs_struct *old)
{
	struct fs_struct *fs = kzalloc(sizeof(*fs), GFP_KERNEL);

	if (!fs)
		return NULL;
	atomic_set(&fs->users, 1);
	spin_lock_init(&fs->lock);
	fs->umask = old->umask;
	get_fs_pwd(old, &fs->pwd);
	return fs;
}

int copy_fs(unsigned int clone_flags, struct task_struct *child)
{
	child->fs = current->fs;
	if (clone_flags & CLONE_FS)
		atomic_inc(&child->fs->users);
	else
		child->fs = copy_fs_struct(current->fs);
	return child->fs ? 0 : -ENOMEM;
}

void exit_fs(struct task_struct *task)
{
	struct fs_struct *fs = task->fs;

	task->fs = NULL;
	if (!fs || !atomic_dec_and_test(&fs->users))
		return;
	path_put(&fs->pwd);
	kfree(fs);
}
