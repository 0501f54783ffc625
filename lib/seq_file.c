/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seq_file.c - text made record by record while it is read.
 *
 * The buffer holds whole records, made but not yet (all) read:
 *
 *        already read      to be read             free
 *      0 ............ from ........... from+count .... size
 *
 * and `index` is the record that follows them.  Invariant between calls: the
 * byte at from is the file's byte read_pos.  So a read at read_pos goes on where
 * the last one ended, and a read anywhere else first finds its place by making
 * the file again from the start (traverse).
 *
 * While a record is printed, count == size means that it did not fit: what is
 * in the buffer of it is worthless, and it is printed again, into a buffer twice
 * as large or, if others precede it, by the next read.
 *
 * Context: task, may sleep if the iterator does.  Calls on one file are
 * serialised by the caller.
 */
#include "lib/seq_file.h"
#include "lib/err.h"
#include "lib/stdio.h"
#include "lib/string.h"

#if __STDC_HOSTED__
#include <stdlib.h>
#define seq_alloc(size) calloc(1, size)
#define seq_free(ptr) free((void *)(ptr))
#else
#include "kernel/mm/slab.h"
#define seq_alloc(size) kzalloc(size, GFP_KERNEL)
#define seq_free(ptr) kfree(ptr)
#endif

#define SEQ_BUF_SIZE ((size_t)4096) /* at first */

/* ---- opening and closing ---- */

int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *m = seq_alloc(sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->op = op;
	m->file = file;
	file->private_data = m;
	return 0;
}

int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	seq_free(m->buf);
	seq_free(m);
	return 0;
}

void *__seq_open_private(struct file *file, const struct seq_operations *op, size_t psize)
{
	void *private = seq_alloc(psize);

	if (!private)
		return NULL;
	if (seq_open(file, op) < 0) {
		seq_free(private);
		return NULL;
	}
	((struct seq_file *)file->private_data)->private = private;
	return private;
}

int seq_release_private(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	seq_free(m->private);
	return seq_release(inode, file);
}

static void *single_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : SEQ_START_TOKEN;
}

static void *single_next(struct seq_file *m, void *v, loff_t *pos)
{
	(*pos)++;
	return NULL;
}

static void single_stop(struct seq_file *m, void *v)
{
}

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	struct seq_operations *op = seq_alloc(sizeof(*op));
	int ret;

	if (!op)
		return -ENOMEM;
	op->start = single_start;
	op->next = single_next;
	op->stop = single_stop;
	op->show = show;
	ret = seq_open(file, op);
	if (ret < 0) {
		seq_free(op);
		return ret;
	}
	((struct seq_file *)file->private_data)->private = data;
	return 0;
}

int single_release(struct inode *inode, struct file *file)
{
	const struct seq_operations *op = ((struct seq_file *)file->private_data)->op;
	int ret = seq_release(inode, file);

	seq_free(op);
	return ret;
}

/* ---- making records ---- */

static void seq_rewind(struct seq_file *m)
{
	m->index = 0;
	m->from = 0;
	m->count = 0;
}

/* Makes sure of an empty buffer of at least `size` bytes. */
static int seq_need_buf(struct seq_file *m, size_t size)
{
	m->from = 0;
	m->count = 0;
	if (m->size >= size)
		return 0;
	seq_free(m->buf);
	m->buf = seq_alloc(size);
	m->size = m->buf ? size : 0;
	return m->buf ? 0 : -ENOMEM;
}

/* Prints record v behind those that are in the buffer.  0, also if it did not fit, or -errno. */
static int seq_show_one(struct seq_file *m, void *v)
{
	size_t before = m->count;
	int ret = m->op->show(m, v);

	if (ret != 0) /* SEQ_SKIP or an error: what it printed does not count */
		m->count = before;
	return ret < 0 ? ret : 0;
}

/* next(), for an iterator that may have forgotten to advance at the end: the same record twice would never end. */
static void *seq_step(struct seq_file *m, void *v)
{
	loff_t before = m->index;

	v = m->op->next(m, v, &m->index);
	if (m->index == before)
		m->index++;
	return v;
}

/*
 * Makes the first record at or after `index` that prints something, in a buffer
 * that grows until it fits, and then as many more as fit into `want` bytes.
 * Returns 0 with count == 0 at the end of the file, or -errno with count == 0.
 */
static int seq_fill(struct seq_file *m, size_t want)
{
	size_t complete = 0;	/* bytes of records that are whole */
	int ret = seq_need_buf(m, SEQ_BUF_SIZE);
	void *v;

	if (ret < 0)
		return ret;
	v = m->op->start(m, &m->index);
	while (!IS_ERR_OR_NULL(v)) {
		ret = seq_show_one(m, v);
		if (ret < 0)
			break;
		if (seq_has_overflowed(m)) {
			if (complete)
				break;
			m->op->stop(m, v);
			ret = seq_need_buf(m, 2 * m->size);
			if (ret < 0)
				return ret;
			v = m->op->start(m, &m->index);
			continue;
		}
		complete = m->count;
		v = seq_step(m, v);
		if (complete && complete >= want)
			break;
	}
	m->op->stop(m, v);
	m->count = complete;
	if (complete)
		return 0; /* an error will come again when its record is the first */
	return ret < 0 ? ret : PTR_ERR_OR_ZERO(v);
}

/* Makes the file again from its start up to the byte `offset`; stays at the end if it is shorter. */
static int traverse(struct seq_file *m, loff_t offset)
{
	loff_t pos = 0;
	int ret;

	seq_rewind(m);
	while (pos < offset) {
		ret = seq_fill(m, SEQ_BUF_SIZE);
		if (ret < 0)
			return ret;
		if (!m->count)
			break;
		if (pos + (loff_t)m->count > offset) {
			m->from = (size_t)(offset - pos);
			m->count -= m->from;
			break;
		}
		pos += m->count;
		m->count = 0;
	}
	return 0;
}

/* Puts the invariant right for a read at `pos`. */
static int seq_seek(struct seq_file *m, loff_t pos)
{
	int ret = 0;

	/* Position 0 always starts anew, so that a reader who rewinds sees the present. */
	if (pos == 0)
		seq_rewind(m);
	else if (pos != m->read_pos)
		ret = traverse(m, pos);
	if (ret < 0) {
		seq_rewind(m);
		pos = 0;
	}
	m->read_pos = pos;
	return ret;
}

/* ---- f_op ---- */

ssize_t seq_read(struct file *file, char *buf, size_t size, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	size_t copied = 0;
	int ret;

	if (!size)
		return 0;
	ret = seq_seek(m, *ppos);
	if (ret < 0)
		return ret;
	/* Twice at most: what the last read left over, then as many whole records as there is room for. */
	while (copied < size) {
		bool leftover = m->count;
		size_t n;

		if (!leftover)
			ret = seq_fill(m, size - copied);
		n = min(m->count, size - copied);
		memcpy(buf + copied, m->buf + m->from, n);
		m->from += n;
		m->count -= n;
		copied += n;
		if (!leftover)
			break;
	}
	if (!copied)
		return ret;
	*ppos += copied;
	m->read_pos += copied;
	return copied;
}

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	struct seq_file *m = file->private_data;
	int ret = 0;

	if (whence == SEEK_CUR) {
		if (__builtin_add_overflow(offset, file->f_pos, &offset))
			return -EINVAL;
	} else if (whence != SEEK_SET) {
		return -EINVAL;
	}
	if (offset < 0)
		return -EINVAL;
	if (offset != m->read_pos)
		ret = seq_seek(m, offset);
	file->f_pos = m->read_pos;
	return ret < 0 ? ret : offset;
}

/* ---- printing ---- */

static void seq_set_overflow(struct seq_file *m)
{
	m->count = m->size;
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	size_t room = m->size - m->count;
	size_t len;
	va_list args;

	if (!room)
		return;
	va_start(args, fmt);
	len = vsnprintf(m->buf + m->count, room, fmt, args);
	va_end(args);
	if (len < room)
		m->count += len;
	else
		seq_set_overflow(m);
}

int seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (len >= m->size - m->count) {
		seq_set_overflow(m);
		return -1;
	}
	memcpy(m->buf + m->count, data, len);
	m->count += len;
	return 0;
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

void seq_putc(struct seq_file *m, char c)
{
	seq_write(m, &c, 1);
}
