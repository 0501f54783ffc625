/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_parser.c - see trace_parser.h. */
#include "trace/trace_parser.h"
#include "lib/ctype.h"
#include "trace/os.h"

int trace_parser_get_init(struct trace_parser *parser, unsigned int size)
{
	memset(parser, 0, sizeof(*parser));
	parser->buffer = kmalloc(size, GFP_KERNEL);
	if (!parser->buffer)
		return -ENOMEM;
	parser->size = size;
	return 0;
}

void trace_parser_put(struct trace_parser *parser)
{
	kfree(parser->buffer);
	parser->buffer = NULL;
	trace_parser_clear(parser);
}

/* A word ends at white space; a NUL byte ends it too, since it could not be part of a string. */
static inline bool ends_word(char c)
{
	return isspace((u8)c) || !c;
}

ssize_t trace_get_user(struct trace_parser *parser, const char *buf, size_t cnt, loff_t *ppos)
{
	size_t used = 0;

	/* A file that is written from its beginning starts a new word. */
	if (!*ppos)
		trace_parser_clear(parser);
	if (!parser->cont) {
		while (used < cnt && isspace((u8)buf[used]))
			used++;
		parser->idx = 0;
	}
	while (used < cnt && !ends_word(buf[used])) {
		if (parser->idx + 1 >= parser->size) {
			/* Half a word is none. */
			trace_parser_clear(parser);
			return -EINVAL;
		}
		parser->buffer[parser->idx++] = buf[used++];
	}
	parser->buffer[parser->idx] = '\0';
	parser->cont = parser->idx && used == cnt;
	if (used < cnt)
		used++;
	*ppos += used;
	return used;
}
