/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sort.c - heapsort.
 *
 * Chosen over quicksort because its worst case is n log n, and it needs neither
 * recursion nor memory: it may sort the patch sites before the allocator is trusted.
 * The array is seen as a binary heap whose node i has the children 2i+1 and 2i+2.
 */
#include "lib/sort.h"

static void swap_words(void *a, void *b, int size)
{
	unsigned long *x = a, *y = b;

	for (; size; size -= (int)sizeof(*x)) {
		unsigned long t = *x;

		*x++ = *y;
		*y++ = t;
	}
}

static void swap_bytes(void *a, void *b, int size)
{
	char *x = a, *y = b;

	for (; size; size--) {
		char t = *x;

		*x++ = *y;
		*y++ = t;
	}
}

static bool word_sized(const void *base, size_t size)
{
	return (((unsigned long)base | size) & (sizeof(unsigned long) - 1)) == 0;
}

/* Lets the element at `root` sink until neither child is larger.  Offsets are in bytes. */
static void sift_down(char *base, size_t root, size_t end, size_t size, cmp_func_t cmp, swap_func_t swap)
{
	for (;;) {
		size_t child = 2 * root + size;

		if (child >= end)
			return;
		if (child + size < end && cmp(base + child, base + child + size) < 0)
			child += size;
		if (cmp(base + root, base + child) >= 0)
			return;
		swap(base + root, base + child, (int)size);
		root = child;
	}
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap)
{
	size_t i, end = num * size;

	if (!swap)
		swap = word_sized(base, size) ? swap_words : swap_bytes;

	for (i = num / 2; i-- > 0;)
		sift_down(base, i * size, end, size, cmp, swap);

	/* The largest is at the front: put it behind the heap, which shrinks by one. */
	while (end > size) {
		end -= size;
		swap(base, (char *)base + end, (int)size);
		sift_down(base, 0, end, size, cmp, swap);
	}
}
