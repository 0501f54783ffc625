/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount.c - file systems on top of directories.
 *
 * A mount is made at boot and stays: no unmounting, so a pointer to one is always
 * good.  A directory's d_mounted is set once, with everything that it leads to
 * already in place (release), and read by walks without a lock (acquire).
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/proc.h"
#include "kernel/mm/slab.h"
#include "kernel/panic.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"

static DEFINE_MUTEX(namespace_sem); /* guards mounts, and against two mounts on one directory */
static LIST_HEAD(mounts);	    /* in the order they were made */

static struct vfsmount root_mnt;
struct path root_path = { .mnt = &root_mnt };

int __init fill_super(struct super_block *sb, umode_t mode, const struct inode_operations *dir_iops)
{
	static atomic_t last_dev;
	struct inode *inode;

	sb->s_dev = atomic_inc_return(&last_dev);
	inode = simple_get_inode(sb, S_IFDIR | mode, dir_iops, &simple_dir_operations);
	sb->s_root = inode ? d_make_root(inode) : NULL;
	return sb->s_root ? 0 : -ENOMEM;
}

void follow_mounts(struct path *path)
{
	struct vfsmount *mnt;

	while ((mnt = smp_load_acquire(&path->dentry->d_mounted))) {
		dget(mnt->mnt_root);
		path_put(path);
		path->mnt = mnt;
		path->dentry = mnt->mnt_root;
	}
}

static int __init do_mount(const char *dev_name, struct super_block *sb, const char *dir)
{
	struct vfsmount *mnt = kzalloc(sizeof(*mnt), GFP_KERNEL);
	struct path path;
	int ret;

	if (!mnt)
		return -ENOMEM;
	mutex_lock(&namespace_sem);
	ret = path_lookupat(dir, true, &path);
	if (ret < 0) {
		mutex_unlock(&namespace_sem);
		kfree(mnt);
		return ret;
	}
	/* The walk's reference to the mount point becomes the mount's. */
	mnt->mnt_devname = dev_name;
	mnt->mnt_sb = sb;
	mnt->mnt_root = sb->s_root;
	mnt->mnt_parent = path.mnt;
	mnt->mnt_mountpoint = path.dentry;
	list_add_tail(&mnt->mnt_list, &mounts);
	smp_store_release(&path.dentry->d_mounted, mnt);
	mutex_unlock(&namespace_sem);
	return 0;
}

int __init mount_at(const char *dev_name, struct super_block *sb, const char *dir)
{
	char part[64];

	/* Each prefix that ends before a slash, and all of it. */
	for (size_t i = 1; dir[i - 1]; i++) {
		int ret;

		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		if (i >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, dir, i);
		part[i] = '\0';
		ret = do_mkdir(part, 0755);
		if (ret < 0 && ret != -EEXIST)
			return ret;
	}
	return do_mount(dev_name, sb, dir);
}

static int mounts_show(struct seq_file *m, void *v)
{
	struct vfsmount *mnt;
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);

	if (!buf)
		return -ENOMEM;
	mutex_lock(&namespace_sem);
	list_for_each_entry(mnt, &mounts, mnt_list) {
		struct path path = { mnt, mnt->mnt_root };

		seq_printf(m, "%s %s %s rw 0 0\n", mnt->mnt_devname, d_path(&path, buf, PATH_MAX),
			   mnt->mnt_sb->s_type);
	}
	mutex_unlock(&namespace_sem);
	kfree(buf);
	return 0;
}
PROC_SHOW(mounts, "mounts", mounts_show);

void __init vfs_caches_init(void)
{
	static struct fs_struct init_fs = { .users = ATOMIC_INIT(1), .umask = 0022 };
	static struct files init_files = { .users = ATOMIC_INIT(1) };

	if (init_rootfs() < 0)
		panic("no memory for the root file system");
	root_mnt.mnt_devname = "rootfs";
	root_mnt.mnt_sb = &rootfs_super;
	root_mnt.mnt_root = rootfs_super.s_root;
	list_add_tail(&root_mnt.mnt_list, &mounts);
	root_path.dentry = root_mnt.mnt_root;

	init_fs.pwd = root_path;
	path_get(&init_fs.pwd);
	init_task.fs = &init_fs;
	init_task.files = &init_files;
}
