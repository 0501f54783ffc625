/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpio.c - the newc format.
 *
 *   offset 0    "070701", or "070702" (the same, with a checksum)
 *          6    13 numbers of 8 hexadecimal digits (enum field)
 *          110  name with its NUL, padded to a multiple of 4
 *               content, padded to a multiple of 4
 *
 * An archive ends with an entry named TRAILER!!!.  Every size is checked against
 * what is left before it is used; all sums are of values below 2^33 in 64 bits,
 * so none can wrap.
 */
#include "lib/cpio.h"
#include "lib/errno.h"
#include "lib/string.h"

#define MAGIC_SIZE 6
#define FIELD_DIGITS 8
#define TRAILER "TRAILER!!!"

enum field {
	F_INO, F_MODE, F_UID, F_GID, F_NLINK, F_MTIME, F_FILESIZE, F_MAJOR, F_MINOR, F_RMAJOR, F_RMINOR,
	F_NAMESIZE, F_CHECK, NR_FIELDS
};

#define HEADER_SIZE (MAGIC_SIZE + NR_FIELDS * FIELD_DIGITS)
static_assert(HEADER_SIZE == 110, "the format says so");

void cpio_init(struct cpio_reader *r, const void *data, size_t size)
{
	*r = (struct cpio_reader){ .data = data, .size = size };
}

static int cpio_fail(struct cpio_reader *r, const char *error)
{
	r->error = error;
	return -EINVAL;
}

static int hex_value(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool parse_fields(const u8 *digits, u32 field[NR_FIELDS])
{
	for (int f = 0; f < NR_FIELDS; f++) {
		field[f] = 0;
		for (int i = 0; i < FIELD_DIGITS; i++) {
			int value = hex_value(*digits++);

			if (value < 0)
				return false;
			field[f] = field[f] << 4 | (u32)value;
		}
	}
	return true;
}

static u32 byte_sum(const u8 *data, size_t size)
{
	u32 sum = 0;

	while (size--)
		sum += *data++;
	return sum;
}

/* The entry whose header is at r->pos: *entry, and *end just behind its padded content. */
static int parse_entry(struct cpio_reader *r, struct cpio_entry *entry, u64 *end)
{
	const u8 *header = r->data + r->pos;
	u64 left = r->size - r->pos;
	u32 field[NR_FIELDS];
	bool has_check;
	u64 content;

	if (left < MAGIC_SIZE)
		return cpio_fail(r, "ends inside a header");
	has_check = !memcmp(header, "070702", MAGIC_SIZE);
	if (!has_check && memcmp(header, "070701", MAGIC_SIZE))
		return cpio_fail(r, "no newc header");
	if (left < HEADER_SIZE)
		return cpio_fail(r, "ends inside a header");
	if (!parse_fields(header + MAGIC_SIZE, field))
		return cpio_fail(r, "a header field is not hexadecimal");

	if (field[F_NAMESIZE] < 2 || field[F_NAMESIZE] > CPIO_NAME_MAX)
		return cpio_fail(r, "name is empty or too long");
	if (field[F_NAMESIZE] > left - HEADER_SIZE)
		return cpio_fail(r, "ends inside a name");
	entry->name = (const char *)header + HEADER_SIZE;
	if (strnlen(entry->name, field[F_NAMESIZE]) != field[F_NAMESIZE] - 1)
		return cpio_fail(r, "name is not terminated where its size says");

	content = ALIGN((u64)HEADER_SIZE + field[F_NAMESIZE], 4);
	*end = ALIGN(content + field[F_FILESIZE], 4);
	if (field[F_FILESIZE] && content + field[F_FILESIZE] > left)
		return cpio_fail(r, "ends inside a file");
	entry->data = header + min(content, left);
	entry->size = field[F_FILESIZE];
	if (has_check && byte_sum(entry->data, entry->size) != field[F_CHECK])
		return cpio_fail(r, "checksum does not match");
	entry->ino = field[F_INO];
	entry->mode = field[F_MODE];
	entry->nlink = field[F_NLINK];
	entry->mtime = field[F_MTIME];
	entry->rdev_major = field[F_RMAJOR];
	entry->rdev_minor = field[F_RMINOR];
	return 0;
}

/* To the next header, over the padding of whole blocks that archivers write. */
static void skip_nuls(struct cpio_reader *r)
{
	while (r->pos < r->size && !r->data[r->pos])
		r->pos++;
}

int cpio_next(struct cpio_reader *r, struct cpio_entry *entry)
{
	u64 end;

	if (r->error)
		return -EINVAL;
	for (;;) {
		if (!r->in_archive)
			skip_nuls(r);
		if (r->pos == r->size)
			return r->in_archive ? cpio_fail(r, "ends without " TRAILER) : 0;
		if (parse_entry(r, entry, &end) < 0)
			return -EINVAL;
		/* Padding of the very last entry may be missing. */
		r->pos += (size_t)min(end, (u64)(r->size - r->pos));
		r->in_archive = strcmp(entry->name, TRAILER) != 0;
		if (r->in_archive)
			return 1;
	}
}
