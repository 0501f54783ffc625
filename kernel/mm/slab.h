/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slab.h - memory in bytes: caches of equal objects, and kmalloc on top of them.
 *
 * Any context after mm_init(); never sleeps.  Every allocation returns NULL when
 * memory is out.  Freeing a wrong pointer, freeing twice and writing to a freed
 * object's first words are caught: panic, with the cache and the culprit's symbol.
 */
#ifndef KERNEL_MM_SLAB_H
#define KERNEL_MM_SLAB_H

#include "kernel/mm/mm.h"

/* What the smallest kmalloc is aligned to: enough for any scalar on every machine. */
#define KMALLOC_MIN_SIZE 16
#define KMALLOC_MAX_SIZE ((size_t)PAGE_SIZE << MAX_ORDER)

/* The address of a zero-length kmalloc: may be freed, must not be read. */
#define ZERO_SIZE_PTR ((void *)16)

void *kmalloc(size_t size, gfp_t gfp);
void kfree(const void *ptr);	/* NULL is ignored */
size_t ksize(const void *ptr);	/* usable bytes: the request rounded up; 0 for NULL */

/* Grows or shrinks to `size`; may move.  On failure NULL and `ptr` stays; size 0 frees. */
void *krealloc(const void *ptr, size_t size, gfp_t gfp);
void *kcalloc(size_t n, size_t size, gfp_t gfp); /* zeroed; NULL if n * size overflows */
void *kmemdup(const void *src, size_t size, gfp_t gfp);
char *kstrdup(const char *s, gfp_t gfp);	 /* NULL for NULL */

static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

/*
 * A cache of objects of `size` bytes, aligned to `align` (0: natural; else a power of two
 * up to a page).  `name` is kept, not copied.  Task context.  NULL if memory is out or the
 * object is larger than a slab can be (4 pages hold less than one).
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align);
void kmem_cache_destroy(struct kmem_cache *cache); /* with live objects: warns and keeps it */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp | __GFP_ZERO);
}

/* Since boot, over every cache and the large kmallocs.  live says what a leak would change. */
struct kmem_stats {
	unsigned long allocs; /* successful allocations */
	unsigned long live;   /* objects not freed yet */
	unsigned long pages;  /* in slabs, which come and go with the objects: not those of large kmallocs */
};

void kmem_get_stats(struct kmem_stats *stats);

#endif
