/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.S - exception vectors, traps, task switches, idling.
 *
 * arch_trap_init() copies the three vectors to EBase (0x80000000):
 *
 *   0x000  TLB refill (0x080: the same for 64-bit segments)   page table to TLB, nothing else
 *   0x100  cache error, runs uncached                         report and stop
 *   0x180  everything else, interrupts too                    handle_exception
 *
 * There is only kernel mode, so a trap stays on the stack of the task it hit: all
 * registers go into a struct pt_regs below sp.  k0 and k1 are free for this code and
 * hold nothing between two of its instructions when EXL is 0.  `at` is saved first of
 * all: a trap may hit a patch site, where it holds the traced function's return address.
 *
 * Until the registers are saved, EXL is 1, and a store that misses the TLB would
 * come here again instead of being refilled.  So the running task's stack is always in
 * the TLB, in the wired entries that __switch_to sets (mm.c).
 *
 * When sp is outside its stack (the bit THREAD_SIZE of the new frame's address is set:
 * see asm/page.h), the frame goes to the overflow stack in kseg0, and
 * do_stack_overflow() reports and ends the run.  An sp that points nowhere gets there as well:
 * each failing store comes here again, one frame further down, until the bit is set.
 */
#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/offsets.h>
#include <asm/csr.h>

#define TRAP_FRAME (PT_SIZE + ARG_AREA)
#define REGS ARG_AREA		/* struct pt_regs is at REGS(sp) */
#define OVERFLOW_STACK_SIZE (2 * PAGE_SIZE)

	.set noreorder
	.set noat

/* All but zero, k0, k1 and sp, which is the caller's business. */
.macro SAVE_ALL
	.irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,28,30,31
	LONG_S	$\n, REGS + PT_R(\n)(sp)
	.endr
	mfhi	t0
	mflo	t1
	LONG_S	t0, REGS + PT_HI(sp)
	LONG_S	t1, REGS + PT_LO(sp)
.endm

/* \epc: EPC, or ErrorEPC for a cache error; clobbers t0 and t1, which SAVE_ALL has stored. */
.macro SAVE_CP0 epc
	LONG_MFC0 t0, \epc
	LONG_MFC0 t1, CP0_BADVADDR
	LONG_S	t0, REGS + PT_EPC(sp)
	LONG_S	t1, REGS + PT_BADVADDR(sp)
	mfc0	t0, CP0_CAUSE
	mfc0	t1, CP0_STATUS
	LONG_S	t0, REGS + PT_CAUSE(sp)
	LONG_S	t1, REGS + PT_STATUS(sp)
.endm

/* From the exception level to where C runs: EXL, ERL and IE off.  t1: Status. */
.macro LEAVE_EXCEPTION_LEVEL
	ins	t1, zero, 0, 5
	mtc0	t1, CP0_STATUS
	ehb
.endm

/* The running code goes on at \target, which may be in another segment. */
.macro JUMP_TO target
	lui	k0, %hi(\target)
	addiu	k0, k0, %lo(\target)
	jr	k0
	nop
.endm

/* s0 .. s7 and s8 to or from the thread_struct of task. */
.macro SAVED_REGISTERS op, task
	.irp n, 16,17,18,19,20,21,22,23
	\op	$\n, TASK_THREAD_S(\n - 16)(\task)
	.endr
	\op	$30, TASK_THREAD_S(8)(\task)
.endm

	.text
	.balign 8
	.globl vec_tlb_refill, vec_tlb_refill_end
	.type vec_tlb_refill, @function
	/*
	 * k0 = distance of the address into the vmalloc window.  Its page table is
	 * one array of EntryLo words, and a TLB entry holds two pages: fetch a pair.  An entry that
	 * is 0 is not valid: the instruction then comes back through handle_exception.
	 */
vec_tlb_refill:
	mfc0	k0, CP0_BADVADDR
	lui	k1, KSEG2 >> 16
	subu	k0, k0, k1
	srl	k1, k0, VMALLOC_SHIFT
	bnez	k1, 1f			/* not in the window */
	srl	k0, k0, PAGE_SHIFT + 1
	sll	k0, k0, 3
	lui	k1, %hi(mips_page_table)
	LONG_ADDU k1, k1, k0
	lw	k0, %lo(mips_page_table)(k1)
	lw	k1, %lo(mips_page_table + 4)(k1)
	mtc0	k0, CP0_ENTRYLO0
	mtc0	k1, CP0_ENTRYLO1
	ehb
	tlbwr
	eret
1:	j	handle_exception
	nop
vec_tlb_refill_end:
	.size vec_tlb_refill, . - vec_tlb_refill

	.globl vec_cache_error, vec_cache_error_end
	.type vec_cache_error, @function
vec_cache_error:
	JUMP_TO	handle_cache_error + KSEG1 - KSEG0
vec_cache_error_end:
	.size vec_cache_error, . - vec_cache_error

	.globl vec_general, vec_general_end
	.type vec_general, @function
vec_general:
	j	handle_exception
	nop
vec_general_end:
	.size vec_general, . - vec_general

	.balign 8
	.globl handle_exception
	.type handle_exception, @function
handle_exception:
	LONG_ADDIU sp, sp, -TRAP_FRAME
	ext	k0, sp, THREAD_SHIFT, 1
	bnez	k0, stack_overflow
	nop
	SAVE_ALL
	LONG_ADDIU t0, sp, TRAP_FRAME
	LONG_S	t0, REGS + PT_R(29)(sp)
	SAVE_CP0 CP0_EPC
	LEAVE_EXCEPTION_LEVEL
	jal	do_trap
	LONG_ADDIU a0, sp, REGS
	.globl ret_from_trap
ret_from_trap:
	/* Interrupts are off.  The saved Status has EXL set: from here on no miss is allowed. */
	LONG_L	t0, REGS + PT_STATUS(sp)
	mtc0	t0, CP0_STATUS
	ehb
	LONG_L	t0, REGS + PT_EPC(sp)
	LONG_L	t1, REGS + PT_HI(sp)
	LONG_L	t2, REGS + PT_LO(sp)
	LONG_MTC0 t0, CP0_EPC
	mthi	t1
	mtlo	t2
	.irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,30,31
	LONG_L	$\n, REGS + PT_R(\n)(sp)
	.endr
	LONG_ADDIU sp, sp, TRAP_FRAME
	ehb
	eret
	.size handle_exception, . - handle_exception

	.type stack_overflow, @function
stack_overflow:
	LONG_S	sp, TASK_THREAD_OVERFLOW_SP(gp)
	LA	sp, overflow_stack + OVERFLOW_STACK_SIZE - TRAP_FRAME
	SAVE_ALL
	LONG_L	t0, TASK_THREAD_OVERFLOW_SP(gp)
	LONG_ADDIU t0, t0, TRAP_FRAME
	LONG_S	t0, REGS + PT_R(29)(sp)
	SAVE_CP0 CP0_EPC
	LEAVE_EXCEPTION_LEVEL
	jal	do_stack_overflow
	LONG_ADDIU a0, sp, REGS
	.size stack_overflow, . - stack_overflow

	/* Runs in kseg1, as does all that it calls with jal; its stack is in kseg1 too.  The caches are not to be trusted. */
	.type handle_cache_error, @function
handle_cache_error:
	move	k1, sp
	LA	sp, overflow_stack + OVERFLOW_STACK_SIZE - TRAP_FRAME + KSEG1 - KSEG0
	SAVE_ALL
	LONG_S	k1, REGS + PT_R(29)(sp)
	SAVE_CP0 CP0_ERROREPC
	LEAVE_EXCEPTION_LEVEL
	jal	do_cache_error
	LONG_ADDIU a0, sp, REGS
	.size handle_cache_error, . - handle_cache_error

/*
 * struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next): returns prev on next's stack.
 *
 * next's stack is wired into the TLB while still on prev's: with interrupts off,
 * the only thing that can happen to prev's stack meanwhile is a refill.  ra is 0 on the
 * way out: to a task that was here before it is dead, and for a new one it ends the backtrace.
 */
	.balign 8
	.globl __switch_to
	.type __switch_to, @function
__switch_to:
	LONG_S	ra, TASK_THREAD_RA(a0)
	LONG_S	sp, TASK_THREAD_SP(a0)
	SAVED_REGISTERS LONG_S, a0
	move	s0, a0
	move	s1, a1
	LONG_ADDIU sp, sp, -32
	jal	mm_wire_stack
	LONG_L	a0, TASK_STACK(a1)
	move	v0, s0
	move	gp, s1
	LONG_L	t9, TASK_THREAD_RA(gp)
	LONG_L	sp, TASK_THREAD_SP(gp)
	SAVED_REGISTERS LONG_L, gp
	jr	t9
	move	ra, zero
	.size __switch_to, . - __switch_to

/*
 * void arch_cpu_idle(void): interrupts on, wait for one, return.
 *
 * `wait` only ends for an interrupt that is let through, so they have to be on before
 * it; one that comes in between would be handled and then slept over.  A trap that finds its EPC
 * in here therefore goes on at mips_idle_end (traps.c).
 */
	.balign 8
	.globl arch_cpu_idle, mips_idle_end
	.type arch_cpu_idle, @function
arch_cpu_idle:
	ei
	ehb
	wait
mips_idle_end:
	jr	ra
	nop
	.size arch_cpu_idle, . - arch_cpu_idle

	.section .bss
	.balign 2 * THREAD_SIZE
overflow_stack:
	.skip OVERFLOW_STACK_SIZE
