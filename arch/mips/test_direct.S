/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_direct.S - two trampolines for direct calls, as tests/ktest/test_ftrace_direct.c registers them, and for who
 * writes one.  Both are for functions of one argument.  At the start of one,
 *
 *   ra   where to go on in the traced function
 *   at   where that returns to
 *   a0   its argument; sp as in the function; v0, v1, t0 .. t3, t8, t9 are free
 */
#include <asm/offsets.h>

#define FRAME (ARG_AREA + 4 * SZREG)
#define SLOT(n) (ARG_AREA + (n) * SZREG)

	.set noreorder
	.set noat
	.text

/* Calls ktest_direct_called(argument, where to go on, parent), then goes on. */
	.balign 8
	.globl ktest_direct_watch
	.type ktest_direct_watch, @function
ktest_direct_watch:
	LONG_ADDIU sp, sp, -FRAME
	LONG_S	a0, SLOT(0)(sp)
	LONG_S	ra, SLOT(1)(sp)
	LONG_S	AT, SLOT(2)(sp)
	move	a1, ra
	jal	ktest_direct_called
	move	a2, AT
	LONG_L	a0, SLOT(0)(sp)
	LONG_L	AT, SLOT(1)(sp)
	LONG_L	ra, SLOT(2)(sp)
	jr	AT
	LONG_ADDIU sp, sp, FRAME
	.size ktest_direct_watch, . - ktest_direct_watch

/* Calls the function itself, and returns its result plus one to its caller. */
	.balign 8
	.globl ktest_direct_around
	.type ktest_direct_around, @function
ktest_direct_around:
	LONG_ADDIU sp, sp, -FRAME
	LONG_S	AT, SLOT(0)(sp)
	move	t9, ra
	jalr	t9
	nop
	LONG_ADDIU v0, v0, 1
	LONG_L	ra, SLOT(0)(sp)
	jr	ra
	LONG_ADDIU sp, sp, FRAME
	.size ktest_direct_around, . - ktest_direct_around
