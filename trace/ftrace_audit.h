/* SPDX-License-Identifier: BSD-2-Clause */
/* ftrace_audit.h - see ftrace_audit.c. */
#ifndef TRACE_FTRACE_AUDIT_H
#define TRACE_FTRACE_AUDIT_H

#include "lib/types.h"

struct ftrace_audit {
	unsigned long sites, on;	/* looked at so far; all, when nothing differs */
	bool dead;
	/* The first difference. */
	unsigned long ip;
	const char *what;
	u32 expected, found;
};

/* Compares every record and every site with what the registered ops ask for.  True: consistent.  Task context. */
bool ftrace_audit(struct ftrace_audit *audit);

#endif
