/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trampoline.S - the trampolines that patch sites jump to.
 *
 * A site that is on comes here as the first thing a function does (arch/riscv/ftrace.c draws
 * it).  What each register then holds:
 *
 *   t0        where the function goes on: site + 4, or from a far site, which has an entry of its own, site + 8
 *   ra        return address into the caller: parent_ip
 *   a0 .. a7  the function's arguments, live
 *   t1 .. t6  dead: nobody passes anything in them to a function, and callers
 *             assume nothing of them afterwards (-fno-ipa-ra)
 *   s0 ..     callee-saved: the callback's own C code keeps them
 *
 * The payload's dispatch index, in bits 31:15 of the word at site + 8, selects
 * the entry of ftrace_dispatch[] to call: one load and one shift.  Shifted by 11
 * a payload is 16 * index + 4 (its funct3 is 2), and 16 is the size of an entry;
 * a plain nop is 0 and goes through the slot ftrace_call, which
 * ftrace_update_ftrace_func() patches.
 *
 * Trampolines are never freed and may be preempted anywhere: a task that comes
 * back into one finds it as it left it.
 */
#include <asm/ftrace.h>
#include <asm/ptrace.h>

#define DISPATCH_FUNC -4	/* the 4 that the shift leaves */
#define DISPATCH_OPS 4

/* The frame of ftrace_regs_caller: a struct pt_regs, and above it the struct ftrace_regs. */
#define REGS_FREGS PT_SIZE
#define REGS_FRAME (PT_SIZE + FREGS_SIZE)

	.text
	.balign 64
	.globl ftrace_caller
	.type ftrace_caller, @function
ftrace_caller:
	addi sp, sp, -FREGS_SIZE
	sd a0, FREGS_A0 + 0(sp)
	addi a0, t0, -SITE_NEAR_BEFORE_T0
3:	lwu t1, SITE_PAYLOAD_OFFSET(a0)
	sd a1, FREGS_A0 + 8(sp)
	sd a2, FREGS_A0 + 16(sp)
	sd a3, FREGS_A0 + 24(sp)
	sd a4, FREGS_A0 + 32(sp)
	sd a5, FREGS_A0 + 40(sp)
	sd a6, FREGS_A0 + 48(sp)
	sd a7, FREGS_A0 + 56(sp)
	sd t0, FREGS_EPC(sp)
	sd ra, FREGS_RA(sp)
	sd s0, FREGS_S0(sp)
	sd zero, FREGS_REGS(sp)
	srli t1, t1, 11
	mv a1, ra		/* parent_ip */
	mv a3, sp		/* fregs */
	beqz t1, 2f
	lla t2, ftrace_dispatch
	add t2, t2, t1
	ld t1, DISPATCH_FUNC(t2)
	ld a2, DISPATCH_OPS(t2)
	jalr t1
1:	ld t0, FREGS_EPC(sp)
	ld ra, FREGS_RA(sp)
	ld a0, FREGS_A0 + 0(sp)
	ld a1, FREGS_A0 + 8(sp)
	ld a2, FREGS_A0 + 16(sp)
	ld a3, FREGS_A0 + 24(sp)
	ld a4, FREGS_A0 + 32(sp)
	ld a5, FREGS_A0 + 40(sp)
	ld a6, FREGS_A0 + 48(sp)
	ld a7, FREGS_A0 + 56(sp)
	addi sp, sp, FREGS_SIZE
	jr t0
	/* No index: the classic way.  Everybody's callback is behind the slot. */
2:	lla a2, function_trace_op
	ld a2, 0(a2)
	.balign 4
	.option push
	.option norvc
	.globl ftrace_call
ftrace_call:
	jal ra, ftrace_stub
	.option pop
	j 1b
	/* From far sites, whose last word tells whether all registers are to be saved. */
4:	j ftrace_far_regs_caller
	.balign 4
	.globl ftrace_far_caller
ftrace_far_caller:
	lwu t1, SITE_FAR_TRAMPOLINE_OFFSET - SITE_FAR_BEFORE_T0(t0)
	srli t1, t1, 15
	bnez t1, 4b
	addi sp, sp, -FREGS_SIZE
	sd a0, FREGS_A0 + 0(sp)
	addi a0, t0, -SITE_FAR_BEFORE_T0
	j 3b
	.size ftrace_caller, . - ftrace_caller

	.globl ftrace_stub
	.type ftrace_stub, @function
	.balign 8
ftrace_stub:
	ret
	.size ftrace_stub, . - ftrace_stub

	/* The shortest trampoline of a direct call: goes on in the function. */
	.globl ftrace_stub_direct_tramp
	.type ftrace_stub_direct_tramp, @function
	.balign 8
ftrace_stub_direct_tramp:
	jr t0
	.size ftrace_stub_direct_tramp, . - ftrace_stub_direct_tramp
	.globl ftrace_caller_end
ftrace_caller_end:

/*
 * The same for a site where somebody wants all registers (FTRACE_OPS_FL_SAVE_REGS): a
 * struct pt_regs below the struct ftrace_regs, which points to it.  Everything is read back
 * from it, so a callback may change any register and where the function goes on.  A direct call
 * is an address in t1 (arch_ftrace_set_direct_caller()): it gets the function's registers, and t0.
 */
	.section .trampoline.regs, "ax", @progbits	/* 64 KiB behind ftrace_caller: linker/riscv64.lds.S */
	.globl ftrace_regs_caller
	.type ftrace_regs_caller, @function
ftrace_regs_caller:
	addi t1, t0, -SITE_NEAR_BEFORE_T0
3:	addi sp, sp, -REGS_FRAME
	sd x1, PT_X(1)(sp)
	sd zero, PT_X(6)(sp)	/* t1: no direct call */
	.irp n, 3,4,5,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd x\n, PT_X(\n)(sp)
	.endr
	addi t2, sp, REGS_FRAME
	sd t2, PT_X(2)(sp)
	sd t0, PT_EPC(sp)
	csrr t2, sstatus
	sd t2, PT_STATUS(sp)
	sd zero, PT_BADADDR(sp)
	sd zero, PT_CAUSE(sp)
	.irp n, 0,1,2,3,4,5,6,7
	sd a\n, REGS_FREGS + FREGS_A0 + 8 * \n(sp)
	.endr
	sd t0, REGS_FREGS + FREGS_EPC(sp)
	sd ra, REGS_FREGS + FREGS_RA(sp)
	sd s0, REGS_FREGS + FREGS_S0(sp)
	sd sp, REGS_FREGS + FREGS_REGS(sp)
	mv a0, t1
	lwu t1, SITE_PAYLOAD_OFFSET(t1)
	srli t1, t1, 11
	mv a1, ra
	addi a3, sp, REGS_FREGS
	beqz t1, 2f
	lla t2, ftrace_dispatch
	add t2, t2, t1
	ld t1, DISPATCH_FUNC(t2)
	ld a2, DISPATCH_OPS(t2)
	jalr t1
1:	ld x1, PT_X(1)(sp)
	.irp n, 3,4,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld x\n, PT_X(\n)(sp)
	.endr
	ld t0, PT_EPC(sp)
	addi sp, sp, REGS_FRAME
	bnez t1, 4f
	jr t0
4:	jr t1
2:	lla a2, function_trace_op
	ld a2, 0(a2)
	.balign 4
	.option push
	.option norvc
	.globl ftrace_regs_call
ftrace_regs_call:
	jal ra, ftrace_stub
	.option pop
	j 1b
	.balign 4
	.globl ftrace_far_regs_caller
ftrace_far_regs_caller:
	addi t1, t0, -SITE_FAR_BEFORE_T0
	j 3b
	.size ftrace_regs_caller, . - ftrace_regs_caller

	.globl ftrace_trampolines_end
ftrace_trampolines_end:
