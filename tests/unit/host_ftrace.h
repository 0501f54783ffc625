/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_ftrace.h - boots ftrace on the host, and checks it against a model.
 *
 * Everything reports through cmocka's assertions; includes it with what it needs.
 */
#ifndef UNIT_HOST_FTRACE_H
#define UNIT_HOST_FTRACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/host_arch.h"
#include "tests/unit/host_os.h"
#include "trace/ftrace_internal.h"

/*
 * Makes everything as before boot (also after ftrace died, and whatever is registered), gives the machine `nr`
 * functions and boots.  names[i] (NULL: func_0000 ...) are their names, in order of address.
 */
void host_ftrace_boot(int nr, const char *const *names);
/* The first half of that; then a test may spoil host_mcount[0..nr) and __stop_mcount_loc before ftrace_init(). */
void host_ftrace_prepare(int nr, const char *const *names);
/* Frees everything, so that ASan finds what is left. */
void host_ftrace_end(void);
/* And the sets of these ops, registered or not. */
#define host_ftrace_end_with(...) host_ftrace_end_with_ops((struct ftrace_ops *[]){ __VA_ARGS__, NULL })
void host_ftrace_end_with_ops(struct ftrace_ops *const *ops);

extern unsigned long host_mcount[HOST_MAX_SITES + 16];

/* Every record's count is the number of ops that want it, and every site's bytes are what follows from that. */
void host_ftrace_audit(void);

/* Calls site i as a CPU would: host_call(). */
static inline unsigned long host_hit(int i)
{
	return host_call(host_site(i), 0x1000 + i);
}

/* A pattern as the API wants it: writable. */
int host_set_filter(struct ftrace_ops *ops, const char *pattern, int reset);
int host_set_notrace(struct ftrace_ops *ops, const char *pattern, int reset);

/* NAME=val on the kernel's command line: what whose option it is returned, or -ENOENT. */
int host_set_param(const char *name, char *val);

#endif
