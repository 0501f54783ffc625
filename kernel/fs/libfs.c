/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libfs.c - what file systems that live in the tree of dentries have in common.
 */
#include "kernel/fs/internal.h"
#include "kernel/panic.h"
#include "lib/string.h"

int simple_lookup(struct inode *dir, const struct qstr *name)
{
	return name->len > NAME_MAX ? -ENAMETOOLONG : 0;
}

int simple_unlink(struct inode *dir, struct dentry *dentry)
{
	return 0;
}

/* The directory is locked, so that it stays empty until it is marked dead. */
static bool simple_empty(const struct dentry *dentry)
{
	return list_empty(&dentry->d_subdirs);
}

int simple_rmdir(struct inode *dir, struct dentry *dentry)
{
	return simple_empty(dentry) ? 0 : -ENOTEMPTY;
}

static ssize_t generic_read_dir(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	return -EISDIR;
}

static unsigned int dt_type(const struct inode *inode)
{
	return (inode->i_mode & S_IFMT) >> 12;
}

static bool dir_emit(struct dir_context *ctx, const char *name, int len, const struct inode *inode)
{
	return ctx->actor(ctx, name, len, ctx->pos, inode->i_ino, dt_type(inode));
}

/* Positions 0 and 1 are "." and "..", then each entry's d_offset: entries that come or go disturb no other. */
static noinline int dcache_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *dir = file->f_path.dentry;
	struct dentry *child;

	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, dir->d_inode))
			return 0;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit(ctx, "..", 2, dir->d_parent->d_inode))
			return 0;
		ctx->pos = 2;
	}
	/* iterate_dir() holds the directory's lock: the list stands still. */
	list_for_each_entry(child, &dir->d_subdirs, d_child) {
		if ((loff_t)child->d_offset < ctx->pos)
			continue;
		ctx->pos = child->d_offset;
		if (!dir_emit(ctx, child->d_name, child->d_len, child->d_inode))
			return 0;
		ctx->pos++;
	}
	return 0;
}

const struct file_operations simple_dir_operations = {
	.read = generic_read_dir,
	.llseek = generic_file_llseek,
	.iterate = dcache_readdir,
};

struct inode *simple_get_inode(struct super_block *sb, umode_t mode, const struct inode_operations *iops,
			       const struct file_operations *fops)
{
	struct inode *inode = new_inode(sb, mode);

	if (inode) {
		inode->i_op = iops;
		inode->i_fop = fops;
	}
	return inode;
}

static int may_add(struct dentry *parent, const struct qstr *name)
{
	struct dentry *existing;

	if (parent->d_inode->i_flags & S_DEAD)
		return -ENOENT;
	existing = d_lookup(parent, name);
	dput(existing);
	return existing ? -EEXIST : 0;
}

struct dentry *simple_add(struct dentry *parent, const struct qstr *name, struct inode *inode)
{
	struct dentry *dentry = NULL;
	int ret;

	if (!d_is_dir(parent)) {
		destroy_inode(inode);
		return ERR_PTR(-ENOTDIR);
	}
	if (!name->len || name->len > NAME_MAX || memchr(name->name, '/', name->len)) {
		destroy_inode(inode);
		return ERR_PTR(-EINVAL);
	}
	inode_lock(parent->d_inode);
	ret = may_add(parent, name);
	if (!ret) {
		dentry = d_alloc(parent, name);
		ret = dentry ? 0 : -ENOMEM;
	}
	if (!ret)
		d_add(dentry, inode);
	else
		destroy_inode(inode);
	inode_unlock(parent->d_inode);
	dput(dentry); /* the tree's reference keeps it */
	return ret ? ERR_PTR(ret) : dentry;
}

/* Removes one name if it is still there and, being a directory, empty. */
static void remove_leaf(struct dentry *dentry)
{
	struct inode *dir = dentry->d_parent->d_inode;

	inode_lock(dir);
	inode_lock(dentry->d_inode);
	if (dentry->d_linked && simple_empty(dentry)) {
		if (d_is_dir(dentry))
			dentry->d_inode->i_flags |= S_DEAD;
		d_delete(dentry);
	}
	inode_unlock(dentry->d_inode);
	inode_unlock(dir);
}

/* Leaves first, always down the first child.  A name that is added meanwhile is found by the next round. */
void simple_recursive_removal(struct dentry *dentry)
{
	dget(dentry);
	while (READ_ONCE(dentry->d_linked)) {
		struct dentry *leaf = dget(dentry), *child;

		while ((child = d_first_child(leaf))) {
			dput(leaf);
			leaf = child;
		}
		remove_leaf(leaf);
		dput(leaf);
	}
	dput(dentry);
}
