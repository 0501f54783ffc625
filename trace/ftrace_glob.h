/* SPDX-License-Identifier: BSD-2-Clause */
/* ftrace_glob.h - patterns for function names: see ftrace_glob.c. */
#ifndef TRACE_FTRACE_GLOB_H
#define TRACE_FTRACE_GLOB_H

#include "lib/compiler.h"
#include "lib/glob.h"

enum ftrace_match_type {
	MATCH_FULL,		/* name */
	MATCH_FRONT_ONLY,	/* name* */
	MATCH_MIDDLE_ONLY,	/* *name* */
	MATCH_END_ONLY,		/* *name */
	MATCH_GLOB,		/* anything else with * ? [ \\ */
	MATCH_INDEX,		/* 123 */
};

struct ftrace_glob {
	char *search;		/* what is left of the pattern, terminated */
	size_t len;
	enum ftrace_match_type type;
	u8 skip[256];		/* MATCH_MIDDLE_ONLY: how far to move when this character does not fit */
};

/* Takes buff[0..len) apart, in place; buff[len] is NUL.  *not: it began with '!'. */
void ftrace_glob_parse(struct ftrace_glob *glob, char *buff, u32 len, bool *not);

/* Does `name`, of length len, match?  Never for MATCH_INDEX. */
bool ftrace_glob_matches(const struct ftrace_glob *glob, const char *name, size_t len);

/* Is a[0..len) b[0..len)?  Most of the time the first characters differ. */
static __always_inline bool ftrace_glob_same(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

static __always_inline bool ftrace_glob_contains(const struct ftrace_glob *glob, const char *name, size_t len)
{
	const char *last, *end = name + len;
	size_t tail = glob->len - 1;

	if (!glob->len)
		return true;
	if (len < glob->len)
		return false;
	for (last = name + tail; last < end;) {
		size_t skip = glob->skip[(u8)*last];

		if (!skip) {
			if (ftrace_glob_same(last - tail, glob->search, tail))
				return true;
			skip = 1;
		}
		last += skip;
	}
	return false;
}

/* The same for a caller that knows the type: with a constant nothing is left of the switch. */
static __always_inline bool ftrace_glob_matches_as(enum ftrace_match_type type, const struct ftrace_glob *glob,
						   const char *name, size_t len)
{
	switch (type) {
	case MATCH_FULL:
		return len == glob->len && ftrace_glob_same(name, glob->search, len);
	case MATCH_FRONT_ONLY:
		return len >= glob->len && ftrace_glob_same(name, glob->search, glob->len);
	case MATCH_END_ONLY:
		return len >= glob->len && ftrace_glob_same(name + len - glob->len, glob->search, glob->len);
	case MATCH_MIDDLE_ONLY:
		return ftrace_glob_contains(glob, name, len);
	case MATCH_GLOB:
		return glob_match(glob->search, name);
	case MATCH_INDEX:
		break;
	}
	return false;
}

#endif
