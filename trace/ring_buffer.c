/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring_buffer.c - the writing side of the ring buffer: reserve, fill, commit.
 *
 * Owns the tail of every ring.  Invariants, on the CPU of the ring:
 *
 *   - between two writers, page->commit, write_stamp and written describe the same
 *     last event: a raw page is complete at every moment;
 *   - limit is not 0 only if the page has a first event (and so its time stamp),
 *     nothing is reserved, and recording was allowed when limit was set.
 *
 * Lock: none.  A writer has interrupts off; other CPUs may only store 0 to limit.
 * That store cannot get lost: who turns recording off writes the reason first and 0
 * second, who opens the fast path writes limit first and looks for a reason second,
 * with full barriers between, so at least one of the two sees the other.
 */
#include "trace/ring_buffer.h"
#include "lib/string.h"

static bool rb_may_write(const struct ring_buffer_per_cpu *cpu_buffer)
{
	return !(atomic_read(&cpu_buffer->buffer->record_disabled) | atomic_read(&cpu_buffer->record_disabled));
}

static void rb_open_fast_path(struct ring_buffer_per_cpu *cpu_buffer)
{
	WRITE_ONCE(cpu_buffer->limit, BUF_PAGE_SIZE);
	smp_mb();
	if (unlikely(!rb_may_write(cpu_buffer)))
		WRITE_ONCE(cpu_buffer->limit, 0);
}

void rb_start_page(struct ring_buffer_per_cpu *cpu_buffer, unsigned long n)
{
	struct buffer_page *bpage = rb_page_at(cpu_buffer, n);

	bpage->first = cpu_buffer->written;
	bpage->page->commit = 0;
	cpu_buffer->page = bpage->page;
	cpu_buffer->closed = false;
	WRITE_ONCE(cpu_buffer->limit, 0);
}

void rb_drop_head(struct ring_buffer_per_cpu *cpu_buffer)
{
	cpu_buffer->overrun += rb_page_entries(cpu_buffer, 0);
	if (++cpu_buffer->head == cpu_buffer->nr_pages)
		cpu_buffer->head = 0;
	cpu_buffer->used--;
	cpu_buffer->seq++;
}

/* The writer goes on to the next page.  NULL: there is none, and the oldest may not be overwritten. */
static struct buffer_data_page *rb_move_tail(struct ring_buffer_per_cpu *cpu_buffer)
{
	if (cpu_buffer->used == cpu_buffer->nr_pages) {
		if (!READ_ONCE(cpu_buffer->buffer->overwrite))
			return NULL;
		rb_drop_head(cpu_buffer);
	}
	rb_start_page(cpu_buffer, cpu_buffer->used++);
	return cpu_buffer->page;
}

/*
 * There is no room, so nothing more goes on this page, not even what is small enough: up to
 * the first event that is missing, a full ring misses none.
 */
static void rb_drop_event(struct ring_buffer_per_cpu *cpu_buffer)
{
	cpu_buffer->dropped++;
	cpu_buffer->closed = true;
	WRITE_ONCE(cpu_buffer->limit, 0);
}

void *rb_reserve(struct ring_buffer_per_cpu *cpu_buffer, u64 ts, unsigned int length)
{
	struct buffer_data_page *page = cpu_buffer->page;
	unsigned int extend = 0;
	unsigned char *event;
	u64 delta = 0;

	if (length > BUF_MAX_DATA_SIZE || !rb_may_write(cpu_buffer))
		return NULL;
	if (cpu_buffer->reserved) {
		cpu_buffer->commit_overrun++;
		return NULL;
	}
	/* A clock that went back must not make a delta of centuries. */
	ts = max(ts, cpu_buffer->write_stamp);
	if (page->commit) {
		delta = ts - cpu_buffer->write_stamp;
		extend = rb_delta_fits(RB_WIDE, delta) ? 0 : RB_TIME_EXTEND_SIZE;
	}
	if (cpu_buffer->closed || page->commit + extend + rb_event_size(RB_WIDE, length) > BUF_PAGE_SIZE) {
		page = rb_move_tail(cpu_buffer);
		if (!page) {
			rb_drop_event(cpu_buffer);
			return NULL;
		}
		extend = 0;
		delta = 0;
	}
	WRITE_ONCE(cpu_buffer->limit, 0);
	if (!page->commit)
		page->time_stamp = ts;
	event = page->data + page->commit;
	if (extend) {
		event += rb_encode_time_extend(RB_BIG_ENDIAN, (u32 *)event, delta);
		delta = 0;
	}
	cpu_buffer->reserved_stamp = ts;
	cpu_buffer->reserved = event - page->data +
			       rb_encode_header(RB_BIG_ENDIAN, RB_WIDE, (u32 *)event, delta, length);
	return event + rb_payload_offset(RB_WIDE, length);
}

void rb_commit(struct ring_buffer_per_cpu *cpu_buffer)
{
	cpu_buffer->write_stamp = cpu_buffer->reserved_stamp;
	cpu_buffer->written++;
	barrier(); /* who looks at the page from outside (a debugger) finds the event whole */
	WRITE_ONCE(cpu_buffer->page->commit, cpu_buffer->reserved);
	cpu_buffer->reserved = 0;
	rb_open_fast_path(cpu_buffer);
}

void *ring_buffer_lock_reserve(struct trace_buffer *buffer, unsigned int length)
{
	struct ring_buffer_per_cpu *cpu_buffer;
	unsigned long flags;
	void *payload;

	local_irq_save(flags);
	cpu_buffer = buffer->buffers[raw_smp_processor_id()];
	payload = likely(cpu_buffer) ? rb_reserve(cpu_buffer, buffer->clock(), length) : NULL;
	if (payload) {
		cpu_buffer->irq_flags = flags;
		cpu_buffer->outer = buffer->writing[raw_smp_processor_id()];
		buffer->writing[raw_smp_processor_id()] = cpu_buffer;
	} else {
		local_irq_restore(flags);
	}
	return payload;
}

/* The ring that this CPU reserved in last. */
static struct ring_buffer_per_cpu *rb_end_writing(struct trace_buffer *buffer)
{
	struct ring_buffer_per_cpu **writing = &buffer->writing[raw_smp_processor_id()], *cpu_buffer = *writing;

	*writing = cpu_buffer->outer;
	return cpu_buffer;
}

void ring_buffer_unlock_commit(struct trace_buffer *buffer)
{
	struct ring_buffer_per_cpu *cpu_buffer = rb_end_writing(buffer);
	unsigned long flags = cpu_buffer->irq_flags;

	rb_commit(cpu_buffer);
	local_irq_restore(flags);
}

void ring_buffer_discard_commit(struct trace_buffer *buffer)
{
	struct ring_buffer_per_cpu *cpu_buffer = rb_end_writing(buffer);
	unsigned long flags = cpu_buffer->irq_flags;

	/* The commit did not move: the next event takes the same place. */
	cpu_buffer->reserved = 0;
	if (cpu_buffer->page->commit)
		rb_open_fast_path(cpu_buffer);
	local_irq_restore(flags);
}

int ring_buffer_write(struct trace_buffer *buffer, const void *data, unsigned int length)
{
	void *payload = ring_buffer_lock_reserve(buffer, length);

	if (!payload)
		return -EBUSY;
	memcpy(payload, data, length);
	ring_buffer_unlock_commit(buffer);
	return 0;
}

/* ---- switches ---- */

/*
 * After a reason to record no more was stored: makes every writer notice it.  Preemption off, because a ring may
 * have been swapped into the other buffer by now, and that be freed.
 */
static void rb_close_fast_path(struct trace_buffer *buffer)
{
	int cpu;

	smp_mb();
	preempt_disable_notrace();
	for_each_possible_cpu(cpu) {
		struct ring_buffer_per_cpu *cpu_buffer = READ_ONCE(buffer->buffers[cpu]);

		if (cpu_buffer)
			WRITE_ONCE(cpu_buffer->limit, 0);
	}
	preempt_enable_notrace();
}

bool ring_buffer_record_off(struct trace_buffer *buffer)
{
	int old = __atomic_fetch_or(&buffer->record_disabled.counter, RB_BUFFER_OFF, __ATOMIC_SEQ_CST);

	rb_close_fast_path(buffer);
	return !(old & RB_BUFFER_OFF);
}

bool ring_buffer_record_on(struct trace_buffer *buffer)
{
	/* The next event of each CPU takes the slow path, which opens the fast one. */
	return __atomic_fetch_and(&buffer->record_disabled.counter, ~RB_BUFFER_OFF, __ATOMIC_SEQ_CST) & RB_BUFFER_OFF;
}

bool ring_buffer_record_is_set_on(const struct trace_buffer *buffer)
{
	return !(atomic_read(&buffer->record_disabled) & RB_BUFFER_OFF);
}

void ring_buffer_record_disable(struct trace_buffer *buffer)
{
	atomic_inc(&buffer->record_disabled);
	rb_close_fast_path(buffer);
}

void ring_buffer_record_enable(struct trace_buffer *buffer)
{
	atomic_dec(&buffer->record_disabled);
}

void ring_buffer_record_disable_cpu(struct trace_buffer *buffer, int cpu)
{
	atomic_inc(&buffer->buffers[cpu]->record_disabled);
	smp_mb();
	WRITE_ONCE(buffer->buffers[cpu]->limit, 0);
}

void ring_buffer_record_enable_cpu(struct trace_buffer *buffer, int cpu)
{
	atomic_dec(&buffer->buffers[cpu]->record_disabled);
}

void ring_buffer_change_overwrite(struct trace_buffer *buffer, bool overwrite)
{
	WRITE_ONCE(buffer->overwrite, overwrite);
}

/*
 * A writer that is in the middle of an event commits it where it began.  What limit lets through is the other buffer's
 * business from now on, so the next writer asks again.
 */
void ring_buffer_swap(struct trace_buffer *a, struct trace_buffer *b)
{
	unsigned long flags;
	int cpu;

	local_irq_save(flags); /* ring_buffer_rings() waits for the end */
	WRITE_ONCE(a->swaps, a->swaps + 1);
	WRITE_ONCE(b->swaps, b->swaps + 1);
	smp_wmb();
	for_each_possible_cpu(cpu) {
		struct ring_buffer_per_cpu *of_a = a->buffers[cpu], *of_b = b->buffers[cpu];

		WRITE_ONCE(of_a->buffer, b);
		WRITE_ONCE(of_b->buffer, a);
		smp_store_release(&a->buffers[cpu], of_b);
		smp_store_release(&b->buffers[cpu], of_a);
	}
	smp_store_release(&a->swaps, a->swaps + 1);
	smp_store_release(&b->swaps, b->swaps + 1);
	rb_close_fast_path(a);
	rb_close_fast_path(b);
	local_irq_restore(flags);
}

void ring_buffer_rings(struct trace_buffer *buffer, struct ring_buffer_per_cpu *rings[NR_CPUS])
{
	unsigned int swaps;
	int cpu;

	do {
		while ((swaps = smp_load_acquire(&buffer->swaps)) & 1)
			cpu_relax();
		for_each_possible_cpu(cpu)
			rings[cpu] = READ_ONCE(buffer->buffers[cpu]);
		smp_rmb();
	} while (READ_ONCE(buffer->swaps) != swaps);
}
