/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ring_buffer.c - the ring buffer on the machine itself: its bytes, its interrupts, its cross-calls. */
#include "kernel/irqflags.h"
#include "kernel/time/time.h"
#include "tests/ktest/ktest.h"
#include "trace/trace.h"

static u64 fixed_time;

static u64 fixed_clock(void)
{
	return fixed_time;
}

/* A buffer of its own for one test, which goes on on CPU 0; the caller frees it. */
static bool make_buffer(struct trace_buffer *buffer, unsigned long size)
{
	set_cpus_allowed(current, BIT(0));
	memset(buffer, 0, sizeof(*buffer));
	fixed_time = 5000;
	return !ring_buffer_init(buffer, size, fixed_clock);
}

KTEST(ring_buffer_page_has_the_binary_layout_of_this_machine)
{
	static struct trace_buffer buffer;
	const struct ftrace_entry entry = { { TRACE_FN, 1, 2, 3 }, 0x1111, 0x2222 };
	struct buffer_data_page page;
	u32 word[8];

	KTEST_EXPECT(make_buffer(&buffer, 1));
	KTEST_EXPECT_EQ(ring_buffer_write(&buffer, &entry, sizeof(entry)), 0);
	page = *buffer.buffers[0]->page;
	memcpy(word, buffer.buffers[0]->page->data, sizeof(word));
	ring_buffer_free(&buffer);
	KTEST_EXPECT_EQ(page.time_stamp, 5000);
	if (sizeof(long) == 8) {
		KTEST_EXPECT_EQ(page.commit, 32);
		KTEST_EXPECT_EQ(word[0], 0);
		KTEST_EXPECT_EQ(word[1], 28);
		KTEST_EXPECT(!memcmp(&word[2], &entry, sizeof(entry)));
	} else {
		KTEST_EXPECT_EQ(page.commit, 20);
		KTEST_EXPECT_EQ(word[0], RB_BIG_ENDIAN ? 4U << 27 : 4U);
		KTEST_EXPECT(!memcmp(&word[1], &entry, sizeof(entry)));
	}
}

KTEST(ring_buffer_keeps_interrupts_off_from_reserve_to_commit)
{
	static struct trace_buffer buffer;
	bool off_between, on_after, nested;
	u32 *payload;

	KTEST_EXPECT(make_buffer(&buffer, 1));
	payload = ring_buffer_lock_reserve(&buffer, sizeof(*payload));
	off_between = irqs_disabled();
	nested = ring_buffer_lock_reserve(&buffer, sizeof(*payload));
	if (payload) {
		*payload = 1;
		ring_buffer_unlock_commit(&buffer);
	}
	on_after = !irqs_disabled();
	ring_buffer_free(&buffer);
	KTEST_EXPECT(payload);
	KTEST_EXPECT(off_between);
	KTEST_EXPECT(on_after);
	KTEST_EXPECT(!nested);
}

KTEST(ring_buffer_reader_gets_what_was_written_or_the_number_lost)
{
	static struct trace_buffer buffer;
	unsigned long lost, expected = 0, errors = 0;
	struct rb_event event;

	KTEST_EXPECT(make_buffer(&buffer, 3 * BUF_PAGE_SIZE));
	for (unsigned long i = 0; i < 5000; i++) {
		fixed_time += i;
		errors += ring_buffer_write(&buffer, &i, sizeof(i)) != 0;
	}
	ring_buffer_lock(&buffer);
	while (ring_buffer_peek(&buffer, 0, &event, &lost)) {
		errors += *(const unsigned long *)event.data != expected + lost;
		expected = *(const unsigned long *)event.data + 1;
		ring_buffer_consume(&buffer, 0);
	}
	ring_buffer_unlock(&buffer);
	ring_buffer_free(&buffer);
	KTEST_EXPECT_EQ(expected, 5000);
	KTEST_EXPECT_EQ(errors, 0);
}

KTEST(ring_buffer_resize_back_and_forth_frees_its_memory)
{
	static struct trace_buffer buffer;
	int errors = 0;

	KTEST_EXPECT(make_buffer(&buffer, 1));
	for (int i = 0; i < 100; i++) {
		errors += ring_buffer_resize(&buffer, 1 << 20, RING_BUFFER_ALL_CPUS) != 0;
		errors += ring_buffer_resize(&buffer, 1, RING_BUFFER_ALL_CPUS) != 0;
	}
	ring_buffer_free(&buffer);
	KTEST_EXPECT_EQ(errors, 0);
}

KTEST(trace_clock_global_and_counter_never_go_back)
{
	u64 time = 0, count = 0;

	for (int i = 0; i < 1000; i++) {
		u64 t = trace_clock_global(), c = trace_clock_counter();

		KTEST_EXPECT(t >= time);
		KTEST_EXPECT(c > count);
		time = t;
		count = c;
	}
	KTEST_EXPECT(time <= sched_clock());
}

KTEST(trace_current_tracer_refuses_what_does_not_exist)
{
	KTEST_EXPECT_EQ(tracing_set_tracer(&global_trace, "nosuch"), -EINVAL);
	KTEST_EXPECT_EQ(tracing_set_clock(&global_trace, "nosuch"), -EINVAL);
}
