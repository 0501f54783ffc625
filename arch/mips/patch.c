/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * patch.c - the only writer of text.
 *
 * kseg0 knows no protection, so a store is all it takes; that nobody else does it is this
 * project's rule, not the machine's.
 *
 * The instruction cache does not watch stores.  After each, `synci` writes the line back and
 * drops it from the instruction cache; a CPU of release 1 (Config.AR 0) does not have it, and takes the
 * same two steps with CACHE.  That is enough for the other instruction fetches of this
 * CPU, up to those already in its pipeline: `jr.hb` at the end of a batch drops these.
 *
 * Lock: text_mutex, held for the batch.  Preemption is off in it, too.
 *
 * Until the batch ends the CPU may run the old word or the new one: with one word deciding,
 * either is right.
 */
#include "arch/arch.h"
#include "arch/mips/mm.h"
#include "arch/mips/patch.h"
#include "kernel/mutex.h"
#include "kernel/preempt.h"
#include "kernel/stop_machine.h"
#include "lib/errno.h"
#include <asm/csr.h>

/* CACHE operations: which cache in bits 1:0, what to do in 4:2. */
#define HIT_INVALIDATE_I 0x10
#define HIT_WRITEBACK_INV_D 0x15
#define CACHE_LINE_MIN 16

extern char _stext[], _etext[], _sinittext[], _einittext[];

static bool init_text_gone, use_synci, cache_ops_forced;
static unsigned long far_start, far_end;

void patch_forget_init_text(void)
{
	init_text_gone = true;
}

void patch_set_far_text(unsigned long start, unsigned long end)
{
	far_start = start;
	far_end = end;
}

static bool within(unsigned long addr, unsigned long size, unsigned long start, unsigned long end)
{
	return addr >= start && addr + size <= end;
}

bool patch_is_text(unsigned long addr, unsigned long size)
{
	return within(addr, size, (unsigned long)_stext, (unsigned long)_etext) ||
	       (!init_text_gone && within(addr, size, (unsigned long)_sinittext, (unsigned long)_einittext)) ||
	       within(addr, size, far_start, far_end);
}

/* The line of one word, in all caches. */
static void flush_line(unsigned long addr)
{
	if (likely(use_synci))
		patch_synci(addr);
	else
		__asm__ volatile("cache %1, 0(%0)\n\tsync\n\tcache %2, 0(%0)"
				 :: "r"(addr), "i"(HIT_WRITEBACK_INV_D), "i"(HIT_INVALIDATE_I) : "memory");
}

static void choose_flush(void)
{
	use_synci = CONFIG_AR(cp0_read(CP0_CONFIG)) >= 1 && !cache_ops_forced;
}

bool patch_has_synci(void)
{
	return use_synci;
}

void patch_force_cache_ops(bool force)
{
	cache_ops_forced = force;
}

void patch_flush(unsigned long start, unsigned long size)
{
	choose_flush();
	for (unsigned long line = start & ~(CACHE_LINE_MIN - 1UL); line < start + size; line += CACHE_LINE_MIN)
		flush_line(line);
	__asm__ volatile("sync" ::: "memory");
}

void patch_hazard(void)
{
	__asm__ volatile(".set push\n\t.set noreorder\n\t.set noat\n\t"
			 "lui $1, %%hi(1f)\n\t"
			 "addiu $1, $1, %%lo(1f)\n\t"
			 "jr.hb $1\n\t"
			 "nop\n"
			 "1:\n\t"
			 ".set pop" ::: "$1", "memory");
}

static DEFINE_MUTEX(text_mutex);

void patch_begin(void)
{
	mutex_lock(&text_mutex);
	preempt_disable_notrace();
	choose_flush();
}

void patch_end(void)
{
	arch_sync_instruction_streams();
	preempt_enable_notrace();
	mutex_unlock(&text_mutex);
}

struct stopped_batch {
	int (*fn)(void *data);
	void *data;
};

static int run_stopped(void *data)
{
	const struct stopped_batch *batch = data;
	int ret;

	choose_flush();
	ret = batch->fn(batch->data);
	arch_sync_instruction_streams();
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

void patch_store(unsigned long addr, u32 word)
{
	WRITE_ONCE(*(u32 *)addr, word);
	flush_line(addr);
}

int patch_word(unsigned long addr, u32 word)
{
	if ((addr & 3) || !patch_is_text(addr, 4))
		return -EFAULT;
	patch_store(addr, word);
	return 0;
}
