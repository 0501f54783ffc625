/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_seq.h - a line buffer that text is printed into piece by piece.
 *
 * What does not fit is cut and `full` remembers it; the text stays terminated.
 * Pure: the memory is the caller's, any context.
 */
#ifndef TRACE_TRACE_SEQ_H
#define TRACE_TRACE_SEQ_H

#include "lib/compiler.h"

struct trace_seq {
	char *buffer;
	size_t size, len; /* of buffer; of the text, without its NUL */
	bool full;	  /* something was cut */
};

/* Empty text in `buffer` (size > 0). */
void trace_seq_init(struct trace_seq *s, char *buffer, size_t size);
/* The text is empty again. */
void trace_seq_reset(struct trace_seq *s);
/* Back to a length that the text had before; forgets that something was cut. */
void trace_seq_trim(struct trace_seq *s, size_t len);
void trace_seq_printf(struct trace_seq *s, const char *fmt, ...) __printf(2, 3);
void trace_seq_puts(struct trace_seq *s, const char *text);
void trace_seq_putc(struct trace_seq *s, char c);
void trace_seq_putmem(struct trace_seq *s, const char *text, size_t len);

#endif
