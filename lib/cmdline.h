/* SPDX-License-Identifier: BSD-2-Clause */
/* cmdline.h - cutting a command line into options.  Pure. */
#ifndef LIB_CMDLINE_H
#define LIB_CMDLINE_H

#include "lib/types.h"

/*
 * Cuts the first option off `args` in place: *param is its name, *val its value, NULL
 * for a bare word.  Double quotes, around the value, the whole option or any part of
 * them, keep blanks together; those that enclose the value or the option are removed.
 * Returns the rest, without leading blanks.  At the end of args *param is "".
 */
char *next_arg(char *args, char **param, char **val);

/* Are two names the same, a dash and an underscore being one? */
bool parameq(const char *a, const char *b);

/* The same for the first n bytes. */
bool parameqn(const char *a, const char *b, size_t n);

#endif
