/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * initramfs.c - unpacks the archive that the boot loader put into memory.
 *
 * What cannot be made is logged and left out; a damaged archive is unpacked up to
 * the damage.  Neither stops boot: the kernel's own files do not come from it.
 */
#define pr_fmt(fmt) "initramfs: " fmt
#include "arch/arch.h"
#include "init/initcall.h"
#include "kernel/fs/fs.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"
#include "lib/cpio.h"

static int __init unpack_file(const struct cpio_entry *entry)
{
	struct file *file = filp_open(entry->name, O_WRONLY | O_CREAT | O_TRUNC, entry->mode);
	loff_t pos = 0;
	ssize_t written;
	int ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	written = kernel_write(file, entry->data, entry->size, &pos);
	ret = filp_close(file);
	return written < 0 ? (int)written : ret;
}

/* Names that exist already (".", what boot made, a second archive) are kept, but for files, which are replaced. */
static int __init unpack_entry(const struct cpio_entry *entry)
{
	int ret;

	switch (entry->mode & S_IFMT) {
	case S_IFREG:
		return unpack_file(entry);
	case S_IFDIR:
		ret = do_mkdir(entry->name, entry->mode);
		break;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
		ret = do_mknod(entry->name, entry->mode, MKDEV(entry->rdev_major, entry->rdev_minor));
		break;
	default: /* symbolic links and sockets */
		return -EOPNOTSUPP;
	}
	return ret == -EEXIST ? 0 : ret;
}

static unsigned int __init unpack(struct cpio_reader *reader)
{
	struct cpio_entry entry;
	unsigned int unpacked = 0;

	while (cpio_next(reader, &entry) > 0) {
		int ret = unpack_entry(&entry);

		if (ret < 0)
			pr_err("%s: %s\n", entry.name, errno_text(-ret));
		else
			unpacked++;
		/* The other names' entries are empty: only the last one carries the content. */
		if (S_ISREG(entry.mode) && entry.nlink > 1)
			pr_warn("%s: hard links become separate files\n", entry.name);
	}
	return unpacked;
}

static int __init populate_rootfs(void)
{
	struct cpio_reader reader;
	int umask = current->fs->umask;
	unsigned int unpacked;

	if (machine.initrd_start == machine.initrd_end)
		return 0;
	cpio_init(&reader, (const void *)machine.initrd_start, machine.initrd_end - machine.initrd_start);
	current->fs->umask = 0;
	unpacked = unpack(&reader);
	current->fs->umask = umask;
	if (reader.error) {
		pr_err("damaged at offset %zu of %zu: %s\n", reader.pos, reader.size, reader.error);
		return -EINVAL;
	}
	pr_info("unpacked %u entries, %zu KiB\n", unpacked, reader.size >> 10);
	return 0;
}
rootfs_initcall(populate_rootfs);
