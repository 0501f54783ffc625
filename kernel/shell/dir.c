/* SPDX-License-Identifier: BSD-2-Clause */
/* dir.c - a directory's names as an array: for ls, globs and completion.  Task context, no lock. */
#include "kernel/fs/fs.h"
#include "kernel/shell/exec.h"

struct reading {
	struct dir_context ctx;
	struct words *names;
	int err;
};

static bool add_name(struct dir_context *ctx, const char *name, int len, loff_t offset, u64 ino, unsigned int type)
{
	struct reading *r = container_of(ctx, struct reading, ctx);

	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))
		return true;
	r->err = words_add(r->names, name, len);
	return !r->err;
}

int read_directory(const char *path, struct words *names)
{
	struct reading r = { .ctx = { .actor = add_name }, .names = names };
	struct file *dir = filp_open(path, O_RDONLY | O_DIRECTORY, 0);
	int first = names->nr, err;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	err = iterate_dir(dir, &r.ctx);
	fput(dir);
	words_sort(names, first);
	return r.err ? r.err : min(err, 0);
}
