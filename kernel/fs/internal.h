/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - the VFS's own structures, shared by the files of kernel/fs/ only.
 *
 * The tree: a dentry is a name in its parent directory, and owns its inode. All
 * file systems here live in memory, so the tree of dentries *is* the file
 * system: what it does not hold does not exist, and listing a directory lists its
 * dentries.  A name never changes and never moves, so d_name and d_parent are
 * constant.
 *
 * References (d_count): one for being in the tree, one for each child, open file,
 * working directory and running walk.  At 0 the dentry, its inode and the inode's
 * data are freed; it left the tree before that, so nobody can find it again.
 *
 * Locks, in the order they are taken:
 *   inode->i_rwsem   mutex.  A directory's: making and removing entries, and listing.
 *                    A regular file's: i_size and data.  Parent before child.
 *   dcache_lock      spinlock.  Every change of the lists of children, and finding a
 *                    name in them.  Nothing sleeps, allocates or frees under it.
 */
#ifndef KERNEL_FS_INTERNAL_H
#define KERNEL_FS_INTERNAL_H

#include "kernel/fs/fs.h"
#include "lib/list.h"

struct qstr {
	const char *name; /* not NUL-terminated */
	unsigned int len;
};

struct dentry {
	atomic_t d_count;
	struct dentry *d_parent;    /* counted; of a root: itself, not counted */
	struct inode *d_inode;	    /* NULL only while the entry is being made */
	struct vfsmount *d_mounted; /* the mount on top of this directory; set once, never undone */

	/* i_rwsem of the parent and dcache_lock to change, either to read: */
	bool d_linked;		    /* the parent lists it */
	u32 d_offset;		    /* its place in listings; grows with every entry made */
	struct list_head d_child;   /* in the parent's d_subdirs, in order of d_offset */

	/* i_rwsem of this one and dcache_lock to change, either to read: */
	struct list_head d_subdirs;
	u32 d_next_offset;

	unsigned int d_len;
	char d_name[];		    /* NUL-terminated */
};

struct super_operations {
	void (*evict_inode)(struct inode *inode); /* frees i_data; may be NULL */
};

/* A file system; there is one of each. */
struct super_block {
	const char *s_type;
	const struct super_operations *s_op;
	u32 s_dev;
	struct dentry *s_root;
	atomic_t s_last_ino;
};

/* All but lookup may be NULL.  `dir` is locked; `dentry` is new and empty for those that make something. */
struct inode_operations {
	/* The tree has no such name: 0 if one could be made, or the errno that asking for it gives. */
	int (*lookup)(struct inode *dir, const struct qstr *name);
	/* Set up an inode and d_add() it.  NULL: create is -EACCES, the others -EPERM. */
	int (*create)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*mkdir)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*mknod)(struct inode *dir, struct dentry *dentry, umode_t mode, u32 dev);
	/* May the entry go?  The VFS takes it out of the tree.  NULL: -EPERM. */
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	/* Throws the content of a regular file away; it is locked.  NULL: O_TRUNC is f_op->open's business. */
	void (*truncate)(struct inode *inode);
};

#define S_DEAD 1 /* i_flags: a removed directory, in which nothing can be made any more */

static inline void inode_lock(struct inode *inode)
{
	mutex_lock(inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	mutex_unlock(inode->i_rwsem);
}

static inline bool d_is_dir(const struct dentry *dentry)
{
	return S_ISDIR(dentry->d_inode->i_mode);
}

/* -- inode.c ---------------------------------------------------------------- */

/* With i_ino set and i_nlink 1 (a directory: 2).  NULL without memory. */
struct inode *new_inode(struct super_block *sb, umode_t mode);
void destroy_inode(struct inode *inode);

/* -- dcache.c --------------------------------------------------------------- */

static inline struct dentry *dget(struct dentry *dentry)
{
	atomic_inc(&dentry->d_count);
	return dentry;
}

void dput(struct dentry *dentry);

/* A name in `parent` that is not in the tree yet; one reference, the caller's.  NULL without memory. */
struct dentry *d_alloc(struct dentry *parent, const struct qstr *name);
/* The inode becomes the dentry's, the dentry part of the tree.  The parent is locked and has no such name. */
void d_add(struct dentry *dentry, struct inode *inode);
/* A root, or a dentry outside any tree; one reference, the caller's.  NULL, and `inode` freed, without memory. */
struct dentry *d_make_root(struct inode *inode);
/* Out of the tree.  The parent is locked.  References others hold stay good. */
void d_delete(struct dentry *dentry);
/* The child of that name, with a reference, or NULL. */
struct dentry *d_lookup(struct dentry *parent, const struct qstr *name);
/* The first child, with a reference, or NULL. */
struct dentry *d_first_child(struct dentry *parent);

/* The path as getcwd shows it, built from the end of buf: where it starts, or ERR_PTR(-ERANGE). */
char *d_path(const struct path *path, char *buf, size_t size);

static inline void path_get(const struct path *path)
{
	dget(path->dentry);
}

static inline void path_put(const struct path *path)
{
	dput(path->dentry);
}

/* -- mount.c ---------------------------------------------------------------- */

/* Mounts are never undone, so pointers to them need no reference. */
struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
	const char *mnt_devname;
	struct vfsmount *mnt_parent;	/* NULL: the root of everything */
	struct dentry *mnt_mountpoint;	/* in mnt_parent; counted */
	struct list_head mnt_list;
};

extern struct path root_path;		/* "/" */

/* Gives sb its root directory.  0 or -ENOMEM.  Boot only. */
int fill_super(struct super_block *sb, umode_t mode, const struct inode_operations *dir_iops);
/* Puts sb on top of the directory `dir`, which is made if missing.  0, the path's errno, -ENOMEM.  Boot only. */
int mount_at(const char *dev_name, struct super_block *sb, const char *dir);
/* If something is mounted on *path, steps to the root of what is on top. */
void follow_mounts(struct path *path);

/* -- namei.c ---------------------------------------------------------------- */

enum last_type { LAST_NORM, LAST_ROOT, LAST_DOT, LAST_DOTDOT };

/* A walk under way.  path is where it is (counted); last is the component it has not taken yet. */
struct nameidata {
	struct path path;
	struct qstr last;
	enum last_type last_type;
};

/* Walks all but the last component.  On success nd->path is a directory to path_put(). */
int path_parentat(const char *name, struct nameidata *nd);
/* The whole path.  On success *path is to be path_put(). */
int path_lookupat(const char *name, bool want_dir, struct path *path);
/* Takes nd->last: on success nd->path is what it names, on error still the directory. */
int walk_component(struct nameidata *nd);
/* Moves to `dentry`, whose reference it takes, and on through what is mounted there. */
void step_into(struct nameidata *nd, struct dentry *dentry);
/* Are there slashes behind the last component? */
static inline bool trailing_slashes(const struct nameidata *nd)
{
	return nd->last_type == LAST_NORM && nd->last.name[nd->last.len];
}
/* nd->last in the locked directory nd->path: a dentry in the tree, or a new one without an inode, or ERR_PTR. */
struct dentry *lookup_one(const struct nameidata *nd);

/* -- dirops.c --------------------------------------------------------------- */

/* A regular file at `dentry`, which lookup_one() gave.  `dir` is locked. */
int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode);

/* -- file_table.c ----------------------------------------------------------- */

/* One reference, nothing opened.  NULL without memory. */
struct file *alloc_empty_file(int flags);
/* A file outside any tree, on `dentry` (a reference of which it takes).  NULL without memory. */
struct file *alloc_file_pseudo(struct dentry *dentry, int flags, const struct file_operations *fops);
/* The last step of opening, when f_op is final: f_mode says what it can do; from now on release is owed. */
void file_opened(struct file *file);

/* -- fdtable.c -------------------------------------------------------------- */

/* Reserves the lowest free descriptor of the current task; -EMFILE. */
int get_unused_fd(void);
void put_unused_fd(unsigned int fd);
/* A reserved descriptor now means `file`, whose reference it takes. */
void fd_install(unsigned int fd, struct file *file);

/* -- fs_struct.c ------------------------------------------------------------ */

/* A copy of the working directory, counted. */
void get_fs_pwd(struct fs_struct *fs, struct path *pwd);
/* The permission bits of `mode` that current's umask leaves. */
umode_t mode_strip_umask(umode_t mode);

/* -- libfs.c: for file systems whose tree is made by the kernel ------------- */

extern const struct file_operations simple_dir_operations;

int simple_lookup(struct inode *dir, const struct qstr *name);
int simple_unlink(struct inode *dir, struct dentry *dentry);
int simple_rmdir(struct inode *dir, struct dentry *dentry);
/* A directory's or device's or regular file's inode with the usual operations. NULL without memory. */
struct inode *simple_get_inode(struct super_block *sb, umode_t mode, const struct inode_operations *iops,
			       const struct file_operations *fops);
/*
 * Adds a name, of one component, to `parent`, and takes the inode.  The dentry stays
 * valid until it is removed.  ERR_PTR: -EEXIST, -ENOTDIR, -ENOENT (the directory was removed), -EINVAL,
 * -ENOMEM; the inode is then freed.
 */
struct dentry *simple_add(struct dentry *parent, const struct qstr *name, struct inode *inode);
/* Removes `dentry` and all below it. */
void simple_recursive_removal(struct dentry *dentry);

/* -- char_dev.c ------------------------------------------------------------- */

extern const struct file_operations def_chr_fops; /* of every device node until it is opened */

/* -- ramfs.c ---------------------------------------------------------------- */

extern struct super_block rootfs_super;
int init_rootfs(void);

#endif
