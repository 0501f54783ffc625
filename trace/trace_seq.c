/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_seq.c - text in a buffer of fixed size: len < size and a NUL at len, always. */
#include "trace/trace_seq.h"
#include "lib/stdio.h"
#include "lib/string.h"

void trace_seq_init(struct trace_seq *s, char *buffer, size_t size)
{
	s->buffer = buffer;
	s->size = size;
	trace_seq_reset(s);
}

void trace_seq_reset(struct trace_seq *s)
{
	trace_seq_trim(s, 0);
}

void trace_seq_trim(struct trace_seq *s, size_t len)
{
	s->len = len;
	s->buffer[len] = '\0';
	s->full = false;
}

void trace_seq_printf(struct trace_seq *s, const char *fmt, ...)
{
	size_t room = s->size - s->len;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(s->buffer + s->len, room, fmt, args);
	va_end(args);
	if ((size_t)len >= room) {
		s->full = true;
		len = room - 1;
	}
	s->len += len;
}

void trace_seq_putmem(struct trace_seq *s, const char *text, size_t len)
{
	size_t room = s->size - 1 - s->len;

	if (len > room) {
		s->full = true;
		len = room;
	}
	memcpy(s->buffer + s->len, text, len);
	s->len += len;
	s->buffer[s->len] = '\0';
}

void trace_seq_puts(struct trace_seq *s, const char *text)
{
	trace_seq_putmem(s, text, strlen(text));
}

void trace_seq_putc(struct trace_seq *s, char c)
{
	trace_seq_putmem(s, &c, 1);
}
