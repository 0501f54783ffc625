/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deep.c - a workload for call depth: mutually recursive functions, N calls deep.
 *
 * Each adds its own share on the way back, so that a return that went astray
 * (to the wrong caller, or not at all) changes the sum.
 */
#include "kernel/shell/shell.h"
#include "kernel/workload/workload.h"
#include "lib/errno.h"

/* A frame takes some 50 bytes of a 16 KiB stack, which tracers and interrupts share. */
#define DEPTH_MAX 100

unsigned long deep_even(unsigned long depth);
unsigned long deep_odd(unsigned long depth);
unsigned long deep_bottom(unsigned long depth);

noinline unsigned long deep_bottom(unsigned long depth)
{
	return depth + 1;
}

noinline unsigned long deep_odd(unsigned long depth)
{
	unsigned long below = depth == 1 ? deep_bottom(0) : deep_even(depth - 1);

	return below + 3 * depth;
}

noinline unsigned long deep_even(unsigned long depth)
{
	unsigned long below = depth == 0 ? deep_bottom(0) : deep_odd(depth - 1);

	return below + 5 * depth;
}

static int deep_main(unsigned long n)
{
	unsigned long want = 1, got, i;

	if (n > DEPTH_MAX)
		return -EINVAL;
	for (i = 1; i <= n; i++)
		want += i % 2 ? 3 * i : 5 * i;
	got = n % 2 ? deep_odd(n) : deep_even(n);
	if (got != want)
		return -EIO;
	sh_printf("workload deep: %lu calls deep and back, ok\n", n);
	return 0;
}
WORKLOAD(deep, deep_main, 30, "recursion N calls deep (up to 100) through functions that call each other");
