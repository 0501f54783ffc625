/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_glob.c - patterns for function names.
 *
 * A pattern is looked at once and put into a class; then each name of the kernel is asked.
 *
 *	schedule	MATCH_FULL		equal
 *	sched_*		MATCH_FRONT_ONLY	begins with
 *	*_sched		MATCH_END_ONLY		ends with
 *	*sched*		MATCH_MIDDLE_ONLY	contains
 *	s*d, a?b, [xy]	MATCH_GLOB		lib/glob.h
 *	42		MATCH_INDEX		the 42nd record: not a matter of names
 *
 * Only a '*' at the very beginning and the very end makes a fast class.  The first
 * character alone decides that it is an index.  All of them with '!' in front mean
 * "take out" instead of "put in".
 *
 * Ten thousand names are asked for one write, so the classes must cost little a
 * name: the matching itself is inline, in ftrace_glob.h.  "Contains" is a search by
 * Horspool's method: compare the last character of the pattern first; if it does not
 * fit, the character found there says how far the pattern can move at once (skip[]),
 * which for a pattern of five characters is five most of the time.
 *
 * Pure: no locks, any context.
 */
#include "lib/ctype.h"
#include "lib/string.h"
#include "trace/ftrace_glob.h"

/* skip[c]: how far to move when c stands under the pattern's last character; 0: it is that character. */
static void prepare_skip(struct ftrace_glob *glob)
{
	size_t farthest = min_t(size_t, glob->len, 255);

	memset(glob->skip, farthest, sizeof(glob->skip));
	for (size_t i = 0; i < glob->len; i++)
		glob->skip[(u8)glob->search[i]] = min_t(size_t, glob->len - 1 - i, 255);
}

/* Finds the class of search[0..len) and cuts the stars of the fast ones off. */
static enum ftrace_match_type classify(char **search, u32 len)
{
	char *s = *search;
	bool star_first = len && s[0] == '*', star_last = false;

	if (isdigit((u8)s[0]))
		return MATCH_INDEX;
	for (u32 i = 0; i < len; i++) {
		if (s[i] == '?' || s[i] == '[' || s[i] == '\\')
			return MATCH_GLOB;
		if (s[i] != '*' || !i)
			continue;
		if (i + 1 != len)
			return MATCH_GLOB;
		star_last = true;
		s[i] = '\0';
	}
	if (star_first)
		(*search)++;
	if (star_first)
		return star_last ? MATCH_MIDDLE_ONLY : MATCH_END_ONLY;
	return star_last ? MATCH_FRONT_ONLY : MATCH_FULL;
}

void ftrace_glob_parse(struct ftrace_glob *glob, char *buff, u32 len, bool *not)
{
	*not = len && buff[0] == '!';
	if (*not) {
		buff++;
		len--;
	}
	glob->search = buff;
	glob->type = classify(&glob->search, len);
	glob->len = strlen(glob->search);
	if (glob->type == MATCH_MIDDLE_ONLY)
		prepare_skip(glob);
}

bool ftrace_glob_matches(const struct ftrace_glob *glob, const char *name, size_t len)
{
	return ftrace_glob_matches_as(glob->type, glob, name, len);
}
