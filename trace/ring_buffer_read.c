/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring_buffer_read.c - the reading sides of the ring buffer.
 *
 * A consuming reader takes whole pages: its own empty page goes into the ring for
 * the oldest one, by a cross-call to the CPU that writes, and is then the
 * reader's alone.  If the oldest page is the one being written, the writer goes on
 * in the empty page: a page outside the ring is never written.
 *
 * Every page knows the number of its first event, so what was overwritten
 * between two pages that a reader gets is their difference; no counter is
 * shared with the writer.
 *
 * A snapshot copies page by page, oldest first, up to the one being written, each copy a
 * cross-call of its own, so that interrupts are off for the time of one page.  Allocating
 * memory may itself be traced, so all of it is there before the first page is copied.
 *
 * Lock: the buffer's mutex, held by the caller.  Context: task; the *_live walk any.
 */
#include "lib/string.h"
#include "trace/ring_buffer.h"

/* ---- one page ---- */

void rb_cursor_init(struct rb_cursor *cursor, const struct buffer_data_page *page)
{
	cursor->page = page;
	cursor->offset = 0;
	cursor->end = page->commit & ~(RB_MISSED_EVENTS | RB_MISSED_STORED);
	cursor->stamp = page->time_stamp;
}

/* Decodes the item at the cursor and says when it happened. */
static struct rb_decoded rb_cursor_decode(const struct rb_cursor *cursor, u64 *ts)
{
	const u32 *item = (const u32 *)(cursor->page->data + cursor->offset);
	struct rb_decoded d = rb_decode(RB_BIG_ENDIAN, item, cursor->end - cursor->offset);
	const u64 low = (1ULL << 59) - 1;

	*ts = d.absolute ? (cursor->stamp & ~low) | d.delta : cursor->stamp + d.delta;
	return d;
}

bool rb_cursor_peek(struct rb_cursor *cursor, struct rb_event *event)
{
	while (cursor->offset < cursor->end) {
		struct rb_decoded d = rb_cursor_decode(cursor, &event->ts);

		if (!d.size) {
			cursor->offset = cursor->end;
			break;
		}
		if (d.payload) {
			event->data = cursor->page->data + cursor->offset + d.payload;
			event->length = d.length;
			return true;
		}
		cursor->stamp = event->ts;
		cursor->offset += d.size;
	}
	return false;
}

void rb_cursor_advance(struct rb_cursor *cursor)
{
	u64 ts;
	struct rb_decoded d = rb_cursor_decode(cursor, &ts);

	cursor->stamp = ts;
	cursor->offset += d.size;
}

/* ---- consuming ---- */

/* On the CPU of the ring, interrupts off: the reader's empty page for the oldest one, unless that is empty, too. */
static void rb_swap_reader_page(void *info)
{
	struct ring_buffer_per_cpu *cpu_buffer = info;
	struct buffer_page *oldest = rb_page_at(cpu_buffer, 0);
	struct buffer_page full = *oldest;

	if (cpu_buffer->used == 1 && !full.page->commit)
		return;
	*oldest = cpu_buffer->reader;
	cpu_buffer->reader = full;
	if (cpu_buffer->used == 1) {
		rb_start_page(cpu_buffer, 0);
	} else {
		/* The empty page is behind the head now: the last free one. */
		if (++cpu_buffer->head == cpu_buffer->nr_pages)
			cpu_buffer->head = 0;
		cpu_buffer->used--;
	}
	cpu_buffer->seq++;
	rb_cursor_init(&cpu_buffer->cursor, full.page);
	cpu_buffer->lost = full.first - cpu_buffer->reader_next;
	cpu_buffer->reader_next = full.first;
}

bool ring_buffer_peek(struct trace_buffer *buffer, int cpu, struct rb_event *event, unsigned long *lost)
{
	struct ring_buffer_per_cpu *cpu_buffer = buffer->buffers[cpu];

	if (!rb_cursor_peek(&cpu_buffer->cursor, event)) {
		rb_call(cpu_buffer, rb_swap_reader_page, cpu_buffer);
		if (!rb_cursor_peek(&cpu_buffer->cursor, event))
			return false;
	}
	if (lost)
		*lost = cpu_buffer->lost;
	buffer->reading[cpu] = cpu_buffer;
	return true;
}

void ring_buffer_consume(struct trace_buffer *buffer, int cpu)
{
	struct ring_buffer_per_cpu *cpu_buffer = buffer->reading[cpu];

	rb_cursor_advance(&cpu_buffer->cursor);
	cpu_buffer->lost = 0;
	cpu_buffer->reader_next++;
	cpu_buffer->read++;
}

bool ring_buffer_empty_cpu(struct trace_buffer *buffer, int cpu)
{
	struct rb_event event;

	return !ring_buffer_peek(buffer, cpu, &event, NULL);
}

/* ---- reading without consuming ---- */

struct rb_copy {
	struct ring_buffer_per_cpu *cpu_buffer;
	unsigned long seq; /* in: the page that is wanted; out: the one that was copied */
	unsigned long used;
	struct rb_snapshot_page *to;
	bool last; /* it is the one being written */
};

/* On the CPU of the ring, interrupts off. */
static void rb_snapshot_bounds(void *info)
{
	struct rb_copy *copy = info;

	copy->seq = copy->cpu_buffer->seq;
	copy->used = copy->cpu_buffer->used;
}

/* On the CPU of the ring, interrupts off.  Sequence numbers may wrap: only differences count. */
static void rb_snapshot_copy(void *info)
{
	struct rb_copy *copy = info;
	struct ring_buffer_per_cpu *cpu_buffer = copy->cpu_buffer;
	const struct buffer_data_page *page;
	unsigned long n = copy->seq - cpu_buffer->seq;

	if ((long)n < 0) {
		n = 0; /* overwritten meanwhile */
		copy->seq = cpu_buffer->seq;
	}
	copy->last = n + 1 == cpu_buffer->used;
	page = rb_page_at(cpu_buffer, n)->page;
	memcpy(copy->to->page, page, BUF_PAGE_HDR_SIZE + page->commit);
	copy->to->first = rb_page_at(cpu_buffer, n)->first;
	copy->to->entries = rb_page_entries(cpu_buffer, n);
}

/* What the reader took out of the ring and has not consumed. */
static void rb_snapshot_reader_page(struct ring_buffer_iter *iter, struct ring_buffer_per_cpu *cpu_buffer)
{
	const struct rb_cursor *cursor = &cpu_buffer->cursor;
	struct rb_snapshot_page *to = &iter->pages[0];

	if (cursor->offset >= cursor->end)
		return;
	memcpy(to->page, cursor->page, BUF_PAGE_HDR_SIZE + cursor->end);
	to->first = cpu_buffer->reader_next;
	to->entries = 0;
	for (struct rb_cursor c = *cursor; rb_cursor_peek(&c, &(struct rb_event){ 0 }); rb_cursor_advance(&c))
		to->entries++;
	iter->start = cursor->offset;
	iter->start_stamp = cursor->stamp;
	iter->nr_pages = 1;
}

/* Pages for the reader's and all that are used when this returns, however many events the allocations made. */
static int rb_snapshot_alloc(struct ring_buffer_iter *iter, struct rb_copy *copy)
{
	unsigned long nr = 0;

	/* The mutex keeps the ring's size, and read_finish wants an entry without a page at the end. */
	iter->pages = kcalloc(copy->cpu_buffer->nr_pages + 2, sizeof(*iter->pages), GFP_KERNEL);
	if (!iter->pages)
		return -ENOMEM;
	for (;;) {
		rb_call(copy->cpu_buffer, rb_snapshot_bounds, copy);
		if (nr == copy->used + 1)
			return 0;
		while (nr < copy->used + 1) {
			iter->pages[nr].page = rb_alloc_page();
			if (!iter->pages[nr++].page) {
				ring_buffer_read_finish(iter);
				return -ENOMEM;
			}
		}
	}
}

/* How many events the copies hold, and how many are missing. */
static void rb_snapshot_count(struct ring_buffer_iter *iter, unsigned long read)
{
	const struct rb_snapshot_page *last = &iter->pages[iter->nr_pages - 1];

	for (const struct rb_snapshot_page *p = iter->pages; p <= last; p++)
		iter->entries += p->entries;
	iter->overrun = last->first + last->entries - read - iter->entries;
}

int ring_buffer_read_start(struct ring_buffer_iter *iter, struct ring_buffer_per_cpu *ring)
{
	struct rb_copy copy = { .cpu_buffer = ring };
	int ret;

	*iter = (struct ring_buffer_iter){ 0 };
	ret = rb_snapshot_alloc(iter, &copy);
	if (ret)
		return ret;
	rb_snapshot_reader_page(iter, copy.cpu_buffer);
	do {
		copy.to = &iter->pages[iter->nr_pages++];
		rb_call(copy.cpu_buffer, rb_snapshot_copy, &copy);
		copy.seq++;
	} while (!copy.last && iter->nr_pages <= copy.used);
	rb_snapshot_count(iter, copy.cpu_buffer->read);
	ring_buffer_iter_reset(iter);
	return 0;
}

void ring_buffer_read_finish(struct ring_buffer_iter *iter)
{
	/* The array ends with an entry without a page. */
	for (struct rb_snapshot_page *p = iter->pages; p && p->page; p++)
		rb_free_page(p->page);
	kfree(iter->pages);
	iter->pages = NULL;
	iter->nr_pages = 0;
}

void ring_buffer_read_live(struct ring_buffer_iter *iter, struct trace_buffer *buffer, int cpu)
{
	struct ring_buffer_per_cpu *cpu_buffer = buffer->buffers[cpu];

	*iter = (struct ring_buffer_iter){
		.live = cpu_buffer,
		.nr_pages = cpu_buffer->used + 1,
		.start = cpu_buffer->cursor.offset,
		.start_stamp = cpu_buffer->cursor.stamp,
	};
	ring_buffer_iter_reset(iter);
}

/* Puts the cursor at the beginning of page iter->index.  Live, page 0 is the reader's. */
static void rb_iter_enter_page(struct ring_buffer_iter *iter)
{
	struct ring_buffer_per_cpu *live = iter->live;
	unsigned int n = iter->index;

	if (live && n)
		rb_cursor_init(&iter->cursor, rb_page_at(live, n - 1)->page);
	else if (live)
		iter->cursor = live->cursor;
	else
		rb_cursor_init(&iter->cursor, iter->pages[n].page);
	if (n == 0 && iter->start) {
		iter->cursor.offset = iter->start;
		iter->cursor.stamp = iter->start_stamp;
	}
	if (n && !live)
		iter->lost = iter->pages[n].first - iter->pages[n - 1].first - iter->pages[n - 1].entries;
}

void ring_buffer_iter_reset(struct ring_buffer_iter *iter)
{
	iter->index = 0;
	iter->lost = 0;
	iter->cursor = (struct rb_cursor){ 0 };
	if (iter->nr_pages)
		rb_iter_enter_page(iter);
}

bool ring_buffer_iter_peek(struct ring_buffer_iter *iter, struct rb_event *event)
{
	while (!rb_cursor_peek(&iter->cursor, event)) {
		if (iter->index + 1 >= iter->nr_pages)
			return false;
		iter->index++;
		rb_iter_enter_page(iter);
	}
	return true;
}

void ring_buffer_iter_advance(struct ring_buffer_iter *iter)
{
	rb_cursor_advance(&iter->cursor);
	iter->lost = 0;
}
