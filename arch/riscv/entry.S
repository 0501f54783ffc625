/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.S - traps and task switches.
 *
 * There is only supervisor mode, so a trap stays on the stack of the task it
 * hit: all registers go into a struct pt_regs below sp.  When sp is outside its
 * stack (the bit THREAD_SIZE of the new frame's address is set: see
 * asm/page.h), storing there would fault again for ever; the frame then goes to
 * this CPU's overflow stack, and do_stack_overflow() reports and ends the run.
 *
 * Registers: tp = current throughout.  sscratch = a spare word.
 */
#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/offsets.h>
#include <asm/csr.h>

/* Stores x1 and x3..x31; x2 (sp) is the caller's business. */
.macro SAVE_ALL
	sd x1, PT_X(1)(sp)
	.irp n, 3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd x\n, PT_X(\n)(sp)
	.endr
.endm

/* sepc, sstatus, stval, scause; clobbers s1..s4, which SAVE_ALL has stored. */
.macro SAVE_CSRS
	csrr s1, sepc
	csrr s2, sstatus
	csrr s3, stval
	csrr s4, scause
	sd s1, PT_EPC(sp)
	sd s2, PT_STATUS(sp)
	sd s3, PT_BADADDR(sp)
	sd s4, PT_CAUSE(sp)
.endm

	.text
	.balign 8
	.globl handle_exception
	.type handle_exception, @function
handle_exception:
	csrw sscratch, t0
	addi sp, sp, -PT_SIZE
	srli t0, sp, THREAD_SHIFT
	andi t0, t0, 1
	bnez t0, stack_overflow
	csrr t0, sscratch
	SAVE_ALL
	addi t0, sp, PT_SIZE
	sd t0, PT_X(2)(sp)
	SAVE_CSRS
	mv a0, sp
	call do_trap

	ld t0, PT_EPC(sp)
	ld t1, PT_STATUS(sp)
	csrw sepc, t0
	csrw sstatus, t1
	ld x1, PT_X(1)(sp)
	.irp n, 3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld x\n, PT_X(\n)(sp)
	.endr
	addi sp, sp, PT_SIZE
	sret
	.size handle_exception, . - handle_exception

	.type stack_overflow, @function
stack_overflow:
	sd sp, TASK_THREAD_OVERFLOW_SP(tp)
	lw t0, TASK_CPU(tp)
	addi t0, t0, 1
	slli t0, t0, PAGE_SHIFT
	lla sp, overflow_stacks
	add sp, sp, t0
	addi sp, sp, -PT_SIZE
	csrr t0, sscratch
	SAVE_ALL
	ld t0, TASK_THREAD_OVERFLOW_SP(tp)
	addi t0, t0, PT_SIZE
	sd t0, PT_X(2)(sp)
	SAVE_CSRS
	mv a0, sp
	call do_stack_overflow
	.size stack_overflow, . - stack_overflow

/* struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next): returns prev on next's stack. */
	.balign 8
	.globl __switch_to
	.type __switch_to, @function
__switch_to:
	sd ra, TASK_THREAD_RA(a0)
	sd sp, TASK_THREAD_SP(a0)
	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11
	sd s\n, TASK_THREAD_S(\n)(a0)
	.endr
	ld ra, TASK_THREAD_RA(a1)
	ld sp, TASK_THREAD_SP(a1)
	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11
	ld s\n, TASK_THREAD_S(\n)(a1)
	.endr
	mv tp, a1
	ret
	.size __switch_to, . - __switch_to

/* Where the first switch to a task lands: enters s1, with a return address that ends every backtrace. */
	.balign 8
	.globl riscv_task_entry
	.type riscv_task_entry, @function
riscv_task_entry:
	li ra, 0
	jr s1
	.size riscv_task_entry, . - riscv_task_entry

	.section .bss
	.balign PAGE_SIZE
overflow_stacks:
	.skip 8 * PAGE_SIZE
