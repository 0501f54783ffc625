/* SPDX-License-Identifier: BSD-2-Clause */
/* ftrace_audit.h - see ftrace_audit.c. */
#ifndef TRACE_FTRACE_AUDIT_H
#define TRACE_FTRACE_AUDIT_H

#include "lib/types.h"

struct dyn_ftrace;

struct ftrace_audit {
	unsigned long sites, on;	/* looked at so far; all, when nothing differs */
	bool dead;			/* ftrace is: only what is true all the same was looked at */
	/* The first difference: at the site or object `where`, in `what`. */
	unsigned long where;
	const char *what;
	u32 expected, found;
};

/* Compares every record and every site with what the registered ops ask for.  True: consistent.  Task context. */
bool ftrace_audit(struct ftrace_audit *audit);
/* The same for one record, under ftrace_lock. */
bool ftrace_audit_rec(struct ftrace_audit *audit, const struct dyn_ftrace *rec);

/* The answer as the file ftrace_audit gives it, without a newline.  Returns its length. */
int ftrace_audit_text(const struct ftrace_audit *audit, bool consistent, char *buf, size_t size);

#endif
