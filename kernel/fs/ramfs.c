/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ramfs.c - the file system at "/": files in memory.
 *
 * A file's content is an array of pages that grows with it; a page that was never
 * written is not there and reads as zeros.  Bytes of a page behind i_size are
 * zero, so growing a file needs no clearing.  i_rwsem guards i_size, the array and
 * the pages: a read sees each write whole or not at all.
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"
#include "lib/string.h"

/* Largest file: keeps the array of a sparse one within one allocation.  Beyond: -EFBIG. */
#define RAMFS_MAX_PAGES (KMALLOC_MAX_SIZE / sizeof(void *))
#define RAMFS_MAX_SIZE ((loff_t)RAMFS_MAX_PAGES << PAGE_SHIFT)

/* inode->i_data of a regular file */
struct ramfs_data {
	size_t nr;	/* length of page[] */
	void **page;	/* NULL: a hole */
};

static const struct inode_operations ramfs_dir_inode_operations, ramfs_file_inode_operations;
static const struct file_operations ramfs_file_operations;

static void ramfs_free_pages(struct ramfs_data *data)
{
	for (size_t i = 0; i < data->nr; i++)
		free_page(data->page[i]);
	kfree(data->page);
	data->page = NULL;
	data->nr = 0;
}

static void ramfs_evict_inode(struct inode *inode)
{
	if (!inode->i_data)
		return;
	ramfs_free_pages(inode->i_data);
	kfree(inode->i_data);
}

static void ramfs_truncate(struct inode *inode)
{
	inode->i_size = 0;
	ramfs_free_pages(inode->i_data);
}

/* The page number `index`, made if it is a hole.  NULL without memory. */
static void *ramfs_get_page(struct ramfs_data *data, size_t index)
{
	if (index >= data->nr) {
		/* Doubling: appending byte by byte copies the array rarely. */
		size_t nr = min(max(2 * data->nr, index + 1), RAMFS_MAX_PAGES);
		void **page = krealloc(data->page, nr * sizeof(*page), GFP_KERNEL);

		if (!page)
			return NULL;
		memset(page + data->nr, 0, (nr - data->nr) * sizeof(*page));
		data->page = page;
		data->nr = nr;
	}
	if (!data->page[index])
		data->page[index] = get_zeroed_page(GFP_KERNEL);
	return data->page[index];
}

/* The part of a transfer of `count` bytes at `pos` that lies in one page. */
static size_t in_page(loff_t pos, size_t count)
{
	return min(count, PAGE_SIZE - (size_t)(pos & (PAGE_SIZE - 1)));
}

static noinline ssize_t ramfs_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	struct inode *inode = file_inode(file);
	const struct ramfs_data *data = inode->i_data;
	loff_t pos = *ppos;
	size_t done = 0;

	inode_lock(inode);
	if (pos >= inode->i_size)
		count = 0;
	else if ((u64)count > (u64)(inode->i_size - pos))
		count = (size_t)(inode->i_size - pos);
	while (done < count) {
		size_t n = in_page(pos, count - done);
		size_t index = (size_t)(pos >> PAGE_SHIFT);
		const char *page = index < data->nr ? data->page[index] : NULL;

		if (page)
			memcpy(buf + done, page + (pos & (PAGE_SIZE - 1)), n);
		else
			memset(buf + done, 0, n);
		done += n;
		pos += n;
	}
	inode_unlock(inode);
	*ppos = pos;
	return done;
}

static noinline ssize_t ramfs_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct inode *inode = file_inode(file);
	size_t done = 0;
	ssize_t ret = 0;
	loff_t pos;

	if (!count)
		return 0;
	inode_lock(inode);
	pos = file->f_flags & O_APPEND ? inode->i_size : *ppos;
	if (pos >= RAMFS_MAX_SIZE) {
		inode_unlock(inode);
		return -EFBIG;
	}
	if ((u64)count > (u64)(RAMFS_MAX_SIZE - pos))
		count = (size_t)(RAMFS_MAX_SIZE - pos);
	while (done < count) {
		size_t n = in_page(pos, count - done);
		char *page = ramfs_get_page(inode->i_data, (size_t)(pos >> PAGE_SHIFT));

		if (!page) {
			ret = -ENOMEM;
			break;
		}
		memcpy(page + (pos & (PAGE_SIZE - 1)), buf + done, n);
		done += n;
		pos += n;
	}
	if (done) {
		inode->i_size = max(inode->i_size, pos);
		*ppos = pos;
	}
	inode_unlock(inode);
	return done ? (ssize_t)done : ret;
}

static struct inode *ramfs_get_inode(umode_t mode, u32 dev)
{
	struct inode *inode;

	if (S_ISDIR(mode))
		return simple_get_inode(&rootfs_super, mode, &ramfs_dir_inode_operations, &simple_dir_operations);
	if (!S_ISREG(mode)) {
		/* Of device nodes, only character devices have drivers here; opening another is -ENXIO. */
		inode = simple_get_inode(&rootfs_super, mode, NULL, S_ISCHR(mode) ? &def_chr_fops : NULL);
		if (inode)
			inode->i_rdev = dev;
		return inode;
	}
	inode = simple_get_inode(&rootfs_super, mode, &ramfs_file_inode_operations, &ramfs_file_operations);
	if (!inode)
		return NULL;
	inode->i_data = kzalloc(sizeof(struct ramfs_data), GFP_KERNEL);
	if (!inode->i_data) {
		destroy_inode(inode);
		return NULL;
	}
	return inode;
}

static noinline int ramfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, u32 dev)
{
	struct inode *inode = ramfs_get_inode(mode, dev);

	if (!inode)
		return -ENOMEM;
	d_add(dentry, inode);
	return 0;
}

static noinline int ramfs_create(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return ramfs_mknod(dir, dentry, mode, 0);
}

static noinline int ramfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return ramfs_mknod(dir, dentry, mode, 0);
}

static const struct inode_operations ramfs_dir_inode_operations = {
	.lookup = simple_lookup,
	.create = ramfs_create,
	.mkdir = ramfs_mkdir,
	.mknod = ramfs_mknod,
	.unlink = simple_unlink,
	.rmdir = simple_rmdir,
};

static const struct inode_operations ramfs_file_inode_operations = {
	.truncate = ramfs_truncate,
};

static const struct file_operations ramfs_file_operations = {
	.read = ramfs_read,
	.write = ramfs_write,
	.llseek = generic_file_llseek,
};

static const struct super_operations ramfs_ops = {
	.evict_inode = ramfs_evict_inode,
};

struct super_block rootfs_super = {
	.s_type = "rootfs",
	.s_op = &ramfs_ops,
};

int __init init_rootfs(void)
{
	return fill_super(&rootfs_super, 0755, &ramfs_dir_inode_operations);
}
