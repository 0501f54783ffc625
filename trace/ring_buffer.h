/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring_buffer.h - per-CPU event buffers that a writer fills with a few dozen instructions.
 *
 * Each CPU has a ring of pages that only it writes, with interrupts off from
 * reserve to commit; there is no NMI, so nothing can come in between.  Whatever
 * changes the ring for somebody else (a reader that takes a page away, a reset, a
 * new size) runs on that CPU, too, by a cross-call.  So writers need no lock
 * and no atomic instruction, and no reader ever stops one.
 *
 *	            head                     tail
 *	             v                        v
 *	   [ free ][ oldest ][ ... ][ ... ][ being written ][ free ]
 *	                 ^
 *	                 | swapped, whole, for an empty one
 *	           [ reader page ]   belongs to the reader alone until it is read
 *
 * The whole writing state is page->commit (see ring_buffer_layout.h), `write_stamp`,
 * `written` and `limit`: an event fits while commit + its size <= limit.  limit is
 * BUF_PAGE_SIZE, or 0 to send every writer through the slow path, which then
 * finds out why: recording is off, the page has no time stamp yet, or another
 * event of this CPU is between reserve and commit.  The fast path of the function
 * tracer thus has one comparison for all of these.
 *
 * The reading side (everything with `cpu` below) is serialised by the caller with
 * ring_buffer_lock(), a mutex: task context.
 *
 * Two buffers may exchange their rings at any moment (ring_buffer_swap()).  So whoever needs a ring for more than one
 * step keeps to the one that it began with, and the readers of both take one lock.
 */
#ifndef TRACE_RING_BUFFER_H
#define TRACE_RING_BUFFER_H

#include "lib/atomic.h"
#include "trace/os.h"
#include "trace/ring_buffer_layout.h"

#define RING_BUFFER_ALL_CPUS (-1)
#define RING_BUFFER_MIN_PAGES 2

/* One page of a ring, or the reader's. */
struct buffer_page {
	struct buffer_data_page *page;
	unsigned long first; /* number, since the last reset, of its first event */
};

/* A position in a page: what was read up to there, and when that happened. */
struct rb_cursor {
	const struct buffer_data_page *page;
	unsigned int offset, end; /* bytes */
	u64 stamp;		  /* time of the event before `offset` */
};

/* An event as readers see it.  `data` stays valid until the reader takes its next page. */
struct rb_event {
	const void *data;
	unsigned int length; /* bytes, rounded up by the writer */
	u64 ts;
};

struct trace_buffer;

struct ring_buffer_per_cpu {
	/* The writer's, first and together: one cache line of the hot path. */
	struct buffer_data_page *page; /* of the tail */
	unsigned long limit;	       /* page->commit may grow to this */
	u64 write_stamp;	       /* time of the last event on the page */
	unsigned long written;	       /* events since the last reset */
	/* An event between reserve and commit; reserved is the commit that it will make, 0: none. */
	unsigned long reserved;
	u64 reserved_stamp;
	unsigned long irq_flags;
	struct ring_buffer_per_cpu *outer; /* where the buffer's writer was before a swap, and is still */
	bool closed; /* an event was dropped: the next one goes on another page, or is dropped, too */

	/* The ring.  Changed on this CPU with interrupts off, only. */
	struct buffer_page *pages;
	unsigned long nr_pages;
	unsigned long head; /* index of the oldest page */
	unsigned long used; /* pages from head to tail, at least 1 */
	unsigned long seq;  /* counts the pages that left at the head: names a page for a snapshot */

	/* Counters since the last reset, in events.  The same rule. */
	unsigned long overrun;	      /* overwritten before they were read */
	unsigned long dropped;	      /* refused because the ring was full (no-overwrite) */
	unsigned long commit_overrun; /* refused because another was between reserve and commit */

	/* The reader's, under the buffer's mutex. */
	struct buffer_page reader;
	struct rb_cursor cursor;	/* in the reader page; cursor.end 0: nothing to read */
	unsigned long reader_next;	/* number of the event that comes next */
	unsigned long read;		/* events consumed since the last reset */
	unsigned long lost;		/* events lost before the one that comes next */

	atomic_t record_disabled;
	struct trace_buffer *buffer;
	int cpu;
};

/* record_disabled counts reasons; this bit is the user's own switch (tracing_on). */
#define RB_BUFFER_OFF (1 << 20)

struct trace_buffer {
	struct ring_buffer_per_cpu *buffers[NR_CPUS]; /* first: the hot path indexes it; NULL for impossible CPUs */
	u64 (*clock)(void);
	bool overwrite;
	atomic_t record_disabled;
	struct mutex *lock; /* of readers, reset, resize: its own mutex, or that of the buffer that it swaps with */
	struct mutex mutex;
	unsigned int swaps; /* odd while rings change places */
	struct ring_buffer_per_cpu *writing[NR_CPUS]; /* the ring between reserve and commit; of that CPU */
	struct ring_buffer_per_cpu *reading[NR_CPUS]; /* the ring of the event that peek showed; under the lock */
};

/* ---- life: task context or boot ---- */

/*
 * Prepares `buffer`, zeroed by the caller but perhaps for `lock` (NULL: its own), with at least `size` bytes of events for every possible CPU; it records.
 * Returns 0 or -ENOMEM (nothing is left allocated then).
 */
int ring_buffer_init(struct trace_buffer *buffer, unsigned long size, u64 (*clock)(void));
/* Nobody may use it any more; who did so with preemption off was waited for. */
void ring_buffer_free(struct trace_buffer *buffer);
/* ring_buffer_init() has succeeded.  Writing to a buffer that does not exist writes nothing; all else is forbidden. */
static inline bool ring_buffer_exists(const struct trace_buffer *buffer)
{
	return buffer->buffers[0];
}

static inline void ring_buffer_lock(struct trace_buffer *buffer) { mutex_lock(buffer->lock); }
static inline void ring_buffer_unlock(struct trace_buffer *buffer) { mutex_unlock(buffer->lock); }

/*
 * Both take the mutex themselves.  reset forgets all events and counters.  resize keeps the newest
 * events that still fit: -EINVAL for a CPU that does not exist, -ENOMEM with nothing changed
 * (with ALL_CPUS: CPUs before the failing one keep the new size).
 */
void ring_buffer_reset_cpu(struct trace_buffer *buffer, int cpu);
void ring_buffer_reset(struct trace_buffer *buffer);
int ring_buffer_resize(struct trace_buffer *buffer, unsigned long size, int cpu);
/* Bytes of events that fit, 0 for a CPU that does not exist. */
unsigned long ring_buffer_size(struct trace_buffer *buffer, int cpu);

/* ---- switches: any context, any CPU; take effect at once, but an event just being written completes ---- */

/* Both tell whether they changed it: of several who switch at once, one did. */
bool ring_buffer_record_off(struct trace_buffer *buffer);
bool ring_buffer_record_on(struct trace_buffer *buffer);
/* Is the user's switch on?  Recording may still be disabled for another reason. */
bool ring_buffer_record_is_set_on(const struct trace_buffer *buffer);
/* These nest, and are independent of the user's switch. */
void ring_buffer_record_disable(struct trace_buffer *buffer);
void ring_buffer_record_enable(struct trace_buffer *buffer);
void ring_buffer_record_disable_cpu(struct trace_buffer *buffer, int cpu);
void ring_buffer_record_enable_cpu(struct trace_buffer *buffer, int cpu);
void ring_buffer_change_overwrite(struct trace_buffer *buffer, bool overwrite);
/*
 * Each gets the rings of the other, with all that is in them; switches, clock and overwrite stay.  Both have a ring for each
 * CPU, and `lock` in common.  The caller serialises swaps, and nobody resizes or frees one meanwhile.
 */
void ring_buffer_swap(struct trace_buffer *a, struct trace_buffer *b);
/* All rings that the buffer had at one moment, not some before a swap and some after it.  Under ring_buffer_lock(). */
void ring_buffer_rings(struct trace_buffer *buffer, struct ring_buffer_per_cpu *rings[NR_CPUS]);

/* ---- writing: any context ---- */

/*
 * Room for one event of `length` bytes of payload on this CPU, or NULL when it is not recorded
 * (recording off, ring full, too long, or within another event).  Not NULL: interrupts
 * are off until ring_buffer_unlock_commit() or _discard_commit() on the same CPU, and the caller fills in all
 * `length` bytes before.
 */
void *ring_buffer_lock_reserve(struct trace_buffer *buffer, unsigned int length);
void ring_buffer_unlock_commit(struct trace_buffer *buffer);
void ring_buffer_discard_commit(struct trace_buffer *buffer);
/* All of it: 0, or -EBUSY when it was not recorded. */
int ring_buffer_write(struct trace_buffer *buffer, const void *data, unsigned int length);

/* The same for a caller that has interrupts off and a time stamp already, and knows its CPU's buffer. */
void *rb_reserve(struct ring_buffer_per_cpu *cpu_buffer, u64 ts, unsigned int length);
void rb_commit(struct ring_buffer_per_cpu *cpu_buffer);

/* ---- consuming: under ring_buffer_lock() ---- */

/*
 * The oldest event of `cpu`, left in place; false when there is none.  *lost (may be NULL) is the
 * number of events overwritten just before it since the last one consumed.
 */
bool ring_buffer_peek(struct trace_buffer *buffer, int cpu, struct rb_event *event, unsigned long *lost);
/* Removes the event that peek showed. */
void ring_buffer_consume(struct trace_buffer *buffer, int cpu);
bool ring_buffer_empty_cpu(struct trace_buffer *buffer, int cpu);

/* ---- counting: under ring_buffer_lock(); all of one moment ---- */

struct ring_buffer_stats {
	unsigned long entries;	      /* to be read */
	unsigned long overrun;	      /* overwritten */
	unsigned long commit_overrun; /* refused within another event */
	unsigned long bytes;	      /* of events to be read */
	unsigned long dropped;	      /* refused for lack of room */
	unsigned long read;	      /* consumed */
	u64 oldest_ts;		      /* of the oldest page with something to read, 0: nothing */
};

void ring_buffer_stats(struct trace_buffer *buffer, int cpu, struct ring_buffer_stats *stats);

/* ---- reading without consuming ---- */

struct rb_snapshot_page {
	struct buffer_data_page *page;
	unsigned long first, entries; /* number of the first event; how many there are */
};

/*
 * A walk over the events of one CPU as they were at one time.  Either a snapshot (copies of
 * the pages) or, in an oops, the live ring (`live`; recording is off and nothing runs).
 */
struct ring_buffer_iter {
	struct ring_buffer_per_cpu *live;
	struct rb_snapshot_page *pages;
	unsigned int nr_pages, index; /* of the page that `cursor` is in */
	unsigned int start;	      /* offset on the first page: what was consumed before */
	u64 start_stamp;
	struct rb_cursor cursor;
	unsigned long lost; /* events that are missing before the next one */
	/* Of a snapshot: the events that it has, and those written up to its last one that were lost. */
	unsigned long entries, overrun;
};

/*
 * Copies what a CPU's ring holds; under ring_buffer_lock().  Writers go on meanwhile: pages overwritten before they
 * were copied are left out, and count as overrun.  0 or -ENOMEM.
 */
int ring_buffer_read_start(struct ring_buffer_iter *iter, struct ring_buffer_per_cpu *ring);
void ring_buffer_read_finish(struct ring_buffer_iter *iter);
/*
 * Any context, without lock or memory; recording must be off.  Needs no read_finish.  Between live_begin and live_end
 * nobody changes a ring: who wants to waits, spinning.
 */
void ring_buffer_live_begin(void);
void ring_buffer_live_end(void);
void ring_buffer_read_live(struct ring_buffer_iter *iter, struct trace_buffer *buffer, int cpu);
/* Back to the first event. */
void ring_buffer_iter_reset(struct ring_buffer_iter *iter);
/* The next event, or false at the end. */
bool ring_buffer_iter_peek(struct ring_buffer_iter *iter, struct rb_event *event);
void ring_buffer_iter_advance(struct ring_buffer_iter *iter);

/* ---- for ring_buffer_*.c only ---- */

static inline struct buffer_page *rb_page_at(struct ring_buffer_per_cpu *cpu_buffer, unsigned long n)
{
	unsigned long index = cpu_buffer->head + n;

	return &cpu_buffer->pages[index < cpu_buffer->nr_pages ? index : index - cpu_buffer->nr_pages];
}

/* Events on page n of `used`.  On the CPU, interrupts off. */
static inline unsigned long rb_page_entries(struct ring_buffer_per_cpu *cpu_buffer, unsigned long n)
{
	unsigned long end = n + 1 < cpu_buffer->used ? rb_page_at(cpu_buffer, n + 1)->first : cpu_buffer->written;

	return end - rb_page_at(cpu_buffer, n)->first;
}

/* Makes page n of the ring the one being written, empty.  On the CPU, interrupts off. */
void rb_start_page(struct ring_buffer_per_cpu *cpu_buffer, unsigned long n);
/* Forgets the oldest page, which is not the tail; its events count as overrun. */
void rb_drop_head(struct ring_buffer_per_cpu *cpu_buffer);
struct buffer_data_page *rb_alloc_page(void);
void rb_free_page(struct buffer_data_page *page);
/* Runs func(info) on the CPU of the buffer with interrupts off; here, when that CPU is not online and so writes nothing. */
void rb_call(struct ring_buffer_per_cpu *cpu_buffer, void (*func)(void *), void *info);

void rb_cursor_init(struct rb_cursor *cursor, const struct buffer_data_page *page);
/* The event at the cursor; skips time extends and padding on the way.  False at the end of the page. */
bool rb_cursor_peek(struct rb_cursor *cursor, struct rb_event *event);
/* Past the event that peek showed. */
void rb_cursor_advance(struct rb_cursor *cursor);

#endif
