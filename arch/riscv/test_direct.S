/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_direct.S - two trampolines for direct calls, as tests/ktest/test_ftrace_direct.c registers them, and for who
 * writes one.  Both are for functions of one argument.  At the start of one,
 *
 *   t0   where to go on in the traced function
 *   ra   where that returns to
 *   a0   its argument; sp as in the function; t1 .. t6 are free
 */
	.text

/* Calls ktest_direct_called(argument, where to go on, parent), then goes on. */
	.balign 8
	.globl ktest_direct_watch
	.type ktest_direct_watch, @function
ktest_direct_watch:
	addi sp, sp, -32
	sd a0, 0(sp)
	sd t0, 8(sp)
	sd ra, 16(sp)
	mv a1, t0
	mv a2, ra
	jal ra, ktest_direct_called
	ld a0, 0(sp)
	ld t0, 8(sp)
	ld ra, 16(sp)
	addi sp, sp, 32
	jr t0
	.size ktest_direct_watch, . - ktest_direct_watch

/* Calls the function itself, and returns its result plus one to its caller. */
	.balign 8
	.globl ktest_direct_around
	.type ktest_direct_around, @function
ktest_direct_around:
	addi sp, sp, -16
	sd ra, 0(sp)
	jalr ra, t0
	addi a0, a0, 1
	ld ra, 0(sp)
	addi sp, sp, 16
	ret
	.size ktest_direct_around, . - ktest_direct_around
