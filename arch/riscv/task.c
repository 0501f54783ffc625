/* SPDX-License-Identifier: BSD-2-Clause */
/* task.c - the machine's part of making a task; and the proof of the offsets that assembly uses. */
#include "arch/arch.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"
#include <asm/offsets.h>

static_assert(offsetof(struct task_struct, preempt_count) == TASK_PREEMPT_COUNT, "offsets.h");
static_assert(offsetof(struct task_struct, percpu_offset) == TASK_PERCPU_OFFSET, "offsets.h");
static_assert(offsetof(struct task_struct, cpu) == TASK_CPU, "offsets.h");
static_assert(offsetof(struct task_struct, thread) == TASK_THREAD, "offsets.h");
static_assert(offsetof(struct task_struct, thread.ra) == TASK_THREAD_RA, "offsets.h");
static_assert(offsetof(struct task_struct, thread.sp) == TASK_THREAD_SP, "offsets.h");
static_assert(offsetof(struct task_struct, thread.s) == TASK_THREAD_S(0), "offsets.h");
static_assert(offsetof(struct task_struct, thread.overflow_sp) == TASK_THREAD_OVERFLOW_SP, "offsets.h");

static_assert(offsetof(struct pt_regs, sp) == PT_X(2), "ptrace.h");
static_assert(offsetof(struct pt_regs, s0) == PT_X(8), "ptrace.h");
static_assert(offsetof(struct pt_regs, a0) == PT_X(10), "ptrace.h");
static_assert(offsetof(struct pt_regs, t6) == PT_X(31), "ptrace.h");
static_assert(offsetof(struct pt_regs, status) == PT_STATUS, "ptrace.h");
static_assert(offsetof(struct pt_regs, badaddr) == PT_BADADDR, "ptrace.h");
static_assert(offsetof(struct pt_regs, cause) == PT_CAUSE, "ptrace.h");
static_assert(sizeof(struct pt_regs) == PT_SIZE, "ptrace.h");

static_assert(offsetof(struct ftrace_regs, epc) == FREGS_EPC, "ftrace.h");
static_assert(offsetof(struct ftrace_regs, ra) == FREGS_RA, "ftrace.h");
static_assert(offsetof(struct ftrace_regs, s0) == FREGS_S0, "ftrace.h");
static_assert(offsetof(struct ftrace_regs, regs) == FREGS_REGS, "ftrace.h");
static_assert(offsetof(struct ftrace_regs, args) == FREGS_A0, "ftrace.h");
static_assert(sizeof(struct ftrace_regs) == FREGS_SIZE && FREGS_SIZE % 16 == 0, "ftrace.h");

extern char riscv_task_entry[];

void arch_thread_init(struct task_struct *task, void (*entry)(void))
{
	memset(&task->thread, 0, sizeof(task->thread));
	task->thread.ra = (unsigned long)riscv_task_entry;
	task->thread.s[1] = (unsigned long)entry;
	task->thread.sp = (unsigned long)task->stack + THREAD_SIZE;
}
