/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic.h - what to call when something is wrong, from a warning to the end.
 *
 * Any context.  The fatal ones print what is known, dump the trace if that was asked
 * for, and power the machine off with status 1: never a silent loop.
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include "lib/compiler.h"

struct pt_regs;
struct task_struct;

void panic(const char *fmt, ...) __printf(1, 2) __noreturn;

/* An exception that the kernel cannot survive: "Oops - WHAT [#1]" and all that regs (or NULL) tells. */
void die(const char *what, const struct pt_regs *regs) __noreturn;

/* For who prints something before it calls die(): the report begins here.  die() and panic() call it themselves. */
void oops_enter(void);

/* A header line and the call trace of the caller. */
void dump_stack(void);

/* The call trace of `task` (NULL: the caller) or, when regs is given, from the point it describes. */
void show_stack(struct task_struct *task, const struct pt_regs *regs);

/*
 * Each is called once when the kernel oopses or panics: enter before anything is printed, dump after the registers and
 * the call trace are out.  May be NULL; neither may take a lock.
 */
extern void (*oops_enter_hook)(void);
extern void (*oops_dump_hook)(void);

void __warn(const char *file, int line, const char *fmt, ...) __printf(3, 4);
void __bug(const char *file, int line) __noreturn;

#define BUG() __bug(__FILE__, __LINE__)
#define BUG_ON(cond)                  \
	do {                          \
		if (unlikely(cond))   \
			BUG();        \
	} while (0)

/* The value of the condition, after a warning with call trace if it holds. */
#define WARN_ON(cond)                                          \
	({                                                     \
		bool _warn = !!(cond);                         \
		if (unlikely(_warn))                           \
			__warn(__FILE__, __LINE__, NULL);      \
		unlikely(_warn);                               \
	})
#define WARN(cond, fmt, ...)                                               \
	({                                                                 \
		bool _warn = !!(cond);                                     \
		if (unlikely(_warn))                                       \
			__warn(__FILE__, __LINE__, fmt, ##__VA_ARGS__);    \
		unlikely(_warn);                                           \
	})
#define __WARN_FIRST_TIME(cond)                         \
	({                                              \
		static bool _warned;                    \
		bool _first = (cond) && !_warned;       \
		if (unlikely(_first))                   \
			_warned = true;                 \
		_first;                                 \
	})
#define WARN_ON_ONCE(cond)                                             \
	({                                                             \
		bool _once = !!(cond);                                 \
		if (unlikely(__WARN_FIRST_TIME(_once)))                \
			__warn(__FILE__, __LINE__, NULL);              \
		unlikely(_once);                                       \
	})
#define WARN_ONCE(cond, fmt, ...)                                          \
	({                                                                 \
		bool _once = !!(cond);                                     \
		if (unlikely(__WARN_FIRST_TIME(_once)))                    \
			__warn(__FILE__, __LINE__, fmt, ##__VA_ARGS__);    \
		unlikely(_once);                                           \
	})

#endif
