/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracefs.c - the file system at /sys/kernel/tracing.
 *
 * Only the kernel makes names, and it decides what each file does: the files have
 * no operations but their maker's.
 */
#include "kernel/fs/tracefs.h"
#include "init/initcall.h"
#include "kernel/fs/internal.h"
#include "lib/string.h"

static const struct inode_operations tracefs_dir_inode_operations = {
	.lookup = simple_lookup,
};

static struct super_block tracefs_super = {
	.s_type = "tracefs",
};

static struct dentry *tracefs_add(const char *name, struct dentry *parent, struct inode *inode)
{
	struct qstr qname = { name, strlen(name) };
	struct dentry *dentry;

	if (!inode)
		return NULL;
	dentry = simple_add(parent ?: tracefs_super.s_root, &qname, inode);
	return IS_ERR(dentry) ? NULL : dentry;
}

struct dentry *tracefs_create_file(const char *name, umode_t mode, struct dentry *parent, void *data,
				   const struct file_operations *fops)
{
	struct inode *inode = simple_get_inode(&tracefs_super, S_IFREG | mode, NULL, fops);

	if (inode)
		inode->i_private = data;
	return tracefs_add(name, parent, inode);
}

struct dentry *tracefs_create_dir(const char *name, struct dentry *parent)
{
	struct inode *inode = simple_get_inode(&tracefs_super, S_IFDIR | 0750, &tracefs_dir_inode_operations,
					       &simple_dir_operations);

	return tracefs_add(name, parent, inode);
}

void tracefs_remove(struct dentry *dentry)
{
	if (dentry)
		simple_recursive_removal(dentry);
}

static int __init tracefs_init(void)
{
	int ret = fill_super(&tracefs_super, 0700, &tracefs_dir_inode_operations);

	return ret < 0 ? ret : mount_at("tracefs", &tracefs_super, "/sys/kernel/tracing");
}
core_initcall(tracefs_init);
