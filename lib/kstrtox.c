/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kstrtox.c - strings to numbers.  Everything is one parser for the digits, and one
 * check that nothing follows them.
 */
#include "lib/kstrtox.h"
#include "lib/ctype.h"
#include "lib/errno.h"
#include "lib/math64.h"

static unsigned int digit_value(char c)
{
	if (isdigit((unsigned char)c))
		return (unsigned int)(c - '0');
	if (isalpha((unsigned char)c))
		return (unsigned int)(tolower((unsigned char)c) - 'a') + 10;
	return 255;
}

/* Resolves base 0 and skips the prefix that the base allows. */
static const char *skip_prefix(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && isxdigit((unsigned char)s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

/* The digits at `s`; returns where they end (`s` itself: there are none), *overflow if they are too many. */
static const char *parse_digits(const char *s, unsigned int base, unsigned long long *res, bool *overflow)
{
	const unsigned long long limit = div_u64(~0ULL, base);
	unsigned long long v = 0;
	unsigned int digit;

	*overflow = false;
	for (; (digit = digit_value(*s)) < base; s++) {
		if (v > limit || v * base > ~0ULL - digit)
			*overflow = true;
		v = v * base + digit;
	}
	*res = v;
	return s;
}

/* An unsigned number that must be all of `s`, but for one newline. */
static int parse_whole(const char *s, unsigned int base, unsigned long long *res)
{
	const char *end;
	bool overflow;

	s = skip_prefix(s, &base);
	end = parse_digits(s, base, res, &overflow);
	if (end == s)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	if (*end == '\n')
		end++;
	return *end ? -EINVAL : 0;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long v;
	int err = parse_whole(s + (*s == '+'), base, &v);

	if (!err)
		*res = v;
	return err;
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	bool negative = *s == '-';
	unsigned long long v;
	int err = parse_whole(s + (negative || *s == '+'), base, &v);

	if (err)
		return err;
	if (v > (unsigned long long)INT64_MAX + negative)
		return -ERANGE;
	*res = negative ? (long long)-v : (long long)v;
	return 0;
}

/* The narrower types: the widest one, then a check that the value survives. */
#define DEFINE_KSTRTO(name, type, wide_name, wide_type)           \
	int name(const char *s, unsigned int base, type *res)     \
	{                                                         \
		wide_type v;                                      \
		int err = wide_name(s, base, &v);                 \
								  \
		if (err)                                          \
			return err;                               \
		if (v != (wide_type)(type)v)                      \
			return -ERANGE;                           \
		*res = (type)v;                                   \
		return 0;                                         \
	}

DEFINE_KSTRTO(kstrtoul, unsigned long, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtouint, unsigned int, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtol, long, kstrtoll, long long)
DEFINE_KSTRTO(kstrtoint, int, kstrtoll, long long)

int kstrtobool(const char *s, bool *res)
{
	switch (tolower((unsigned char)s[0])) {
	case 'y':
	case 't':
	case '1':
		*res = true;
		return 0;
	case 'n':
	case 'f':
	case '0':
		*res = false;
		return 0;
	case 'o':
		if (tolower((unsigned char)s[1]) != 'n' && tolower((unsigned char)s[1]) != 'f')
			return -EINVAL;
		*res = tolower((unsigned char)s[1]) == 'n';
		return 0;
	}
	return -EINVAL;
}

unsigned long long memparse(const char *s, char **retptr)
{
	static const char suffixes[] = "kmgtpe";
	unsigned long long v;
	unsigned int base = 0, i;
	bool overflow;

	s = skip_prefix(s, &base);
	s = parse_digits(s, base, &v, &overflow);
	for (i = 0; suffixes[i]; i++)
		if (tolower((unsigned char)*s) == suffixes[i]) {
			overflow |= v > ~0ULL >> 10 * (i + 1);
			v <<= 10 * (i + 1);
			s++;
			break;
		}
	if (retptr)
		*retptr = (char *)s;
	return overflow ? ~0ULL : v;
}
