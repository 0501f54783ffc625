/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmalloc.c - areas of virtual addresses backed by single pages.
 *
 *     VMALLOC_START                                                    VMALLOC_END
 *     | guard | area .... | guard | area .. | guard |     free     ...      | guard |
 *
 * Owns the window and the list of areas in it, sorted by address.  Invariant: between two
 * areas, and at both ends of the window, at least one page is never mapped.  Room is given
 * out first fit.
 *
 * Stacks are made and given back all the time, and giving one back interrupts every CPU: a few are kept.
 *
 * Lock: area_lock guards the list and the kept stacks only.  Pages are mapped after an area is on the list and
 * unmapped before it leaves it, so nobody else can be at those addresses meanwhile.
 */
#include "kernel/mm/vmalloc.h"
#include "kernel/mm/slab.h"
#include "kernel/panic.h"
#include "kernel/spinlock.h"
#include "lib/errno.h"

struct vm_struct {
	struct list_head list;
	unsigned long addr, size; /* without the guards */
};

static LIST_HEAD(areas);
static DEFINE_SPINLOCK(area_lock);

/* Puts the area at the lowest address where it fits.  -ENOMEM if it fits nowhere.  area_lock held. */
static int insert_area(struct vm_struct *area, unsigned long align)
{
	unsigned long addr = ALIGN(VMALLOC_START + PAGE_SIZE, align);
	struct vm_struct *next;

	list_for_each_entry(next, &areas, list) {
		if (addr + area->size + PAGE_SIZE <= next->addr)
			break;
		addr = ALIGN(next->addr + next->size + PAGE_SIZE, align);
	}
	if (addr > VMALLOC_END - PAGE_SIZE || area->size > VMALLOC_END - PAGE_SIZE - addr)
		return -ENOMEM;
	area->addr = addr;
	/* Behind the last area the loop ends at the head itself, and this appends. */
	list_add_tail(&area->list, &next->list);
	return 0;
}

/* area_lock held. */
static struct vm_struct *find_area(unsigned long addr)
{
	struct vm_struct *area;

	list_for_each_entry(area, &areas, list)
		if (area->addr == addr)
			return area;
	return NULL;
}

/* No page may be another's while a CPU still knows it under the old address: they are all unmapped first. */
static void unmap_area(struct vm_struct *area)
{
	unsigned long addr;
	void **pages = NULL;

	for (addr = area->addr; addr < area->addr + area->size; addr += PAGE_SIZE) {
		unsigned long pa = arch_unmap_page(addr);

		if (pa) {
			void **page = __va(pa);

			*page = pages;
			pages = page;
		}
	}
	arch_flush_tlb_range(area->addr, area->size);
	while (pages) {
		void **next = *pages;

		free_page(pages);
		pages = next;
	}
}

static int map_area(struct vm_struct *area, gfp_t gfp)
{
	unsigned long addr;

	for (addr = area->addr; addr < area->addr + area->size; addr += PAGE_SIZE) {
		void *page = __get_free_page(gfp);

		if (!page)
			return -ENOMEM;
		if (arch_map_page(addr, __pa(page), PAGE_KERNEL)) {
			free_page(page);
			return -ENOMEM;
		}
	}
	arch_flush_tlb_range(area->addr, area->size);
	return 0;
}

static void release_area(struct vm_struct *area)
{
	unsigned long flags;

	unmap_area(area);
	spin_lock_irqsave(&area_lock, flags);
	list_del(&area->list);
	spin_unlock_irqrestore(&area_lock, flags);
	kfree(area);
}

static void *__vmalloc(size_t size, unsigned long align, gfp_t gfp)
{
	struct vm_struct *area;
	struct sysinfo memory;
	unsigned long flags;
	int err;

	/* What cannot succeed must not take all memory first. */
	si_meminfo(&memory);
	if (!size || size / PAGE_SIZE > memory.totalram || size > VMALLOC_END - VMALLOC_START)
		return NULL;
	area = kzalloc(sizeof(*area), gfp);
	if (!area)
		return NULL;
	area->size = ALIGN(size, PAGE_SIZE);

	spin_lock_irqsave(&area_lock, flags);
	err = insert_area(area, align);
	spin_unlock_irqrestore(&area_lock, flags);
	if (err) {
		kfree(area);
		return NULL;
	}
	if (map_area(area, gfp)) {
		release_area(area);
		return NULL;
	}
	return (void *)area->addr;
}

void *vmalloc(size_t size)
{
	return __vmalloc(size, PAGE_SIZE, GFP_KERNEL);
}

void *vzalloc(size_t size)
{
	return __vmalloc(size, PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
}

void vfree(const void *addr)
{
	struct vm_struct *area;
	unsigned long flags;

	if (!addr)
		return;
	spin_lock_irqsave(&area_lock, flags);
	area = find_area((unsigned long)addr);
	spin_unlock_irqrestore(&area_lock, flags);
	if (!area)
		panic("vfree: %p is not the start of an area (called by %pS)", addr, __builtin_return_address(0));
	release_area(area);
}

#define KEPT_STACKS 4

static void *kept_stacks[KEPT_STACKS];

void *alloc_thread_stack(void)
{
	unsigned long flags;
	void *stack = NULL;

	spin_lock_irqsave(&area_lock, flags);
	for (int i = 0; i < KEPT_STACKS && !stack; i++) {
		stack = kept_stacks[i];
		kept_stacks[i] = NULL;
	}
	spin_unlock_irqrestore(&area_lock, flags);
	return stack ? stack : __vmalloc(THREAD_SIZE, 2 * THREAD_SIZE, GFP_KERNEL);
}

void free_thread_stack(void *stack)
{
	unsigned long flags;

	spin_lock_irqsave(&area_lock, flags);
	for (int i = 0; i < KEPT_STACKS && stack; i++)
		if (!kept_stacks[i]) {
			kept_stacks[i] = stack;
			stack = NULL;
		}
	spin_unlock_irqrestore(&area_lock, flags);
	vfree(stack);
}
