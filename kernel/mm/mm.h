/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mm.h - physical pages.
 *
 * All RAM is mapped at a fixed place (__va), so an allocation is simply an address
 * in that map.  An order is a power of two of pages.  Nothing here sleeps: a request
 * that cannot be met returns NULL at once, whatever its gfp says; GFP_ATOMIC documents
 * a caller that must not sleep.  After mm_init() any context may allocate and free.
 */
#ifndef KERNEL_MM_MM_H
#define KERNEL_MM_MM_H

#include "arch/arch.h"
#include "lib/list.h"

#define GFP_ATOMIC ((gfp_t)0)
#define GFP_KERNEL ((gfp_t)1)
#define __GFP_ZERO ((gfp_t)2)

#define MAX_ORDER 10u /* the largest block: 4 MiB with pages of 4 KiB */

struct kmem_cache;

enum page_state {
	PAGE_RESERVED,	/* never given to the allocator: kernel image, initrd, the arrays of struct page */
	PAGE_FREE,	/* head of a free block */
	PAGE_INNER,	/* not the first page of its block, free or allocated */
	PAGE_ALLOCATED,	/* head of a block handed out by __get_free_pages() */
	PAGE_SLAB,	/* head of a block that slab.c carves into objects */
	PAGE_LARGE,	/* head of a block that kmalloc() handed out whole */
};

/*
 * One for every page of RAM.  The head's fields are page_alloc.c's, under its lock, while
 * the block is free; after that they belong to whoever holds the block, which is in its
 * first state, PAGE_ALLOCATED, again when it is given back.
 */
struct page {
	struct list_head list;		/* PAGE_FREE: the free list; PAGE_SLAB: the cache's list */
	struct kmem_cache *cache;	/* PAGE_SLAB */
	union {
		void *freelist;		/* PAGE_SLAB: its first free object */
		struct page *head;	/* PAGE_INNER of a slab */
	};
	u16 inuse;			/* PAGE_SLAB: objects handed out */
	u8 order;			/* of a head */
	u8 state;
};

/* Numbers of pages. */
struct sysinfo {
	unsigned long totalram; /* pages the allocator was ever given */
	unsigned long freeram;
};

/*
 * Gives all of machine.mem[] that machine.reserved[] leaves over to the allocator, then
 * sets the slab caches up.  Once, early, interrupts off, one CPU.  Panics without memory.
 */
void mm_init(void);

/* Gives the pages of the init sections back.  Their code and data must never be used again.  Task context. */
void free_initmem(void);
extern bool initmem_freed;

/*
 * Gives the whole pages inside [start, end), which mm_init() kept out because machine.reserved[] names
 * them, to the allocator.  Returns how many.
 */
unsigned long free_reserved_area(void *start, void *end);

/* 2^order pages, aligned to their size; NULL if there are none.  Contents undefined but for __GFP_ZERO. */
void *__get_free_pages(gfp_t gfp, unsigned int order);
void *get_zeroed_page(gfp_t gfp);

/* The same for slab.c, whose caller was asked already whether to fail on purpose (fault_inject.h). */
void *__alloc_pages(gfp_t gfp, unsigned int order);

/* `addr` must be exactly what was allocated, with the same order: anything else panics.  NULL is ignored. */
void free_pages(void *addr, unsigned int order);

#define __get_free_page(gfp) __get_free_pages(gfp, 0)
#define free_page(addr) free_pages(addr, 0)

/* The smallest order whose block holds `size` bytes (size > 0). */
unsigned int get_order(size_t size);

/* The struct page of an address in the direct map; NULL if there is no RAM there. */
struct page *virt_to_page(const void *addr);
void *page_address(const struct page *page);

void si_meminfo(struct sysinfo *info);

/* mm_init()'s second half (slab.c): needs pages, makes kmalloc() work. */
void kmem_cache_init(void);

#endif
