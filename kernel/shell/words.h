/* SPDX-License-Identifier: BSD-2-Clause */
/* words.h - a growing array of strings: argv, the matches of a glob, the names of a directory. */
#ifndef KERNEL_SHELL_WORDS_H
#define KERNEL_SHELL_WORDS_H

#include "lib/types.h"

/* All zeroes is the empty array.  v[nr] is NULL once there is a v. */
struct words {
	char **v;
	int nr, size;
};

/* Appends a copy of the first len bytes of s.  0 or -ENOMEM (nothing added then).  May sleep. */
int words_add(struct words *w, const char *s, size_t len);

/* Sorts the strings from index `first` on, by bytes. */
void words_sort(struct words *w, int first);

/* Frees all and makes it empty. */
void words_free(struct words *w);

#endif
