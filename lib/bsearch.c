/* SPDX-License-Identifier: BSD-2-Clause */
/* bsearch.c - the out-of-line copy of lib/bsearch.h's search. */
#include "lib/bsearch.h"

void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp)
{
	return __inline_bsearch(key, base, num, size, cmp);
}
