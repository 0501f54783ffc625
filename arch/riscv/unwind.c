/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unwind.c - backtraces by frame pointers.
 *
 * A C frame keeps {caller's s0, return address} right below the address that s0
 * holds.  Three places are special: a trap pushed a struct pt_regs, whose registers
 * begin the walk; a function that calls nothing (only a trap can find one) keeps the
 * caller's s0 alone, where the others keep the return address, which is still in ra; and the
 * ftrace trampoline leaves s0 alone, so the frame of a
 * callback that it called ends exactly at its struct ftrace_regs, which holds the
 * traced function and its caller.
 *
 * A trap inside the trampoline itself, or inside the function tracer's callback (the
 * one file without frame pointers), finds the traced function's caller in s0: the walk then
 * leaves the traced function out.
 *
 * Untraced, lock-free: an oops may come from anywhere.  A frame must be aligned
 * and above the last one, within one stack's size; else the walk ends.
 */
#include "arch/arch.h"
#include "kernel/kallsyms.h"
#include "kernel/sched/sched.h"
#include <asm/current.h>

struct stackframe {
	unsigned long fp, ra;
};

static bool in_trampoline(unsigned long pc)
{
	return pc >= (unsigned long)ftrace_caller && pc < (unsigned long)ftrace_trampolines_end;
}

static bool frame_is_sane(unsigned long fp, unsigned long low)
{
	return fp >= low + sizeof(struct stackframe) && fp - low < THREAD_SIZE && !(fp & 7);
}

static void walk_frames(bool (*fn)(void *, unsigned long), void *cookie, unsigned long pc, unsigned long fp,
			unsigned long sp)
{
	while (fn(cookie, pc) && frame_is_sane(fp, sp)) {
		const struct stackframe *frame = (const struct stackframe *)fp - 1;
		const struct ftrace_regs *fregs = (const struct ftrace_regs *)fp;

		sp = fp;
		pc = frame->ra;
		fp = frame->fp;
		if (in_trampoline(pc)) {
			if (!fn(cookie, fregs->epc))
				return;
			pc = fregs->ra;
			sp += FREGS_SIZE;
		}
		if (!pc)
			return;
	}
}

static void walk_from_trap(bool (*fn)(void *, unsigned long), void *cookie, const struct pt_regs *regs)
{
	unsigned long fp = regs->s0, second;

	if (frame_is_sane(fp, regs->sp)) {
		second = ((const struct stackframe *)fp - 1)->ra;
		if (!kernel_text_address(second) && frame_is_sane(second, fp)) {
			if (fn(cookie, regs->epc))
				walk_frames(fn, cookie, regs->ra, second, fp);
			return;
		}
	}
	walk_frames(fn, cookie, regs->epc, fp, regs->sp);
}

void arch_stack_walk(bool (*fn)(void *cookie, unsigned long pc), void *cookie, struct task_struct *task,
		     const struct pt_regs *regs)
{
	if (regs) {
		walk_from_trap(fn, cookie, regs);
	} else if (!task || task == current) {
		unsigned long fp = (unsigned long)__builtin_frame_address(0);

		walk_frames(fn, cookie, (unsigned long)__builtin_return_address(0),
			    ((const struct stackframe *)fp - 1)->fp, fp);
	} else if (task->stack) {	/* else dead: nothing is left of it */
		walk_frames(fn, cookie, task->thread.ra, task->thread.s[0], task->thread.sp);
	}
}
