/* SPDX-License-Identifier: BSD-2-Clause */
/* ftrace_explain.h - see ftrace_explain.c. */
#ifndef TRACE_FTRACE_EXPLAIN_H
#define TRACE_FTRACE_EXPLAIN_H

#include "trace/trace_seq.h"

/*
 * Why the function is traced, or is not, in lines of text.  False: there is no function of that name, and the text says
 * what is known of the name.  What does not fit is cut (s->full); 4 KiB are plenty unless dozens of ops are registered.
 * Task context; takes ftrace_lock.
 */
bool ftrace_explain(struct trace_seq *s, const char *name);

#endif
