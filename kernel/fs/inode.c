/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inode.c - the life of inodes, and what stat says about them.
 *
 * An inode belongs to one dentry, which frees it.  i_mode, i_ino and the operations
 * are constant; i_size, i_nlink and i_flags are guarded by i_rwsem and, by those
 * who only look, read without.
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"

/* The lock stands beside the inode: struct inode is everyone's, struct mutex the kernel's. */
struct locked_inode {
	struct inode inode;
	struct mutex rwsem;
};

struct inode *new_inode(struct super_block *sb, umode_t mode)
{
	struct locked_inode *locked = kzalloc(sizeof(*locked), GFP_KERNEL);

	if (!locked)
		return NULL;
	mutex_init(&locked->rwsem);
	locked->inode.i_rwsem = &locked->rwsem;
	locked->inode.i_sb = sb;
	locked->inode.i_mode = mode;
	locked->inode.i_nlink = S_ISDIR(mode) ? 2 : 1;
	locked->inode.i_ino = atomic_inc_return(&sb->s_last_ino);
	return &locked->inode;
}

void destroy_inode(struct inode *inode)
{
	if (inode->i_sb->s_op && inode->i_sb->s_op->evict_inode)
		inode->i_sb->s_op->evict_inode(inode);
	kfree(container_of(inode, struct locked_inode, inode));
}

noinline void vfs_getattr(const struct path *path, struct kstat *stat)
{
	const struct inode *inode = path->dentry->d_inode;

	*stat = (struct kstat){
		.ino = inode->i_ino,
		.size = inode->i_size,
		.mode = inode->i_mode,
		.nlink = inode->i_nlink,
		.rdev = inode->i_rdev,
		.dev = inode->i_sb->s_dev,
	};
}

int vfs_stat(const char *name, struct kstat *stat)
{
	struct path path;
	int ret = path_lookupat(name, false, &path);

	if (ret < 0)
		return ret;
	vfs_getattr(&path, stat);
	path_put(&path);
	return 0;
}
