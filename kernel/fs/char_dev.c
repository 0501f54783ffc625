/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * char_dev.c - device nodes: from a number in the file system to a driver's
 * operations; and the two nodes that are always there.
 */
#include "init/initcall.h"
#include "kernel/drivers/tty.h"
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"

struct char_device {
	struct list_head list;
	u32 dev;
	const struct file_operations *fops;
};

static DEFINE_MUTEX(chrdevs_lock);
static LIST_HEAD(chrdevs); /* entries stay for ever */

static struct char_device *find_chrdev(u32 dev)
{
	struct char_device *cdev;

	list_for_each_entry(cdev, &chrdevs, list)
		if (cdev->dev == dev)
			return cdev;
	return NULL;
}

int register_chrdev(u32 dev, const struct file_operations *fops)
{
	struct char_device *cdev = kzalloc(sizeof(*cdev), GFP_KERNEL);
	bool taken;

	if (!cdev)
		return -ENOMEM;
	cdev->dev = dev;
	cdev->fops = fops;
	mutex_lock(&chrdevs_lock);
	taken = find_chrdev(dev);
	if (!taken)
		list_add_tail(&cdev->list, &chrdevs);
	mutex_unlock(&chrdevs_lock);
	if (taken)
		kfree(cdev);
	return taken ? -EBUSY : 0;
}

/* The node's only operation: from here on the file is the driver's. */
static noinline int chrdev_open(struct inode *inode, struct file *file)
{
	struct char_device *cdev;

	mutex_lock(&chrdevs_lock);
	cdev = find_chrdev(inode->i_rdev);
	mutex_unlock(&chrdevs_lock);
	if (!cdev)
		return -ENXIO;
	file->f_op = cdev->fops;
	return file->f_op->open ? file->f_op->open(inode, file) : 0;
}

const struct file_operations def_chr_fops = {
	.open = chrdev_open,
};

static ssize_t read_null(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	return 0;
}

static ssize_t write_null(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	return count;
}

static const struct file_operations null_fops = {
	.read = read_null,
	.write = write_null,
	.llseek = noop_llseek,
};

static int __init add_device(const char *path, umode_t mode, u32 dev, const struct file_operations *fops)
{
	int ret = register_chrdev(dev, fops);

	return ret < 0 ? ret : do_mknod(path, S_IFCHR | mode, dev);
}

static int __init chr_dev_init(void)
{
	int umask = current->fs->umask;
	int ret = do_mkdir("/dev", 0755);

	current->fs->umask = 0;
	if (!ret)
		ret = add_device("/dev/console", 0600, MKDEV(5, 1), &tty_fops);
	if (!ret)
		ret = add_device("/dev/null", 0666, MKDEV(1, 3), &null_fops);
	current->fs->umask = umask;
	return ret;
}
core_initcall(chr_dev_init);
