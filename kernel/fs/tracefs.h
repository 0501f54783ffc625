/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracefs.h - the file system at /sys/kernel/tracing: kernel code makes its
 * files and directories, users open, read and write them but create nothing.
 *
 * Everything here may sleep.  The tree exists from core_initcall on.
 */
#ifndef KERNEL_FS_TRACEFS_H
#define KERNEL_FS_TRACEFS_H

#include "lib/file.h"

/*
 * Makes a file or directory in `parent` (NULL: the root of tracefs).  `data`
 * becomes inode->i_private.  NULL if the name exists, is not one component, or memory ran out.
 */
struct dentry *tracefs_create_file(const char *name, umode_t mode, struct dentry *parent, void *data,
				   const struct file_operations *fops);
struct dentry *tracefs_create_dir(const char *name, struct dentry *parent);

/*
 * Removes the file, or the directory and all below it.  Files that are open stay
 * usable by who has them open.  NULL is accepted.
 */
void tracefs_remove(struct dentry *dentry);

#endif
