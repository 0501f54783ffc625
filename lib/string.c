/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.c - memory blocks and strings.
 *
 * memcpy, memmove and memset work in aligned machine words wherever they can and never
 * make a misaligned access: not every machine can, and those that can may trap to
 * firmware for it.  The other functions see short strings and stay bytewise.
 *
 * GCC recognises the loops below as memcpy and memset and would replace them by calls
 * of memcpy and memset; __no_libcall keeps it from doing that.
 */
#include "lib/string.h"
#include "lib/ctype.h"
#include "lib/errno.h"

#define __no_libcall __attribute__((optimize("no-tree-loop-distribute-patterns")))

typedef unsigned long __attribute__((may_alias)) word_t;
#define WORD sizeof(word_t)
#define misalignment(p) ((uintptr_t)(p) & (WORD - 1))

/* Two neighbouring words of memory as one that starts `shift` bits into the first. */
static __always_inline word_t join_words(word_t first, word_t second, unsigned int shift)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return first >> shift | second << (8 * WORD - shift);
#else
	return first << shift | second >> (8 * WORD - shift);
#endif
}

/*
 * d is aligned, s is not: each word stored joins two aligned words loaded.  The loads
 * read up to a word before s and after its end, but only words that also hold bytes of
 * the block, so never another page.  That is no overrun, whatever ASan thinks.
 */
__no_libcall __attribute__((no_sanitize("address")))
static void copy_words_shifted(word_t *d, const unsigned char *s, size_t words)
{
	unsigned int shift = 8 * misalignment(s);
	const word_t *w = (const word_t *)(s - misalignment(s));
	word_t this = *w++;

	while (words--) {
		word_t next = *w++;

		*d++ = join_words(this, next, shift);
		this = next;
	}
}

/* Below this a word loop does not pay for its preparations. */
#define SHORT_BLOCK (2 * WORD)

__no_libcall void *memcpy(void *dest, const void *src, size_t n)
{
	unsigned char *d = dest;
	const unsigned char *s = src;

	if (n >= SHORT_BLOCK) {
		size_t words, i;

		for (; misalignment(d); n--)
			*d++ = *s++;
		words = n / WORD;
		if (misalignment(s))
			copy_words_shifted((word_t *)d, s, words);
		else
			for (i = 0; i < words; i++)
				((word_t *)d)[i] = ((const word_t *)s)[i];
		d += words * WORD;
		s += words * WORD;
		n -= words * WORD;
	}
	while (n--)
		*d++ = *s++;
	return dest;
}

/* From the last byte to the first: right when dest is above src and they overlap. */
__no_libcall static void copy_backwards(unsigned char *d, const unsigned char *s, size_t n)
{
	d += n;
	s += n;
	if (misalignment(d) == misalignment(s) && n >= SHORT_BLOCK) {
		for (; misalignment(d); n--)
			*--d = *--s;
		for (; n >= WORD; n -= WORD) {
			d -= WORD;
			s -= WORD;
			*(word_t *)d = *(const word_t *)s;
		}
	}
	while (n--)
		*--d = *--s;
}

/*
 * Below src, memcpy will do: it never loads from behind what it has stored.  A shifted
 * copy stores word i of dest with words i and i + 1 of the source in hand, and those are
 * not below it.
 */
void *memmove(void *dest, const void *src, size_t n)
{
	if ((uintptr_t)dest - (uintptr_t)src < n)
		copy_backwards(dest, src, n);
	else
		memcpy(dest, src, n);
	return dest;
}

__no_libcall void *memset(void *dest, int c, size_t n)
{
	unsigned char *d = dest;

	if (n >= SHORT_BLOCK) {
		word_t pattern = (word_t)-1 / 0xff * (unsigned char)c;

		for (; misalignment(d); n--)
			*d++ = (unsigned char)c;
		for (; n >= WORD; n -= WORD, d += WORD)
			*(word_t *)d = pattern;
	}
	while (n--)
		*d++ = (unsigned char)c;
	return dest;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		int x = tolower((unsigned char)*a), y = tolower((unsigned char)*b);

		if (x != y || !x)
			return x - y;
	}
	return 0;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strchr(const char *s, int c)
{
	char *p = strchrnul(s, c);

	return *p == (char)c ? p : NULL;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}

char *strstr(const char *haystack, const char *needle)
{
	size_t len = strlen(needle);

	for (;; haystack++) {
		if (!strncmp(haystack, needle, len))
			return (char *)haystack;
		if (!*haystack)
			return NULL;
	}
}

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}

__no_libcall char *strcpy(char *dest, const char *src)
{
	char *d = dest;

	while ((*d++ = *src++))
		;
	return dest;
}

char *strcat(char *dest, const char *src)
{
	strcpy(dest + strlen(dest), src);
	return dest;
}

char *strsep(char **stringp, const char *delimiters)
{
	char *token = *stringp;

	if (!token)
		return NULL;
	*stringp = strpbrk(token, delimiters);
	if (*stringp)
		*(*stringp)++ = '\0';
	return token;
}

ssize_t strscpy(char *dest, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(dest, src, size - 1);
		dest[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dest, src, len + 1);
	return (ssize_t)len;
}

char *skip_spaces(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	s[len] = '\0';
	return skip_spaces(s);
}

size_t str_has_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) ? 0 : len;
}

int match_string(const char *const *array, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], s))
			return (int)i;
	return -EINVAL;
}
