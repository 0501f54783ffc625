/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * workload.h - things worth tracing: each does real work in one area of the kernel, and
 * checks that all of it got done.
 *
 *   #include "kernel/workload/workload.h"
 *
 *   static int sum_main(unsigned long n)
 *   {
 *           unsigned long sum = 0;
 *
 *           for (unsigned long i = 1; i <= n; i++)
 *                   sum += i;
 *           return sum == n * (n + 1) / 2 ? 0 : -EIO;
 *   }
 *   WORKLOAD(sum, sum_main, 64, "adds up the first N numbers");
 */
#ifndef KERNEL_WORKLOAD_WORKLOAD_H
#define KERNEL_WORKLOAD_WORKLOAD_H

#include "lib/errno.h"
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
