/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glob.c - shell patterns without recursion.
 *
 * Only the last '*' seen matters: when a later part of the pattern fails, letting an
 * earlier '*' take more could not help where the last one cannot.  So one saved
 * position each in pattern and string is all the state there is, and the cost is
 * at most length times length.
 */
#include "lib/glob.h"

/*
 * `p` is just behind a '['.  Returns where the pattern goes on, just behind the ']', and
 * whether `c` is in the class; NULL if the class is never closed.
 */
static const char *match_class(const char *p, unsigned char c, bool *match)
{
	bool inverted = *p == '!';
	bool found = false;

	p += inverted;
	do {
		unsigned char low = (unsigned char)*p++, high = low;

		if (!low)
			return NULL;
		if (p[0] == '-' && p[1] != ']') {
			high = (unsigned char)p[1];
			if (!high)
				return NULL;
			p += 2;
		}
		found |= low <= c && c <= high;
	} while (*p != ']');

	*match = found != inverted;
	return p + 1;
}

bool glob_match(const char *pat, const char *str)
{
	const char *retry_pat = NULL, *retry_str = NULL;

	for (;;) {
		unsigned char c = (unsigned char)*str++, d = (unsigned char)*pat++;
		const char *after;
		bool ok;

		switch (d) {
		case '?':
			ok = c != '\0';
			break;
		case '*':
			if (!*pat)
				return true;
			retry_pat = pat;
			retry_str = --str; /* let it match nothing first */
			continue;
		case '[':
			after = c ? match_class(pat, c, &ok) : NULL;
			if (after)
				pat = after;
			else
				ok = c == d;
			break;
		case '\\':
			d = (unsigned char)*pat++;
			/* fall through */
		default:
			ok = c == d;
			if (ok && !d)
				return true;
		}

		if (ok)
			continue;
		if (!c || !retry_pat)
			return false;
		pat = retry_pat;
		str = ++retry_str;
	}
}
