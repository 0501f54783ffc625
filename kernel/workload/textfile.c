/* SPDX-License-Identifier: BSD-2-Clause */
/* textfile.c - see textfile.h. */
#include "kernel/workload/textfile.h"
#include "kernel/fs/fs.h"
#include "lib/string.h"

int write_text_file(const char *path, const char *text)
{
	struct file *file = filp_open(path, O_WRONLY | O_TRUNC, 0);
	loff_t pos = 0;
	ssize_t n;
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	n = vfs_write(file, text, strlen(text), &pos);
	err = filp_close(file);
	return n < 0 ? (int)n : err;
}
