/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * head.S - the first instructions of each CPU.
 *
 * OpenSBI enters _start in supervisor mode with a0 = hart id, a1 = physical
 * address of the device tree, the MMU off and interrupts off.  Virtual is equal
 * to physical here, so C can run at once; arch_mm_init() turns the MMU on.
 */
#include <asm/page.h>
#include <asm/csr.h>
#include <asm/offsets.h>

	.section .head.text, "ax"
	.globl _start
_start:
	csrw sie, zero
	csrw sip, zero
	lla t0, boot_hartid
	lla t1, __bss_start
	lla t2, __bss_stop
1:	bgeu t1, t2, 2f
	sd zero, 0(t1)
	addi t1, t1, 8
	j 1b
2:	sd a0, 0(t0)
	lla t0, boot_dtb
	sd a1, 0(t0)
	lla tp, init_task
	lla sp, init_stack
	li t0, THREAD_SIZE
	add sp, sp, t0
	li s0, 0
	call arch_trap_init
	li ra, 0		/* the end of every backtrace */
	tail start_kernel

/*
 * Another hart, started by arch_cpu_up(): a1 = its idle task.  Stacks are mapped memory, so the MMU comes first;
 * the code goes on at the same address.
 */
	.text
	.balign 4
	.globl secondary_start
	.type secondary_start, @function
secondary_start:
	csrw sie, zero
	csrw sip, zero
	lla t0, kernel_satp
	ld t0, 0(t0)
	sfence.vma
	csrw satp, t0
	sfence.vma
	lla t0, handle_exception
	csrw stvec, t0
	mv tp, a1
	ld sp, TASK_THREAD_SP(tp)
	ld s1, TASK_THREAD_S(1)(tp)
	li s0, 0
	tail riscv_task_entry
	.size secondary_start, . - secondary_start
