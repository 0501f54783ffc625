/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fs.h - files, as the rest of the kernel uses them.
 *
 * Two levels: by struct file (filp_open, vfs_read, ...), for code that holds a
 * file itself; and by descriptor of the current task (do_sys_open, ksys_read,
 * ...), which is what a system call would do and what the shell uses.
 *
 * Every function may sleep and wants task context.  Errors are -errno, Linux's
 * for the same mistake.  Relative paths start at current->fs->pwd.  Tasks run as
 * root would: permission bits are kept and shown, and never deny anything.
 */
#ifndef KERNEL_FS_FS_H
#define KERNEL_FS_FS_H

#include "lib/err.h"
#include "lib/file.h"
#include "kernel/mutex.h"
#include "kernel/spinlock.h"

#define PATH_MAX 4096 /* of a path, with its NUL: -ENAMETOOLONG */
#define NAME_MAX 255  /* of a component */
#define NR_OPEN 64    /* descriptors a task can have: -EMFILE */
#define PIPE_BUF 4096 /* a write up to this size to a pipe is not split */

struct task_struct;

/* -- Open files ------------------------------------------------------------ */

/* ERR_PTR(-errno).  `mode` is what O_CREAT gives a new file, without the umask. */
struct file *filp_open(const char *path, int flags, umode_t mode);

/* Drops the caller's reference.  When it was the last: what f_op->release returned, else 0. */
int filp_close(struct file *file);

static inline struct file *get_file(struct file *file)
{
	atomic_inc(&file->f_count);
	return file;
}

/* filp_close for those who cannot report an error. */
void fput(struct file *file);

/*
 * Bytes transferred, which may be fewer than asked; *pos advances by them.
 * -EBADF not opened for this, -EINVAL the file cannot do it or *pos < 0, and
 * what the file itself returns.
 */
ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const char *buf, size_t count, loff_t *pos);

/* As vfs_read and vfs_write, but a short transfer is continued: to the end of the file, until all is written. */
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);

/* The new position; -ESPIPE without one, -EINVAL. */
loff_t vfs_llseek(struct file *file, loff_t offset, int whence);

/* -- Directories ----------------------------------------------------------- */

enum { DT_FIFO = 1, DT_CHR = 2, DT_DIR = 4, DT_BLK = 6, DT_REG = 8 };

struct dir_context {
	/* One entry, "." and ".." included; `name` is not NUL-terminated.  false: full, give this entry again later. */
	bool (*actor)(struct dir_context *ctx, const char *name, int namelen, loff_t offset, u64 ino,
		      unsigned int type);
	loff_t pos;
};

/* Feeds entries from the file's position on to the actor, until it is full or the end.  -ENOTDIR, -ENOENT (removed). */
int iterate_dir(struct file *file, struct dir_context *ctx);

/* -- Names ----------------------------------------------------------------- */

struct kstat {
	u64 ino;
	loff_t size;
	umode_t mode;
	u32 nlink;
	u32 rdev;
	u32 dev;
};

int vfs_stat(const char *path, struct kstat *stat);
void vfs_getattr(const struct path *path, struct kstat *stat);

/* `mode` goes through the umask. */
int do_mkdir(const char *path, umode_t mode);
int do_mknod(const char *path, umode_t mode, u32 dev);
int do_rmdir(const char *path);
int do_unlink(const char *path);

int do_chdir(const char *path);
/* The length with its NUL; -ENOENT (the directory was removed), -ERANGE (size too small). */
int do_getcwd(char *buf, size_t size);

/* -- Descriptors of the current task --------------------------------------- */

int do_sys_open(const char *path, int flags, umode_t mode);
int close_fd(unsigned int fd); /* -EBADF, or filp_close's result */
ssize_t ksys_read(unsigned int fd, char *buf, size_t count);
ssize_t ksys_write(unsigned int fd, const char *buf, size_t count);
loff_t ksys_lseek(unsigned int fd, loff_t offset, int whence);

/* Makes newfd another name for oldfd, closing what newfd was.  newfd or -EBADF. */
int ksys_dup2(unsigned int oldfd, unsigned int newfd);

/* fds[0] reads what fds[1] wrote.  flags: O_NONBLOCK.  0, -EINVAL, -EMFILE, -ENOMEM. */
int do_pipe2(int fds[2], int flags);

/* The file behind a descriptor with a reference for the caller (fput); NULL if there is none. */
struct file *fget(unsigned int fd);

/* -- What a task has ------------------------------------------------------- */

/* task->fs */
struct fs_struct {
	atomic_t users;	 /* tasks that share it */
	spinlock_t lock; /* guards pwd */
	int umask;
	struct path pwd; /* counted */
};

/* task->files */
struct files {
	atomic_t users;	 /* tasks that share it */
	spinlock_t lock; /* guards the rest */
	u64 reserved;	 /* bit n: descriptor n is about to be opened */
	struct file *fd[NR_OPEN]; /* counted */
};

/*
 * For kernel_clone(): gives the child current's working directory and open files, as
 * copies or, with CLONE_FS and CLONE_FILES, shared.  0 or -ENOMEM.
 */
int copy_fs(unsigned int clone_flags, struct task_struct *child);
int copy_files(unsigned int clone_flags, struct task_struct *child);

/* For do_exit(), and for a clone that fails: lets go of them; task->fs and ->files become NULL. */
void exit_fs(struct task_struct *task);
void exit_files(struct task_struct *task);

/* -- Devices --------------------------------------------------------------- */

#define MKDEV(major, minor) (((u32)(major) << 20) | (minor))
#define MAJOR(dev) ((dev) >> 20)
#define MINOR(dev) ((dev) & 0xfffff)

/* The driver behind device nodes with this number: `fops` serve their files.  0, -EBUSY, -ENOMEM. */
int register_chrdev(u32 dev, const struct file_operations *fops);

/*
 * Makes the root file system and init_task's descriptors and directory; everything
 * above works from then on.  Once, by start_kernel(), after mm_init(), before any other task.
 */
void vfs_caches_init(void);

#endif
