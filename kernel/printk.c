/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printk.c - the log, and the console it shows on.
 *
 * The log is a ring of LOG_SIZE bytes.  Positions count bytes since boot and only grow;
 * position p is at log_buf[p % LOG_SIZE].  A record is a header and its text, one after
 * the other; records are numbered since boot too:
 *
 *     first ------------------------------------------------> next      (seq, pos)
 *     | header text | header text | ... | header text (last) |
 *
 * A new record takes the room of the oldest.  pr_cont() lengthens the last one, if that did
 * not end with a newline yet.
 *
 * The console shows what the log holds: `console` is a reader of its own, which every
 * printk() lets catch up.  So messages from before there is a UART are not lost, and
 * what a level hides from the console is still in the log.  Terminal output (tty.c)
 * shares the UART; `line` remembers whose unfinished line the cursor is on, so that
 * neither writes into the other's.
 *
 * Lock: log_lock, interrupts off, guards all of this and the UART's transmitter.  It is
 * the innermost lock of the kernel.  log_owner is the CPU that holds it: a printk()
 * inside printk() (a fault while formatting, say) must not wait for itself.
 */
#include "kernel/printk.h"
#include "init/params.h"
#include "kernel/drivers/serial8250.h"
#include "kernel/smp.h"
#include "kernel/spinlock.h"
#include "kernel/time/time.h"
#include "lib/errno.h"
#include "lib/kstrtox.h"
#include "lib/math64.h"
#include "lib/string.h"

#define LOG_SIZE (64u << 10) /* a power of two */
#define LOG_TEXT_MAX 1024    /* one message; what is longer is cut */
#define STAMP_MAX 24
#define NO_CPU (-1)

struct log_record {
	u64 ns;
	u16 len;       /* of the text behind the header */
	u8 level;
	bool complete; /* ended with a newline, which is not stored */
};

struct log_place {
	u64 seq;
	unsigned long pos;
};

static char log_buf[LOG_SIZE];
static struct log_place first, next;
static unsigned long last; /* position of record next.seq - 1 */
static struct log_place reader_hint; /* where kmsg_read() was last: it need not search from the first */

static struct log_place console;
static unsigned int console_off; /* characters of the record at `console` that are out already */
static enum { LINE_START, LINE_LOG, LINE_TTY } line;

static DEFINE_SPINLOCK(log_lock);
static int log_owner = NO_CPU;
static bool oopsing;

static char scratch[LOG_TEXT_MAX + 1]; /* a message being formatted, or a record being shown */

int console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;

/* ---- the lock ---- */

/* About a second of trying, on any machine that runs this. */
#define OOPS_LOCK_TRIES 10000000

/* False: this CPU holds it already.  Interrupts are off on return, either way. */
static bool log_lock_irqsave(unsigned long *flags)
{
	long tries = 0;

	local_irq_save(*flags);
	if (READ_ONCE(log_owner) == smp_processor_id())
		return false;
	while (!spin_trylock(&log_lock)) {
		cpu_relax();
		if (READ_ONCE(oopsing) && ++tries == OOPS_LOCK_TRIES)
			spin_lock_init(&log_lock);
	}
	WRITE_ONCE(log_owner, smp_processor_id());
	return true;
}

static void log_unlock_irqrestore(unsigned long flags)
{
	WRITE_ONCE(log_owner, NO_CPU);
	spin_unlock_irqrestore(&log_lock, flags);
}

void printk_enter_oops(void)
{
	WRITE_ONCE(oopsing, true);
	console_loglevel = LOGLEVEL_DEBUG + 1;
	/* The printk() that this CPU was in will never go on. */
	if (READ_ONCE(log_owner) == smp_processor_id()) {
		spin_lock_init(&log_lock);
		WRITE_ONCE(log_owner, NO_CPU);
	}
}

/* ---- the ring; log_lock held from here on, but for the public functions ---- */

static void ring_write(unsigned long pos, const void *src, size_t n)
{
	size_t at = pos % LOG_SIZE, head = min(n, LOG_SIZE - at);

	memcpy(log_buf + at, src, head);
	memcpy(log_buf, (const char *)src + head, n - head);
}

static void ring_read(unsigned long pos, void *dest, size_t n)
{
	size_t at = pos % LOG_SIZE, head = min(n, LOG_SIZE - at);

	memcpy(dest, log_buf + at, head);
	memcpy((char *)dest + head, log_buf, n - head);
}

static unsigned long record_end(const struct log_record *record, unsigned long pos)
{
	return pos + sizeof(*record) + record->len;
}

/* Drops the oldest records until `n` bytes fit behind `next`. */
static void make_room(size_t n)
{
	while (next.pos + n - first.pos > LOG_SIZE) {
		struct log_record record;

		ring_read(first.pos, &record, sizeof(record));
		first.pos = record_end(&record, first.pos);
		first.seq++;
	}
}

/* A reader whose record is gone goes on with the oldest one. */
static bool catch_up(struct log_place *place)
{
	if (place->seq >= first.seq)
		return false;
	*place = first;
	return true;
}

static void log_new_record(int level, const char *text, size_t len, bool complete)
{
	struct log_record record = {
		.ns = sched_clock(), .len = (u16)len, .level = (u8)level, .complete = complete,
	};

	make_room(sizeof(record) + len);
	last = next.pos;
	ring_write(last, &record, sizeof(record));
	ring_write(last + sizeof(record), text, len);
	next.pos = record_end(&record, last);
	next.seq++;
}

/* False: there is no unfinished last record, or it would get too long. */
static bool log_continue_record(const char *text, size_t len, bool complete)
{
	struct log_record record;

	if (next.seq == first.seq)
		return false;
	ring_read(last, &record, sizeof(record));
	if (record.complete || record.len + len > LOG_TEXT_MAX)
		return false;
	make_room(len);
	ring_write(next.pos, text, len);
	record.len += (u16)len;
	record.complete = complete;
	ring_write(last, &record, sizeof(record));
	next.pos = record_end(&record, last);
	return true;
}

/* ---- the console ---- */

static size_t format_stamp(char *buf, u64 ns)
{
	u32 rem;
	u64 seconds = div_u64_rem(ns, NSEC_PER_SEC, &rem);

	return (size_t)scnprintf(buf, STAMP_MAX, "[%5lu.%06u] ", (unsigned long)seconds,
				 rem / (u32)NSEC_PER_USEC);
}

static void uart_write(const char *s, size_t n)
{
	while (n--)
		serial8250_putc(*s++);
}

static void console_newline(void)
{
	uart_write("\r\n", 2);
	line = LINE_START;
}

/* Characters from..end of the text in scratch, with a stamp at the start of each line. */
static void console_show_text(u64 ns, unsigned int from, unsigned int end)
{
	char stamp[STAMP_MAX];

	if (from == end)
		return;
	if (line == LINE_TTY || (line == LINE_LOG && !from))
		console_newline();
	for (; from < end; from++) {
		if (line == LINE_START)
			uart_write(stamp, format_stamp(stamp, ns));
		line = LINE_LOG;
		if (scratch[from] == '\n')
			console_newline();
		else
			serial8250_putc(scratch[from]);
	}
}

/* Shows what the record at `console` has that is not out yet.  False: it may still grow. */
static bool console_show_record(void)
{
	struct log_record record;
	bool over;

	ring_read(console.pos, &record, sizeof(record));
	over = record.complete || console.seq + 1 < next.seq;
	if (record.level < console_loglevel) {
		ring_read(console.pos + sizeof(record), scratch, record.len);
		scratch[record.len] = '\n';
		/* Only the newline may be left, and the line may have ended already: terminal output came between. */
		if (console_off < record.len || !console_off || line == LINE_LOG)
			console_show_text(record.ns, console_off, record.len + over);
	}
	console_off = record.len;
	if (!over)
		return false;
	console.pos = record_end(&record, console.pos);
	console.seq++;
	console_off = 0;
	return true;
}

static void console_flush(void)
{
	if (!serial8250_present())
		return;
	if (catch_up(&console))
		console_off = 0;
	while (console.seq < next.seq)
		if (!console_show_record())
			return;
}

void console_write(const char *buf, size_t len)
{
	unsigned long flags;

	if (!len || !serial8250_present())
		return;
	if (!log_lock_irqsave(&flags)) {
		local_irq_restore(flags);
		return;
	}
	if (line == LINE_LOG)
		console_newline();
	uart_write(buf, len);
	line = buf[len - 1] == '\n' ? LINE_START : LINE_TTY;
	log_unlock_irqrestore(flags);
}

/* ---- printk ---- */

/* Skips the level that a message begins with: 0..7, 'c', or KERN_WARNING's for none. */
static const char *parse_level(const char *text, int *level)
{
	*level = LOGLEVEL_WARNING;
	if (text[0] != KERN_SOH[0] || !text[1])
		return text;
	*level = text[1] == 'c' ? 'c' : text[1] - '0';
	return text + 2;
}

static void log_store(const char *text, size_t len)
{
	bool complete = len && text[len - 1] == '\n';
	int level;
	const char *body = parse_level(text, &level);

	len -= (size_t)(body - text) + complete;
	if (level == 'c') {
		if (log_continue_record(body, len, complete))
			return;
		level = LOGLEVEL_WARNING;
	}
	log_new_record(level, body, len, complete);
}

/*
 * A message from inside printk() itself: the log may be half changed, so it goes to the
 * UART alone, at once.
 */
static int printk_direct(const char *fmt, va_list args)
{
	char text[128];
	int len = vscnprintf(text, sizeof(text), fmt, args), level;
	const char *body = parse_level(text, &level);

	if (serial8250_present()) {
		console_newline();
		uart_write(body, strcspn(body, "\n"));
		console_newline();
	}
	return len;
}

int vprintk(const char *fmt, va_list args)
{
	unsigned long flags;
	int len;

	if (!log_lock_irqsave(&flags)) {
		len = printk_direct(fmt, args);
		local_irq_restore(flags);
		return len;
	}
	len = vscnprintf(scratch, LOG_TEXT_MAX, fmt, args);
	log_store(scratch, (size_t)len);
	console_flush();
	log_unlock_irqrestore(flags);
	return len;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

/* ---- reading the log ---- */

/* The record numbered seq, which is there. */
static struct log_place find_record(u64 seq)
{
	struct log_place place = reader_hint;

	catch_up(&place);
	if (place.seq > seq)
		place = first;
	while (place.seq < seq) {
		struct log_record record;

		ring_read(place.pos, &record, sizeof(record));
		place.pos = record_end(&record, place.pos);
		place.seq++;
	}
	return place;
}

/* Record text in scratch -> stamped lines in buf.  Returns the length. */
static int format_record(const struct log_record *record, char *buf, size_t size)
{
	char stamp[STAMP_MAX];
	size_t len = 0, from = 0;

	format_stamp(stamp, record->ns);
	do {
		size_t end = from;

		while (end < record->len && scratch[end] != '\n')
			end++;
		len += (size_t)scnprintf(buf + len, size - len, "%s%.*s\n", stamp, (int)(end - from), scratch + from);
		from = end + 1;
	} while (from <= record->len);
	return (int)len;
}

int kmsg_read(u64 *seq, char *buf, size_t size)
{
	struct log_record record;
	unsigned long flags;
	int len = 0;

	if (!log_lock_irqsave(&flags)) {
		local_irq_restore(flags);
		return 0;
	}
	*seq = max(*seq, first.seq);
	if (*seq < next.seq) {
		reader_hint = find_record(*seq);
		ring_read(reader_hint.pos, &record, sizeof(record));
		ring_read(reader_hint.pos + sizeof(record), scratch, record.len);
		len = format_record(&record, buf, size);
		++*seq;
	}
	log_unlock_irqrestore(flags);
	return len;
}

/* ---- options ---- */

static int __init loglevel(char *val)
{
	int level;

	if (!val || kstrtoint(val, 0, &level))
		return -EINVAL;
	console_loglevel = level;
	return 0;
}
early_param("loglevel", loglevel);

static int __init quiet(char *val)
{
	console_loglevel = CONSOLE_LOGLEVEL_QUIET;
	return 0;
}
early_param("quiet", quiet);

static int __init debug(char *val)
{
	console_loglevel = LOGLEVEL_DEBUG + 1;
	return 0;
}
early_param("debug", debug);
