/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring_buffer_layout.h - the bytes of a ring-buffer page, as Linux defines them.
 *
 * A page taken raw out of memory is the payload of a trace.dat, so the layout is
 * an interface: trace-cmd, KernelShark and the gdb helpers read it.
 *
 *	64-bit machine                      32-bit machine
 *	 0  u64 time_stamp                   0  u64 time_stamp
 *	 8  u64 commit                       8  u32 commit
 *	16  events                          12  events
 *
 * `commit` is the number of bytes of events.  In a page handed to a reader bit 31
 * says that events were lost before it, and bit 30 that their number, one long,
 * follows the events.
 *
 * An event is a header word, then its payload:
 *
 *	little-endian   bits 4:0 type_len, bits 31:5 time delta
 *	big-endian      bits 31:27 type_len, bits 26:0 time delta
 *
 *	type_len  0      array[0] = length in bytes from array[0] on; payload at offset 8
 *	          1..28  payload of 4 * type_len bytes at offset 4
 *	          29     padding: delta 0 = rest of the page, else array[0] bytes follow the header
 *	          30     time extend: delta + (array[0] << 27) nanoseconds; no payload
 *	          31     absolute time: low 27 bits in delta, the rest in array[0]
 *
 * A 64-bit machine writes form 0 only, in multiples of 8 bytes: 8-byte fields of a
 * payload are then aligned.  Readers accept every form.
 *
 * Pure functions; `big` and `wide` are constants at every call in the kernel, and
 * arguments so that the host tests can check all four layouts.
 */
#ifndef TRACE_RING_BUFFER_LAYOUT_H
#define TRACE_RING_BUFFER_LAYOUT_H

#include "lib/compiler.h"

#define RB_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define RB_WIDE (sizeof(long) == 8)

#define RINGBUF_TYPE_DATA_TYPE_LEN_MAX 28
#define RINGBUF_TYPE_PADDING 29
#define RINGBUF_TYPE_TIME_EXTEND 30
#define RINGBUF_TYPE_TIME_STAMP 31

#define RB_PAGE_SIZE 4096
#define RB_TS_SHIFT 27
#define RB_TS_MASK ((1U << RB_TS_SHIFT) - 1)
#define RB_EVNT_HDR_SIZE 4
#define RB_TIME_EXTEND_SIZE 8
#define RB_MAX_SMALL_DATA (4 * RINGBUF_TYPE_DATA_TYPE_LEN_MAX)
#define RB_MISSED_EVENTS (1UL << 31)
#define RB_MISSED_STORED (1UL << 30)

struct buffer_data_page {
	u64 time_stamp;	      /* of the first event, in units of the buffer's clock */
	unsigned long commit; /* bytes of events; the writer's only state of the page */
	unsigned char data[] __aligned(sizeof(long));
};

#define BUF_PAGE_HDR_SIZE offsetof(struct buffer_data_page, data)
#define BUF_PAGE_SIZE (RB_PAGE_SIZE - BUF_PAGE_HDR_SIZE)

static_assert(BUF_PAGE_HDR_SIZE == 8 + sizeof(long), "page header is part of the binary interface");

/* A payload may be this long: an event must fit into an empty page, where it needs no time extend. */
#define BUF_MAX_DATA_SIZE (BUF_PAGE_SIZE - 2 * RB_EVNT_HDR_SIZE)

static inline u32 rb_header(bool big, unsigned int type_len, u32 delta)
{
	return big ? type_len << RB_TS_SHIFT | delta : type_len | delta << 5;
}

static inline unsigned int rb_header_type_len(bool big, u32 header)
{
	return big ? header >> RB_TS_SHIFT : header & 31;
}

static inline u32 rb_header_delta(bool big, u32 header)
{
	return big ? header & RB_TS_MASK : header >> 5;
}

/* Has an event's header room for the delta?  A narrow machine has three instructions less to do when its halves are asked. */
static inline bool rb_delta_fits(bool wide, u64 delta)
{
	return !(wide ? delta >> RB_TS_SHIFT : (u32)(delta >> 32) | (u32)delta >> RB_TS_SHIFT);
}

/* Bytes an event with `length` bytes of payload takes on its page. */
static inline unsigned int rb_event_size(bool wide, unsigned int length)
{
	if (wide)
		return ALIGN(length + 2 * RB_EVNT_HDR_SIZE, 8U);
	if (length > RB_MAX_SMALL_DATA)
		return ALIGN(length, 4U) + 2 * RB_EVNT_HDR_SIZE;
	return max(ALIGN(length, 4U), 4U) + RB_EVNT_HDR_SIZE;
}

/* Offset of the payload in an event whose payload is `length` bytes. */
static inline unsigned int rb_payload_offset(bool wide, unsigned int length)
{
	return wide || length > RB_MAX_SMALL_DATA ? 8 : 4;
}

/* Writes an event's header words; returns its size.  `delta` fits RB_TS_SHIFT bits. */
static inline unsigned int rb_encode_header(bool big, bool wide, u32 *event, u32 delta, unsigned int length)
{
	unsigned int size = rb_event_size(wide, length);

	if (rb_payload_offset(wide, length) == 8) {
		event[0] = rb_header(big, 0, delta);
		event[1] = size - RB_EVNT_HDR_SIZE;
	} else {
		event[0] = rb_header(big, (size - RB_EVNT_HDR_SIZE) / 4, delta);
	}
	return size;
}

/* Writes a time extend: `delta` (below 2^59) passes without an event.  Returns its size. */
static inline unsigned int rb_encode_time_extend(bool big, u32 *event, u64 delta)
{
	event[0] = rb_header(big, RINGBUF_TYPE_TIME_EXTEND, delta & RB_TS_MASK);
	event[1] = delta >> RB_TS_SHIFT;
	return RB_TIME_EXTEND_SIZE;
}

/* What a reader learns from one item of a page. */
struct rb_decoded {
	unsigned int size;    /* of the whole item; 0: not an item, the page is damaged from here on */
	unsigned int payload; /* offset of the payload, 0 when the item is not a data event */
	unsigned int length;  /* of the payload, as padded by the writer */
	u64 delta;	      /* to add to the running time ... */
	bool absolute;	      /* ... or that replaces its low 59 bits */
};

/* Decodes the item at `event`, of which `avail` bytes lie in the page. */
static inline struct rb_decoded rb_decode(bool big, const u32 *event, unsigned int avail)
{
	struct rb_decoded d = { 0 };
	unsigned int type_len;
	bool has_word = avail >= 2 * RB_EVNT_HDR_SIZE;

	if (avail < RB_EVNT_HDR_SIZE)
		return d;
	type_len = rb_header_type_len(big, event[0]);
	d.delta = rb_header_delta(big, event[0]);
	if (type_len >= 1 && type_len <= RINGBUF_TYPE_DATA_TYPE_LEN_MAX) {
		d.payload = 4;
		d.length = 4 * type_len;
		d.size = d.payload + d.length;
	} else if (type_len == RINGBUF_TYPE_PADDING && !d.delta) {
		d.size = avail;
	} else if (!has_word) {
		return d;
	} else if (type_len == RINGBUF_TYPE_PADDING) {
		d.delta = 0; /* of an event that was taken back: no time passed */
		d.size = event[1] + RB_EVNT_HDR_SIZE;
	} else if (type_len == 0) {
		if (event[1] < RB_EVNT_HDR_SIZE)
			return d;
		d.payload = 8;
		d.length = event[1] - RB_EVNT_HDR_SIZE;
		d.size = event[1] + RB_EVNT_HDR_SIZE;
	} else {
		d.size = RB_TIME_EXTEND_SIZE;
		d.delta |= (u64)event[1] << RB_TS_SHIFT;
		d.absolute = type_len == RINGBUF_TYPE_TIME_STAMP;
	}
	if (d.size > avail || d.size < RB_EVNT_HDR_SIZE)
		d.size = 0;
	return d;
}

#endif
