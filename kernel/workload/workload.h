/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * workload.h - things worth tracing: each does real work in one area of the kernel, and
 * checks that all of it got done.
 *
 *   static int mm_main(unsigned long n) { ... }
 *   WORKLOAD(mm, mm_main, 64, "n rounds of ...");
 */
#ifndef KERNEL_WORKLOAD_WORKLOAD_H
#define KERNEL_WORKLOAD_WORKLOAD_H

#include "lib/registry.h"

struct workload {
	const char *name;
	/* 0; -EIO when something was lost; -EINTR; or what stopped it.  Prints one line on what it verified. */
	int (*fn)(unsigned long n);
	unsigned long default_n;
	const char *help;
};

REGISTRY_DECLARE(workloads, struct workload);

#define WORKLOAD(ident, function, n, text)                                 \
	REGISTRY_ENTRY(workloads, struct workload, workload_##ident) = { \
		.name = #ident, .fn = (function), .default_n = (n), .help = (text) }

#endif
