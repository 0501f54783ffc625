/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * patch.c - the only writer of text.
 *
 * Text is mapped read-execute for good.  A batch writes through an alias: one
 * page at PATCH_ALIAS, writable and not executable, that exists only while the
 * batch needs it; so no address is ever both.  Sites come in address order, so
 * each page of text is mapped once a batch.
 *
 * Lock: the caller's (ftrace's) text lock.  Preemption is off in a batch: the
 * alias's translation is flushed on this CPU only, and nobody else may use it.
 *
 * Instruction streams: fence.i here and, by the SBI's RFENCE, on the other
 * harts, once at the end of the batch.  Until then a hart may see the old word:
 * with one word deciding, that is as good as the new one.
 */
#include "arch/arch.h"
#include "arch/riscv/patch.h"
#include "kernel/preempt.h"
#include "lib/errno.h"

#include "arch/riscv/mm.h"

extern char _stext[], _etext[], _sinittext[], _einittext[];

unsigned long patch_page = NO_PAGE, patch_delta;
static bool init_text_gone;

void patch_forget_init_text(void)
{
	init_text_gone = true;
}

static bool within(unsigned long addr, unsigned long size, const char *start, const char *end)
{
	return addr >= (unsigned long)start && addr + size <= (unsigned long)end;
}

bool patch_is_text(unsigned long addr, unsigned long size)
{
	return within(addr, size, _stext, _etext) ||
	       (!init_text_gone && within(addr, size, _sinittext, _einittext));
}

void patch_begin(void)
{
	preempt_disable_notrace();
}

void patch_end(void)
{
	if (patch_page != NO_PAGE)
		mm_clear_patch_alias();
	patch_page = NO_PAGE;
	arch_sync_instruction_streams();
	preempt_enable_notrace();
}

int patch_map(unsigned long addr)
{
	unsigned long page = addr & PAGE_MASK;

	if (!patch_is_text(addr, 4))
		return -EFAULT;
	mm_set_patch_alias(__pa(page));
	patch_page = page;
	patch_delta = PATCH_ALIAS - page;
	return 0;
}
