/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_pid.h - a set of pids: a bit for each that there can be.
 *
 * Asking takes a load and a shift and no lock, so that a tracer can do it at each call.  Changes are atomic, and
 * may be made from anywhere while others ask; freeing a set is its owner's to time.
 */
#ifndef TRACE_TRACE_PID_H
#define TRACE_TRACE_PID_H

#include "trace/os.h"

#define PID_LONGS DIV_ROUND_UP(PID_MAX, BITS_PER_LONG)

struct trace_pid_list {
	unsigned long bits[PID_LONGS];
};

/* Empty; NULL when memory is out.  To be freed with kfree(). */
struct trace_pid_list *trace_pid_list_alloc(void);

/* `pid` is that of a task, or 0 for the idle ones.  Any context. */
static __always_inline bool trace_pid_list_is_set(const struct trace_pid_list *list, int pid)
{
	return READ_ONCE(list->bits[pid / BITS_PER_LONG]) >> (pid % BITS_PER_LONG) & 1;
}
void trace_pid_list_set(struct trace_pid_list *list, int pid);
void trace_pid_list_clear(struct trace_pid_list *list, int pid);
/* Everything in `more` is in `list` too from now on. */
void trace_pid_list_add(struct trace_pid_list *list, const struct trace_pid_list *more);
/* The lowest pid in it from `pid` on; -1: none. */
int trace_pid_list_next(const struct trace_pid_list *list, int pid);

/*
 * Numbers with white space between into `list`, as C writes them.  How many there were; -EINVAL: one is none, or not that
 * of a task, and `list` holds those before it; -ENOMEM.
 */
int trace_pid_list_parse(struct trace_pid_list *list, const char *buf, size_t cnt);

#endif
