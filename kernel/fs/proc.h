/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.h - files under /proc.
 *
 * A built-in file registers itself: PROC_SHOW for text made by one show
 * function, PROC_FILE for one with operations of its own.  `path` is below
 * /proc and may name directories ("sys/kernel/ftrace_enabled"), which come into
 * being as needed.  All appear at core_initcall.
 */
#ifndef KERNEL_FS_PROC_H
#define KERNEL_FS_PROC_H

#include "lib/file.h"
#include "lib/registry.h"
#include "lib/seq_file.h"

struct proc_file {
	const char *path;
	umode_t mode;				/* permission bits */
	const struct file_operations *fops;	/* or NULL: */
	int (*show)(struct seq_file *m, void *v); /* m->private == data */
	void *data;				/* becomes inode->i_private when fops are given */
};

REGISTRY_DECLARE(proc_files, struct proc_file);

#define PROC_FILE(ident, path_, mode_, fops_, data_) \
	REGISTRY_ENTRY(proc_files, struct proc_file, proc_file_##ident) = { \
		.path = (path_), .mode = (mode_), .fops = (fops_), .data = (data_) }

#define PROC_SHOW(ident, path_, show_) \
	REGISTRY_ENTRY(proc_files, struct proc_file, proc_file_##ident) = { \
		.path = (path_), .mode = 0444, .show = (show_) }

/* Adds a file after boot.  `file` must live as long as the kernel.  0, -EEXIST, -ENOTDIR, -ENOMEM.  May sleep. */
int proc_create(const struct proc_file *file);

#endif
