/* SPDX-License-Identifier: BSD-2-Clause */
/* glob.h - shell-style matching of a whole string.  Pure. */
#ifndef LIB_GLOB_H
#define LIB_GLOB_H

#include "lib/compiler.h"

/*
 * Whether all of `str` matches `pat`: '?' is any one character, '*' any run of them,
 * [abc] [a-z] [!abc] a class (']' first stands for itself), '\' quotes the next one.
 * A '[' that is never closed is an ordinary character.  Case counts.
 */
bool glob_match(const char *pat, const char *str);

#endif
