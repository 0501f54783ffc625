/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mm.c - the one address space (Sv39, privileged specification section 4.4).
 *
 * Owns the page tables.  RAM and devices are mapped where they are; the kernel's
 * image page by page with the rights of its sections, so that nothing is ever
 * writable and executable; the rest of RAM in 2 MiB pieces.  Tables needed
 * before the page allocator is up come from a small pool in .bss.
 *
 * Lock: changes of one address are serialised by callers; a table once hooked
 * in is never taken out, so two callers at different addresses only meet in
 * next_table(), under table_lock.
 */
#include "arch/arch.h"
#include "arch/riscv/mm.h"
#include "arch/riscv/firmware.h"
#include "arch/riscv/patch.h"
#include "kernel/mm/mm.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"
#include "lib/string.h"

#define PTES 512
#define LEVEL_SHIFT(level) (PAGE_SHIFT + 9 * (level))
#define MEGAPAGE (1UL << LEVEL_SHIFT(1))
#define POOL_PAGES 24
#define WINDOW_PAGES (PATCH_WINDOW_SIZE / PAGE_SIZE + 1)

typedef unsigned long pte_t;

static pte_t root_table[PTES] __aligned(PAGE_SIZE);
static pte_t pool[POOL_PAGES][PTES] __aligned(PAGE_SIZE);
static int pool_used;
static pte_t *alias_pte;
unsigned long kernel_satp;	/* for the other harts: head.S */
static DEFINE_SPINLOCK(table_lock);

static struct mem_range devices[MACHINE_MAX_RANGES];
static int nr_devices;

extern char _text[], _etext[], _end[], __init_begin[], __init_text_end[], __end_rodata[], init_stack[];

static pte_t make_pte(unsigned long pa, pgprot_t prot)
{
	return pa >> PAGE_SHIFT << 10 | prot;
}

static unsigned long pte_pa(pte_t pte)
{
	return pte >> 10 << PAGE_SHIFT;
}

static void flush_tlb_page(unsigned long va)
{
	__asm__ volatile("sfence.vma %0, zero" :: "r"(va) : "memory");
}

static pte_t *alloc_table(void)
{
	if (pool_used < POOL_PAGES)
		return pool[pool_used++];
	return get_zeroed_page(GFP_ATOMIC);
}

/* The table below *pte, made if absent; NULL: no memory. */
static pte_t *next_table(pte_t *pte)
{
	unsigned long flags;
	pte_t *table;

	spin_lock_irqsave(&table_lock, flags);
	if (*pte & PTE_V) {
		table = __va(pte_pa(*pte));
	} else {
		table = alloc_table();
		smp_wmb(); /* empty, before another hart can walk through it */
		if (table)
			WRITE_ONCE(*pte, make_pte(__pa(table), PTE_V));
	}
	spin_unlock_irqrestore(&table_lock, flags);
	return table;
}

/* The entry for va at `level` (0: 4 KiB, 1: 2 MiB); NULL: no memory. */
static pte_t *walk(unsigned long va, int level)
{
	pte_t *table = root_table;

	for (int l = 2; l > level && table; l--)
		table = next_table(&table[va >> LEVEL_SHIFT(l) & (PTES - 1)]);
	return table ? &table[va >> LEVEL_SHIFT(level) & (PTES - 1)] : NULL;
}

int arch_map_page(unsigned long va, unsigned long pa, pgprot_t prot)
{
	pte_t *pte = walk(va, 0);

	if (!pte)
		return -ENOMEM;
	WRITE_ONCE(*pte, make_pte(pa, prot));
	flush_tlb_page(va);
	return 0;
}

unsigned long arch_unmap_page(unsigned long va)
{
	pte_t *pte = walk(va, 0);
	unsigned long pa;

	if (!pte || !(*pte & PTE_V))
		return 0;
	pa = pte_pa(*pte);
	WRITE_ONCE(*pte, 0);
	flush_tlb_page(va);
	return pa;
}

pgprot_t mm_page_rights(unsigned long va)
{
	const pte_t *table = root_table;
	pte_t pte = 0;

	for (int l = 2; l >= 0; l--) {
		pte = READ_ONCE(table[va >> LEVEL_SHIFT(l) & (PTES - 1)]);
		if (!(pte & PTE_V) || (pte & (PTE_R | PTE_W | PTE_X)))
			break;
		table = __va(pte_pa(pte));
	}
	return pte & PTE_V ? pte & (PTE_R | PTE_W | PTE_X) : 0;
}

/* Also after mapping: a hart may remember that there was nothing. */
void arch_flush_tlb_range(unsigned long start, unsigned long size)
{
	sbi_remote_sfence_vma(start, size);
}

/* Boot only: maps [start, end) at virtual = physical, in the largest pieces that fit. */
static void map_range(unsigned long start, unsigned long end, pgprot_t prot)
{
	for (unsigned long va = start & PAGE_MASK; va < end;) {
		int level = !(va & (MEGAPAGE - 1)) && end - va >= MEGAPAGE;

		*walk(va, level) = make_pte(va, prot);
		va += 1UL << LEVEL_SHIFT(level);
	}
}

/* The image's own pages, up to the next 2 MiB boundary behind it. */
static unsigned long map_image(void)
{
	unsigned long end = ALIGN((unsigned long)_end, MEGAPAGE);

	map_range((unsigned long)_text, (unsigned long)__init_text_end, PAGE_KERNEL_RX);
	map_range((unsigned long)__init_text_end, (unsigned long)__end_rodata, PAGE_KERNEL_RO);
	for (unsigned long va = (unsigned long)__end_rodata; va < end; va += PAGE_SIZE)
		*walk(va, 0) = make_pte(va, PAGE_KERNEL);
	*walk((unsigned long)init_stack - PAGE_SIZE, 0) = 0;
	return end;
}

void mm_add_device(unsigned long base, unsigned long size)
{
	if (nr_devices < MACHINE_MAX_RANGES)
		devices[nr_devices++] = (struct mem_range){ base, size };
}

static void mm_activate(void)
{
	kernel_satp = SATP_MODE_SV39 | __pa(root_table) >> PAGE_SHIFT;
	__asm__ volatile("sfence.vma" ::: "memory");
	csr_write(satp, kernel_satp);
	__asm__ volatile("sfence.vma" ::: "memory");
}

void arch_mm_init(void)
{
	unsigned long image_end = map_image();

	for (int i = 0; i < machine.nr_mem; i++) {
		unsigned long base = machine.mem[i].base, end = base + machine.mem[i].size;

		/* RAM below the image is the firmware's: not ours to touch. */
		if (base <= (unsigned long)_text && end > (unsigned long)_text)
			base = image_end;
		if (base < end)
			map_range(base, end, PAGE_KERNEL);
	}
	for (int i = 0; i < nr_devices; i++)
		map_range(devices[i].base, devices[i].base + devices[i].size, PAGE_KERNEL);
	alias_pte = walk(PATCH_ALIAS, 0);
	mm_activate();
}

void arch_free_initmem(unsigned long start, unsigned long end)
{
	patch_forget_init_text();
	for (unsigned long va = start; va < end; va += PAGE_SIZE)
		arch_map_page(va, __pa(va), PAGE_KERNEL);
	arch_flush_tlb_range(start, end - start);
	/* Whoever still jumps there meets an illegal instruction, not what was left of a function. */
	memset((void *)start, 0, end - start);
}

/* Where a page of text is: the image is where it is mapped, other text where its page table entry says. */
static unsigned long text_pa(unsigned long va)
{
	return va >= (unsigned long)_text && va < (unsigned long)_end ? __pa(va) : pte_pa(*walk(va, 0));
}

void mm_open_patch_window(unsigned long start, unsigned long from, unsigned long to)
{
	for (unsigned int i = 0; i < WINDOW_PAGES; i++) {
		unsigned long va = start + i * PAGE_SIZE;

		WRITE_ONCE(alias_pte[i], va >= from && va < to ? make_pte(text_pa(va), PAGE_KERNEL & ~PTE_G) : 0);
		flush_tlb_page(PATCH_ALIAS + i * PAGE_SIZE);
	}
}

void mm_close_patch_window(void)
{
	mm_open_patch_window(0, 0, 0);
}
