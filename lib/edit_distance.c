/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * edit_distance.c - how much two words differ.
 *
 * distance(a, b) is 0 more than that of the rests when both begin with the same letter, else 1 more than the best of
 * the ways to get rid of the difference.  With a small limit that recursion ends soon.
 */
#include "lib/edit_distance.h"

static unsigned int least(unsigned int x, unsigned int y)
{
	return x < y ? x : y;
}

unsigned int edit_distance(const char *a, const char *b, unsigned int limit)
{
	unsigned int best;

	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (!*a && !*b)
		return 0;
	if (!limit)
		return 1;
	best = limit;	/* of the rests, plus 1 below */
	if (*a && *b)
		best = least(best, edit_distance(a + 1, b + 1, limit - 1));
	if (*a)
		best = least(best, edit_distance(a + 1, b, limit - 1));
	if (*b)
		best = least(best, edit_distance(a, b + 1, limit - 1));
	if (*a && *b && a[0] == b[1] && a[1] == b[0])
		best = least(best, edit_distance(a + 2, b + 2, limit - 1));
	return best + 1;
}
