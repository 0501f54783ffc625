/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kstrtox.h - a whole string to a number, with no way to overlook an error.
 *
 * Rules as in Linux: an optional sign (unsigned: only '+'), digits, an optional
 * single newline, and then the string must end.  Base 0 takes 0x for 16, 0 for 8,
 * else 10.  All return 0, -EINVAL (not a number, trailing text, empty) or -ERANGE
 * (too large for the type); *res is written only on success.  Pure.
 */
#ifndef LIB_KSTRTOX_H
#define LIB_KSTRTOX_H

#include "lib/compiler.h"

int kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int kstrtoll(const char *s, unsigned int base, long long *res);
int kstrtoul(const char *s, unsigned int base, unsigned long *res);
int kstrtol(const char *s, unsigned int base, long *res);
int kstrtouint(const char *s, unsigned int base, unsigned int *res);
int kstrtoint(const char *s, unsigned int base, int *res);

/* y Y t T 1 on/ON -> true; n N f F 0 of(f)/OF(F) -> false; only the first letters are looked at. */
int kstrtobool(const char *s, bool *res);

/*
 * The number that `s` begins with ("64K" and the like; suffixes K M G T P E multiply by 1024
 * each).  *retptr, unless NULL, is where it stopped.  0 when there is no digit, ~0ULL when it is too large.
 */
unsigned long long memparse(const char *s, char **retptr);

#endif
