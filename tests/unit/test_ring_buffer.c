/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ring_buffer.c - the ring buffer as one CPU sees it: bytes on the page, counts, switches, sizes.
 *
 * Events here carry one u64 that counts up, so every reader can tell what is missing.  An event is 16 bytes on the
 * host (header 8, payload 8), a page holds 4080, so 255 events.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "trace/ring_buffer.h"

#define PER_PAGE 255

static struct trace_buffer buffer;
static u64 now;	    /* what the buffer's clock says */
static u64 counter; /* the next event's number */

static u64 test_clock(void)
{
	return now;
}

static int setup(void **state)
{
	host_reset();
	memset(&buffer, 0, sizeof(buffer));
	now = 1000;
	counter = 0;
	return ring_buffer_init(&buffer, 2 * BUF_PAGE_SIZE, test_clock);
}

static int teardown(void **state)
{
	synchronize_rcu();
	ring_buffer_free(&buffer);
	return 0;
}

static int write_one(void)
{
	int ret;

	now += 10;
	ret = ring_buffer_write(&buffer, &counter, sizeof(counter));
	if (!ret)
		counter++;
	return ret;
}

static void write_events(unsigned int n)
{
	while (n--)
		assert_int_equal(write_one(), 0);
}

static struct ring_buffer_stats get_stats(void)
{
	struct ring_buffer_stats stats;

	ring_buffer_stats(&buffer, 0, &stats);
	return stats;
}

/* Consumes one event: its number, or -1. */
static long consume(unsigned long *lost)
{
	struct rb_event event;
	u64 number;

	if (!ring_buffer_peek(&buffer, 0, &event, lost))
		return -1;
	memcpy(&number, event.data, sizeof(number));
	ring_buffer_consume(&buffer, 0);
	return number;
}

static void empty_buffer_has_nothing_to_read(void **state)
{
	struct rb_event event;

	assert_true(ring_buffer_empty_cpu(&buffer, 0));
	assert_false(ring_buffer_peek(&buffer, 0, &event, NULL));
	assert_int_equal(get_stats().entries, 0);
	assert_int_equal(get_stats().oldest_ts, 0);
}

static void page_has_the_documented_bytes(void **state)
{
	const struct buffer_data_page *page = buffer.buffers[0]->page;
	u32 word[8];

	write_events(1);
	now += 0x100;
	write_events(1);
	assert_int_equal(page->time_stamp, 1010);
	assert_int_equal(page->commit, 32);
	memcpy(word, page->data, sizeof(word));
	assert_int_equal(word[0], 0);		  /* type_len 0, delta 0: the page's own time */
	assert_int_equal(word[1], 12);		  /* bytes from here on */
	assert_int_equal(word[2], 0);		  /* payload: event 0 */
	assert_int_equal(word[4], 0x10a << 5);	  /* 266 ns later */
	assert_int_equal(word[5], 12);
	assert_int_equal(word[6], 1);
}

static void events_come_back_in_order_with_their_times(void **state)
{
	struct rb_event event;

	write_events(600);
	for (u64 i = PER_PAGE; i < 600; i++) { /* two pages hold 510, the first was overwritten */
		u64 number;

		assert_true(ring_buffer_peek(&buffer, 0, &event, NULL));
		memcpy(&number, event.data, sizeof(number));
		assert_int_equal(number, i);
		assert_int_equal(event.length, 8);
		assert_int_equal(event.ts, 1010 + 10 * i);
		ring_buffer_consume(&buffer, 0);
	}
	assert_int_equal(consume(NULL), -1);
}

static void long_pause_makes_a_time_extend(void **state)
{
	const struct buffer_data_page *page = buffer.buffers[0]->page;
	struct rb_event event;

	write_events(1);
	now += 1ULL << 40;
	write_events(1);
	assert_int_equal(page->commit, 16 + 8 + 16);
	assert_int_equal(rb_header_type_len(false, *(const u32 *)(page->data + 16)), RINGBUF_TYPE_TIME_EXTEND);
	assert_int_equal(consume(NULL), 0);
	assert_true(ring_buffer_peek(&buffer, 0, &event, NULL));
	assert_true(event.ts == 1020 + (1ULL << 40));
}

static void delta_of_27_bits_needs_no_extend(void **state)
{
	write_events(1);
	now += (1ULL << 27) - 11;
	write_events(1);
	assert_int_equal(buffer.buffers[0]->page->commit, 32);
	now += (1ULL << 27) - 10;
	write_events(1);
	assert_int_equal(buffer.buffers[0]->page->commit, 56);
}

static void clock_that_goes_back_makes_a_delta_of_0(void **state)
{
	struct rb_event event;

	write_events(1);
	now -= 500;
	write_events(1);
	consume(NULL);
	assert_true(ring_buffer_peek(&buffer, 0, &event, NULL));
	assert_int_equal(event.ts, 1010);
}

static void overwrite_counts_what_it_loses(void **state)
{
	unsigned long lost;

	write_events(3 * PER_PAGE + 7);
	assert_int_equal(get_stats().overrun, 2 * PER_PAGE);
	assert_int_equal(get_stats().entries, PER_PAGE + 7);
	assert_int_equal(get_stats().bytes, (PER_PAGE + 7) * 16);
	assert_int_equal(consume(&lost), 2 * PER_PAGE);
	assert_int_equal(lost, 2 * PER_PAGE);
	assert_int_equal(consume(&lost), 2 * PER_PAGE + 1);
	assert_int_equal(lost, 0);
}

static void loss_between_two_reads_is_told_before_the_next_event(void **state)
{
	unsigned long lost;

	write_events(10);
	for (int i = 0; i < 10; i++)
		assert_int_equal(consume(&lost), i);
	write_events(4 * PER_PAGE);
	assert_int_equal(consume(&lost), 10 + get_stats().overrun);
	assert_int_equal(lost, get_stats().overrun);
	assert_true(lost > 0);
}

static void no_overwrite_keeps_the_oldest_and_counts_drops(void **state)
{
	ring_buffer_change_overwrite(&buffer, false);
	write_events(2 * PER_PAGE);
	for (int i = 0; i < 5; i++)
		assert_int_equal(write_one(), -EBUSY);
	assert_int_equal(get_stats().dropped, 5);
	assert_int_equal(get_stats().overrun, 0);
	assert_int_equal(get_stats().entries, 2 * PER_PAGE);
	assert_int_equal(consume(NULL), 0); /* a page became free */
	write_events(1);
	ring_buffer_change_overwrite(&buffer, true);
	write_events(2 * PER_PAGE);
	assert_int_not_equal(get_stats().overrun, 0);
}

static void after_a_drop_nothing_shorter_gets_in(void **state)
{
	static char big[BUF_PAGE_SIZE / 2 + 8];

	ring_buffer_change_overwrite(&buffer, false);
	write_events(1);
	assert_int_equal(ring_buffer_write(&buffer, big, sizeof(big)), 0);
	assert_int_equal(ring_buffer_write(&buffer, big, sizeof(big)), 0);
	assert_int_equal(ring_buffer_write(&buffer, big, sizeof(big)), -EBUSY);
	assert_int_equal(buffer.buffers[0]->limit, 0);
	assert_int_equal(write_one(), -EBUSY);
	assert_int_equal(get_stats().dropped, 2);
	assert_int_equal(get_stats().entries, 3);
	assert_int_equal(consume(NULL), 0); /* a page became free: the next event goes there */
	write_events(1);
	assert_int_equal(buffer.buffers[0]->page->commit, rb_event_size(RB_WIDE, sizeof(counter)));
}

static void every_event_is_read_lost_or_there(void **state)
{
	struct ring_buffer_stats stats;
	unsigned long lost, lost_sum = 0, read = 0;
	long expected = 0;

	srandom(7);
	for (int round = 0; round < 300; round++) {
		write_events(random() % 400);
		for (int n = random() % 300; n; n--) {
			long number = consume(&lost);

			if (number < 0)
				break;
			assert_int_equal(number, expected + (long)lost);
			expected = number + 1;
			lost_sum += lost;
			read++;
		}
		stats = get_stats();
		assert_int_equal(stats.read, read);
		assert_int_equal(stats.entries + stats.read + stats.overrun, counter);
		assert_int_equal(stats.bytes, stats.entries * 16);
	}
	while (consume(&lost) >= 0)
		lost_sum += lost;
	assert_int_equal(lost_sum, get_stats().overrun);
	assert_int_equal(get_stats().entries, 0);
	assert_int_equal(get_stats().bytes, 0);
}

static void recording_off_records_nothing_and_on_goes_on(void **state)
{
	write_events(1);
	ring_buffer_record_off(&buffer);
	assert_false(ring_buffer_record_is_set_on(&buffer));
	assert_int_equal(buffer.buffers[0]->limit, 0);
	assert_int_equal(write_one(), -EBUSY);
	ring_buffer_record_on(&buffer);
	write_events(1);
	assert_int_equal(buffer.buffers[0]->limit, BUF_PAGE_SIZE);
	assert_int_equal(get_stats().entries, 2);
}

static void disabling_nests_and_is_not_the_users_switch(void **state)
{
	ring_buffer_record_disable(&buffer);
	ring_buffer_record_disable(&buffer);
	assert_true(ring_buffer_record_is_set_on(&buffer));
	ring_buffer_record_enable(&buffer);
	assert_int_equal(write_one(), -EBUSY);
	ring_buffer_record_enable(&buffer);
	write_events(1);
}

static void event_within_an_event_is_refused_and_counted(void **state)
{
	u64 *outer;

	write_events(1);
	outer = ring_buffer_lock_reserve(&buffer, 8);
	assert_non_null(outer);
	assert_true(irqs_disabled());
	assert_int_equal(buffer.buffers[0]->limit, 0); /* the fast path is closed */
	assert_int_equal(write_one(), -EBUSY);
	assert_true(irqs_disabled());
	*outer = counter++;
	ring_buffer_unlock_commit(&buffer);
	assert_false(irqs_disabled());
	assert_int_equal(get_stats().commit_overrun, 1);
	assert_int_equal(consume(NULL), 0);
	assert_int_equal(consume(NULL), 1);
	assert_int_equal(consume(NULL), -1);
}

static void event_taken_back_leaves_no_trace(void **state)
{
	assert_non_null(ring_buffer_lock_reserve(&buffer, 8));
	ring_buffer_discard_commit(&buffer);
	assert_false(irqs_disabled());
	assert_int_equal(get_stats().entries, 0);
	write_events(1);
	assert_non_null(ring_buffer_lock_reserve(&buffer, 100));
	ring_buffer_discard_commit(&buffer);
	write_events(1);
	assert_int_equal(consume(NULL), 0);
	assert_int_equal(consume(NULL), 1);
}

static void event_longer_than_a_page_is_refused(void **state)
{
	static char big[BUF_MAX_DATA_SIZE + 1];

	assert_int_equal(ring_buffer_write(&buffer, big, sizeof(big)), -EBUSY);
	write_events(1);
	now += 1ULL << 30; /* on the page that it needs for itself, no time extend comes before it */
	assert_int_equal(ring_buffer_write(&buffer, big, sizeof(big) - 1), 0);
	assert_int_equal(buffer.buffers[0]->page->commit, BUF_PAGE_SIZE);
}

static void reset_forgets_everything(void **state)
{
	write_events(3 * PER_PAGE);
	consume(NULL);
	ring_buffer_reset(&buffer);
	assert_int_equal(get_stats().entries + get_stats().overrun + get_stats().read, 0);
	assert_int_equal(consume(NULL), -1);
	now = 5; /* another clock */
	write_events(1);
	assert_int_equal(get_stats().oldest_ts, 15);
}

static void growing_keeps_all_events(void **state)
{
	write_events(2 * PER_PAGE);
	assert_int_equal(ring_buffer_resize(&buffer, 5 * BUF_PAGE_SIZE, RING_BUFFER_ALL_CPUS), 0);
	assert_int_equal(ring_buffer_size(&buffer, 0), 5 * BUF_PAGE_SIZE);
	write_events(3 * PER_PAGE);
	assert_int_equal(get_stats().overrun, 0);
	for (unsigned int i = 0; i < 5 * PER_PAGE; i++)
		assert_int_equal(consume(NULL), i);
}

static void shrinking_keeps_the_newest_events(void **state)
{
	unsigned long lost;

	assert_int_equal(ring_buffer_resize(&buffer, 6 * BUF_PAGE_SIZE, 0), 0);
	write_events(9 * PER_PAGE + 3); /* the ring has wrapped */
	assert_int_equal(ring_buffer_resize(&buffer, 1, 0), 0);
	assert_int_equal(ring_buffer_size(&buffer, 0), RING_BUFFER_MIN_PAGES * BUF_PAGE_SIZE);
	assert_int_equal(get_stats().entries, PER_PAGE + 3);
	assert_int_equal(get_stats().overrun, 8 * PER_PAGE);
	assert_int_equal(consume(&lost), 8 * PER_PAGE);
	assert_int_equal(lost, 8 * PER_PAGE);
	write_events(3 * PER_PAGE);
}

static void resize_without_memory_changes_nothing(void **state)
{
	write_events(10);
	for (int n = 1; n < 8; n++) {
		host_fail_alloc(n, false);
		assert_int_equal(ring_buffer_resize(&buffer, 10 * BUF_PAGE_SIZE, 0), -ENOMEM);
		assert_int_equal(ring_buffer_size(&buffer, 0), 2 * BUF_PAGE_SIZE);
	}
	assert_int_equal(ring_buffer_resize(&buffer, 4096, 5), -EINVAL);
	assert_int_equal(get_stats().entries, 10);
}

static void init_without_memory_leaves_nothing_behind(void **state)
{
	static struct trace_buffer other;

	for (int n = 1; n < 6; n++) {
		memset(&other, 0, sizeof(other));
		host_fail_alloc(n, false);
		assert_int_equal(ring_buffer_init(&other, 1, test_clock), -ENOMEM);
	}
}

/* ---- snapshots ---- */

static long iter_next(struct ring_buffer_iter *iter, unsigned long *lost)
{
	struct rb_event event;
	u64 number;

	if (!ring_buffer_iter_peek(iter, &event))
		return -1;
	*lost = iter->lost;
	memcpy(&number, event.data, sizeof(number));
	ring_buffer_iter_advance(iter);
	return number;
}

static void snapshot_shows_what_was_there_and_takes_nothing(void **state)
{
	struct ring_buffer_iter iter;
	unsigned long lost;

	write_events(300);
	for (int i = 0; i < 20; i++)
		consume(NULL);
	assert_int_equal(ring_buffer_read_start(&iter, buffer.buffers[0]), 0);
	write_events(1000);
	for (int twice = 0; twice < 2; twice++) {
		for (int i = 20; i < 300; i++) {
			assert_int_equal(iter_next(&iter, &lost), i);
			assert_int_equal(lost, 0);
		}
		assert_int_equal(iter_next(&iter, &lost), -1);
		ring_buffer_iter_reset(&iter);
	}
	ring_buffer_read_finish(&iter);
	assert_int_equal(get_stats().read, 20);
}

static void snapshot_without_memory_fails_cleanly(void **state)
{
	struct ring_buffer_iter iter;

	write_events(300);
	for (int n = 1; n <= 3; n++) {
		host_fail_alloc(n, false);
		assert_int_equal(ring_buffer_read_start(&iter, buffer.buffers[0]), -ENOMEM);
	}
}

static void write_100_events(void)
{
	write_events(100);
}

/* As when the function tracer is on: each page allocated for the copy overwrites some of what is to be copied. */
static void snapshot_ends_with_the_newest_event_though_allocating_is_traced(void **state)
{
	struct ring_buffer_iter iter;
	unsigned long lost, n, gap;
	long number, first, last = -1;

	ring_buffer_resize(&buffer, 8 * BUF_PAGE_SIZE, 0);
	for (int round = 0; round < 40; round++) {
		write_events(random() % 300);
		if (round == 20)
			assert_int_equal(consume(NULL), get_stats().overrun);
		host_alloc_hook = write_100_events;
		assert_int_equal(ring_buffer_read_start(&iter, buffer.buffers[0]), 0);
		host_alloc_hook = NULL;
		for (n = gap = 0, first = -1; (number = iter_next(&iter, &lost)) >= 0; n++) {
			first = first < 0 ? number : first;
			last = number;
			gap += lost;
		}
		assert_int_equal(last, counter - 1);
		assert_int_equal(n + gap, last - first + 1);
		assert_true(round >= 20 || !gap);	/* then there is one behind the reader's page */
		assert_int_equal(iter.entries, n);
		assert_int_equal(iter.entries, get_stats().entries);
		assert_int_equal(iter.overrun, get_stats().overrun);
		ring_buffer_read_finish(&iter);
	}
	assert_int_not_equal(get_stats().overrun, 0);
}

static void live_walk_shows_the_same_as_a_snapshot(void **state)
{
	struct ring_buffer_iter live, copy;
	unsigned long lost;
	long number;

	write_events(700);
	for (int i = 0; i < 30; i++)
		consume(NULL);
	ring_buffer_record_off(&buffer);
	assert_int_equal(ring_buffer_read_start(&copy, buffer.buffers[0]), 0);
	ring_buffer_read_live(&live, &buffer, 0);
	do {
		number = iter_next(&copy, &lost);
		assert_int_equal(iter_next(&live, &lost), number);
	} while (number >= 0);
	ring_buffer_read_finish(&copy);
}

static struct trace_buffer spare;

static void make_spare(void)
{
	memset(&spare, 0, sizeof(spare));
	spare.lock = buffer.lock;
	assert_int_equal(ring_buffer_init(&spare, 2 * BUF_PAGE_SIZE, test_clock), 0);
}

/* A writer that a swap found in the middle of an event may still be there: as free_snapshot(). */
static void free_spare(void)
{
	synchronize_rcu();
	ring_buffer_free(&spare);
}

static void swapped_buffers_keep_their_switches(void **state)
{
	struct ring_buffer_stats stats;

	make_spare();
	write_events(3);
	ring_buffer_swap(&buffer, &spare);
	assert_true(ring_buffer_empty_cpu(&buffer, 0));
	write_events(2);
	ring_buffer_stats(&spare, 0, &stats);
	assert_int_equal(stats.entries, 3);
	assert_int_equal(get_stats().entries, 2);
	/* Off is the buffer, not what it holds; of a CPU, it is the ring. */
	ring_buffer_record_off(&spare);
	assert_int_equal(ring_buffer_write(&spare, &counter, sizeof(counter)), -EBUSY);
	assert_int_equal(write_one(), 0);
	ring_buffer_record_off(&buffer);
	ring_buffer_swap(&buffer, &spare);
	assert_int_equal(write_one(), -EBUSY);
	assert_int_equal(get_stats().entries, 3);
	ring_buffer_record_on(&buffer);
	ring_buffer_record_disable_cpu(&buffer, 0);
	assert_int_equal(write_one(), -EBUSY);
	ring_buffer_record_enable_cpu(&buffer, 0);
	assert_int_equal(write_one(), 0);
	free_spare();
}

static void a_swap_between_reserve_and_commit_or_peek_and_consume_keeps_the_ring(void **state)
{
	struct ring_buffer_stats stats;
	struct rb_event event;
	u64 *number;

	make_spare();
	number = ring_buffer_lock_reserve(&buffer, sizeof(*number));
	*number = 7;
	ring_buffer_swap(&buffer, &spare);
	ring_buffer_unlock_commit(&buffer);
	assert_true(ring_buffer_empty_cpu(&buffer, 0));
	assert_true(ring_buffer_peek(&spare, 0, &event, NULL));
	assert_int_equal(*(const u64 *)event.data, 7);
	ring_buffer_swap(&buffer, &spare);
	ring_buffer_consume(&spare, 0);
	assert_true(ring_buffer_empty_cpu(&buffer, 0));
	ring_buffer_stats(&spare, 0, &stats);
	assert_int_equal(stats.read, 0);
	assert_int_equal(get_stats().read, 1);
	free_spare();
}

/* What is traced between reserve and commit may take the snapshot, and write behind it. */
static void an_event_within_another_in_a_swapped_ring_leaves_that_one_alone(void **state)
{
	struct ring_buffer_stats stats;
	struct rb_event event;
	u64 *number;

	make_spare();
	write_events(3);
	number = ring_buffer_lock_reserve(&buffer, sizeof(*number));
	*number = 7;
	ring_buffer_swap(&buffer, &spare);
	write_events(2);
	ring_buffer_unlock_commit(&buffer);
	assert_false(irqs_disabled());
	ring_buffer_stats(&spare, 0, &stats);
	assert_int_equal(stats.entries, 4);
	assert_int_equal(get_stats().entries, 2);
	for (int i = 0; i < 3; i++) {
		assert_true(ring_buffer_peek(&spare, 0, &event, NULL));
		ring_buffer_consume(&spare, 0);
	}
	assert_true(ring_buffer_peek(&spare, 0, &event, NULL));
	assert_int_equal(*(const u64 *)event.data, 7);
	free_spare();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(empty_buffer_has_nothing_to_read),
		TEST(page_has_the_documented_bytes),
		TEST(events_come_back_in_order_with_their_times),
		TEST(long_pause_makes_a_time_extend),
		TEST(delta_of_27_bits_needs_no_extend),
		TEST(clock_that_goes_back_makes_a_delta_of_0),
		TEST(overwrite_counts_what_it_loses),
		TEST(loss_between_two_reads_is_told_before_the_next_event),
		TEST(no_overwrite_keeps_the_oldest_and_counts_drops),
		TEST(after_a_drop_nothing_shorter_gets_in),
		TEST(every_event_is_read_lost_or_there),
		TEST(recording_off_records_nothing_and_on_goes_on),
		TEST(disabling_nests_and_is_not_the_users_switch),
		TEST(event_within_an_event_is_refused_and_counted),
		TEST(event_taken_back_leaves_no_trace),
		TEST(event_longer_than_a_page_is_refused),
		TEST(reset_forgets_everything),
		TEST(growing_keeps_all_events),
		TEST(shrinking_keeps_the_newest_events),
		TEST(resize_without_memory_changes_nothing),
		TEST(init_without_memory_leaves_nothing_behind),
		TEST(snapshot_shows_what_was_there_and_takes_nothing),
		TEST(snapshot_without_memory_fails_cleanly),
		TEST(snapshot_ends_with_the_newest_event_though_allocating_is_traced),
		TEST(live_walk_shows_the_same_as_a_snapshot),
		TEST(swapped_buffers_keep_their_switches),
		TEST(a_swap_between_reserve_and_commit_or_peek_and_consume_keeps_the_ring),
		TEST(an_event_within_another_in_a_swapped_ring_leaves_that_one_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
