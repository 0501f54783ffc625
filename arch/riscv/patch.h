/* SPDX-License-Identifier: BSD-2-Clause */
/* patch.h - the only way to change text.  See patch.c. */
#ifndef ARCH_RISCV_PATCH_H
#define ARCH_RISCV_PATCH_H

#include "lib/compiler.h"
#include "lib/errno.h"
#include <asm/page.h>

struct pt_regs;

/*
 * For the way out of a trap, with ftrace_patch=stop_machine: never goes on at the second word of a site, nor with what
 * this hart has fetched before.  See ftrace.c.
 */
void restart_site(struct pt_regs *regs);

/* Opens and closes a batch: in between, preemption is off and this CPU may write text. */
void patch_begin(void);
void patch_end(void);
/* Returns fn(data), a batch that runs while all other CPUs stand still, interrupts off. */
int patch_stopped(int (*fn)(void *data), void *data);
/* Is [addr, addr + size) text of the kernel that may be read and written?  Any context. */
bool patch_is_text(unsigned long addr, unsigned long size);
/* The one stretch of text outside the kernel image, [start, end), in whole pages; 0, 0: there is none.  0 or -ENOMEM. */
int patch_set_far_text(unsigned long start, unsigned long end);

/*
 * The piece of text that can be written now: PATCH_WINDOW_SIZE bytes from a multiple of that, and one page more, so that a
 * site may begin in the one and end in the other.  Any text address in it, plus delta, is where to write.
 */
struct patch_window {
	unsigned long start;	/* NO_WINDOW: there is none */
	unsigned long delta;
};

#define PATCH_WINDOW_SIZE (8UL * PAGE_SIZE)
#define NO_WINDOW 1UL	/* no multiple of anything, so no address is found to be in it */

extern struct patch_window patch_window;	/* patch.c's */

/* Is `addr` a multiple of `align` (a power of two) in the window, the last page aside? */
static __always_inline bool patch_window_has(struct patch_window window, unsigned long addr, unsigned long align)
{
	return (addr & (~(PATCH_WINDOW_SIZE - 1) | (align - 1))) == window.start;
}

/* Moves the window to where `addr` is.  0, or -EFAULT: it is not text, or no multiple of `align`.  Inside a batch only. */
int patch_move_window(unsigned long addr, unsigned long align);

/* With several CPUs: a word that decides was stored in the window, at addr or the 8 bytes around it. */
void patch_note(unsigned long addr);

/* Stores one aligned word of text that no other hart executes now; inside a batch only.  0, or -EFAULT when it is not text. */
int patch_word(unsigned long addr, u32 word);
/*
 * The same for a word that other harts may be executing: a nop or a jump becomes a nop or a jump.  With several CPUs it may be
 * some other nop until the batch ends.
 */
int patch_switch(unsigned long addr, u32 word);

#endif
