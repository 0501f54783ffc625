/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slab.c - caches of equal objects, and kmalloc.
 *
 * A slab is a block of pages that one cache has cut into objects.  All it needs to
 * know about itself is in the struct page of its first page: the cache, the first
 * free object, how many are in use.  A free object links to the next one in its first
 * word; the second is a seal over the first and the object's address:
 *
 *     page.freelist -> | next | seal |  ...   | next | seal | ... -> NULL
 *
 * The seal makes errors visible at the price of one comparison.  Taking an object whose
 * seal is broken means somebody wrote to it while it was free.  Giving back one whose
 * seal is whole means, nearly always, that it is free already; the free list then
 * tells for sure, so no content that happens to look like a seal is ever accused.
 *
 * A slab is on its cache's list of partial slabs while it has free objects; full slabs
 * are on no list.  An empty one goes back to the page allocator unless it is the only
 * partial one.
 *
 * kmalloc(size) takes from the smallest of a row of caches that fits, or, above the
 * largest, whole pages (PAGE_LARGE).
 *
 * Locks: cache->lock, with the page allocator's inside it; caches_lock guards the list of
 * caches and is outside both.  All with interrupts off.  Any context.
 */
#include "kernel/mm/slab.h"
#include "kernel/fault_inject.h"
#include "kernel/panic.h"
#include "kernel/spinlock.h"
#include "lib/atomic.h"
#include "lib/string.h"

#define MAX_SLAB_ORDER 2u
#define MIN_PER_SLAB 4u
#define SEAL_MAGIC ((unsigned long)0xf4ee0b1ec7a11c0dULL)

struct kmem_cache {
	const char *name;
	unsigned int size;	  /* distance between objects, a multiple of their alignment */
	unsigned int order;	  /* of a slab's block */
	unsigned int per_slab;
	struct list_head caches;  /* under caches_lock */

	spinlock_t lock;
	struct list_head partial; /* slabs with free objects */
	unsigned long allocs;	  /* since the cache was made */
	unsigned long live;
	unsigned long slabs;	  /* blocks that it has */
};

struct free_object {
	struct free_object *next;
	unsigned long seal;
};

static const u16 kmalloc_sizes[] = { 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096 };
static const char *const kmalloc_names[] = {
	"kmalloc-16",  "kmalloc-32",  "kmalloc-64",  "kmalloc-96", "kmalloc-128", "kmalloc-192",
	"kmalloc-256", "kmalloc-512", "kmalloc-1k",  "kmalloc-2k", "kmalloc-4k",
};
static struct kmem_cache kmalloc_caches[ARRAY_SIZE(kmalloc_sizes)];
static atomic_long_t large_allocs, large_frees;

static LIST_HEAD(all_caches);
static DEFINE_SPINLOCK(caches_lock);

/* ---- slabs; the cache's lock held ---- */

static unsigned long seal_of(const struct free_object *object)
{
	return (unsigned long)object ^ (unsigned long)object->next ^ SEAL_MAGIC;
}

static void push_free(struct page *slab, void *addr)
{
	struct free_object *object = addr;

	object->next = slab->freelist;
	object->seal = seal_of(object);
	slab->freelist = object;
}

static struct page *new_slab(struct kmem_cache *cache)
{
	char *block = __alloc_pages(GFP_ATOMIC, cache->order);
	struct page *slab;
	unsigned int i;

	if (!block)
		return NULL;
	slab = virt_to_page(block);
	for (i = 1; i < 1u << cache->order; i++)
		slab[i].head = slab;
	slab->state = PAGE_SLAB;
	slab->cache = cache;
	slab->freelist = NULL;
	slab->inuse = 0;
	for (i = cache->per_slab; i-- > 0;)
		push_free(slab, block + i * cache->size);
	list_add(&slab->list, &cache->partial);
	cache->slabs++;
	return slab;
}

static void discard_slab(struct kmem_cache *cache, struct page *slab)
{
	list_del(&slab->list);
	slab->state = PAGE_ALLOCATED;
	cache->slabs--;
	free_pages(page_address(slab), cache->order);
}

static void *take_object(struct kmem_cache *cache, struct page *slab)
{
	struct free_object *object = slab->freelist;

	if (object->seal != seal_of(object))
		panic("slab: %s object %p was written to after it was freed", cache->name, (void *)object);
	slab->freelist = object->next;
	if (++slab->inuse == cache->per_slab)
		list_del(&slab->list);
	cache->allocs++;
	cache->live++;
	return object;
}

static bool is_on_freelist(const struct page *slab, const struct free_object *object)
{
	const struct free_object *f;

	for (f = slab->freelist; f; f = f->next)
		if (f == object)
			return true;
	return false;
}

/* Why `object` is nothing to give back to the cache, or NULL. */
static const char *free_error(const struct kmem_cache *cache, const struct page *slab, const void *addr)
{
	const struct free_object *object = addr;
	unsigned long offset = (unsigned long)addr - (unsigned long)page_address(slab);

	if (offset % cache->size || offset / cache->size >= cache->per_slab)
		return "not the start of an object";
	if (object->seal == seal_of(object) && is_on_freelist(slab, object))
		return "freed twice";
	return NULL;
}

static void put_object(struct kmem_cache *cache, struct page *slab, void *object)
{
	push_free(slab, object);
	cache->live--;
	if (slab->inuse-- == cache->per_slab)
		list_add(&slab->list, &cache->partial);
	/* Is another partial slab left?  Then an empty one is not worth keeping. */
	if (!slab->inuse && cache->partial.next != cache->partial.prev)
		discard_slab(cache, slab);
}

/* ---- objects ---- */

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	struct page *slab;
	unsigned long flags;
	void *object = NULL;

	if (should_fail(FAULT_ALLOC))
		return NULL;
	spin_lock_irqsave(&cache->lock, flags);
	slab = list_first_entry_or_null(&cache->partial, struct page, list);
	if (!slab)
		slab = new_slab(cache);
	if (slab)
		object = take_object(cache, slab);
	spin_unlock_irqrestore(&cache->lock, flags);

	if (object && (gfp & __GFP_ZERO))
		memset(object, 0, cache->size);
	return object;
}

/* The slab that `addr` lies in, or NULL. */
static struct page *slab_of(const void *addr)
{
	struct page *page = virt_to_page(addr);

	if (page && page->state == PAGE_INNER)
		page = page->head;
	return page && page->state == PAGE_SLAB ? page : NULL;
}

static void free_object(struct page *slab, void *object, const void *caller)
{
	struct kmem_cache *cache = slab->cache;
	const char *error;
	unsigned long flags;

	spin_lock_irqsave(&cache->lock, flags);
	error = free_error(cache, slab, object);
	if (!error)
		put_object(cache, slab, object);
	spin_unlock_irqrestore(&cache->lock, flags);
	if (error)
		panic("slab: %s object %p: %s (called by %pS)", cache->name, object, error, caller);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	struct page *slab;

	if (!object)
		return;
	slab = slab_of(object);
	if (!slab || slab->cache != cache)
		panic("slab: %p is no object of %s (called by %pS)", object, cache->name,
		      __builtin_return_address(0));
	free_object(slab, object, __builtin_return_address(0));
}

/* ---- caches ---- */

/* The smallest block that holds a few objects and wastes at most an eighth, or else the largest. */
static void choose_order(struct kmem_cache *cache)
{
	unsigned int order, block, count;

	for (order = 0;; order++) {
		block = (unsigned int)PAGE_SIZE << order;
		count = block / cache->size;
		if (order == MAX_SLAB_ORDER || (count >= MIN_PER_SLAB && (block - count * cache->size) * 8 <= block))
			break;
	}
	cache->order = order;
	cache->per_slab = count;
}

static void init_cache(struct kmem_cache *cache, const char *name, size_t size, size_t align)
{
	unsigned long flags;

	align = max(align, sizeof(struct free_object));
	cache->name = name;
	cache->size = (unsigned int)ALIGN(max(size, align), align);
	spin_lock_init(&cache->lock);
	INIT_LIST_HEAD(&cache->partial);
	choose_order(cache);

	spin_lock_irqsave(&caches_lock, flags);
	list_add_tail(&cache->caches, &all_caches);
	spin_unlock_irqrestore(&caches_lock, flags);
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align)
{
	struct kmem_cache *cache;

	if (size > (size_t)PAGE_SIZE << MAX_SLAB_ORDER || align > PAGE_SIZE)
		return NULL;
	cache = kzalloc(sizeof(*cache), GFP_KERNEL);
	if (cache)
		init_cache(cache, name, size, align);
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	unsigned long flags;

	if (!cache)
		return;
	if (WARN(cache->live, "slab: %s is destroyed with %lu objects in use\n", cache->name, cache->live))
		return;

	spin_lock_irqsave(&caches_lock, flags);
	list_del(&cache->caches);
	spin_unlock_irqrestore(&caches_lock, flags);
	while (!list_empty(&cache->partial))
		discard_slab(cache, list_first_entry(&cache->partial, struct page, list));
	kfree(cache);
}

void kmem_get_stats(struct kmem_stats *stats)
{
	struct kmem_cache *cache;
	unsigned long flags;

	stats->allocs = (unsigned long)atomic_long_read(&large_allocs);
	stats->live = stats->allocs - (unsigned long)atomic_long_read(&large_frees);
	stats->pages = 0;
	spin_lock_irqsave(&caches_lock, flags);
	list_for_each_entry(cache, &all_caches, caches) {
		stats->allocs += READ_ONCE(cache->allocs);
		stats->live += READ_ONCE(cache->live);
		stats->pages += READ_ONCE(cache->slabs) << cache->order;
	}
	spin_unlock_irqrestore(&caches_lock, flags);
}

void __init kmem_cache_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kmalloc_sizes); i++)
		init_cache(&kmalloc_caches[i], kmalloc_names[i], kmalloc_sizes[i], 0);
}

/* ---- kmalloc ---- */

static void *kmalloc_large(size_t size, gfp_t gfp)
{
	void *addr;

	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	addr = __get_free_pages(gfp, get_order(size));
	if (addr) {
		virt_to_page(addr)->state = PAGE_LARGE;
		atomic_long_inc(&large_allocs);
	}
	return addr;
}

static void kfree_large(struct page *page, const void *addr)
{
	if ((unsigned long)addr & ~PAGE_MASK)
		panic("kfree: %p is not the start of an allocation", addr);
	page->state = PAGE_ALLOCATED;
	atomic_long_inc(&large_frees);
	free_pages((void *)addr, page->order);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	unsigned int i;

	if (!size)
		return ZERO_SIZE_PTR;
	for (i = 0; i < ARRAY_SIZE(kmalloc_sizes); i++)
		if (size <= kmalloc_sizes[i])
			return kmem_cache_alloc(&kmalloc_caches[i], gfp);
	return kmalloc_large(size, gfp);
}

void kfree(const void *ptr)
{
	struct page *page;

	if (!ptr || ptr == ZERO_SIZE_PTR)
		return;
	page = slab_of(ptr);
	if (page) {
		free_object(page, (void *)ptr, __builtin_return_address(0));
		return;
	}
	page = virt_to_page(ptr);
	if (!page || page->state != PAGE_LARGE)
		panic("kfree: %p was not allocated, or was freed (called by %pS)", ptr, __builtin_return_address(0));
	kfree_large(page, ptr);
}

size_t ksize(const void *ptr)
{
	struct page *page;

	if (!ptr || ptr == ZERO_SIZE_PTR)
		return 0;
	page = slab_of(ptr);
	if (page)
		return page->cache->size;
	page = virt_to_page(ptr);
	BUG_ON(!page || page->state != PAGE_LARGE);
	return (size_t)PAGE_SIZE << page->order;
}

void *krealloc(const void *ptr, size_t size, gfp_t gfp)
{
	size_t old = ksize(ptr);
	void *new;

	if (!old)
		return kmalloc(size, gfp);
	if (!size) {
		kfree(ptr);
		return ZERO_SIZE_PTR;
	}
	/* It stays if it fits and would not leave more than half unused. */
	if (size <= old && size > old / 2)
		return (void *)ptr;
	new = kmalloc(size, gfp);
	if (!new)
		return NULL;
	memcpy(new, ptr, min(old, size));
	kfree(ptr);
	return new;
}

void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kzalloc(bytes, gfp);
}

void *kmemdup(const void *src, size_t size, gfp_t gfp)
{
	void *copy = kmalloc(size, gfp);

	if (copy)
		memcpy(copy, src, size);
	return copy;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup(s, strlen(s) + 1, gfp) : NULL;
}
