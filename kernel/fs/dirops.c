/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dirops.c - making and removing names.
 *
 * The directory's i_rwsem is held from looking the name up until it is made or
 * gone, so two tasks cannot both make it.  A directory that is removed is locked
 * too, and marked dead: who was about to make something in it fails with -ENOENT.
 */
#include "kernel/fs/internal.h"

int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	if (!dir->i_op->create)
		return -EACCES;
	return dir->i_op->create(dir, dentry, S_IFREG | mode);
}

static noinline int vfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	if (!dir->i_op->mkdir)
		return -EPERM;
	return dir->i_op->mkdir(dir, dentry, S_IFDIR | mode);
}

static noinline int vfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, u32 dev)
{
	if (!dir->i_op->mknod)
		return -EPERM;
	return dir->i_op->mknod(dir, dentry, mode, dev);
}

static noinline int vfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;
	int ret;

	if (!d_is_dir(dentry))
		return -ENOTDIR;
	if (!dir->i_op->rmdir)
		return -EPERM;
	inode_lock(inode);
	ret = dentry->d_mounted ? -EBUSY : dir->i_op->rmdir(dir, dentry);
	if (!ret) {
		inode->i_flags |= S_DEAD;
		d_delete(dentry);
	}
	inode_unlock(inode);
	return ret;
}

static noinline int vfs_unlink(struct inode *dir, struct dentry *dentry)
{
	int ret;

	if (d_is_dir(dentry))
		return -EISDIR;
	if (!dir->i_op->unlink)
		return -EPERM;
	ret = dir->i_op->unlink(dir, dentry);
	if (!ret)
		d_delete(dentry);
	return ret;
}

/* The new last component of a path, its directory locked, for something that is (not) a directory. */
static struct dentry *filename_create(const char *name, struct nameidata *nd, bool is_dir)
{
	struct dentry *dentry;
	int ret = path_parentat(name, nd);

	if (ret < 0)
		return ERR_PTR(ret);
	ret = -EEXIST;
	if (nd->last_type != LAST_NORM)
		goto out_put;
	inode_lock(nd->path.dentry->d_inode);
	dentry = lookup_one(nd);
	if (IS_ERR(dentry)) {
		ret = PTR_ERR(dentry);
		goto out_unlock;
	}
	if (!dentry->d_inode && (is_dir || !trailing_slashes(nd)))
		return dentry;
	if (!dentry->d_inode)
		ret = -ENOENT;
	dput(dentry);
out_unlock:
	inode_unlock(nd->path.dentry->d_inode);
out_put:
	path_put(&nd->path);
	return ERR_PTR(ret);
}

static void done_path_create(struct nameidata *nd, struct dentry *dentry)
{
	dput(dentry);
	inode_unlock(nd->path.dentry->d_inode);
	path_put(&nd->path);
}

int do_mkdir(const char *name, umode_t mode)
{
	struct nameidata nd;
	struct dentry *dentry = filename_create(name, &nd, true);
	int ret;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	ret = vfs_mkdir(nd.path.dentry->d_inode, dentry, mode_strip_umask(mode));
	done_path_create(&nd, dentry);
	return ret;
}

int do_mknod(const char *name, umode_t mode, u32 dev)
{
	struct nameidata nd;
	struct dentry *dentry;
	int ret;

	if (S_ISDIR(mode))
		return -EPERM;
	dentry = filename_create(name, &nd, false);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	ret = vfs_mknod(nd.path.dentry->d_inode, dentry, (mode & S_IFMT) | mode_strip_umask(mode), dev);
	done_path_create(&nd, dentry);
	return ret;
}

static int rmdir_special(enum last_type type)
{
	switch (type) {
	case LAST_DOT:
		return -EINVAL;
	case LAST_DOTDOT:
		return -ENOTEMPTY;
	case LAST_ROOT:
		return -EBUSY;
	case LAST_NORM:
		break;
	}
	return 0;
}

int do_rmdir(const char *name)
{
	struct nameidata nd;
	struct dentry *dentry;
	int ret = path_parentat(name, &nd);

	if (ret < 0)
		return ret;
	ret = rmdir_special(nd.last_type);
	if (ret < 0)
		goto out;
	inode_lock(nd.path.dentry->d_inode);
	dentry = lookup_one(&nd);
	if (IS_ERR(dentry)) {
		ret = PTR_ERR(dentry);
	} else {
		ret = dentry->d_inode ? vfs_rmdir(nd.path.dentry->d_inode, dentry) : -ENOENT;
		dput(dentry);
	}
	inode_unlock(nd.path.dentry->d_inode);
out:
	path_put(&nd.path);
	return ret;
}

/* A name with slashes behind it can only be a directory's, which is not for unlink to remove. */
static int unlink_slashes(const struct dentry *dentry)
{
	if (!dentry->d_inode)
		return -ENOENT;
	return d_is_dir(dentry) ? -EISDIR : -ENOTDIR;
}

int do_unlink(const char *name)
{
	struct nameidata nd;
	struct dentry *dentry;
	int ret = path_parentat(name, &nd);

	if (ret < 0)
		return ret;
	ret = -EISDIR;
	if (nd.last_type != LAST_NORM)
		goto out;
	inode_lock(nd.path.dentry->d_inode);
	dentry = lookup_one(&nd);
	if (IS_ERR(dentry)) {
		ret = PTR_ERR(dentry);
	} else {
		if (trailing_slashes(&nd) || !dentry->d_inode)
			ret = unlink_slashes(dentry);
		else
			ret = vfs_unlink(nd.path.dentry->d_inode, dentry);
		dput(dentry);
	}
	inode_unlock(nd.path.dentry->d_inode);
out:
	path_put(&nd.path);
	return ret;
}
