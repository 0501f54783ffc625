/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dcache.c - the tree of names.  See internal.h for its rules.
 */
#include "kernel/fs/internal.h"
#include "kernel/mm/slab.h"
#include "kernel/panic.h"
#include "lib/string.h"

static DEFINE_SPINLOCK(dcache_lock);

/* `parent` NULL: a root. */
static struct dentry *__d_alloc(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry = kzalloc(sizeof(*dentry) + name->len + 1, GFP_KERNEL);

	if (!dentry)
		return NULL;
	atomic_set(&dentry->d_count, 1);
	dentry->d_parent = parent ? dget(parent) : dentry;
	INIT_LIST_HEAD(&dentry->d_child);
	INIT_LIST_HEAD(&dentry->d_subdirs);
	dentry->d_next_offset = 2; /* behind "." and ".." */
	dentry->d_len = name->len;
	memcpy(dentry->d_name, name->name, name->len);
	return dentry;
}

struct dentry *d_alloc(struct dentry *parent, const struct qstr *name)
{
	return __d_alloc(parent, name);
}

struct dentry *d_make_root(struct inode *inode)
{
	static const struct qstr slash = { "/", 1 };
	struct dentry *dentry = __d_alloc(NULL, &slash);

	if (dentry)
		dentry->d_inode = inode;
	else
		destroy_inode(inode);
	return dentry;
}

void d_add(struct dentry *dentry, struct inode *inode)
{
	struct dentry *parent = dentry->d_parent;

	WARN_ON(!mutex_is_owned(parent->d_inode->i_rwsem));
	dentry->d_inode = inode;
	dget(dentry);
	if (S_ISDIR(inode->i_mode))
		parent->d_inode->i_nlink++;
	spin_lock(&dcache_lock);
	dentry->d_offset = parent->d_next_offset++;
	dentry->d_linked = true;
	list_add_tail(&dentry->d_child, &parent->d_subdirs);
	spin_unlock(&dcache_lock);
}

void d_delete(struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent;

	WARN_ON(!mutex_is_owned(parent->d_inode->i_rwsem));
	spin_lock(&dcache_lock);
	dentry->d_linked = false;
	list_del_init(&dentry->d_child);
	spin_unlock(&dcache_lock);
	if (d_is_dir(dentry)) {
		parent->d_inode->i_nlink--;
		dentry->d_inode->i_nlink--;
	}
	dentry->d_inode->i_nlink--;
	dput(dentry);
}

/* A loop, not a recursion: the last reference to a removed directory may be a file far below it. */
void dput(struct dentry *dentry)
{
	while (dentry && atomic_dec_and_test(&dentry->d_count)) {
		struct dentry *parent = dentry->d_parent;

		if (dentry->d_inode)
			destroy_inode(dentry->d_inode);
		kfree(dentry);
		dentry = parent != dentry ? parent : NULL;
	}
}

struct dentry *d_lookup(struct dentry *parent, const struct qstr *name)
{
	struct dentry *child, *found = NULL;

	spin_lock(&dcache_lock);
	list_for_each_entry(child, &parent->d_subdirs, d_child) {
		if (child->d_len == name->len && !memcmp(child->d_name, name->name, name->len)) {
			found = dget(child);
			break;
		}
	}
	spin_unlock(&dcache_lock);
	return found;
}

struct dentry *d_first_child(struct dentry *parent)
{
	struct dentry *child;

	spin_lock(&dcache_lock);
	child = list_first_entry_or_null(&parent->d_subdirs, struct dentry, d_child);
	if (child)
		dget(child);
	spin_unlock(&dcache_lock);
	return child;
}

/* Names and parents are constant, and the caller's reference keeps all of them: no lock. */
char *d_path(const struct path *path, char *buf, size_t size)
{
	const struct dentry *dentry = path->dentry;
	const struct vfsmount *mnt = path->mnt;
	char *end = buf + size;

	if (size < 2)
		return ERR_PTR(-ERANGE);
	*--end = '\0';
	while (dentry != mnt->mnt_root || mnt->mnt_parent) {
		if (dentry == mnt->mnt_root) {
			dentry = mnt->mnt_mountpoint;
			mnt = mnt->mnt_parent;
			continue;
		}
		if ((size_t)(end - buf) < dentry->d_len + 1)
			return ERR_PTR(-ERANGE);
		end -= dentry->d_len;
		memcpy(end, dentry->d_name, dentry->d_len);
		*--end = '/';
		dentry = dentry->d_parent;
	}
	if (!*end)
		*--end = '/';
	return end;
}
