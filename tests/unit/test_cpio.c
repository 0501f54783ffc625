/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cpio.c - good archives are read back; no damage makes the reader leave its memory.
 *
 * Every archive is read from a block of exactly its size, so that ASan sees one byte
 * too many.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lib/cpio.h"
#include "lib/errno.h"
#include "lib/string.h"

struct archive {
	u8 data[8192];
	size_t size;
};

static void pad(struct archive *a, size_t to)
{
	while (a->size % to)
		a->data[a->size++] = 0;
}

static void put_entry(struct archive *a, const char *magic, const char *name, u32 mode, const void *content,
		      u32 size, u32 check)
{
	char header[111];

	snprintf(header, sizeof(header), "%s%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", magic, 7, mode, 0, 0,
		 1, 0x65000000, size, 8, 1, 5, 9, (unsigned int)strlen(name) + 1, check);
	memcpy(a->data + a->size, header, 110);
	a->size += 110;
	memcpy(a->data + a->size, name, strlen(name) + 1);
	a->size += strlen(name) + 1;
	pad(a, 4);
	memcpy(a->data + a->size, content, size);
	a->size += size;
	pad(a, 4);
}

static void put_file(struct archive *a, const char *name, const char *content)
{
	put_entry(a, "070701", name, 0100644, content, strlen(content), 0);
}

static void put_trailer(struct archive *a)
{
	put_entry(a, "070701", "TRAILER!!!", 0, "", 0, 0);
}

static struct archive two_files(void)
{
	struct archive a = { .size = 0 };

	put_entry(&a, "070701", "etc", 040755, "", 0, 0);
	put_file(&a, "etc/motd", "hello\n");
	put_file(&a, "empty", "");
	put_trailer(&a);
	return a;
}

/* Reads all of it, touching every byte an entry points to.  The last result of cpio_next. */
static int read_through(const u8 *data, size_t size, int *entries, const char **error)
{
	u8 *copy = malloc(size ?: 1);
	struct cpio_reader r;
	struct cpio_entry e;
	static volatile u32 sink;
	int ret;

	memcpy(copy, data, size);
	cpio_init(&r, copy, size);
	*entries = 0;
	while ((ret = cpio_next(&r, &e)) > 0) {
		assert_true(strlen(e.name) > 0);
		for (size_t i = 0; i < e.size; i++)
			sink += ((const u8 *)e.data)[i];
		assert_true(++*entries <= (int)(size / 110));
	}
	if (ret < 0) {
		assert_int_equal(ret, -EINVAL);
		assert_non_null(r.error);
		assert_true(r.pos <= size);
		assert_int_equal(cpio_next(&r, &e), -EINVAL);
	} else {
		assert_null(r.error);
		assert_int_equal(cpio_next(&r, &e), 0);
	}
	*error = r.error;
	free(copy);
	return ret;
}

static void expect_error(const struct archive *a, const char *error)
{
	const char *got;
	int entries;

	assert_int_equal(read_through(a->data, a->size, &entries, &got), -EINVAL);
	assert_string_equal(got, error);
}

static void entries_come_back_as_they_were_put_in(void **state)
{
	struct archive a = two_files();
	struct cpio_reader r;
	struct cpio_entry e;

	cpio_init(&r, a.data, a.size);
	assert_int_equal(cpio_next(&r, &e), 1);
	assert_string_equal(e.name, "etc");
	assert_int_equal(e.mode, 040755);
	assert_int_equal(e.size, 0);
	assert_int_equal(cpio_next(&r, &e), 1);
	assert_string_equal(e.name, "etc/motd");
	assert_int_equal(e.mode, 0100644);
	assert_int_equal(e.size, 6);
	assert_memory_equal(e.data, "hello\n", 6);
	assert_int_equal(e.ino, 7);
	assert_int_equal(e.nlink, 1);
	assert_int_equal(e.mtime, 0x65000000);
	assert_int_equal(e.rdev_major, 5);
	assert_int_equal(e.rdev_minor, 9);
	assert_int_equal(cpio_next(&r, &e), 1);
	assert_string_equal(e.name, "empty");
	assert_int_equal(cpio_next(&r, &e), 0);
	assert_int_equal(cpio_next(&r, &e), 0);
}

static void archives_may_follow_one_another_with_nuls_between(void **state)
{
	struct archive a = two_files(), b = two_files();
	const char *error;
	int entries;

	pad(&a, 512);
	memcpy(a.data + a.size, b.data, b.size);
	a.size += b.size;
	pad(&a, 512);
	assert_int_equal(read_through(a.data, a.size, &entries, &error), 0);
	assert_int_equal(entries, 6);
}

static void nothing_and_only_nuls_are_empty_archives(void **state)
{
	static const u8 nuls[1024];
	const char *error;
	int entries;

	for (size_t size = 0; size <= sizeof(nuls); size += 37) {
		assert_int_equal(read_through(nuls, size, &entries, &error), 0);
		assert_int_equal(entries, 0);
	}
}

static void checksums_are_verified(void **state)
{
	struct archive a = { .size = 0 };
	const char *error;
	int entries;

	put_entry(&a, "070702", "sum", 0100644, "\x01\x02\xff", 3, 0x102);
	put_trailer(&a);
	assert_int_equal(read_through(a.data, a.size, &entries, &error), 0);
	assert_int_equal(entries, 1);
	a.size = 0;
	put_entry(&a, "070702", "sum", 0100644, "\x01\x02\xff", 3, 0x103);
	expect_error(&a, "checksum does not match");
}

static void each_kind_of_damage_is_named(void **state)
{
	struct archive a = two_files();

	a.data[0] = '1';
	expect_error(&a, "no newc header");
	a = two_files();
	a.data[20] = 'g';
	expect_error(&a, "a header field is not hexadecimal");
	a = two_files();
	memcpy(a.data + 6 + 11 * 8, "00000001", 8);
	expect_error(&a, "name is empty or too long");
	memcpy(a.data + 6 + 11 * 8, "00001001", 8);
	expect_error(&a, "name is empty or too long");
	memcpy(a.data + 6 + 11 * 8, "00001000", 8);
	expect_error(&a, "ends inside a name");
	memcpy(a.data + 6 + 11 * 8, "00000003", 8);
	expect_error(&a, "name is not terminated where its size says");
	memcpy(a.data + 6 + 11 * 8, "00000006", 8);
	expect_error(&a, "name is not terminated where its size says");
	a = two_files();
	memcpy(a.data + 6 + 6 * 8, "FFFFFFFF", 8);
	expect_error(&a, "ends inside a file");
	a.size = 0;
	put_file(&a, "only", "x");
	expect_error(&a, "ends without TRAILER!!!");
	a.size = 5;
	expect_error(&a, "ends inside a header");
	a.size = 109;
	expect_error(&a, "ends inside a header");
	a = two_files();
	memcpy(a.data + a.size, "junk", 4);
	a.size += 4;
	expect_error(&a, "ends inside a header");
}

static void an_archive_cut_anywhere_is_an_error(void **state)
{
	struct archive a = two_files();
	const char *error;
	int entries;

	/* The three bytes that pad the trailer may be missing. */
	for (size_t size = 1; size < a.size - 3; size++)
		assert_int_equal(read_through(a.data, size, &entries, &error), -EINVAL);
}

static void no_changed_byte_leads_outside(void **state)
{
	struct archive a = two_files();
	const char *error;
	int entries;

	for (size_t at = 0; at < a.size; at++) {
		u8 was = a.data[at];

		for (int value = 0; value < 256; value += 5) {
			a.data[at] = value;
			read_through(a.data, a.size, &entries, &error);
		}
		a.data[at] = was;
	}
}

/* Fields that are extreme but well formed, in all pairs of places, then pure chance. */
static void no_hostile_archive_leads_outside(void **state)
{
	static const char *const values[] = { "00000000", "00000001", "00000002", "0000006D", "00000FFF", "00001000",
					      "7FFFFFFF", "80000000", "FFFFFF91", "FFFFFFFC", "FFFFFFFF", "ffffffff" };
	const char *error;
	int entries;

	for (size_t v = 0; v < ARRAY_SIZE(values); v++) {
		for (size_t w = 0; w < ARRAY_SIZE(values); w++) {
			for (size_t cut = 0; cut < 16; cut++) {
				struct archive a = two_files();

				memcpy(a.data + 6 + 6 * 8, values[v], 8);
				memcpy(a.data + 6 + 11 * 8, values[w], 8);
				read_through(a.data, a.size - cut * 7, &entries, &error);
			}
		}
	}
	srand(1);
	for (int i = 0; i < 4000; i++) {
		struct archive a = two_files();

		for (int n = rand() % 12; n >= 0; n--)
			a.data[rand() % a.size] = rand() % 3 ? "0123456789abcdefABCDEF"[rand() % 22] : rand();
		read_through(a.data, rand() % (a.size + 1), &entries, &error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_back_as_they_were_put_in),
		cmocka_unit_test(archives_may_follow_one_another_with_nuls_between),
		cmocka_unit_test(nothing_and_only_nuls_are_empty_archives),
		cmocka_unit_test(checksums_are_verified),
		cmocka_unit_test(each_kind_of_damage_is_named),
		cmocka_unit_test(an_archive_cut_anywhere_is_an_error),
		cmocka_unit_test(no_changed_byte_leads_outside),
		cmocka_unit_test(no_hostile_archive_leads_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
