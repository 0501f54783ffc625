/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trampoline.S - the trampolines that patch sites call.
 *
 * A site that is on calls one as the first thing a function does.  What each register
 * then holds (names as in n64; o32 has a0 .. a3 only):
 *
 *   ra        behind the site's call: where the function goes on; the payload is the word before,
 *             the site 12 bytes before (near form) or 20 (far form, which has entries of its own)
 *   at        return address into the caller: parent_ip
 *   a0 .. a7  the function's arguments, live
 *   v0, v1, t0 .. t3, t8, t9  dead: nobody passes anything in them to a function, and callers assume
 *             nothing of them afterwards (-fno-ipa-ra)
 *   s0 .. s8  callee-saved: the callback's own C code keeps them
 *
 * On the way back ra is the parent again, and `at`, dead by then, holds where to go on.
 *
 * The payload is the low half of a `lui $0, index` (0 in a plain nop): one lhu reads it,
 * and it selects the entry of ftrace_dispatch[] to call.  Index 0 goes through the slot
 * ftrace_call, which ftrace_update_ftrace_func() patches.
 *
 * Trampolines are never freed and may be preempted anywhere: a task that comes
 * back into one finds it as it left it.
 */
#include <asm/ftrace.h>
#include <asm/csr.h>

#define FRAME (PT_SIZE + ARG_AREA)
#define FREGS ARG_AREA		/* struct ftrace_regs, which is a struct pt_regs, is at FREGS(sp) */

/* The low half of the payload's word. */
#ifdef __MIPSEB__
#define PAYLOAD (2 - SITE_PAYLOAD_BEFORE_RA)
#else
#define PAYLOAD (-SITE_PAYLOAD_BEFORE_RA)
#endif

/* An entry of ftrace_dispatch[]: two pointers, aligned to its size, so that one %hi is right for both. */
#if SZREG == 8
#define DISPATCH_SHIFT 4
#else
#define DISPATCH_SHIFT 3
#endif
#define DISPATCH_FUNC 0
#define DISPATCH_OPS SZREG

	.set noreorder
	.set noat

.macro ARGS op
	.irp n, 5,6,7
	\op	$\n, FREGS + PT_R(\n)(sp)
	.endr
#if SZREG == 8
	.irp n, 8,9,10,11
	\op	$\n, FREGS + PT_R(\n)(sp)
	.endr
#endif
.endm

/*
 * Calls (a0 = ip, a1 = parent_ip, a2 = ops, a3 = fregs) of whoever wants this site, and goes on at
 * label 1.  a0 and at are set; ra still points behind the payload.
 */
.macro DISPATCH
	lhu	t8, PAYLOAD(ra)
	move	a1, AT
	beqz	t8, 2f
	LONG_ADDIU a3, sp, FREGS
	LONG_SLL t8, t8, DISPATCH_SHIFT
	lui	t9, %hi(ftrace_dispatch)
	LONG_ADDU t8, t8, t9
	LONG_L	t9, %lo(ftrace_dispatch + DISPATCH_FUNC)(t8)
	jalr	t9
	LONG_L	a2, %lo(ftrace_dispatch + DISPATCH_OPS)(t8)
.endm

/* No index: the classic way.  Everybody's callback is behind the slot. */
.macro SLOT name
2:	lui	a2, %hi(function_trace_op)
	.globl \name
\name:
	jal	ftrace_stub
	LONG_L	a2, %lo(function_trace_op)(a2)
	b	1b
	nop
.endm

	.text
	/* Larger than all of them: an address below them and one above have the same %hi, as far sites need it. */
	.balign 1024
	.globl ftrace_caller, ftrace_far_caller
	.type ftrace_caller, @function
ftrace_caller:
	LONG_ADDIU sp, sp, -FRAME
	LONG_S	a0, FREGS + PT_R(4)(sp)
	LONG_ADDIU a0, ra, -SITE_NEAR_BEFORE_RA
3:	ARGS	LONG_S
	LONG_S	AT, FREGS + PT_R(31)(sp)
	LONG_S	ra, FREGS + PT_EPC(sp)
	LONG_S	zero, FREGS + PT_R(0)(sp)	/* not all registers */
	DISPATCH
1:	LONG_L	AT, FREGS + PT_EPC(sp)
	LONG_L	ra, FREGS + PT_R(31)(sp)
	LONG_L	a0, FREGS + PT_R(4)(sp)
	ARGS	LONG_L
	jr	AT
	LONG_ADDIU sp, sp, FRAME
	SLOT	ftrace_call
ftrace_far_caller:
	LONG_ADDIU sp, sp, -FRAME
	LONG_S	a0, FREGS + PT_R(4)(sp)
	b	3b
	LONG_ADDIU a0, ra, -SITE_FAR_BEFORE_RA
	.size ftrace_caller, . - ftrace_caller

	.balign 64
	.globl ftrace_regs_caller, ftrace_far_regs_caller
	.type ftrace_regs_caller, @function
ftrace_regs_caller:
	LONG_ADDIU sp, sp, -FRAME
	LONG_S	a0, FREGS + PT_R(4)(sp)
	LONG_ADDIU a0, ra, -SITE_NEAR_BEFORE_RA
3:	LONG_S	AT, FREGS + PT_R(1)(sp)
	move	t9, zero
	.irp n, 2,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,28,30
	LONG_S	$\n, FREGS + PT_R(\n)(sp)
	.endr
	LONG_S	AT, FREGS + PT_R(31)(sp)
	LONG_S	ra, FREGS + PT_EPC(sp)
	LONG_ADDIU t0, sp, FRAME
	LONG_S	t0, FREGS + PT_R(29)(sp)
	li	t0, 1
	LONG_S	t0, FREGS + PT_R(0)(sp)		/* all registers */
	mfhi	t0
	mflo	t1
	mfc0	t2, CP0_STATUS
	LONG_S	t0, FREGS + PT_HI(sp)
	LONG_S	t1, FREGS + PT_LO(sp)
	LONG_S	t2, FREGS + PT_STATUS(sp)
	LONG_S	zero, FREGS + PT_CAUSE(sp)	/* no trap */
	LONG_S	zero, FREGS + PT_BADVADDR(sp)
	DISPATCH
1:	LONG_L	t0, FREGS + PT_HI(sp)
	LONG_L	t1, FREGS + PT_LO(sp)
	mthi	t0
	mtlo	t1
	.irp n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,30,31
	LONG_L	$\n, FREGS + PT_R(\n)(sp)
	.endr
	LONG_L	AT, FREGS + PT_EPC(sp)
	bnez	t9, 4f
	LONG_ADDIU sp, sp, FRAME
	jr	AT
	nop
	/* A direct call (arch_ftrace_set_direct_caller()): ra and at are as the site's own call leaves them. */
4:	move	t8, ra
	move	ra, AT
	jr	t9
	move	AT, t8
	SLOT	ftrace_regs_call
ftrace_far_regs_caller:
	LONG_ADDIU sp, sp, -FRAME
	LONG_S	a0, FREGS + PT_R(4)(sp)
	b	3b
	LONG_ADDIU a0, ra, -SITE_FAR_BEFORE_RA
	.size ftrace_regs_caller, . - ftrace_regs_caller

	.globl ftrace_stub
	.type ftrace_stub, @function
	.balign 8
ftrace_stub:
	jr	ra
	nop
	.size ftrace_stub, . - ftrace_stub

	/* The shortest trampoline of a direct call: goes on in the function. */
	.globl ftrace_stub_direct_tramp
	.type ftrace_stub_direct_tramp, @function
	.balign 8
ftrace_stub_direct_tramp:
	move	t9, ra
	jr	t9
	move	ra, AT
	.size ftrace_stub_direct_tramp, . - ftrace_stub_direct_tramp
	.globl ftrace_trampolines_end
ftrace_trampolines_end:

#ifdef CONFIG_MCOUNT_PG
/*
 * The callee of sites as gcc -pg made them, before ftrace_init(): nobody traces yet, so it returns, with ra as it
 * was before the call.  On o32 the call's delay slot pushed two words, and it is for the callee to pop them.
 */
	.globl _mcount
	.type _mcount, @function
	.balign 8
_mcount:
	move	t8, ra
	move	ra, AT
	jr	t8
#if SZREG == 8
	nop
#else
	LONG_ADDIU sp, sp, 8
#endif
	.size _mcount, . - _mcount
#endif
