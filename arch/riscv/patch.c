/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * patch.c - the only writer of text.
 *
 * Text is mapped read-execute for good.  A batch writes through an alias: one
 * page at PATCH_ALIAS, writable and not executable, that exists only while the
 * batch needs it; so no address is ever both.  Sites come in address order, so
 * each page of text is mapped once a batch.
 *
 * Lock: text_mutex, held for the batch.  Preemption is off in it, too: the
 * alias's translation is flushed on this CPU only, and nobody else may use it.
 *
 * Instruction streams: fence.i here and, by the SBI's RFENCE, on the other
 * harts, once at the end of the batch.  Until then a hart may see the old word:
 * with one word deciding, that is as good as the new one.
 *
 * An emulator's hart may see the old word for ever: QEMU before 8.1 lets a hart that is translating a piece of
 * code miss a store to it, keeps that translation, and takes fence.i for done.  It does drop translations that
 * are complete when their code is stored to, and after the remote fence every translation that missed a store is
 * complete.  So with several CPUs, site words are then stored once more, unchanged: patch_repeat().
 */
#include "arch/arch.h"
#include "arch/riscv/insn.h"
#include "arch/riscv/patch.h"
#include "kernel/mutex.h"
#include "kernel/preempt.h"
#include "kernel/smp.h"
#include "lib/errno.h"

#include "arch/riscv/mm.h"

extern char _text[], _stext[], _etext[], _sinittext[], _einittext[];

unsigned long patch_page = NO_PAGE, patch_delta;
static DEFINE_MUTEX(text_mutex);
static bool init_text_gone;

/* Pages of the image that the batch wrote to: one bit each, from _text on. */
#define IMAGE_PAGES ((16UL << 20) / PAGE_SIZE)	/* the linker script's limit */
static unsigned long written[IMAGE_PAGES / 64];

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
	mutex_lock(&text_mutex);
	preempt_disable_notrace();
}

static void close_alias(void)
{
	if (patch_page != NO_PAGE)
		mm_clear_patch_alias();
	patch_page = NO_PAGE;
}

/* A word that switches a site, or a trampoline's slot, in any state. */
static bool is_switch(u32 word)
{
	return word == INSN_NOP || insn_is_jal(word, REG_T0) || insn_is_jal(word, REG_RA);
}

static void repeat_page(unsigned long page)
{
	const u32 *words = (const u32 *)page;

	if (patch_map(max(page, (unsigned long)_stext)))
		return;
	for (unsigned int i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		if (is_switch(words[i]))
			WRITE_ONCE(*(u32 *)((unsigned long)&words[i] + patch_delta), words[i]);
}

/* See the top of the file. */
static void patch_repeat(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(written); i++) {
		unsigned long pages = written[i];

		for (unsigned int bit = 0; pages; bit++, pages >>= 1)
			if (pages & 1)
				repeat_page((unsigned long)_text + (i * 64 + bit) * PAGE_SIZE);
		written[i] = 0;
	}
	close_alias();
}

void patch_end(void)
{
	close_alias();
	arch_sync_instruction_streams();
	if (num_online_cpus() > 1)
		patch_repeat();
	preempt_enable_notrace();
	mutex_unlock(&text_mutex);
}

int patch_map(unsigned long addr)
{
	unsigned long page = addr & PAGE_MASK;

	if (!patch_is_text(addr, 4))
		return -EFAULT;
	mm_set_patch_alias(__pa(page));
	written[(page - (unsigned long)_text) / PAGE_SIZE / 64] |= 1UL << (page - (unsigned long)_text) / PAGE_SIZE % 64;
	patch_page = page;
	patch_delta = PATCH_ALIAS - page;
	return 0;
}
