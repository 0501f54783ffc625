/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h - memory blocks and NUL-terminated strings.
 *
 * Pure functions of their arguments: no locks, any context, from the first
 * instruction of C on.  None of them is traced (lib/ is not).  Names and results
 * are C's or, where C has no such function, Linux's.  On the host the C ones are
 * libc's own and this header adds only the others.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include "lib/compiler.h"

#if __STDC_HOSTED__
#include <string.h>
#include <strings.h>
#else
/* GCC calls the first four itself, for struct assignments and initialisers. */
void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
void *memset(void *dest, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *haystack, const char *needle);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strpbrk(const char *s, const char *accept);
char *strcpy(char *dest, const char *src);
char *strcat(char *dest, const char *src);
char *strsep(char **stringp, const char *delimiters);
#endif

/* GNU's: like strchr, but the address of the final NUL when `c` is not there.  Never NULL. */
char *strchrnul(const char *s, int c);

/*
 * Copies at most size - 1 characters and always terminates (size > 0).
 * Returns the length copied, or -E2BIG when `src` did not fit (what fits is there).
 */
ssize_t strscpy(char *dest, const char *src, size_t size);

/* First character of `s` that is not white space. */
char *skip_spaces(const char *s);

/* Cuts trailing white space off in place and returns skip_spaces(s). */
char *strim(char *s);

/* Length of `prefix` if `s` begins with it, else 0. */
size_t str_has_prefix(const char *s, const char *prefix);

/* Index of `s` in array[0..n), or -EINVAL.  A NULL entry ends the array early. */
int match_string(const char *const *array, size_t n, const char *s);

#endif
