/* SPDX-License-Identifier: BSD-2-Clause */
/* words.c - the growing array of strings of words.h.  The caller owns it: no lock. */
#include "kernel/shell/words.h"
#include "kernel/mm/slab.h"
#include "lib/errno.h"
#include "lib/sort.h"
#include "lib/string.h"

int words_add(struct words *w, const char *s, size_t len)
{
	char *copy;

	/* One slot more than words: the NULL at the end. */
	if (w->nr + 1 >= w->size) {
		int size = w->size ? 2 * w->size : 8;
		char **v = krealloc(w->v, size * sizeof(*v), GFP_KERNEL);

		if (!v)
			return -ENOMEM;
		w->v = v;
		w->size = size;
	}
	copy = kmalloc(len + 1, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, s, len);
	copy[len] = '\0';
	w->v[w->nr++] = copy;
	w->v[w->nr] = NULL;
	return 0;
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void words_sort(struct words *w, int first)
{
	if (w->nr - first > 1)
		sort(w->v + first, w->nr - first, sizeof(*w->v), compare_words, NULL);
}

void words_free(struct words *w)
{
	for (int i = 0; i < w->nr; i++)
		kfree(w->v[i]);
	kfree(w->v);
	*w = (struct words){ 0 };
}
