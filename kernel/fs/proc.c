/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.c - the tree under /proc.
 *
 * An inode's i_data is its struct proc_file.  Every file goes through proc_reg_*,
 * which call the operations of its maker: so a file that cannot be written is -EIO
 * to write, as everywhere under /proc, and not -EINVAL.  Users make and remove nothing:
 * an unknown name is -ENOENT even to those who would make it.
 */
#include "kernel/fs/proc.h"
#include "init/initcall.h"
#include "kernel/fs/internal.h"
#include "kernel/printk.h"
#include "lib/string.h"

static int proc_lookup(struct inode *dir, const struct qstr *name)
{
	return -ENOENT;
}

static const struct inode_operations proc_dir_inode_operations = {
	.lookup = proc_lookup,
};

static struct super_block proc_super = {
	.s_type = "proc",
};

static int proc_single_open(struct inode *inode, struct file *file)
{
	const struct proc_file *pde = inode->i_data;

	return single_open(file, pde->show, pde->data);
}

static const struct file_operations proc_single_ops = {
	.open = proc_single_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct file_operations *pde_ops(const struct inode *inode)
{
	const struct proc_file *pde = inode->i_data;

	return pde->fops ?: &proc_single_ops;
}

static noinline int proc_reg_open(struct inode *inode, struct file *file)
{
	const struct file_operations *ops = pde_ops(inode);

	if (!ops->llseek)
		file->f_mode &= ~FMODE_LSEEK;
	return ops->open ? ops->open(inode, file) : 0;
}

static noinline ssize_t proc_reg_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	const struct file_operations *ops = pde_ops(file_inode(file));

	return ops->read ? ops->read(file, buf, count, ppos) : -EIO;
}

static noinline ssize_t proc_reg_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	const struct file_operations *ops = pde_ops(file_inode(file));

	return ops->write ? ops->write(file, buf, count, ppos) : -EIO;
}

static noinline loff_t proc_reg_llseek(struct file *file, loff_t offset, int whence)
{
	return pde_ops(file_inode(file))->llseek(file, offset, whence);
}

static noinline int proc_reg_release(struct inode *inode, struct file *file)
{
	const struct file_operations *ops = pde_ops(inode);

	return ops->release ? ops->release(inode, file) : 0;
}

static const struct file_operations proc_reg_file_ops = {
	.open = proc_reg_open,
	.read = proc_reg_read,
	.write = proc_reg_write,
	.llseek = proc_reg_llseek,
	.release = proc_reg_release,
};

/* The directory `name` in `parent`, made if need be.  What is in /proc stays there: no references needed. */
static struct dentry *proc_mkdir(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry = d_lookup(parent, name);
	struct inode *inode;

	if (dentry) {
		dput(dentry);
		return d_is_dir(dentry) ? dentry : ERR_PTR(-ENOTDIR);
	}
	inode = simple_get_inode(&proc_super, S_IFDIR | 0555, &proc_dir_inode_operations, &simple_dir_operations);
	return inode ? simple_add(parent, name, inode) : ERR_PTR(-ENOMEM);
}

int proc_create(const struct proc_file *file)
{
	struct dentry *dir = proc_super.s_root;
	struct dentry *dentry;
	struct inode *inode;
	struct qstr name = { file->path, strcspn(file->path, "/") };

	while (name.name[name.len]) {
		dir = proc_mkdir(dir, &name);
		if (IS_ERR(dir))
			return PTR_ERR(dir);
		name.name += name.len + 1;
		name.len = strcspn(name.name, "/");
	}
	inode = simple_get_inode(&proc_super, S_IFREG | file->mode, NULL, &proc_reg_file_ops);
	if (!inode)
		return -ENOMEM;
	inode->i_data = (void *)file;
	inode->i_private = file->data;
	dentry = simple_add(dir, &name, inode);
	return IS_ERR(dentry) ? PTR_ERR(dentry) : 0;
}

static int __init proc_root_init(void)
{
	const struct proc_file *const *file;
	int ret = fill_super(&proc_super, 0555, &proc_dir_inode_operations);

	if (!ret)
		ret = mount_at("proc", &proc_super, "/proc");
	if (ret < 0)
		return ret;
	registry_for_each(proc_files, file) {
		ret = proc_create(*file);
		if (ret < 0)
			pr_err("proc: cannot make /proc/%s: error %d\n", (*file)->path, ret);
	}
	return 0;
}
core_initcall(proc_root_init);
