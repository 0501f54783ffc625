/* SPDX-License-Identifier: BSD-2-Clause */
/* offsets.h - the fields of task_struct that assembly reads; switch.c asserts each of them. */
#ifndef ASM_OFFSETS_H
#define ASM_OFFSETS_H

#define TASK_PREEMPT_COUNT 0
#define TASK_PERCPU_OFFSET 8
#define TASK_CPU 16
#define TASK_THREAD 32
#define TASK_THREAD_RA (TASK_THREAD + 0)
#define TASK_THREAD_SP (TASK_THREAD + 8)
#define TASK_THREAD_S(n) (TASK_THREAD + 16 + 8 * (n))
#define TASK_THREAD_OVERFLOW_SP (TASK_THREAD + 112)

#endif
