/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ring_buffer_threads.c - one thread writes as fast as it can while another reads, resizes, empties and
 * takes snapshots.  Cross-calls wait for the writer's interrupts, as on a machine (host_threads).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "trace/ring_buffer.h"

static struct trace_buffer buffer;
static bool stop;
static u64 written;

static u64 test_clock(void)
{
	static u64 now;

	return __atomic_add_fetch(&now, 100, __ATOMIC_RELAXED);
}

static int setup(void **state)
{
	host_reset();
	host_nr_cpus = 2;
	host_threads = true;
	stop = false;
	written = 0;
	memset(&buffer, 0, sizeof(buffer));
	return ring_buffer_init(&buffer, 4 * BUF_PAGE_SIZE, test_clock);
}

static int teardown(void **state)
{
	ring_buffer_free(&buffer);
	return 0;
}

/* CPU 1: events that count up; refused ones are not counted. */
static void *writer(void *arg)
{
	host_set_cpu(1);
	while (!READ_ONCE(stop))
		if (!ring_buffer_write(&buffer, &written, sizeof(written)))
			WRITE_ONCE(written, written + 1);
	return NULL;
}

static pthread_t start_writer(void)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, writer, NULL), 0);
	while (!READ_ONCE(written))
		;
	return thread;
}

static void stop_writer(pthread_t thread)
{
	WRITE_ONCE(stop, true);
	pthread_join(thread, NULL);
}

static bool consume_checked(u64 *next)
{
	struct rb_event event;
	unsigned long lost;
	u64 number;

	if (!ring_buffer_peek(&buffer, 1, &event, &lost))
		return false;
	memcpy(&number, event.data, sizeof(number));
	assert_int_equal(number, *next + lost);
	*next = number + 1;
	ring_buffer_consume(&buffer, 1);
	return true;
}

static void reader_sees_every_event_or_its_loss(void **state)
{
	pthread_t thread = start_writer();
	struct ring_buffer_stats stats;
	u64 next = 0;

	ring_buffer_lock(&buffer);
	for (int i = 0; i < 100000;)
		i += consume_checked(&next);
	stop_writer(thread);
	while (consume_checked(&next))
		;
	assert_int_equal(next, written);
	ring_buffer_stats(&buffer, 1, &stats);
	assert_int_equal(stats.read + stats.overrun, written);
	ring_buffer_unlock(&buffer);
}

static void snapshot_of_a_busy_ring_is_in_order(void **state)
{
	pthread_t thread = start_writer();
	struct ring_buffer_iter iter;
	struct rb_event event;

	for (int i = 0; i < 300; i++) {
		u64 number, next = 0;
		unsigned long events = 0;
		bool first = true;

		ring_buffer_lock(&buffer);
		assert_int_equal(ring_buffer_read_start(&iter, buffer.buffers[1]), 0);
		ring_buffer_unlock(&buffer);
		for (; ring_buffer_iter_peek(&iter, &event); ring_buffer_iter_advance(&iter), events++) {
			memcpy(&number, event.data, sizeof(number));
			if (!first)
				assert_int_equal(number, next + iter.lost);
			next = number + 1;
			first = false;
		}
		assert_int_not_equal(events, 0);
		assert_int_equal(iter.entries, events);
		assert_int_equal(iter.entries + iter.overrun, next);
		ring_buffer_read_finish(&iter);
	}
	stop_writer(thread);
}

static void resizing_a_busy_ring_loses_nothing_uncounted(void **state)
{
	pthread_t thread = start_writer();
	u64 next = 0;

	srandom(3);
	for (int i = 0; i < 500; i++) {
		assert_int_equal(ring_buffer_resize(&buffer, (1 + random() % 9) * BUF_PAGE_SIZE, 1), 0);
		ring_buffer_lock(&buffer);
		for (int n = 0; n < 50; n++)
			consume_checked(&next);
		ring_buffer_unlock(&buffer);
	}
	stop_writer(thread);
	ring_buffer_lock(&buffer);
	while (consume_checked(&next))
		;
	ring_buffer_unlock(&buffer);
	assert_int_equal(next, written);
}

static void turning_off_stops_a_busy_writer(void **state)
{
	pthread_t thread = start_writer();
	u64 before;

	for (int i = 0; i < 200; i++) {
		ring_buffer_record_off(&buffer);
		/* An event in progress completes; after a cross-call there is none. */
		ring_buffer_stats(&buffer, 1, &(struct ring_buffer_stats){ 0 });
		before = READ_ONCE(buffer.buffers[1]->written);
		for (volatile int spin = 0; spin < 1000; spin++)
			;
		assert_int_equal(READ_ONCE(buffer.buffers[1]->written), before);
		ring_buffer_record_on(&buffer);
		while (READ_ONCE(buffer.buffers[1]->written) == before)
			;
	}
	stop_writer(thread);
}

static struct trace_buffer spare;

/* All that is in the spare buffer, where numbers only go up.  How many there were, with those that were overwritten. */
static u64 drain_spare(u64 *next)
{
	unsigned long lost;
	struct rb_event event;
	u64 number, n = 0;

	ring_buffer_lock(&spare);
	for (; ring_buffer_peek(&spare, 1, &event, &lost); n += 1 + lost) {
		memcpy(&number, event.data, sizeof(number));
		assert_true(number >= *next);
		*next = number + 1;
		ring_buffer_consume(&spare, 1);
	}
	ring_buffer_unlock(&spare);
	return n;
}

static void buffers_swapped_under_a_busy_writer_lose_nothing_uncounted(void **state)
{
	pthread_t thread;
	u64 next = 0, total = 0;

	memset(&spare, 0, sizeof(spare));
	spare.lock = buffer.lock;
	assert_int_equal(ring_buffer_init(&spare, 4 * BUF_PAGE_SIZE, test_clock), 0);
	thread = start_writer();
	for (int i = 0; i < 3000; i++) {
		ring_buffer_swap(&buffer, &spare);
		total += drain_spare(&next);
	}
	stop_writer(thread);
	ring_buffer_swap(&buffer, &spare);
	total += drain_spare(&next);
	assert_int_equal(next, written);
	assert_int_equal(total, written);
	ring_buffer_free(&spare);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reader_sees_every_event_or_its_loss),
		TEST(snapshot_of_a_busy_ring_is_in_order),
		TEST(resizing_a_busy_ring_loses_nothing_uncounted),
		TEST(turning_off_stops_a_busy_writer),
		TEST(buffers_swapped_under_a_busy_writer_lose_nothing_uncounted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
