/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdio.h - formatting text into a buffer.
 *
 * Conversions: d i u x X o c s p % and n is refused (nothing is ever written
 * through an argument).  Flags - + space # 0, width and precision (also *),
 * lengths hh h l ll z t j.  No floating point.  Extensions, after %p:
 *   %pS  symbol+0xoffset/0xsize      %ps  symbol      %pB  as %pS, for a return address
 *   %px and plain %p  the address in hex, 16 digits (8 on a 32-bit machine)
 *   %pV  a struct va_format: a format string and its arguments, in place
 * Pure but for symbol look-up; any context; allocates nothing.
 */
#ifndef LIB_STDIO_H
#define LIB_STDIO_H

#include "lib/compiler.h"

/* For %pV: lets a variadic function wrap another's message in one call. */
struct va_format {
	const char *fmt;
	va_list *va;
};

#if __STDC_HOSTED__
#include <stdio.h>
#else
/*
 * Write at most size - 1 characters and a NUL (nothing at all when size is 0).
 * Return the length that the whole text has, which may be size or more.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
#endif

/* The same, but return what was really written, without the NUL: never more than size - 1. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

#endif
