/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offsets.h - what assembly needs to be one source for both word sizes: the size of a
 * register, instructions on whole registers and pointers, and the fields of task_struct
 * that it reads (task.c asserts each of them).
 */
#ifndef ASM_OFFSETS_H
#define ASM_OFFSETS_H

#if __mips == 64 || defined(__mips64)
#define SZREG 8
#else
#define SZREG 4
#endif

#define TASK_PREEMPT_COUNT 0
#define TASK_PERCPU_OFFSET 8
#define TASK_CPU (8 + SZREG)
#define TASK_STACK (16 + SZREG)
#define TASK_THREAD (16 + 2 * SZREG)
#define TASK_THREAD_RA (TASK_THREAD + 0)
#define TASK_THREAD_SP (TASK_THREAD + SZREG)
#define TASK_THREAD_S(n) (TASK_THREAD + (2 + (n)) * SZREG)
#define TASK_THREAD_OVERFLOW_SP (TASK_THREAD + 11 * SZREG)

#ifdef __ASSEMBLER__
/* The names that both calling conventions share; o32 calls t0 .. t3 t4 .. t7, and a4 .. a7 t0 .. t3. */
#define zero $0
#define AT $1
#define v0 $2
#define a0 $4
#define a1 $5
#define a2 $6
#define a3 $7
#define t0 $12
#define t1 $13
#define t2 $14
#define s0 $16
#define s1 $17
#define t8 $24
#define t9 $25
#define k0 $26
#define k1 $27
#define gp $28
#define sp $29
#define ra $31

#if SZREG == 8
#define LONG_S sd
#define LONG_L ld
#define LONG_ADDU daddu
#define LONG_ADDIU daddiu
#define LONG_SLL dsll
#define LA dla
#define LONG_MFC0 dmfc0
#define LONG_MTC0 dmtc0
/* n64: arguments 5 to 8 come in registers as well, and a callee needs no room in its caller's frame. */
#define ARG_AREA 0
#else
#define LONG_S sw
#define LONG_L lw
#define LONG_ADDU addu
#define LONG_ADDIU addiu
#define LONG_SLL sll
#define LA la
#define LONG_MFC0 mfc0
#define LONG_MTC0 mtc0
/* o32: a callee may store its four register arguments in 16 bytes of its caller's frame. */
#define ARG_AREA 16
#endif
#endif

#endif
