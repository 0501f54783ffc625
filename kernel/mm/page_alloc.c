/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_alloc.c - physical pages, by the buddy method.
 *
 * Owns every page of RAM and its struct page.  A free block is 2^order pages,
 * aligned to its size, and is on free_area[order]; its buddy is the block of the same
 * size next to it, with which it would form an aligned block twice as large:
 *
 *     page frame   8   9  10  11  12  13  14  15
 *     order 1     [ a   ][ b   ][ c   ][ d     ]    a's buddy is b, c's is d
 *     order 2     [ a b        ][ c d          ]    frame ^ (1 << order)
 *
 * Invariant: no two buddies are free at once (they would have been merged), and only
 * the head of a block has a state other than PAGE_INNER or PAGE_RESERVED.
 *
 * RAM may come in several ranges with holes between; each has an array of struct
 * page of its own, put wherever there is room.  A block never crosses a range's end,
 * because the pages behind it have no struct page that could be free.
 *
 * Lock: zone_lock, interrupts off; innermost but for the console's.  Any context.
 */
#include "kernel/mm/mm.h"
#include "kernel/fault_inject.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/spinlock.h"
#include "lib/string.h"

struct ram_range {
	unsigned long first, end; /* page frame numbers */
	struct page *pages;	  /* of frame `first` and on */
};

static struct ram_range ram[MACHINE_MAX_RANGES];
static int nr_ram;

/* machine.reserved[] and then the arrays of struct page: what mm_init() must not hand out. */
static struct mem_range busy[2 * MACHINE_MAX_RANGES] __initdata;
static int nr_busy __initdata;

static DEFINE_SPINLOCK(zone_lock);
static struct list_head free_area[MAX_ORDER + 1];
static struct sysinfo zone_info;

/* ---- from addresses to struct page and back ---- */

static struct ram_range *range_of(unsigned long pfn)
{
	int i;

	for (i = 0; i < nr_ram; i++)
		if (pfn >= ram[i].first && pfn < ram[i].end)
			return &ram[i];
	return NULL;
}

static struct page *pfn_to_page(unsigned long pfn)
{
	struct ram_range *range = range_of(pfn);

	return range ? &range->pages[pfn - range->first] : NULL;
}

static unsigned long page_to_pfn(const struct page *page)
{
	int i;

	for (i = 0; i < nr_ram; i++)
		if (page >= ram[i].pages && page < ram[i].pages + (ram[i].end - ram[i].first))
			return ram[i].first + (unsigned long)(page - ram[i].pages);
	panic("page_to_pfn: %p is no struct page", (const void *)page);
}

struct page *virt_to_page(const void *addr)
{
	return pfn_to_page(__pa(addr) >> PAGE_SHIFT);
}

void *page_address(const struct page *page)
{
	return __va(page_to_pfn(page) << PAGE_SHIFT);
}

/* ---- free blocks; zone_lock held ---- */

static void add_to_free_area(struct page *page, unsigned int order)
{
	page->state = PAGE_FREE;
	page->order = (u8)order;
	list_add(&page->list, &free_area[order]);
}

static void del_from_free_area(struct page *page)
{
	list_del(&page->list);
	page->state = PAGE_INNER;
}

/* Frees a block: merged with its buddy, and the result with its own, for as long as there is one. */
static void __free_one_page(unsigned long pfn, unsigned int order)
{
	zone_info.freeram += 1UL << order;

	for (; order < MAX_ORDER; order++) {
		struct page *buddy = pfn_to_page(pfn ^ 1UL << order);

		if (!buddy || buddy->state != PAGE_FREE || buddy->order != order)
			break;
		del_from_free_area(buddy);
		pfn_to_page(pfn)->state = PAGE_INNER;
		pfn &= ~(1UL << order);
	}
	add_to_free_area(pfn_to_page(pfn), order);
}

/* Takes a block out, splitting a larger one if need be: upper halves go back to the lists. */
static struct page *rmqueue(unsigned int order)
{
	struct page *page;
	unsigned int found;

	for (found = order; found <= MAX_ORDER; found++)
		if (!list_empty(&free_area[found]))
			break;
	if (found > MAX_ORDER)
		return NULL;

	page = list_first_entry(&free_area[found], struct page, list);
	del_from_free_area(page);
	while (found > order) {
		found--;
		add_to_free_area(page + (1UL << found), found);
	}
	page->state = PAGE_ALLOCATED;
	page->order = (u8)order;
	zone_info.freeram -= 1UL << order;
	return page;
}

/* ---- the public side ---- */

void *__get_free_pages(gfp_t gfp, unsigned int order)
{
	return should_fail(FAULT_ALLOC) ? NULL : __alloc_pages(gfp, order);
}

void *__alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;
	unsigned long flags;
	void *addr;

	if (order > MAX_ORDER)
		return NULL;

	spin_lock_irqsave(&zone_lock, flags);
	page = rmqueue(order);
	spin_unlock_irqrestore(&zone_lock, flags);
	if (!page)
		return NULL;

	addr = page_address(page);
	if (gfp & __GFP_ZERO)
		memset(addr, 0, (size_t)PAGE_SIZE << order);
	return addr;
}

void *get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

/* Why `addr` cannot be freed as a block of this order, or NULL. */
static const char *free_pages_error(const void *addr, const struct page *page, unsigned int order)
{
	if (!page || page->state == PAGE_RESERVED)
		return "not memory of the page allocator";
	if ((unsigned long)addr & ~PAGE_MASK || page->state == PAGE_INNER)
		return "not the start of a block";
	if (page->state == PAGE_FREE)
		return "freed twice";
	if (page->state != PAGE_ALLOCATED)
		return "belongs to the slab allocator";
	if (page->order != order)
		return "allocated with another order";
	return NULL;
}

void free_pages(void *addr, unsigned int order)
{
	struct page *page;
	const char *error;
	unsigned long flags;

	if (!addr)
		return;
	page = virt_to_page(addr);
	spin_lock_irqsave(&zone_lock, flags);
	error = free_pages_error(addr, page, order);
	if (!error)
		__free_one_page(__pa(addr) >> PAGE_SHIFT, order);
	spin_unlock_irqrestore(&zone_lock, flags);
	if (error)
		panic("free_pages: %p, order %u: %s (called by %pS)", addr, order, error,
		      __builtin_return_address(0));
}

unsigned int get_order(size_t size)
{
	unsigned int order = 0;

	while (((size_t)PAGE_SIZE << order) < size)
		order++;
	return order;
}

void si_meminfo(struct sysinfo *info)
{
	unsigned long flags;

	spin_lock_irqsave(&zone_lock, flags);
	*info = zone_info;
	spin_unlock_irqrestore(&zone_lock, flags);
}

/* Hands frames [first, end) over for the first time, in the largest blocks that are aligned. */
static void release_frames(unsigned long first, unsigned long end)
{
	zone_info.totalram += end - first;
	while (first < end) {
		unsigned int order = 0;

		while (order < MAX_ORDER && !(first & 1UL << order) && first + (2UL << order) <= end)
			order++;
		for (unsigned long i = 0; i < 1UL << order; i++)
			pfn_to_page(first + i)->state = PAGE_INNER;
		__free_one_page(first, order);
		first += 1UL << order;
	}
}

unsigned long free_reserved_area(void *start, void *end)
{
	unsigned long first = DIV_ROUND_UP(__pa(start), PAGE_SIZE), last = __pa(end) / PAGE_SIZE;
	unsigned long flags, pfn;

	if (first >= last)
		return 0;
	for (pfn = first; pfn < last; pfn++)
		BUG_ON(!pfn_to_page(pfn) || pfn_to_page(pfn)->state != PAGE_RESERVED);
	spin_lock_irqsave(&zone_lock, flags);
	release_frames(first, last);
	spin_unlock_irqrestore(&zone_lock, flags);
	return last - first;
}

bool initmem_freed;

extern char __init_begin[], __init_text_end[], __end_rodata[], __init_end[];

/* Init code and init data are two pieces: read-only data that stays lies between them. */
void free_initmem(void)
{
	unsigned long pages;

	initmem_freed = true;
	arch_free_initmem((unsigned long)__init_begin, (unsigned long)__init_text_end);
	arch_free_initmem((unsigned long)__end_rodata, (unsigned long)__init_end);
	pages = free_reserved_area(__init_begin, __init_text_end) + free_reserved_area(__end_rodata, __init_end);
	pr_info("Freeing unused kernel image (initmem) memory: %luK\n", pages << (PAGE_SHIFT - 10));
}

/* ---- boot ---- */

/*
 * The next run of frames at or after *first in the range that nothing in busy[] touches.
 * Returns false when there is none.
 */
static bool __init next_free_run(const struct ram_range *range, unsigned long *first, unsigned long *end)
{
	unsigned long start = *first;
	bool moved;

	do {
		moved = false;
		*end = range->end;
		for (int i = 0; i < nr_busy; i++) {
			unsigned long from = busy[i].base >> PAGE_SHIFT;
			unsigned long to = DIV_ROUND_UP(busy[i].base + busy[i].size, PAGE_SIZE);

			if (!busy[i].size || to <= start)
				continue;
			if (from <= start) {
				start = to;
				moved = true;
			} else if (from < *end) {
				*end = from;
			}
		}
	} while (moved && start < range->end);

	*first = start;
	return start < *end;
}

/* Room for `pages` whole pages anywhere in RAM, marked busy; NULL if there is no such hole. */
static void *__init take_hole(unsigned long pages)
{
	for (int i = 0; i < nr_ram; i++) {
		unsigned long first = ram[i].first, end;

		for (; next_free_run(&ram[i], &first, &end); first = end)
			if (end - first >= pages) {
				busy[nr_busy++] = (struct mem_range){ first << PAGE_SHIFT, pages << PAGE_SHIFT };
				return __va(first << PAGE_SHIFT);
			}
	}
	return NULL;
}

/* Gives a range its struct pages, all PAGE_RESERVED; a range they do not fit for is left out. */
static bool __init init_range(struct ram_range *range)
{
	size_t size = (range->end - range->first) * sizeof(struct page);

	range->pages = take_hole(DIV_ROUND_UP(size, PAGE_SIZE));
	if (!range->pages) {
		pr_warn("mm: no room to manage %lu pages at 0x%lx: not used\n", range->end - range->first,
			range->first << PAGE_SHIFT);
		return false;
	}
	static_assert(PAGE_RESERVED == 0, "zeroed pages are reserved");
	memset(range->pages, 0, size);
	return true;
}

static void __init find_ram(void)
{
	memcpy(busy, machine.reserved, sizeof(machine.reserved));
	nr_busy = machine.nr_reserved;
	for (int i = 0; i < machine.nr_mem; i++) {
		unsigned long first = DIV_ROUND_UP(machine.mem[i].base, PAGE_SIZE);
		unsigned long end = (machine.mem[i].base + machine.mem[i].size) >> PAGE_SHIFT;

		if (first < end)
			ram[nr_ram++] = (struct ram_range){ first, end, NULL };
	}

	/* Only now: an array may lie in another range than its own. */
	for (int i = 0; i < nr_ram;)
		if (init_range(&ram[i]))
			i++;
		else
			ram[i] = ram[--nr_ram];
}

void __init mm_init(void)
{
	unsigned long installed = 0;

	for (unsigned int order = 0; order <= MAX_ORDER; order++)
		INIT_LIST_HEAD(&free_area[order]);

	find_ram();
	for (int i = 0; i < machine.nr_mem; i++)
		installed += machine.mem[i].size;
	for (int i = 0; i < nr_ram; i++) {
		unsigned long first = ram[i].first, end;

		for (; next_free_run(&ram[i], &first, &end); first = end)
			release_frames(first, end);
	}
	if (!zone_info.totalram)
		panic("mm_init: no memory");
	pr_info("Memory: %luK/%luK available\n", zone_info.totalram << (PAGE_SHIFT - 10), installed >> 10);
	kmem_cache_init();
}
