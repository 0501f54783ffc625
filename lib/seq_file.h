/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seq_file.h - files whose text is made record by record while it is read.
 *
 * A file gives an iterator; seq_read() keeps the buffer, the position and the
 * part of a record that did not fit into the reader's buffer.  A record larger
 * than the buffer makes the buffer double until it fits, so nothing is ever
 * cut.  start/stop bracket every pass, so an iterator may hold a lock between
 * them; it is never held while the reader is away.
 */
#ifndef LIB_SEQ_FILE_H
#define LIB_SEQ_FILE_H

#include "lib/compiler.h"
#include "lib/file.h"

struct seq_operations;

struct seq_file {
	char *buf;
	size_t size;		/* of buf */
	size_t from;		/* buf[from .. from + count) is made and not yet read */
	size_t count;
	loff_t index;		/* of the record that comes next: start()'s and next()'s *pos */
	loff_t read_pos;	/* the file position that index and buf stand for */
	const struct seq_operations *op;
	const struct file *file;
	void *private;		/* the iterator's own */
};

/*
 * start(m, pos)   the record number *pos, NULL at the end, ERR_PTR(-errno)
 * show(m, v)      prints record v; 0, SEQ_SKIP (prints nothing), or -errno,
 *                 which ends this read (records already made are read first)
 * next(m, v, pos) must advance *pos, also when it returns NULL
 * stop(m, v)      after every start, with the last v (also NULL or ERR_PTR)
 */
struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_SKIP 1
#define SEQ_START_TOKEN ((void *)1) /* a start() that wants a header line returns this for *pos == 0 */

/*
 * For f_op->open: file->private_data becomes the struct seq_file.  0 or -ENOMEM.
 * __seq_open_private also allocates `psize` zeroed bytes as m->private and
 * returns them (NULL without memory); seq_release_private frees them.
 */
int seq_open(struct file *file, const struct seq_operations *op);
void *__seq_open_private(struct file *file, const struct seq_operations *op, size_t psize);

/*
 * For f_op->read, llseek, release.  Calls on one file must not overlap: the VFS
 * holds the file's position lock.  seq_read: bytes read, 0 at the end, -ENOMEM, or
 * what start/show returned.  seq_lseek: -EINVAL for SEEK_END.
 */
ssize_t seq_read(struct file *file, char *buf, size_t size, loff_t *ppos);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);
int seq_release(struct inode *inode, struct file *file);
int seq_release_private(struct inode *inode, struct file *file);

/* A file of one record, printed by show(m, ...) with m->private = data.  Released by single_release. */
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_release(struct inode *inode, struct file *file);

/*
 * Printing, for show().  What does not fit marks the buffer as overflowed and
 * the record is made again in a larger one.  seq_write returns 0 or -1.
 */
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);
void seq_puts(struct seq_file *m, const char *s);
void seq_putc(struct seq_file *m, char c);
int seq_write(struct seq_file *m, const void *data, size_t len);

static inline bool seq_has_overflowed(const struct seq_file *m)
{
	return m->count == m->size;
}

#endif
