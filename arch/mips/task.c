/* SPDX-License-Identifier: BSD-2-Clause */
/* task.c - the machine's part of making a task; and the proof of the offsets that assembly uses. */
#include "arch/arch.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"
#include <asm/offsets.h>

static_assert(sizeof(long) == SZREG, "offsets.h");
static_assert(offsetof(struct task_struct, preempt_count) == TASK_PREEMPT_COUNT, "offsets.h");
static_assert(offsetof(struct task_struct, percpu_offset) == TASK_PERCPU_OFFSET, "offsets.h");
static_assert(offsetof(struct task_struct, cpu) == TASK_CPU, "offsets.h");
static_assert(offsetof(struct task_struct, stack) == TASK_STACK, "offsets.h");
static_assert(offsetof(struct task_struct, thread) == TASK_THREAD, "offsets.h");
static_assert(offsetof(struct task_struct, thread.ra) == TASK_THREAD_RA, "offsets.h");
static_assert(offsetof(struct task_struct, thread.sp) == TASK_THREAD_SP, "offsets.h");
static_assert(offsetof(struct task_struct, thread.s) == TASK_THREAD_S(0), "offsets.h");
static_assert(offsetof(struct task_struct, thread.overflow_sp) == TASK_THREAD_OVERFLOW_SP, "offsets.h");

static_assert(offsetof(struct pt_regs, regs[31]) == PT_R(31), "ptrace.h");
static_assert(offsetof(struct pt_regs, hi) == PT_HI, "ptrace.h");
static_assert(offsetof(struct pt_regs, lo) == PT_LO, "ptrace.h");
static_assert(offsetof(struct pt_regs, epc) == PT_EPC, "ptrace.h");
static_assert(offsetof(struct pt_regs, badvaddr) == PT_BADVADDR, "ptrace.h");
static_assert(offsetof(struct pt_regs, status) == PT_STATUS, "ptrace.h");
static_assert(offsetof(struct pt_regs, cause) == PT_CAUSE, "ptrace.h");
static_assert(sizeof(struct pt_regs) == PT_SIZE && PT_SIZE % (2 * SZREG) == 0, "ptrace.h");

static_assert(sizeof(struct ftrace_regs) == PT_SIZE && offsetof(struct ftrace_regs, regs) == 0, "ftrace.h");

void arch_thread_init(struct task_struct *task, void (*entry)(void))
{
	memset(&task->thread, 0, sizeof(task->thread));
	task->thread.ra = (unsigned long)entry;
	/* o32: entry() may store its register arguments above its sp, in what would be its caller's frame. */
	task->thread.sp = (unsigned long)task->stack + THREAD_SIZE - 4 * sizeof(long);
}
