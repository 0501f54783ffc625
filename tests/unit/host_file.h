/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_file.h - a tracefs file as the VFS and a shell drive it.
 *
 * Only files whose source the test is linked with are there: the test names something of it.  What cannot be is
 * an assertion of cmocka's.
 */
#ifndef UNIT_HOST_FILE_H
#define UNIT_HOST_FILE_H

#include "lib/file.h"

struct open_file {
	struct inode inode;
	struct file file;
};

/* What f_op->open and ->release returned. */
int file_open(struct open_file *f, const char *name, int flags);
int file_close(struct open_file *f);

/* All of buf, as a shell writes it: again with the rest after a short write.  0 or -errno. */
int file_write(struct open_file *f, const char *buf, size_t len);
int file_puts(struct open_file *f, const char *text);

/* echo -n TEXT > NAME (how: O_TRUNC), or >> NAME (O_APPEND).  The first error of write and close. */
int echo(const char *text, const char *name, int how);
/* cat NAME, reading `chunk` bytes at a time; the text is valid until the next. */
const char *cat(const char *name, size_t chunk);

#define expect_file(name, text) assert_string_equal(cat(name, 4096), text)

#endif
