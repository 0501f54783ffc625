/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regex.h - small regular expressions, for grep.
 *
 *   c    itself           .     any byte          [a-z] [^a-z]  a class
 *   x*   any number       ^ $   start and end     \c            c itself
 *   REGEX_EXTENDED also:  x+ at least one   x? at most one   a|b either   (a) a group, not to be repeated
 */
#ifndef KERNEL_SHELL_REGEX_H
#define KERNEL_SHELL_REGEX_H

#include "lib/types.h"

#define REGEX_EXTENDED 1
#define REGEX_IGNORE_CASE 2
#define REGEX_FIXED 4		/* no byte of the pattern is special */

/* NULL if the pattern is right, else what is wrong with it. */
const char *regex_check(const char *pattern, unsigned int flags);

/* Does the pattern, which regex_check() found right, match anywhere in the text?  Pure, any context. */
bool regex_search(const char *pattern, const char *text, unsigned int flags);

#endif
