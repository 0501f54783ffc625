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
 * Half words.  That the 4 bytes of an instruction are fetched at once is what the profiles call Ziccif, and not every hart
 * has it: QEMU 7.2 reads the first half, then the second.  While a word is stored such a hart may make one
 * instruction of the old first half and the new second half.  With several CPUs, patch_switch() sees to it that this is
 * the old or the new instruction, or does nothing:
 *
 *   nop -> jump           at once: whatever follows the first half of a nop, it writes to x0
 *   jump -> nop           the first half now, which makes it a nop with some immediate; the second after the fence
 *   jump -> other jump    at once if the first halves are equal.  So are those of all sites' jumps to the two trampolines, whose
 *                         distance is a multiple of 64 KiB.  Else (direct calls, the slots) the first half becomes a
 *                         c.j to itself, and after a fence the whole word is stored: a call in between waits, and is not lost
 *
 * An emulator's hart may see the old word for ever: QEMU before 8.1 lets a hart that is translating a piece of
 * code miss a store to it, keeps that translation, and takes fence.i for done.  It does drop translations that
 * are complete when their code is stored to, and after the remote fence every translation that missed a store is
 * complete.  So with several CPUs, words are stored once more after the fence: patch_finish().
 */
#include "arch/arch.h"
#include "arch/riscv/insn.h"
#include "arch/riscv/patch.h"
#include "init/initcall.h"
#include "kernel/mm/slab.h"
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

/* Where a batch wrote, with several CPUs: one bit for each 8 bytes from start on. */
struct written {
	struct range range;
	unsigned long *bits;
};

#define WRITTEN_UNIT 8UL

struct patch_window patch_window = { .start = NO_WINDOW };

static DEFINE_MUTEX(text_mutex);
static bool init_text_gone;
static bool all_stand_still;
static struct written image_written, far_written;

void patch_forget_init_text(void)
{
	init_text_gone = true;
}

static int written_init(struct written *written, unsigned long start, unsigned long end)
{
	unsigned long *bits = NULL, *old;

	if (end > start) {
		bits = kcalloc(DIV_ROUND_UP(end - start, WRITTEN_UNIT * BITS_PER_LONG), sizeof(long), GFP_KERNEL);
		if (!bits)
			return -ENOMEM;
	}
	mutex_lock(&text_mutex);
	old = written->bits;
	*written = (struct written){ { start, end }, bits };
	mutex_unlock(&text_mutex);
	kfree(old);
	return 0;
}

int patch_set_far_text(unsigned long start, unsigned long end)
{
	return written_init(&far_written, start, end);
}

/* Before there are several CPUs. */
static int __init patch_init(void)
{
	return written_init(&image_written, (unsigned long)_text, (unsigned long)_einittext);
}
early_initcall(patch_init);

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
	return within(addr, far_written.range) ? far_written.range : (struct range){ 0, 0 };
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

int patch_move_window(unsigned long addr, unsigned long align)
{
	unsigned long start = ALIGN_DOWN(addr, PATCH_WINDOW_SIZE);
	struct range text = text_around(addr);

	if (!text.end || (addr & (align - 1)))
		return -EFAULT;
	/* Both may be in one window: init text begins on the page after the other's last. */
	if (!init_text_gone && !within(addr, far_written.range))
		text = (struct range){ (unsigned long)_stext, (unsigned long)_einittext };
	mm_open_patch_window(start, max(start, text.start & PAGE_MASK), min(start + PATCH_WINDOW_SIZE + PAGE_SIZE, text.end));
	patch_window.start = start;
	patch_window.delta = PATCH_ALIAS - start;
	return 0;
}

int patch_word(unsigned long addr, u32 word)
{
	int err = patch_window_has(patch_window, addr, sizeof(word)) ? 0 : patch_move_window(addr, sizeof(word));

	if (!err)
		WRITE_ONCE(*(u32 *)(addr + patch_window.delta), word);
	return err;
}

/* The first half of a nop is a nop, too, whatever the second.  No other word in these 8 bytes begins with it. */
static bool is_nop_half(u32 word)
{
	return (u16)word == (u16)INSN_NOP;
}

static void finish_unit(unsigned long addr)
{
	for (int i = 0; i < 2; i++, addr += sizeof(u32)) {
		u32 word = *(const u32 *)addr;

		patch_word(addr, is_nop_half(word) ? INSN_NOP : word);
	}
}

static void finish_written(struct written *written)
{
	unsigned long size = written->bits ? written->range.end - written->range.start : 0;

	for (unsigned long i = 0; i * BITS_PER_LONG * WRITTEN_UNIT < size; i++) {
		unsigned long bits = written->bits[i];

		written->bits[i] = 0;
		for (unsigned long unit = i * BITS_PER_LONG; bits; unit++, bits >>= 1)
			if (bits & 1)
				finish_unit(written->range.start + unit * WRITTEN_UNIT);
	}
}

/* Completes what was switched off by half a word, and stores everything again; see the top of the file. */
static void patch_finish(void)
{
	finish_written(&image_written);
	finish_written(&far_written);
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
		patch_finish();
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
	int ret;

	all_stand_still = true;
	ret = batch->fn(batch->data);
	all_stand_still = false;
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
	struct written *written = within(addr, far_written.range) ? &far_written : &image_written;
	unsigned long bit = (addr - written->range.start) / WRITTEN_UNIT;

	if (written->bits)
		written->bits[bit / BITS_PER_LONG] |= 1UL << bit % BITS_PER_LONG;
}

/* Nobody may be waited for while harts wait here: interrupts are off, and nothing that is called is traced. */
static void replace_jump(unsigned long addr, u32 word)
{
	unsigned long flags;

	local_irq_save(flags);
	patch_word(addr, (*(const u32 *)addr & 0xffff0000) | INSN_C_J_SELF);
	arch_sync_instruction_streams();
	patch_word(addr, word);
	arch_sync_instruction_streams();
	patch_word(addr, word);		/* see the top of the file */
	local_irq_restore(flags);
}

int patch_switch(unsigned long addr, u32 word)
{
	u32 old;

	if (all_stand_still || num_online_cpus() == 1)
		return patch_word(addr, word);
	if (!patch_is_text(addr, sizeof(word)))
		return -EFAULT;
	old = *(const u32 *)addr;
	if (!is_nop_half(old) && (u16)old != (u16)word) {
		if (word == INSN_NOP)
			word |= old & 0xffff0000;
		else
			replace_jump(addr, word);
	}
	patch_note(addr);
	return patch_word(addr, word);
}
