/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * namei.c - walking paths.
 *
 * A walk stands on one directory at a time, with a reference on it, and takes the
 * path component by component; the last one is left to the caller, who may want
 * to make, remove or open it.  Nothing is locked between two steps: a name that is
 * made or removed meanwhile is seen or not, but what was found stays valid.
 *
 * There are no symbolic links and no chroot, so no walk is ever restarted.
 */
#include "kernel/fs/internal.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"

static int path_init(const char *name, struct nameidata *nd)
{
	if (!*name)
		return -ENOENT;
	if (strnlen(name, PATH_MAX) == PATH_MAX)
		return -ENAMETOOLONG;
	if (*name == '/') {
		nd->path = root_path;
		path_get(&nd->path);
	} else {
		get_fs_pwd(current->fs, &nd->path);
	}
	return 0;
}

void step_into(struct nameidata *nd, struct dentry *dentry)
{
	dput(nd->path.dentry);
	nd->path.dentry = dentry;
	follow_mounts(&nd->path);
}

/* "..": out of as many mounts as end here, then up; at "/" it stays. */
static void follow_dotdot(struct nameidata *nd)
{
	struct path *path = &nd->path;

	while (path->dentry == path->mnt->mnt_root) {
		struct vfsmount *mnt = path->mnt;

		if (!mnt->mnt_parent)
			return;
		dget(mnt->mnt_mountpoint);
		dput(path->dentry);
		path->dentry = mnt->mnt_mountpoint;
		path->mnt = mnt->mnt_parent;
	}
	step_into(nd, dget(path->dentry->d_parent));
}

/* In the tree there is all there is, so this finds every name that exists. */
static noinline struct dentry *lookup_fast(struct dentry *dir, const struct qstr *name)
{
	return d_lookup(dir, name);
}

/* What to say of a name that does not exist: 0 when it could be made. */
static noinline int lookup_slow(struct dentry *dir, const struct qstr *name)
{
	if (READ_ONCE(dir->d_inode->i_flags) & S_DEAD)
		return -ENOENT;
	return dir->d_inode->i_op->lookup(dir->d_inode, name);
}

noinline int walk_component(struct nameidata *nd)
{
	struct dentry *dentry;

	if (nd->last_type == LAST_DOTDOT)
		follow_dotdot(nd);
	if (nd->last_type != LAST_NORM)
		return 0;
	dentry = lookup_fast(nd->path.dentry, &nd->last);
	if (!dentry)
		return lookup_slow(nd->path.dentry, &nd->last) ?: -ENOENT;
	step_into(nd, dentry);
	return 0;
}

struct dentry *lookup_one(const struct nameidata *nd)
{
	struct dentry *dir = nd->path.dentry;
	struct dentry *dentry = lookup_fast(dir, &nd->last);
	int ret;

	if (dentry)
		return dentry;
	ret = lookup_slow(dir, &nd->last);
	if (ret < 0)
		return ERR_PTR(ret);
	dentry = d_alloc(dir, &nd->last);
	return dentry ?: ERR_PTR(-ENOMEM);
}

static enum last_type component_type(const struct qstr *name)
{
	if (name->name[0] != '.' || name->len > 2)
		return LAST_NORM;
	if (name->len == 1)
		return LAST_DOT;
	return name->name[1] == '.' ? LAST_DOTDOT : LAST_NORM;
}

/* Leaves in nd->last the last component; LAST_ROOT if the path is nothing but slashes. */
static noinline int link_path_walk(const char *name, struct nameidata *nd)
{
	int ret;

	nd->last_type = LAST_ROOT;
	name += strspn(name, "/");
	while (*name) {
		nd->last.name = name;
		nd->last.len = strcspn(name, "/");
		nd->last_type = component_type(&nd->last);
		name += nd->last.len;
		name += strspn(name, "/");
		if (!*name)
			break;
		ret = walk_component(nd);
		if (ret < 0)
			return ret;
		if (!d_is_dir(nd->path.dentry))
			return -ENOTDIR;
	}
	return 0;
}

noinline int path_parentat(const char *name, struct nameidata *nd)
{
	int ret = path_init(name, nd);

	if (ret < 0)
		return ret;
	ret = link_path_walk(name, nd);
	if (ret < 0)
		path_put(&nd->path);
	return ret;
}

int path_lookupat(const char *name, bool want_dir, struct path *path)
{
	struct nameidata nd;
	int ret = path_parentat(name, &nd);

	if (ret < 0)
		return ret;
	want_dir |= trailing_slashes(&nd);
	ret = walk_component(&nd);
	if (!ret && want_dir && !d_is_dir(nd.path.dentry))
		ret = -ENOTDIR;
	if (ret < 0)
		path_put(&nd.path);
	else
		*path = nd.path;
	return ret;
}
