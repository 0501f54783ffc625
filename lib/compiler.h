/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * compiler.h - attributes and small macros, under the names Linux gives them.
 *
 * notrace removes a function's patchable NOPs (no_instrument_function would
 * not: only patchable_function_entry(0) does).  Which code is traced is decided
 * by folder in the Makefile; notrace is for the exceptions, each with its reason.
 * A kernel whose sites are calls of _mcount (MCOUNT=pg) has it the other way round.
 * `inline` implies notrace, so that a copy the compiler chose not to inline
 * never shows up as a site of its own in several files.
 */
#ifndef LIB_COMPILER_H
#define LIB_COMPILER_H

#include "lib/types.h"

#ifdef CONFIG_MCOUNT_PG
#define notrace __attribute__((no_instrument_function))
#else
#define notrace __attribute__((patchable_function_entry(0)))
#endif
#define noinline __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define __used __attribute__((used))
#define __maybe_unused __attribute__((unused))
#define __noreturn __attribute__((noreturn))
#define __aligned(n) __attribute__((aligned(n)))
#define __packed __attribute__((packed))
#define __section(name) __attribute__((section(name)))
#define __weak __attribute__((weak))
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))
#define __must_check __attribute__((warn_unused_result))

/* Code and data that only boot needs: freed when boot ends. */
#if __STDC_HOSTED__
#define __init
#define __initdata
#define __read_mostly
#else
#define __init __section(".init.text")
#define __initdata __section(".init.data")
#define __read_mostly __section(".data.read_mostly")
#define inline inline notrace
#endif

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ volatile("" ::: "memory")

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val) (*(volatile __typeof__(x) *)&(x) = (val))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define static_assert _Static_assert

#define BIT(n) (1UL << (n))
#define ALIGN(x, a) (((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define BITS_PER_LONG (8 * (int)sizeof(long))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))

#define min(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))

#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)
#define __concat_1(a, b) a##b
#define __concat(a, b) __concat_1(a, b)

#endif
