/* SPDX-License-Identifier: BSD-2-Clause */
/* sort.h - in-place heapsort: n log n comparisons at worst, no recursion, no memory.  Not stable.  Pure. */
#ifndef LIB_SORT_H
#define LIB_SORT_H

#include "lib/compiler.h"

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef void (*swap_func_t)(void *a, void *b, int size);

/* Sorts `num` elements of `size` bytes at `base`, ascending by cmp.  swap NULL: bytes are exchanged. */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap);

#endif
