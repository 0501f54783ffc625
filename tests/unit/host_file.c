/* SPDX-License-Identifier: BSD-2-Clause */
/* host_file.c - see host_file.h. */
#include "tests/unit/host_file.h"
#include "tests/unit/host_os.h"
#include "trace/tracefs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct tracefs_file *find_file(const char *name)
{
	const struct tracefs_file *const *p;

	registry_for_each(tracefs_files, p)
		if (!strcmp((*p)->name, name))
			return *p;
	fail_msg("no file %s", name);
	return NULL;
}

int file_open(struct open_file *f, const char *name, int flags)
{
	const struct tracefs_file *entry = find_file(name);
	int access = flags & O_ACCMODE;

	memset(f, 0, sizeof(*f));
	f->inode.i_private = entry->data;
	f->file.f_op = entry->fops;
	f->file.f_inode = &f->inode;
	f->file.f_flags = flags;
	f->file.f_mode = (access != O_WRONLY ? FMODE_READ : 0) | (access != O_RDONLY ? FMODE_WRITE : 0);
	return f->file.f_op->open(&f->inode, &f->file);
}

int file_close(struct open_file *f)
{
	return f->file.f_op->release(&f->inode, &f->file);
}

int file_write(struct open_file *f, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = f->file.f_op->write(&f->file, buf, len, &f->file.f_pos);

		if (n < 0)
			return n;
		assert_in_range(n, 1, len);
		buf += n;
		len -= n;
	}
	return 0;
}

int file_puts(struct open_file *f, const char *text)
{
	return file_write(f, text, strlen(text));
}

int echo(const char *text, const char *name, int how)
{
	struct open_file f;
	int ret, err;

	assert_int_equal(file_open(&f, name, O_WRONLY | how), 0);
	ret = file_puts(&f, text);
	err = file_close(&f);
	return ret ? ret : err;
}

const char *cat(const char *name, size_t chunk)
{
	static char text[200000];
	struct open_file f;
	size_t len = 0;
	ssize_t n;

	assert_int_equal(file_open(&f, name, O_RDONLY), 0);
	while ((n = f.file.f_op->read(&f.file, text + len, chunk, &f.file.f_pos)) > 0)
		len += n;
	assert_int_equal(n, 0);
	text[len] = '\0';
	assert_int_equal(file_close(&f), 0);
	return text;
}
