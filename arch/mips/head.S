/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * head.S - the first instructions of the boot CPU.
 *
 * The firmware (YAMON, or what QEMU puts in its place) enters _start in kseg0 with
 * interrupts off and the boot ROM's exception vectors, and with
 *
 *   a0  argc
 *   a1  argv: 32-bit pointers, argv[1] is the command line
 *   a2  environment: pairs of 32-bit pointers, name and value, ended by a null
 *
 * It may leave Status.ERL set, under which the low half of the address space is
 * untranslated and eret goes elsewhere: that is ended first.
 */
#include <asm/page.h>
#include <asm/csr.h>
#include <asm/offsets.h>

	.set noreorder
	.section .head.text, "ax"
	.globl _start
	.type _start, @function
_start:
	lui	t0, ST_BEV >> 16
	mtc0	t0, CP0_STATUS
	mtc0	zero, CP0_CAUSE
	ehb
	LA	t0, __bss_start
	LA	t1, __bss_stop
1:	beq	t0, t1, 2f
	nop
	LONG_S	zero, 0(t0)
	b	1b
	LONG_ADDIU t0, t0, SZREG
2:	LA	t0, boot_args
	sw	a0, 0(t0)
	sw	a1, 4(t0)
	sw	a2, 8(t0)
	LA	gp, init_task
	LA	sp, init_stack + THREAD_SIZE - 32
	jal	arch_trap_init
	nop
	j	start_kernel
	move	ra, zero		/* the end of every backtrace */
	.size _start, . - _start
