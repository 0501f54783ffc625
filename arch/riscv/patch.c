/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * patch.c - the only writer of text.
 *
 * Text is mapped read-execute for good.  A batch writes through a window: a few
 * pages at PATCH_ALIAS, writable and not executable, that exist only while the
 * batch needs them; so no address is ever both.  Sites come in address order, so
 * the window never comes back to a place.
 *
 * Lock: text_mutex, held for the batch.  Preemption is off in it, too: the
 * window's translation is flushed on this CPU only, and nobody else may use it.
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
#include "kernel/stop_machine.h"
#include "lib/errno.h"

#include "arch/riscv/mm.h"

extern char _text[], _stext[], _etext[], _sinittext[], _einittext[];

struct range {
	unsigned long start, end;
};

struct patch_window patch_window = { .start = NO_WINDOW };

static DEFINE_MUTEX(text_mutex);
static bool init_text_gone;
static struct range far_text;

/* Pages of the image that the batch wrote to: one bit each, from _text on.  Where there is one CPU nobody looks at them. */
#define IMAGE_PAGES ((16UL << 20) / PAGE_SIZE)	/* the linker script's limit */
static unsigned long written[IMAGE_PAGES / 64];

void patch_forget_init_text(void)
{
	init_text_gone = true;
}

void patch_set_far_text(unsigned long start, unsigned long end)
{
	far_text = (struct range){ start, end };
}

static bool within(unsigned long addr, struct range range)
{
	return addr >= range.start && addr < range.end;
}

/* The stretch of text that addr is in; 0, 0: it is in none. */
static struct range text_around(unsigned long addr)
{
	const struct range core = { (unsigned long)_stext, (unsigned long)_etext };
	const struct range init = { (unsigned long)_sinittext, (unsigned long)_einittext };

	if (within(addr, core))
		return core;
	if (!init_text_gone && within(addr, init))
		return init;
	return within(addr, far_text) ? far_text : (struct range){ 0, 0 };
}

bool patch_is_text(unsigned long addr, unsigned long size)
{
	struct range text = text_around(addr);

	return text.end && size <= text.end - addr;
}


static void close_window(void)
{
	if (patch_window.start != NO_WINDOW)
		mm_close_patch_window();
	patch_window.start = NO_WINDOW;
}

/* A word that switches a site, or a trampoline's slot, in any state. */
static bool is_switch(u32 word)
{
	return word == INSN_NOP || insn_is_jal(word, REG_T0) || insn_is_jal(word, REG_RA) ||
	       insn_is_auipc(word, REG_T0) || insn_is_jalr(word, REG_T0, REG_T0);
}

/* What of a page is text. */
static void repeat_page(unsigned long page)
{
	struct range text = text_around(page + PAGE_SIZE - 1);

	if (!text.end)
		text = text_around(page);
	for (unsigned long addr = max(page, text.start); addr < min(page + PAGE_SIZE, text.end); addr += sizeof(u32))
		if (is_switch(*(const u32 *)addr))
			patch_word(addr, *(const u32 *)addr);
}

/* See the top of the file. */
static void patch_repeat(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(written); i++) {
		unsigned long pages = written[i];

		written[i] = 0;
		for (unsigned int bit = 0; pages; bit++, pages >>= 1)
			if (pages & 1)
				repeat_page((unsigned long)_text + (i * 64 + bit) * PAGE_SIZE);
		written[i] = 0;		/* by repeating */
	}
	for (unsigned long page = far_text.start; page < far_text.end; page += PAGE_SIZE)
		repeat_page(page);
	close_window();
}

void patch_begin(void)
{
	mutex_lock(&text_mutex);
	preempt_disable_notrace();
}

void patch_end(void)
{
	close_window();
	arch_sync_instruction_streams();
	if (num_online_cpus() > 1)
		patch_repeat();
	preempt_enable_notrace();
	mutex_unlock(&text_mutex);
}

struct stopped_batch {
	int (*fn)(void *data);
	void *data;
};

/* The other harts do their fence.i on the way out of the trap that they are parked in: restart_site(). */
static int run_stopped(void *data)
{
	const struct stopped_batch *batch = data;
	int ret = batch->fn(batch->data);

	close_window();
	__asm__ volatile("fence.i" ::: "memory");
	return ret;
}

int patch_stopped(int (*fn)(void *data), void *data)
{
	struct stopped_batch batch = { fn, data };
	int ret;

	mutex_lock(&text_mutex);
	ret = stop_machine(run_stopped, &batch);
	mutex_unlock(&text_mutex);
	return ret;
}

void patch_note(unsigned long addr)
{
	unsigned long page = (addr - (unsigned long)_text) / PAGE_SIZE;

	if (page < IMAGE_PAGES)
		written[page / 64] |= 1UL << page % 64;
}

int patch_move_window(unsigned long addr, unsigned long align)
{
	unsigned long start = ALIGN_DOWN(addr, PATCH_WINDOW_SIZE);
	struct range text = text_around(addr);

	if (!text.end || (addr & (align - 1)))
		return -EFAULT;
	/* Both may be in one window: init text begins on the page after the other's last. */
	if (!init_text_gone && !within(addr, far_text))
		text = (struct range){ (unsigned long)_stext, (unsigned long)_einittext };
	mm_open_patch_window(start, max(start, text.start & PAGE_MASK), min(start + PATCH_WINDOW_SIZE + PAGE_SIZE, text.end));
	patch_window.start = start;
	patch_window.delta = PATCH_ALIAS - start;
	return 0;
}

int patch_word(unsigned long addr, u32 word)
{
	int err = patch_window_has(patch_window, addr, sizeof(word)) ? 0 : patch_move_window(addr, sizeof(word));

	if (err)
		return err;
	WRITE_ONCE(*(u32 *)(addr + patch_window.delta), word);
	patch_note(addr);
	return 0;
}
