/* SPDX-License-Identifier: BSD-2-Clause */
/* bsearch.h - binary search, as a function and inline so that the comparison is inlined too.  Pure. */
#ifndef LIB_BSEARCH_H
#define LIB_BSEARCH_H

#include "lib/sort.h"

/*
 * An element for which cmp(key, element) is 0 in the ascending array of `num` elements
 * of `size` bytes at `base`, or NULL.  Which one, if several match, is not said.
 */
static __always_inline void *__inline_bsearch(const void *key, const void *base, size_t num, size_t size,
					      cmp_func_t cmp)
{
	while (num) {
		const char *pivot = (const char *)base + (num / 2) * size;
		int result = cmp(key, pivot);

		if (!result)
			return (void *)pivot;
		if (result > 0) {
			base = pivot + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}

#if __STDC_HOSTED__
#include <stdlib.h>
#else
void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);
#endif

#endif
