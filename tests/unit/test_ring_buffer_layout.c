/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ring_buffer_layout.c - the bytes of an event in all four layouts: tools outside of this project read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "trace/ring_buffer_layout.h"

static void header_little_endian_has_type_len_in_the_low_bits(void **state)
{
	assert_int_equal(rb_header(false, 5, 0x123), 0x123 << 5 | 5);
	assert_int_equal(rb_header_type_len(false, 0x2465), 5);
	assert_int_equal(rb_header_delta(false, 0x2465), 0x123);
}

static void header_big_endian_has_type_len_in_the_high_bits(void **state)
{
	assert_int_equal(rb_header(true, 5, 0x123), 0x28000123);
	assert_int_equal(rb_header_type_len(true, 0x28000123), 5);
	assert_int_equal(rb_header_delta(true, 0x28000123), 0x123);
}

static void wide_function_event_is_32_bytes_with_payload_at_8(void **state)
{
	u32 event[8] = { 0 };

	assert_int_equal(rb_encode_header(false, true, event, 7, 24), 32);
	assert_int_equal(event[0], 7 << 5);
	assert_int_equal(event[1], 28);
	assert_int_equal(rb_payload_offset(true, 24), 8);
}

static void narrow_function_event_is_20_bytes_with_payload_at_4(void **state)
{
	u32 event[8] = { 0 };

	assert_int_equal(rb_encode_header(true, false, event, 7, 16), 20);
	assert_int_equal(event[0], 4U << 27 | 7);
	assert_int_equal(event[1], 0);
	assert_int_equal(rb_payload_offset(false, 16), 4);
}

static void narrow_event_over_112_bytes_takes_the_long_form(void **state)
{
	u32 event[2];

	assert_int_equal(rb_encode_header(false, false, event, 0, 112), 116);
	assert_int_equal(event[0], 28);
	assert_int_equal(rb_encode_header(false, false, event, 0, 113), 124);
	assert_int_equal(event[0], 0);
	assert_int_equal(event[1], 120);
}

static void header_has_room_for_27_bits_of_delta(void **state)
{
	for (int wide = 0; wide < 2; wide++) {
		assert_true(rb_delta_fits(wide, 0));
		assert_true(rb_delta_fits(wide, RB_TS_MASK));
		for (int bit = RB_TS_SHIFT; bit < 64; bit++)
			assert_false(rb_delta_fits(wide, 1ULL << bit));
	}
}

static void time_extend_carries_59_bits(void **state)
{
	const u64 delta = 0x5a5a5a5a5a5a5aULL;

	for (int big = 0; big < 2; big++) {
		u32 event[2];
		struct rb_decoded d;

		assert_int_equal(rb_encode_time_extend(big, event, delta), 8);
		assert_int_equal(rb_header_type_len(big, event[0]), 30);
		d = rb_decode(big, event, 8);
		assert_int_equal(d.size, 8);
		assert_int_equal(d.payload, 0);
		assert_true(d.delta == delta && !d.absolute);
	}
}

static void what_is_encoded_decodes_in_every_layout(void **state)
{
	static u32 event[1200];

	for (int layout = 0; layout < 4; layout++)
		for (unsigned int length = 1; length < 4000; length += 3) {
			bool big = layout & 1, wide = layout & 2;
			unsigned int size = rb_encode_header(big, wide, event, 99, length);
			struct rb_decoded d = rb_decode(big, event, size);

			assert_int_equal(d.size, size);
			assert_int_equal(d.payload, rb_payload_offset(wide, length));
			assert_in_range(d.length, length, length + 7);
			assert_int_equal(d.delta, 99);
			assert_int_equal(size % (wide ? 8 : 4), 0);
		}
}

static void padding_and_absolute_time_decode(void **state)
{
	u32 rest[4] = { rb_header(false, 29, 0) };
	u32 some[4] = { rb_header(false, 29, 1), 8 };
	u32 stamp[2] = { rb_header(false, 31, 5), 3 };
	struct rb_decoded d = rb_decode(false, rest, 16);

	assert_int_equal(d.size, 16);
	d = rb_decode(false, some, 16);
	assert_int_equal(d.size, 12);
	assert_int_equal(d.delta, 0);
	d = rb_decode(false, stamp, 8);
	assert_true(d.absolute && d.delta == (3ULL << 27 | 5));
}

static void damaged_items_have_no_size(void **state)
{
	u32 too_long[4] = { 0, 100 }, too_short[4] = { 0, 3 }, huge[4] = { 0, 0xffffffff };
	u32 cut[4] = { rb_header(false, 28, 0) }, pad[4] = { rb_header(false, 29, 1), 0xfffffffe };

	assert_int_equal(rb_decode(false, too_long, 16).size, 0);
	assert_int_equal(rb_decode(false, too_short, 16).size, 0);
	assert_int_equal(rb_decode(false, huge, 16).size, 0);
	assert_int_equal(rb_decode(false, cut, 16).size, 0);
	assert_int_equal(rb_decode(false, pad, 16).size, 0);
	assert_int_equal(rb_decode(false, cut, 3).size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_little_endian_has_type_len_in_the_low_bits),
		cmocka_unit_test(header_big_endian_has_type_len_in_the_high_bits),
		cmocka_unit_test(wide_function_event_is_32_bytes_with_payload_at_8),
		cmocka_unit_test(narrow_function_event_is_20_bytes_with_payload_at_4),
		cmocka_unit_test(narrow_event_over_112_bytes_takes_the_long_form),
		cmocka_unit_test(header_has_room_for_27_bits_of_delta),
		cmocka_unit_test(time_extend_carries_59_bits),
		cmocka_unit_test(what_is_encoded_decodes_in_every_layout),
		cmocka_unit_test(padding_and_absolute_time_decode),
		cmocka_unit_test(damaged_items_have_no_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
