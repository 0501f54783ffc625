/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printk.h - kernel messages: to the log ring always, to the console if urgent enough.
 *
 * Callable from the first instruction of C on and from any context, also inside an
 * oops.  A message begins with a level (KERN_*); without one it is KERN_WARNING.
 * One without a final newline may be continued by the next pr_cont().
 */
#ifndef KERNEL_PRINTK_H
#define KERNEL_PRINTK_H

#include "lib/compiler.h"
#include "lib/stdio.h"

#define KERN_SOH "\001"
#define KERN_EMERG KERN_SOH "0"
#define KERN_ALERT KERN_SOH "1"
#define KERN_CRIT KERN_SOH "2"
#define KERN_ERR KERN_SOH "3"
#define KERN_WARNING KERN_SOH "4"
#define KERN_NOTICE KERN_SOH "5"
#define KERN_INFO KERN_SOH "6"
#define KERN_DEBUG KERN_SOH "7"
#define KERN_DEFAULT ""
#define KERN_CONT KERN_SOH "c"

#define LOGLEVEL_EMERG 0
#define LOGLEVEL_WARNING 4
#define LOGLEVEL_DEBUG 7
#define CONSOLE_LOGLEVEL_DEFAULT 7
#define CONSOLE_LOGLEVEL_QUIET 4

/* Messages with a level below this reach the console.  loglevel= and quiet set it. */
extern int console_loglevel;

int printk(const char *fmt, ...) __printf(1, 2);
int vprintk(const char *fmt, va_list args) __printf(1, 0);

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

#define pr_emerg(fmt, ...) printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...) printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...) printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...) printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...) printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...) printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...) printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...) printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...) printk(KERN_CONT fmt, ##__VA_ARGS__)

#define printk_once(fmt, ...)                       \
	({                                          \
		static bool _printed;               \
		if (!_printed) {                    \
			_printed = true;            \
			printk(fmt, ##__VA_ARGS__); \
		}                                   \
	})
#define pr_warn_once(fmt, ...) printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_once(fmt, ...) printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)

/*
 * The next record of the log as text: a "[    0.000000] " stamp before every line, a
 * newline after each, NUL at the end; cut if `size` is short.  *seq counts records: the
 * one it names, or the oldest if that was overwritten, is read, and *seq moves behind it.
 * Start with 0.  Returns the length, 0 when there is no more.
 */
int kmsg_read(u64 *seq, char *buf, size_t size);

/*
 * Terminal output: `len` bytes as they are, in one piece with respect to kernel
 * messages.  Keeps interrupts off for the whole of it: long output comes in parts.
 */
void console_write(const char *buf, size_t len);

/*
 * The kernel is dying: from here on every message goes to the console, and a lock whose
 * holder will not come back is taken by force.  Interrupts off; panic.c only.
 */
void printk_enter_oops(void);

#endif
