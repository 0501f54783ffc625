/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_parser.h - reads a control file's input word by word.
 *
 * A write to a file like set_ftrace_filter may hold any number of words, and a word may
 * be cut in two by the end of a write.  So each write takes at most one word out of the
 * caller's bytes and says how many it used; the writer comes again with the rest, as
 * write(2) allows.  A word that stands at the very end of a write may not be
 * complete: it is kept (`cont`) until white space follows, or the file is closed.
 *
 * One parser belongs to one open file.  Task context.
 */
#ifndef TRACE_TRACE_PARSER_H
#define TRACE_TRACE_PARSER_H

#include "lib/types.h"

struct trace_parser {
	bool cont;		/* the word in buffer may go on with the next write */
	char *buffer;		/* the word, terminated */
	unsigned int idx;	/* its length */
	unsigned int size;	/* of buffer */
};

/* Room for words shorter than `size`.  0 or -ENOMEM. */
int trace_parser_get_init(struct trace_parser *parser, unsigned int size);
void trace_parser_put(struct trace_parser *parser);

static inline bool trace_parser_loaded(const struct trace_parser *parser)
{
	return parser->idx != 0;
}

static inline bool trace_parser_cont(const struct trace_parser *parser)
{
	return parser->cont;
}

static inline void trace_parser_clear(struct trace_parser *parser)
{
	parser->cont = false;
	parser->idx = 0;
}

/*
 * Takes one word from buf[0..cnt).  Returns the bytes used (> 0 for cnt > 0), or -EINVAL
 * when the word does not fit (then it is forgotten).  Afterwards: loaded and not cont, a
 * complete word; loaded and cont, the beginning of one; not loaded, only white space.
 * *ppos moves by what was used.
 */
ssize_t trace_get_user(struct trace_parser *parser, const char *buf, size_t cnt, loff_t *ppos);

#endif
