/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring_buffer_resize.c - a ring buffer's memory: made, measured, emptied, resized, freed.
 *
 * A ring is an array of pages, used as a circle from `head` on.  A new size is a
 * new array, filled on the CPU that writes (a cross-call): the pages from the
 * oldest one that stays, in order, then the empty ones.  Pages are allocated before
 * and freed after, in task context.
 *
 * Lock: the buffer's mutex.  Context: task, or boot before there are tasks.
 */
#include "lib/string.h"
#include "trace/ring_buffer.h"

struct buffer_data_page *rb_alloc_page(void)
{
	struct buffer_data_page *page = (void *)__get_free_pages(GFP_KERNEL, 0);

	if (page)
		memset(page, 0, BUF_PAGE_HDR_SIZE);
	return page;
}

void rb_free_page(struct buffer_data_page *page)
{
	free_pages(page, 0);
}

/* ---- changes of rings, and who reads them where they are ---- */

#define LIVE_WAIT_NS 1000000 /* a change that is under way takes far less */

static atomic_t rb_changing, rb_live_readers;

/* Each side says that it is there and then looks for the other, with full barriers between: one of the two sees the other. */
static void rb_change_begin(void)
{
	for (;;) {
		atomic_inc(&rb_changing);
		smp_mb();
		if (likely(!atomic_read(&rb_live_readers)))
			return;
		atomic_dec(&rb_changing);
		cpu_relax();
	}
}

static void rb_change_end(void)
{
	smp_mb();
	atomic_dec(&rb_changing);
}

/*
 * The change may be what this reader interrupted, which cannot end before it: then there is nothing to wait for,
 * but for another CPU that was asked already.  So the wait is short, not until the end.
 */
void ring_buffer_live_begin(void)
{
	u64 end = sched_clock() + LIVE_WAIT_NS;

	atomic_inc(&rb_live_readers);
	smp_mb();
	while (atomic_read(&rb_changing) && sched_clock() < end)
		cpu_relax();
}

void ring_buffer_live_end(void)
{
	smp_mb();
	atomic_dec(&rb_live_readers);
}

void rb_call(struct ring_buffer_per_cpu *cpu_buffer, void (*func)(void *), void *info)
{
	unsigned long flags;

	rb_change_begin();
	if (cpu_online(cpu_buffer->cpu)) {
		smp_call_function_single(cpu_buffer->cpu, func, info, 1);
	} else {
		local_irq_save(flags);
		func(info);
		local_irq_restore(flags);
	}
	rb_change_end();
}

static void rb_free_pages(struct buffer_page *pages, unsigned long nr)
{
	for (unsigned long i = 0; pages && i < nr; i++)
		if (pages[i].page)
			rb_free_page(pages[i].page);
	kfree(pages);
}

/* An array of `nr` entries, of which those from `from` on have pages. */
static struct buffer_page *rb_alloc_pages(unsigned long nr, unsigned long from)
{
	struct buffer_page *pages = kcalloc(nr, sizeof(*pages), GFP_KERNEL);

	for (unsigned long i = from; pages && i < nr; i++) {
		pages[i].page = rb_alloc_page();
		if (!pages[i].page) {
			rb_free_pages(pages, nr);
			return NULL;
		}
	}
	return pages;
}

static unsigned long rb_pages_for(unsigned long size)
{
	return max(size / BUF_PAGE_SIZE + !!(size % BUF_PAGE_SIZE), (unsigned long)RING_BUFFER_MIN_PAGES);
}

/* ---- reset ---- */

/* On the CPU of the ring, interrupts off. */
static void rb_reset_on_cpu(void *info)
{
	struct ring_buffer_per_cpu *cpu_buffer = info;

	cpu_buffer->written = 0;
	cpu_buffer->overrun = 0;
	cpu_buffer->dropped = 0;
	cpu_buffer->commit_overrun = 0;
	cpu_buffer->read = 0;
	cpu_buffer->lost = 0;
	cpu_buffer->reader_next = 0;
	cpu_buffer->cursor = (struct rb_cursor){ 0 };
	/* The next event may come from another clock. */
	cpu_buffer->write_stamp = 0;
	cpu_buffer->seq += cpu_buffer->used;
	cpu_buffer->used = 1;
	rb_start_page(cpu_buffer, 0);
}

void ring_buffer_reset_cpu(struct trace_buffer *buffer, int cpu)
{
	ring_buffer_lock(buffer);
	rb_call(buffer->buffers[cpu], rb_reset_on_cpu, buffer->buffers[cpu]);
	ring_buffer_unlock(buffer);
}

void ring_buffer_reset(struct trace_buffer *buffer)
{
	int cpu;

	for_each_possible_cpu(cpu)
		ring_buffer_reset_cpu(buffer, cpu);
}

/* ---- life ---- */

static void rb_free_cpu_buffer(struct ring_buffer_per_cpu *cpu_buffer)
{
	if (!cpu_buffer)
		return;
	rb_free_pages(cpu_buffer->pages, cpu_buffer->nr_pages);
	if (cpu_buffer->reader.page)
		rb_free_page(cpu_buffer->reader.page);
	kfree(cpu_buffer);
}

static struct ring_buffer_per_cpu *rb_alloc_cpu_buffer(struct trace_buffer *buffer, unsigned long nr, int cpu)
{
	struct ring_buffer_per_cpu *cpu_buffer = kzalloc(sizeof(*cpu_buffer), GFP_KERNEL);

	if (!cpu_buffer)
		return NULL;
	cpu_buffer->buffer = buffer;
	cpu_buffer->cpu = cpu;
	cpu_buffer->nr_pages = nr;
	cpu_buffer->pages = rb_alloc_pages(nr, 0);
	cpu_buffer->reader.page = rb_alloc_page();
	if (!cpu_buffer->pages || !cpu_buffer->reader.page) {
		rb_free_cpu_buffer(cpu_buffer);
		return NULL;
	}
	rb_reset_on_cpu(cpu_buffer);
	return cpu_buffer;
}

int ring_buffer_init(struct trace_buffer *buffer, unsigned long size, u64 (*clock)(void))
{
	int cpu;

	mutex_init(&buffer->mutex);
	if (!buffer->lock)
		buffer->lock = &buffer->mutex;
	buffer->clock = clock;
	buffer->overwrite = true;
	for_each_possible_cpu(cpu) {
		buffer->buffers[cpu] = rb_alloc_cpu_buffer(buffer, rb_pages_for(size), cpu);
		if (!buffer->buffers[cpu]) {
			ring_buffer_free(buffer);
			return -ENOMEM;
		}
	}
	return 0;
}

void ring_buffer_free(struct trace_buffer *buffer)
{
	int cpu;

	rb_change_begin();
	for_each_possible_cpu(cpu) {
		rb_free_cpu_buffer(buffer->buffers[cpu]);
		buffer->buffers[cpu] = NULL;
	}
	rb_change_end();
}

/* ---- size ---- */

struct rb_new_ring {
	struct ring_buffer_per_cpu *cpu_buffer;
	struct buffer_page *pages;
	unsigned long nr_pages;
};

/* On the CPU of the ring, interrupts off: exchanges the array; on return `info` has the old one. */
static void rb_install_ring(void *info)
{
	struct rb_new_ring *new = info;
	struct ring_buffer_per_cpu *cpu_buffer = new->cpu_buffer;
	unsigned long kept = min(new->nr_pages, cpu_buffer->nr_pages);
	struct rb_new_ring old = { cpu_buffer, cpu_buffer->pages, cpu_buffer->nr_pages };

	while (cpu_buffer->used > kept)
		rb_drop_head(cpu_buffer);
	/* From the oldest page on, once around: what was dropped comes last and stays in the old array. */
	for (unsigned long n = 0; n < kept; n++) {
		new->pages[n] = *rb_page_at(cpu_buffer, n);
		rb_page_at(cpu_buffer, n)->page = NULL;
	}
	cpu_buffer->pages = new->pages;
	cpu_buffer->nr_pages = new->nr_pages;
	cpu_buffer->head = 0;
	*new = old;
}

static int rb_resize_cpu(struct ring_buffer_per_cpu *cpu_buffer, unsigned long nr_pages)
{
	struct rb_new_ring ring = { .cpu_buffer = cpu_buffer, .nr_pages = nr_pages };

	if (nr_pages == cpu_buffer->nr_pages)
		return 0;
	ring.pages = rb_alloc_pages(nr_pages, cpu_buffer->nr_pages);
	if (!ring.pages)
		return -ENOMEM;
	rb_call(cpu_buffer, rb_install_ring, &ring);
	rb_free_pages(ring.pages, ring.nr_pages);
	return 0;
}

int ring_buffer_resize(struct trace_buffer *buffer, unsigned long size, int cpu_id)
{
	int ret = cpu_id == RING_BUFFER_ALL_CPUS ? 0 : -EINVAL;
	int cpu;

	ring_buffer_lock(buffer);
	for_each_possible_cpu(cpu) {
		if (cpu_id != RING_BUFFER_ALL_CPUS && cpu_id != cpu)
			continue;
		ret = rb_resize_cpu(buffer->buffers[cpu], rb_pages_for(size));
		if (ret)
			break;
	}
	ring_buffer_unlock(buffer);
	return ret;
}

unsigned long ring_buffer_size(struct trace_buffer *buffer, int cpu)
{
	if (cpu < 0 || cpu >= NR_CPUS || !buffer->buffers[cpu])
		return 0;
	return buffer->buffers[cpu]->nr_pages * BUF_PAGE_SIZE;
}

/* ---- counting ---- */

struct rb_count {
	struct ring_buffer_per_cpu *cpu_buffer;
	struct ring_buffer_stats *stats;
};

/* On the CPU of the ring, interrupts off. */
static void rb_count_on_cpu(void *info)
{
	struct rb_count *count = info;
	struct ring_buffer_per_cpu *cpu_buffer = count->cpu_buffer;
	const struct rb_cursor *cursor = &cpu_buffer->cursor;
	struct ring_buffer_stats *stats = count->stats;

	*stats = (struct ring_buffer_stats){
		.entries = cpu_buffer->written - cpu_buffer->overrun - cpu_buffer->read,
		.overrun = cpu_buffer->overrun,
		.commit_overrun = cpu_buffer->commit_overrun,
		.bytes = cursor->end - cursor->offset,
		.dropped = cpu_buffer->dropped,
		.read = cpu_buffer->read,
	};
	if (stats->bytes)
		stats->oldest_ts = cursor->page->time_stamp;
	else if (rb_page_at(cpu_buffer, 0)->page->commit)
		stats->oldest_ts = rb_page_at(cpu_buffer, 0)->page->time_stamp;
	for (unsigned long n = 0; n < cpu_buffer->used; n++)
		stats->bytes += rb_page_at(cpu_buffer, n)->page->commit;
}

void ring_buffer_stats(struct trace_buffer *buffer, int cpu, struct ring_buffer_stats *stats)
{
	struct rb_count count = { buffer->buffers[cpu], stats };

	rb_call(count.cpu_buffer, rb_count_on_cpu, &count);
}
