/* SPDX-License-Identifier: BSD-2-Clause */
/* edit_distance.h - how much two words differ. */
#ifndef LIB_EDIT_DISTANCE_H
#define LIB_EDIT_DISTANCE_H

#include "lib/types.h"

/*
 * How many letters must be put in, taken out, replaced, or exchanged with their neighbour to make b of a; anything above
 * `limit` (less than 8) is limit + 1.  Time: length times limit.  Pure.
 */
unsigned int edit_distance(const char *a, const char *b, unsigned int limit);

#endif
