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

static unsigned long alias_page;	/* the page of text behind the alias; 0: none */
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
	if (alias_page)
		mm_clear_patch_alias();
	alias_page = 0;
	arch_sync_instruction_streams();
	preempt_enable_notrace();
}

int patch_word(unsigned long addr, u32 word)
{
	unsigned long page = addr & PAGE_MASK;

	if ((addr & 3) || !patch_is_text(addr, 4))
		return -EFAULT;
	if (page != alias_page) {
		mm_set_patch_alias(__pa(page));
		alias_page = page;
	}
	WRITE_ONCE(*(u32 *)(PATCH_ALIAS + (addr & ~PAGE_MASK)), word);
	return 0;
}
