/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * params.h - the kernel command line, and how a file takes its option from it.
 *
 * early_param("name", fn): fn(value) runs from parse_early_param(), before there is
 * memory to allocate; value is NULL for a bare word and is only valid during the
 * call.  fn returns 0, or anything else for "malformed" (logged).
 *
 * __setup("name=", fn) or __setup("flag", fn): fn(value) runs from parse_args(), when
 * memory and the console work; value stays valid for ever.  A prefix that ends in
 * '=' needs a value; one that does not takes the bare word (value is "" then) and the
 * word with a value alike.  fn returns 1 when it understood the value, 0 when not (the
 * word is then logged as unknown).
 *
 * In names a dash and an underscore are the same.
 */
#ifndef INIT_PARAMS_H
#define INIT_PARAMS_H

#include "lib/registry.h"

struct kernel_param {
	const char *str;
	int (*setup_func)(char *val);
	bool early;
};

REGISTRY_DECLARE(params, struct kernel_param);

#define __setup_param(prefix, fn, is_early) \
	REGISTRY_ENTRY(params, struct kernel_param, __setup_##fn) = { prefix, fn, is_early }
#define __setup(prefix, fn) __setup_param(prefix, fn, false)
#define early_param(name, fn) __setup_param(name, fn, true)

/* The command line as the boot loader gave it (/proc/cmdline), once setup_command_line() has run. */
extern const char *saved_command_line;

/* Remembers the boot loader's command line; the string must live for ever.  First thing in start_kernel(). */
void setup_command_line(const char *cmdline);

/* Runs the early_param() functions, in the order of the words.  Boot; needs nothing but the command line. */
void parse_early_param(void);

/*
 * Runs the __setup() functions, in the order of the words; then logs, in one line,
 * the words that nobody took.  "--" ends the options.  Boot, once, after mm_init().
 */
void parse_args(void);

#endif
