/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h - what a file is to the code that implements one.
 *
 * trace/ and lib/ implement files (control files, seq_file) without knowing
 * the kernel around them, so the structs they touch live here; who opens, walks
 * paths and counts references is kernel/fs/.  Nothing here sleeps or locks.
 *
 * Buffers are kernel memory: every task of this kernel runs in kernel mode, so
 * there is no copy_to_user() and a read or write never fails with -EFAULT.
 */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include "lib/atomic.h"
#include "lib/compiler.h"
#include "lib/errno.h"

#if __STDC_HOSTED__
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#else
/* open(2)'s flags: Linux's generic values, the same on every machine here. */
#define O_ACCMODE 00000003
#define O_RDONLY 00000000
#define O_WRONLY 00000001
#define O_RDWR 00000002
#define O_CREAT 00000100
#define O_EXCL 00000200
#define O_TRUNC 00001000
#define O_APPEND 00002000
#define O_NONBLOCK 00004000
#define O_DIRECTORY 00200000

#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISREG(m) (((m) & S_IFMT) == S_IFREG)
#define S_ISDIR(m) (((m) & S_IFMT) == S_IFDIR)
#define S_ISCHR(m) (((m) & S_IFMT) == S_IFCHR)
#define S_ISFIFO(m) (((m) & S_IFMT) == S_IFIFO)

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif

/* file.f_mode */
#define FMODE_READ 0x1		/* opened for reading */
#define FMODE_WRITE 0x2		/* opened for writing */
#define FMODE_LSEEK 0x4		/* has a position that can be moved */
#define FMODE_ATOMIC_POS 0x8000 /* read and write through a descriptor serialise on f_pos_lock */
#define FMODE_CAN_READ 0x20000	/* f_op->read exists */
#define FMODE_CAN_WRITE 0x40000 /* f_op->write exists */
#define FMODE_OPENED 0x80000	/* open succeeded, so release is owed */

struct dentry;
struct dir_context;
struct file;
struct inode_operations;
struct mutex;
struct super_block;
struct vfsmount;

/* A place in the tree: a name, and the mount it was reached through. */
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

/* One object of a file system.  It lives exactly as long as its one dentry. */
struct inode {
	umode_t i_mode;		/* type and permission bits */
	u16 i_flags;		/* S_DEAD */
	u32 i_nlink;
	u32 i_rdev;		/* S_IFCHR: MKDEV(major, minor) */
	unsigned long i_ino;
	loff_t i_size;
	void *i_private;	/* of who made the file: what tracefs_create_file() was given as data */
	void *i_data;		/* of the file system */
	const struct file_operations *i_fop;
	const struct inode_operations *i_op;
	struct super_block *i_sb;
	struct mutex *i_rwsem;	/* guards i_size, data and (a directory's) entries; allocated with the inode */
};

/* One open file. */
struct file {
	const struct file_operations *f_op;
	u32 f_mode;		/* FMODE_* */
	u32 f_flags;		/* O_*; O_TRUNC, O_CREAT and O_EXCL only while f_op->open runs */
	loff_t f_pos;
	void *private_data;	/* f_op's own */
	struct inode *f_inode;
	struct path f_path;
	atomic_t f_count;
	struct mutex *f_pos_lock; /* guards f_pos of FMODE_ATOMIC_POS files; allocated with the file */
};

/*
 * All operations are called in task context with no lock held but, for read
 * and write through a descriptor, f_pos_lock.  Any may be NULL:
 *   open     nothing to prepare
 *   read     reading is -EINVAL
 *   write    writing is -EINVAL
 *   llseek   the file has no position: -ESPIPE
 *   iterate  not a directory: -ENOTDIR
 *   release  nothing to undo
 * release is called once, by the last close, if open returned 0.  What it
 * returns is what that close() returns: a file whose writes take effect when
 * it is closed reports their failure there.
 */
struct file_operations {
	int (*open)(struct inode *inode, struct file *file);
	ssize_t (*read)(struct file *file, char *buf, size_t count, loff_t *ppos);
	ssize_t (*write)(struct file *file, const char *buf, size_t count, loff_t *ppos);
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	int (*release)(struct inode *inode, struct file *file);
	int (*iterate)(struct file *file, struct dir_context *ctx);
};

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

/*
 * A read of `count` bytes at *ppos from a buffer of `available` bytes.
 * Returns the bytes copied and advances *ppos; 0 at the end; -EINVAL for a
 * negative position.
 */
ssize_t simple_read_from_buffer(char *to, size_t count, loff_t *ppos, const void *from, size_t available);

/* To call from f_op->open: the file has no position; lseek is -ESPIPE, reads and writes do not serialise. */
int stream_open(struct inode *inode, struct file *file);

/*
 * For f_op->llseek: the new position, or -EINVAL (a negative one, an unknown whence).
 * SEEK_END counts from i_size.  noop_llseek accepts anything and moves nothing.
 */
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t noop_llseek(struct file *file, loff_t offset, int whence);

#endif
