/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mm.c - what goes through the TLB: the vmalloc window in kseg2.
 *
 * RAM is used through kseg0, untranslated.  The window is for what must have holes: thread
 * stacks with a guard page below.  Its page table is one array of EntryLo words, an entry a page, 0
 * where nothing is; the refill handler (entry.S) copies pairs of them into the TLB.
 *
 * Wired entries 0 .. NR_WIRED - 1 are never replaced by a refill: they hold the running task's
 * stack.  A trap stores its registers there with EXL set, where a miss could
 * not be refilled.
 *
 * Invariant: no two entries of the TLB match one address (the CPU may shut itself down
 * otherwise).  An entry that is to match nothing holds an address in kseg0, a different one for
 * each entry: kseg0 is never looked up.
 *
 * Lock: interrupts off around each change of the TLB.  The address space identifier
 * (ASID) is 0 for ever, so entries need not be global.
 */
#include "arch/arch.h"
#include "arch/mips/insn.h"
#include "arch/mips/mm.h"
#include "arch/mips/patch.h"
#include "kernel/irqflags.h"

#define PAIR_SIZE (2 * PAGE_SIZE)	/* a TLB entry maps two pages */
#define NR_WIRED (THREAD_SIZE / PAIR_SIZE)
#define NR_PAGES (1 << (VMALLOC_SHIFT - PAGE_SHIFT))

/* Aligned so that a pair never lies across a 64 KiB boundary: entry.S splits its address into %hi and %lo once. */
u32 mips_page_table[NR_PAGES] __aligned(8);

static unsigned long wired_stack;	/* the stack in the wired entries; 0: none */

static u32 *page_entry(unsigned long va)
{
	return &mips_page_table[(va - VMALLOC_START) >> PAGE_SHIFT];
}

static void tlb_write(int index, unsigned long entryhi, u32 lo0, u32 lo1)
{
	cp0_write(CP0_INDEX, index);
	cp0_write_addr(CP0_ENTRYHI, entryhi);
	cp0_write(CP0_ENTRYLO0, lo0);
	cp0_write(CP0_ENTRYLO1, lo1);
	__asm__ volatile("tlbwi\n\tehb" ::: "memory");
}

static void tlb_clear(int index)
{
	tlb_write(index, SEGMENT_ADDR(KSEG0) + (unsigned long)index * PAIR_SIZE, 0, 0);
}

/* The entry that matches the pair of pages at va, < 0: none. */
static int tlb_find(unsigned long va)
{
	cp0_write_addr(CP0_ENTRYHI, va & ~(PAIR_SIZE - 1UL));
	__asm__ volatile("tlbp\n\tehb" ::: "memory");
	return (int)cp0_read(CP0_INDEX);
}

/* Whatever the TLB knows of the pair at va is forgotten: the page table has changed, or the pair moves. */
static void tlb_forget(unsigned long va)
{
	int index = tlb_find(va);

	if (index >= 0)
		tlb_clear(index);
}

static void tlb_load_pair(int index, unsigned long va)
{
	const u32 *pair = page_entry(va);

	tlb_write(index, va, pair[0], pair[1]);
}

void mm_wire_stack(unsigned long stack)
{
	/* The boot task's lies in kseg0, and leaves the entries to whose they were. */
	if (stack == wired_stack || stack < VMALLOC_START)
		return;
	wired_stack = stack;
	for (int i = 0; i < NR_WIRED; i++) {
		unsigned long va = stack + i * PAIR_SIZE;

		tlb_forget(va);
		tlb_load_pair(i, va);
	}
}

static void set_entry(unsigned long va, u32 entrylo)
{
	unsigned long flags;

	local_irq_save(flags);
	WRITE_ONCE(*page_entry(va), entrylo);
	tlb_forget(va);
	/* Memory of a stack that is gone: the wired entries may have been among what was forgotten. */
	if (va - wired_stack < THREAD_SIZE)
		wired_stack = 0;
	local_irq_restore(flags);
}

bool mm_is_mapped(unsigned long addr)
{
	if (addr >= VMALLOC_START && addr < VMALLOC_END)
		return *page_entry(addr) & ENTRYLO_V;
	for (int i = 0; i < machine.nr_mem; i++)
		if (addr - (unsigned long)__va(machine.mem[i].base) < machine.mem[i].size)
			return true;
	return false;
}

/* The table is all there is, so mapping needs no memory and cannot fail. */
int arch_map_page(unsigned long va, unsigned long pa, pgprot_t prot)
{
	set_entry(va, (u32)(pa >> PAGE_SHIFT << ENTRYLO_PFN_SHIFT | prot));
	return 0;
}

unsigned long arch_unmap_page(unsigned long va)
{
	u32 entrylo = *page_entry(va);

	if (!(entrylo & ENTRYLO_V))
		return 0;
	set_entry(va, 0);
	return (unsigned long)(entrylo >> ENTRYLO_PFN_SHIFT) << PAGE_SHIFT;
}

/* This CPU forgot at once, and there is no other. */
void arch_flush_tlb_range(unsigned long start, unsigned long size)
{
}

void arch_mm_init(void)
{
	int entries = (cp0_read(CP0_CONFIG1) >> 25 & 63) + 1;

	cp0_write(CP0_PAGEMASK, 0);
	cp0_write(CP0_WIRED, NR_WIRED);
	for (int i = 0; i < entries; i++)
		tlb_clear(i);
}

/*
 * kseg0 has no protection to change: patch.c has to know, and whoever still jumps there shall not find
 * the old code, but a breakpoint.  (An emulator, too, can forget what it knows of that code: QEMU would go on
 * checking each store to these pages for whether it changes an instruction, at a hundred times the cost.)
 */
void arch_free_initmem(unsigned long start, unsigned long end)
{
	patch_forget_init_text();
	for (u32 *word = (u32 *)start; word < (u32 *)end; word++)
		*word = INSN_BREAK;
	patch_flush(start, end - start);
}
