/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * open.c - from a path and flags to an open file, and back.
 */
#include "kernel/fs/internal.h"

static noinline int do_dentry_open(struct file *file)
{
	struct inode *inode = file->f_path.dentry->d_inode;
	int ret = 0;

	file->f_inode = inode;
	file->f_op = inode->i_fop;
	if (!file->f_op)
		return -ENXIO; /* a kind of device node that has no driver */
	file->f_mode |= FMODE_LSEEK;
	if (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode))
		file->f_mode |= FMODE_ATOMIC_POS;
	if (file->f_op->open)
		ret = file->f_op->open(inode, file);
	if (!ret)
		file_opened(file);
	return ret;
}

static noinline int vfs_open(const struct path *path, struct file *file)
{
	file->f_path = *path;
	path_get(&file->f_path);
	return do_dentry_open(file);
}

/* The last component, in a locked directory: found, or made if O_CREAT says so. */
static noinline struct dentry *lookup_open(struct nameidata *nd, umode_t mode, bool *created)
{
	struct dentry *dentry = lookup_one(nd);
	int ret;

	if (IS_ERR(dentry) || dentry->d_inode)
		return dentry;
	ret = vfs_create(nd->path.dentry->d_inode, dentry, mode_strip_umask(mode));
	if (ret < 0) {
		dput(dentry);
		return ERR_PTR(ret);
	}
	*created = true;
	return dentry;
}

/* Moves nd to the file itself. */
static int open_last_lookups(struct nameidata *nd, int flags, umode_t mode, bool *created)
{
	struct inode *dir = nd->path.dentry->d_inode;
	struct dentry *dentry;

	if (nd->last_type != LAST_NORM || !(flags & O_CREAT))
		return walk_component(nd);
	if (trailing_slashes(nd))
		return -EISDIR;
	inode_lock(dir);
	dentry = lookup_open(nd, mode, created);
	inode_unlock(dir);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	step_into(nd, dentry);
	return 0;
}

static int may_open(const struct dentry *dentry, int flags, bool want_dir, bool created)
{
	bool is_dir = d_is_dir(dentry);

	if (flags & O_CREAT) {
		if ((flags & O_EXCL) && !created)
			return -EEXIST;
		if (is_dir)
			return -EISDIR;
	}
	if (want_dir && !is_dir)
		return -ENOTDIR;
	if (is_dir && ((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC)))
		return -EISDIR;
	return 0;
}

static void do_truncate(struct inode *inode)
{
	if (!inode->i_op || !inode->i_op->truncate)
		return;
	inode_lock(inode);
	inode->i_op->truncate(inode);
	inode_unlock(inode);
}

static int do_open(struct nameidata *nd, struct file *file, int flags, bool created)
{
	bool want_dir = (flags & O_DIRECTORY) || trailing_slashes(nd);
	int ret = may_open(nd->path.dentry, flags, want_dir, created);

	if (ret < 0)
		return ret;
	ret = vfs_open(&nd->path, file);
	if (!ret && (flags & O_TRUNC) && !created)
		do_truncate(file->f_inode);
	return ret;
}

static noinline struct file *path_openat(const char *name, int flags, umode_t mode)
{
	struct file *file = alloc_empty_file(flags);
	struct nameidata nd;
	bool created = false;
	int ret;

	if (!file)
		return ERR_PTR(-ENOMEM);
	ret = path_parentat(name, &nd);
	if (!ret) {
		ret = open_last_lookups(&nd, flags, mode, &created);
		if (!ret)
			ret = do_open(&nd, file, flags, created);
		path_put(&nd.path);
	}
	if (ret < 0) {
		fput(file);
		return ERR_PTR(ret);
	}
	return file;
}

static noinline struct file *do_filp_open(const char *name, int flags, umode_t mode)
{
	if ((flags & O_DIRECTORY) && (flags & O_CREAT))
		return ERR_PTR(-EINVAL);
	return path_openat(name, flags, mode);
}

struct file *filp_open(const char *name, int flags, umode_t mode)
{
	return do_filp_open(name, flags, mode);
}

int do_sys_open(const char *name, int flags, umode_t mode)
{
	int fd = get_unused_fd();
	struct file *file;

	if (fd < 0)
		return fd;
	file = do_filp_open(name, flags, mode);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}
