/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpio.h - reads the "newc" archives that an initramfs is made of.
 *
 * Pure: no allocation, no locks, any context.  Nothing outside the given memory is
 * ever read, whatever is in it, and what an entry points to lies inside it.
 */
#ifndef LIB_CPIO_H
#define LIB_CPIO_H

#include "lib/compiler.h"

#define CPIO_NAME_MAX 4096 /* longest accepted name, with its NUL */

struct cpio_entry {
	const char *name;	/* NUL-terminated, not empty */
	u32 ino, mode, nlink, mtime;
	u32 rdev_major, rdev_minor;
	const void *data;	/* file content, or a symbolic link's target (no NUL) */
	size_t size;
};

struct cpio_reader {
	const u8 *data;
	size_t size;
	size_t pos;		/* of the next header; after an error, of the one that is bad */
	bool in_archive;	/* its TRAILER!!! is still to come */
	const char *error;	/* what is wrong, after -EINVAL */
};

/* Archives may follow one another, with NUL bytes before, between and after them. */
void cpio_init(struct cpio_reader *r, const void *data, size_t size);

/*
 * 1: *entry is the next one (trailers are not returned).  0: a proper end.
 * -EINVAL: damaged here; r->error and r->pos say how and where, and every further call fails alike.
 */
int cpio_next(struct cpio_reader *r, struct cpio_entry *entry);

#endif
