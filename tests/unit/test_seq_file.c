/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_seq_file.c - every way of reading a seq_file gives the same bytes.
 *
 * The file under test is an array of records; `text` is what a reader must get.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lib/err.h"
#include "lib/seq_file.h"
#include "lib/string.h"

#define MAX_RECORDS 200

/* Record i is `length` times a character that depends on i. */
struct record {
	size_t length;
	int result; /* of show: 0, SEQ_SKIP (after printing length bytes all the same), -errno */
};

struct records {
	struct record record[MAX_RECORDS];
	int nr;
	int starts, stops;
	int start_error;
	bool lazy_next; /* next() forgets to advance *pos at the end */
};

static char letter(int i)
{
	return 'a' + i % 26;
}

static void *rec_start(struct seq_file *m, loff_t *pos)
{
	struct records *r = m->private;

	r->starts++;
	if (r->start_error)
		return ERR_PTR(r->start_error);
	return *pos < r->nr ? &r->record[*pos] : NULL;
}

static void *rec_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct records *r = m->private;

	if (r->lazy_next && *pos == r->nr - 1)
		return NULL;
	++*pos;
	return *pos < r->nr ? &r->record[*pos] : NULL;
}

static void rec_stop(struct seq_file *m, void *v)
{
	((struct records *)m->private)->stops++;
}

static int rec_show(struct seq_file *m, void *v)
{
	struct records *r = m->private;
	struct record *rec = v;

	for (size_t i = 0; i < rec->length; i++)
		seq_putc(m, letter(rec - r->record));
	return rec->result;
}

static const struct seq_operations rec_ops = {
	.start = rec_start, .next = rec_next, .stop = rec_stop, .show = rec_show,
};

/* What a reader gets up to the first record that fails. */
static char *expected_text(const struct records *r, size_t *size)
{
	char *text = malloc(1 << 20);

	*size = 0;
	for (int i = 0; i < r->nr && r->record[i].result >= 0; i++) {
		if (r->record[i].result == SEQ_SKIP)
			continue;
		memset(text + *size, letter(i), r->record[i].length);
		*size += r->record[i].length;
	}
	return text;
}

static void open_records(struct file *file, struct records *r)
{
	memset(file, 0, sizeof(*file));
	assert_int_equal(seq_open(file, &rec_ops), 0);
	((struct seq_file *)file->private_data)->private = r;
}

static void close_records(struct file *file, struct records *r)
{
	assert_int_equal(seq_release(NULL, file), 0);
	assert_int_equal(r->starts, r->stops);
}

/* Reads from the file's position to the end in pieces of `piece` bytes. */
static ssize_t read_all(struct file *file, char *buf, size_t size, size_t piece)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = seq_read(file, buf + done, min(piece, size - done), &file->f_pos);

		if (n <= 0)
			return n < 0 ? n : (ssize_t)done;
		done += n;
	}
	return done;
}

static void random_records(struct records *r, unsigned int seed)
{
	srand(seed);
	memset(r, 0, sizeof(*r));
	r->nr = rand() % 60;
	r->lazy_next = rand() % 2;
	for (int i = 0; i < r->nr; i++) {
		int kind = rand() % 20;

		r->record[i].length = rand() % 100;
		if (kind == 0)
			r->record[i].length = 3000 + rand() % 20000;
		else if (kind == 1)
			r->record[i].length = 4095 + rand() % 3;
		else if (kind < 5)
			r->record[i].length = 0;
		if (rand() % 8 == 0)
			r->record[i].result = SEQ_SKIP;
	}
}

static void every_piece_size_reads_the_same_text(void **state)
{
	static const size_t pieces[] = { 1, 2, 7, 64, 100, 4095, 4096, 4097, 65536, 1 << 20 };

	for (unsigned int seed = 0; seed < 60; seed++) {
		struct records r;
		size_t size;
		char *text, *buf;

		random_records(&r, seed);
		text = expected_text(&r, &size);
		buf = malloc(size + 1);
		for (size_t p = 0; p < ARRAY_SIZE(pieces); p++) {
			struct file file;

			open_records(&file, &r);
			assert_int_equal(read_all(&file, buf, size + 1, pieces[p]), size);
			assert_memory_equal(buf, text, size);
			assert_int_equal(file.f_pos, size);
			close_records(&file, &r);
		}
		free(buf);
		free(text);
	}
}

/* As pread(2): positions that jump, forwards and back. */
static void reads_at_any_position_give_the_bytes_there(void **state)
{
	for (unsigned int seed = 100; seed < 130; seed++) {
		struct records r;
		struct file file;
		size_t size;
		char *text, buf[5000];

		random_records(&r, seed);
		text = expected_text(&r, &size);
		open_records(&file, &r);
		for (int i = 0; i < 100; i++) {
			loff_t pos = rand() % (size + 20), at = pos;
			size_t count = 1 + rand() % sizeof(buf);
			ssize_t n = seq_read(&file, buf, count, &at);

			if ((size_t)pos >= size) {
				assert_int_equal(n, 0);
				continue;
			}
			assert_in_range(n, 1, min(count, size - (size_t)pos));
			assert_memory_equal(buf, text + pos, n);
			assert_int_equal(at, pos + n);
		}
		close_records(&file, &r);
		free(text);
	}
}

static void one_read_takes_many_whole_records(void **state)
{
	struct records r = { .nr = 30 };
	struct file file;
	char buf[1000];

	for (int i = 0; i < r.nr; i++)
		r.record[i].length = 10;
	open_records(&file, &r);
	assert_int_equal(seq_read(&file, buf, sizeof(buf), &file.f_pos), 300);
	assert_int_equal(r.starts, 1);
	assert_int_equal(seq_read(&file, buf, sizeof(buf), &file.f_pos), 0);
	close_records(&file, &r);
}

static void a_short_read_leaves_the_rest_of_its_record(void **state)
{
	struct records r = { .nr = 2, .record = { { 10, 0 }, { 10, 0 } } };
	struct file file;
	char buf[20];

	open_records(&file, &r);
	assert_int_equal(seq_read(&file, buf, 4, &file.f_pos), 4);
	/* The iterator may have changed its mind since: what was made is still read. */
	r.nr = 0;
	assert_int_equal(seq_read(&file, buf, 20, &file.f_pos), 6);
	assert_memory_equal(buf, "aaaaaa", 6);
	close_records(&file, &r);
}

static void going_back_to_0_makes_the_text_anew(void **state)
{
	struct records r = { .nr = 1, .record = { { 5, 0 }, { 5, 0 } } };
	struct file file;
	char buf[20];

	open_records(&file, &r);
	assert_int_equal(read_all(&file, buf, 20, 20), 5);
	r.nr = 2;
	assert_int_equal(seq_lseek(&file, 0, SEEK_SET), 0);
	assert_int_equal(read_all(&file, buf, 20, 20), 10);
	assert_memory_equal(buf, "aaaaabbbbb", 10);
	close_records(&file, &r);
}

static void an_error_comes_after_the_records_before_it(void **state)
{
	struct records r = { .nr = 3, .record = { { 5, 0 }, { 7, -EIO }, { 5, 0 } } };
	struct file file;
	char buf[20];

	open_records(&file, &r);
	assert_int_equal(seq_read(&file, buf, 20, &file.f_pos), 5);
	assert_int_equal(seq_read(&file, buf, 20, &file.f_pos), -EIO);
	assert_int_equal(seq_read(&file, buf, 20, &file.f_pos), -EIO);
	assert_int_equal(file.f_pos, 5);
	assert_int_equal(seq_lseek(&file, 12, SEEK_SET), -EIO);
	assert_int_equal(file.f_pos, 0);
	close_records(&file, &r);
}

static void an_error_of_start_is_returned_and_stopped(void **state)
{
	struct records r = { .nr = 1, .record = { { 5, 0 } }, .start_error = -ENODEV };
	struct file file;
	char buf[20];

	open_records(&file, &r);
	assert_int_equal(seq_read(&file, buf, 20, &file.f_pos), -ENODEV);
	r.start_error = 0;
	assert_int_equal(seq_read(&file, buf, 20, &file.f_pos), 5);
	close_records(&file, &r);
}

static void lseek_moves_within_the_text_and_refuses_the_rest(void **state)
{
	struct records r = { .nr = 2, .record = { { 5, 0 }, { 5, 0 } } };
	struct file file;
	char buf[20];

	open_records(&file, &r);
	assert_int_equal(seq_lseek(&file, 3, SEEK_SET), 3);
	assert_int_equal(seq_lseek(&file, 4, SEEK_CUR), 7);
	assert_int_equal(read_all(&file, buf, 20, 20), 3);
	assert_memory_equal(buf, "bbb", 3);
	assert_int_equal(seq_lseek(&file, 0, SEEK_END), -EINVAL);
	assert_int_equal(seq_lseek(&file, -1, SEEK_SET), -EINVAL);
	assert_int_equal(seq_lseek(&file, -11, SEEK_CUR), -EINVAL);
	assert_int_equal(file.f_pos, 10);
	assert_int_equal(seq_lseek(&file, 1000, SEEK_SET), 1000);
	assert_int_equal(seq_read(&file, buf, 20, &file.f_pos), 0);
	close_records(&file, &r);
}

static void reading_nothing_calls_nothing(void **state)
{
	struct records r = { .nr = 1, .record = { { 5, 0 } } };
	struct file file;
	char buf[1];

	open_records(&file, &r);
	assert_int_equal(seq_read(&file, buf, 0, &file.f_pos), 0);
	assert_int_equal(r.starts, 0);
	close_records(&file, &r);
}

static int show_mixture(struct seq_file *m, void *v)
{
	seq_printf(m, "%s=%d", (const char *)m->private, 42);
	seq_putc(m, ' ');
	seq_puts(m, "puts");
	seq_write(m, "\0x", 2);
	return 0;
}

static void single_file_prints_its_one_record(void **state)
{
	struct file file = { 0 };
	char buf[64];

	assert_int_equal(single_open(&file, show_mixture, "name"), 0);
	assert_int_equal(read_all(&file, buf, sizeof(buf), 3), 14);
	assert_memory_equal(buf, "name=42 puts\0x", 14);
	assert_int_equal(single_release(NULL, &file), 0);
}

static int show_big(struct seq_file *m, void *v)
{
	for (int i = 0; i < 5000; i++)
		seq_printf(m, "line %4d\n", i);
	return 0;
}

static void single_file_may_be_larger_than_any_buffer(void **state)
{
	struct file file = { 0 };
	static char buf[60000];

	assert_int_equal(single_open(&file, show_big, NULL), 0);
	assert_int_equal(read_all(&file, buf, sizeof(buf), 100), 50000);
	assert_memory_equal(buf + 49990, "line 4999\n", 10);
	single_release(NULL, &file);
}

static void private_data_is_zeroed_and_freed(void **state)
{
	struct file file = { 0 };
	long *private = __seq_open_private(&file, &rec_ops, sizeof(long));

	assert_non_null(private);
	assert_int_equal(*private, 0);
	assert_ptr_equal(((struct seq_file *)file.private_data)->private, private);
	assert_int_equal(seq_release_private(NULL, &file), 0);
}

static void read_from_buffer_stays_inside_it(void **state)
{
	char buf[8] = "01234567", out[16];
	loff_t pos = 0;

	assert_int_equal(simple_read_from_buffer(out, 5, &pos, buf, 8), 5);
	assert_int_equal(simple_read_from_buffer(out, 5, &pos, buf, 8), 3);
	assert_memory_equal(out, "567", 3);
	assert_int_equal(simple_read_from_buffer(out, 5, &pos, buf, 8), 0);
	pos = -1;
	assert_int_equal(simple_read_from_buffer(out, 5, &pos, buf, 8), -EINVAL);
}

static void generic_llseek_counts_from_all_three_bases(void **state)
{
	struct inode inode = { .i_size = 100 };
	struct file file = { .f_inode = &inode };

	assert_int_equal(generic_file_llseek(&file, 10, SEEK_SET), 10);
	assert_int_equal(generic_file_llseek(&file, -3, SEEK_CUR), 7);
	assert_int_equal(generic_file_llseek(&file, -1, SEEK_END), 99);
	assert_int_equal(generic_file_llseek(&file, -101, SEEK_END), -EINVAL);
	assert_int_equal(generic_file_llseek(&file, INT64_MAX, SEEK_CUR), -EINVAL);
	assert_int_equal(generic_file_llseek(&file, 0, 77), -EINVAL);
	assert_int_equal(file.f_pos, 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_piece_size_reads_the_same_text),
		cmocka_unit_test(reads_at_any_position_give_the_bytes_there),
		cmocka_unit_test(one_read_takes_many_whole_records),
		cmocka_unit_test(a_short_read_leaves_the_rest_of_its_record),
		cmocka_unit_test(going_back_to_0_makes_the_text_anew),
		cmocka_unit_test(an_error_comes_after_the_records_before_it),
		cmocka_unit_test(an_error_of_start_is_returned_and_stopped),
		cmocka_unit_test(lseek_moves_within_the_text_and_refuses_the_rest),
		cmocka_unit_test(reading_nothing_calls_nothing),
		cmocka_unit_test(single_file_prints_its_one_record),
		cmocka_unit_test(single_file_may_be_larger_than_any_buffer),
		cmocka_unit_test(private_data_is_zeroed_and_freed),
		cmocka_unit_test(read_from_buffer_stays_inside_it),
		cmocka_unit_test(generic_llseek_counts_from_all_three_bases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
