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
	return (pc >= (unsigned long)ftrace_caller && pc < (unsigned long)ftrace_caller_end) ||
	       (pc >= (unsigned long)ftrace_regs_caller && pc < (unsigned long)ftrace_trampolines_end);
}

/* The struct ftrace_regs of a trampoline that goes on at pc, when its frame begins at sp. */
static const struct ftrace_regs *trampoline_fregs(unsigned long pc, unsigned long sp)
{
	return (const struct ftrace_regs *)(pc < (unsigned long)ftrace_regs_caller ? sp : sp + PT_SIZE);
}

static bool frame_is_sane(unsigned long fp, unsigned long low)
{
	return fp >= low + sizeof(struct stackframe) && fp - low < THREAD_SIZE && !(fp & 7);
}

/* From a call on: it returns to pc, with s0 = fp and the stack pointer at sp. */
static void walk_frames(bool (*fn)(void *, unsigned long), void *cookie, unsigned long pc, unsigned long fp,
			unsigned long sp)
{
	for (;;) {
		const struct stackframe *frame = (const struct stackframe *)fp - 1;

		if (in_trampoline(pc)) {
			const struct ftrace_regs *fregs = trampoline_fregs(pc, sp);

			if (!fn(cookie, fregs->epc))
				return;
			pc = fregs->ra;
			sp = (unsigned long)(fregs + 1);
		}
		if (!pc || !fn(cookie, pc) || !frame_is_sane(fp, sp))
			return;
		sp = fp;
		pc = frame->ra;
		fp = frame->fp;
	}
}

static void walk_from_trap(bool (*fn)(void *, unsigned long), void *cookie, const struct pt_regs *regs)
{
	const struct stackframe *frame = (const struct stackframe *)regs->s0 - 1;

	if (!fn(cookie, regs->epc) || !frame_is_sane(regs->s0, regs->sp))
		return;
	if (!kernel_text_address(frame->ra) && frame_is_sane(frame->ra, regs->s0))
		walk_frames(fn, cookie, regs->ra, frame->ra, regs->s0);
	else
		walk_frames(fn, cookie, frame->ra, frame->fp, regs->s0);
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
