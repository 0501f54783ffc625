/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_fs.c - puts the tracing directory's files in place.
 *
 * Files register themselves (trace/tracefs.h); those that exist once a CPU or once an
 * option are made by the code that owns them.  Everything happens once, in task
 * context, before anybody can open a file: no locks.
 */
#include "lib/kstrtox.h"
#include "lib/string.h"
#include "trace/trace.h"

/* The folders made so far. */
struct trace_dir {
	struct list_head list;
	struct dentry *dentry;
	size_t len;
	char path[];
};

static LIST_HEAD(trace_dirs);

static struct dentry *trace_get_dir(const char *path, size_t len);

/* Makes the last folder of `path`, whose parents are made first. */
static struct dentry *trace_make_dir(const char *path, size_t len)
{
	size_t parent_len = len;
	struct trace_dir *dir = kzalloc(sizeof(*dir) + len + 1, GFP_KERNEL);
	struct dentry *parent = NULL;

	if (!dir)
		return NULL;
	dir->len = len;
	memcpy(dir->path, path, len);
	while (parent_len && path[parent_len - 1] != '/')
		parent_len--;
	if (parent_len) {
		parent = trace_get_dir(path, parent_len - 1);
		if (!parent)
			goto fail;
	}
	dir->dentry = tracefs_create_dir(dir->path + parent_len, parent);
	if (!dir->dentry)
		goto fail;
	list_add(&dir->list, &trace_dirs);
	return dir->dentry;
fail:
	kfree(dir);
	return NULL;
}

static struct dentry *trace_get_dir(const char *path, size_t len)
{
	struct trace_dir *dir;

	list_for_each_entry(dir, &trace_dirs, list)
		if (dir->len == len && !memcmp(dir->path, path, len))
			return dir->dentry;
	return trace_make_dir(path, len);
}

int trace_create_file(const char *path, umode_t mode, void *data, const struct file_operations *fops)
{
	const char *name = strrchr(path, '/');
	struct dentry *parent = NULL;

	if (name) {
		parent = trace_get_dir(path, name - path);
		if (!parent)
			return -ENOMEM;
	}
	return tracefs_create_file(name ? name + 1 : path, mode, parent, data, fops) ? 0 : -ENOMEM;
}

int tracer_init_tracefs(void)
{
	const struct tracefs_file *const *entry;
	int err, ret = 0;

	/* Nearly every file is about the buffer, and boot has said that there is no memory for one. */
	if (!ring_buffer_exists(&global_trace.buffer))
		return -ENOMEM;
	registry_for_each(tracefs_files, entry) {
		err = trace_create_file((*entry)->name, (*entry)->mode, (*entry)->data, (*entry)->fops);
		if (err) {
			pr_warn("tracefs: could not create %s (%d)\n", (*entry)->name, err);
			ret = ret ?: err;
		}
	}
	err = trace_create_event_files();
	ret = ret ?: err;
	err = trace_create_option_files(&global_trace);
	ret = ret ?: err;
	err = trace_create_cpu_files(&global_trace);
	return ret ?: err;
}
fs_initcall(tracer_init_tracefs);

char *trace_write_word(char *word, size_t size, const char *buf, size_t count)
{
	if (count >= size)
		return NULL;
	memcpy(word, buf, count);
	word[count] = '\0';
	return strim(word);
}

int trace_write_number(const char *buf, size_t count, unsigned long *value)
{
	char word[64];

	if (count >= sizeof(word))
		return -EINVAL;
	memcpy(word, buf, count);
	word[count] = '\0';
	return kstrtoul(word, 10, value);
}
