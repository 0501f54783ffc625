/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unwind.c - backtraces by reading prologues.
 *
 * MIPS code keeps no frame pointers.  But a function's first basic block says what
 * it does to the stack:
 *
 *   [d]addiu sp, sp, -N     its frame is N bytes
 *   s[dw] ra, off(sp)       its return address is there
 *
 * and nothing moves either into another block (-fno-shrink-wrap) or moves sp again before the end
 * (no alloca, no variable-length arrays: -Wvla).  So from a pc and an sp comes the caller's
 * pc and sp.  Only as much of the prologue counts as has been executed.  A function that has not
 * stored ra is only believed at the top, where ra is still in the register.
 *
 * Three places are special.  A trap pushed a struct pt_regs, whose registers continue the walk.  A
 * callback that a trampoline called ends at its struct ftrace_regs, which holds the traced function and
 * its caller.  And at a patch site `ra` may not be what it seems: the prologue starts behind it.
 *
 * Untraced, lock-free: an oops may come from anywhere.  sp must be aligned and go
 * up, within one stack, and memory that is not there is not read; else the walk ends.
 */
#include "arch/arch.h"
#include "arch/mips/insn.h"
#include "arch/mips/mm.h"
#include "arch/mips/patch.h"
#include "kernel/kallsyms.h"
#include "kernel/sched/sched.h"
#include <asm/current.h>

#define REGS_OFFSET (SZREG == 8 ? 0 : 16)	/* o32: the area for a callee's arguments lies below a struct pt_regs */
#define JUMP_AND_SLOT 8		/* a return address is behind the jal and its delay slot */

struct frame {
	unsigned long pc, sp;
	unsigned long ra;	/* the register, where it is known; 0: only memory counts */
};

/* The end of the stack that sp is in, or of the one above the guard page that it is in. */
static unsigned long stack_top(unsigned long sp)
{
	return ALIGN_DOWN(sp + (sp & THREAD_SIZE), 2UL * THREAD_SIZE) + THREAD_SIZE;
}

static bool can_read(const struct frame *f, unsigned long offset, unsigned long size)
{
	unsigned long addr = f->sp + offset;

	return addr >= f->sp && addr + size <= stack_top(f->sp) && mm_is_mapped(addr) && mm_is_mapped(addr + size - 1);
}

extern char ret_from_trap[];

static bool in_trampoline(unsigned long pc)
{
	return pc >= (unsigned long)ftrace_caller && pc < (unsigned long)ftrace_trampolines_end;
}

/* The first word behind a patch site, if there is one at the function's start: what is in front of others is the prologue. */
static const u32 *behind_site(const u32 *start)
{
	bool site = start[0] == INSN_NOP || start[0] == INSN_MOVE_AT_RA || start[1] == INSN_MOVE_AT_RA;

	return site && !FTRACE_BEHIND_PROLOGUE ? start + FTRACE_SITE_WORDS : start;
}

/* What the prologue has done by `end`: bytes taken from the stack, and where ra is in them (-1: nowhere). */
static void read_prologue(const u32 *insn, const u32 *end, int *size, int *ra_offset)
{
	const u32 *last = end;
	int bytes;

	*size = 0;
	*ra_offset = -1;
	for (; insn < last; insn++) {
		if (!*size && insn_is_sp_adjust(*insn, &bytes) && bytes < 0)
			*size = -bytes;
		else if (*ra_offset < 0)
			insn_is_sp_store(*insn, REG_RA, ra_offset);
		/* The block ends with the delay slot. */
		if (last == end && insn_is_jump(*insn))
			last = insn + 2 < end ? insn + 2 : end;
	}
}

/* At the `jr ra` whose frame is gone already: the compiler may give sp back before it. */
static bool frame_is_gone(const u32 *pc)
{
	int bytes;

	return *pc == INSN_JR_RA && insn_is_sp_adjust(pc[-1], &bytes) && bytes > 0;
}

/* From f to its caller.  false: there is none, or it cannot be told. */
static bool unwind_frame(struct frame *f)
{
	int index = kallsyms_find(f->ra ? f->pc : f->pc - JUMP_AND_SLOT);
	const u32 *start, *pc = (const u32 *)f->pc;
	int size, ra_offset;

	if (index < 0 || (f->pc & 3) || !patch_is_text(f->pc - 4, 4)) {
		/* A jump to nowhere: who jumped is still known. */
		f->pc = f->ra;
		f->ra = 0;
		return f->pc != 0;
	}
	start = (const u32 *)kallsyms_sym_address(index);
	read_prologue(behind_site(start), pc, &size, &ra_offset);
	if (f->ra && (ra_offset < 0 || frame_is_gone(pc))) {
		f->pc = f->ra;
		if (frame_is_gone(pc))
			size = 0;
	} else if (ra_offset >= 0 && can_read(f, ra_offset, sizeof(long))) {
		f->pc = *(const unsigned long *)(f->sp + ra_offset);
	} else {
		return false;
	}
	f->sp += size;
	f->ra = 0;
	return f->pc != 0;
}

static void continue_at(struct frame *f, const struct pt_regs *regs)
{
	*f = (struct frame){ regs->epc, regs->regs[REG_SP], regs->regs[REG_RA] };
}

static bool sp_is_sane(const struct frame *f, unsigned long low)
{
	return f->sp >= low && f->sp < stack_top(low) && !(f->sp & (sizeof(long) - 1));
}

static void walk_frames(bool (*fn)(void *, unsigned long), void *cookie, struct frame f)
{
	unsigned long low = f.sp;

	while (sp_is_sane(&f, low) && fn(cookie, f.pc)) {
		const struct pt_regs *regs = (const struct pt_regs *)(f.sp + REGS_OFFSET);

		if (f.pc != (unsigned long)ret_from_trap && !in_trampoline(f.pc)) {
			if (!unwind_frame(&f))
				return;
		} else if (!can_read(&f, 0, PT_SIZE + REGS_OFFSET)) {
			return;
		} else if (f.pc == (unsigned long)ret_from_trap) {
			continue_at(&f, regs);
		} else {
			/* The traced function at its site, its caller in ra; behind a prologue, it has a frame. */
			f = (struct frame){ regs->epc, (unsigned long)(regs + 1), regs->regs[REG_RA] };
		}
	}
}

/* Where this is put.  The jump makes ra the address behind it, and the compiler save the ra that was there. */
static __always_inline struct frame here(void)
{
	unsigned long pc, sp_now;

	__asm__ volatile(".set push\n\t.set noreorder\n\t"
			 "bal 1f\n\t"
			 "nop\n"
			 "1:\tmove %0, $31\n\t"
			 "move %1, $29\n\t"
			 ".set pop" : "=r"(pc), "=r"(sp_now) :: "$31");
	return (struct frame){ pc, sp_now, 0 };
}

/* The start of one: nothing of it has been executed, so nothing on the stack is its caller's. */
static bool is_function(unsigned long pc)
{
	int index = kallsyms_find(pc);

	return index >= 0 && kallsyms_sym_address(index) == pc;
}

void arch_stack_walk(bool (*fn)(void *cookie, unsigned long pc), void *cookie, struct task_struct *task,
		     const struct pt_regs *regs)
{
	bool other = !regs && task && task != current;
	struct frame f = here();

	if (regs)
		continue_at(&f, regs);
	else if (other)
		f = (struct frame){ task->thread.ra, task->thread.sp, 0 };
	else if (!unwind_frame(&f))
		return;
	if (other && is_function(f.pc))
		fn(cookie, f.pc);	/* it has never run */
	else
		walk_frames(fn, cookie, f);
}
