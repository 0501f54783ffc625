/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_mm.c - the allocators on the real machine: the memory is there, is distinct, and comes back.
 * Their logic, and what they catch, is tested on the host: tests/unit/test_page_alloc.c, test_slab.c.
 */
#include "kernel/mm/mm.h"
#include "kernel/mm/slab.h"
#include "kernel/mm/vmalloc.h"
#include "tests/ktest/ktest.h"

static unsigned long free_memory(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return info.freeram;
}

static bool filled_with(const unsigned char *p, unsigned char byte, size_t size)
{
	while (size && p[--size] == byte)
		;
	return !size;
}

KTEST(page_alloc_blocks_are_aligned_writable_and_come_back)
{
	unsigned long before = free_memory();

	for (unsigned int order = 0; order <= 4; order++) {
		size_t size = (size_t)PAGE_SIZE << order;
		unsigned char *block = __get_free_pages(GFP_KERNEL, order);

		KTEST_EXPECT(block);
		KTEST_EXPECT_EQ((unsigned long)block & (size - 1), 0);
		memset(block, 0xa5, size);
		KTEST_EXPECT(filled_with(block, 0xa5, size));
		free_pages(block, order);
	}
	KTEST_EXPECT_EQ(free_memory(), before);
}

KTEST(page_alloc_zeroes_a_page_that_was_dirty)
{
	unsigned char *page = __get_free_page(GFP_KERNEL), *zeroed;

	KTEST_EXPECT(page);
	memset(page, 0xff, PAGE_SIZE);
	free_page(page);
	zeroed = get_zeroed_page(GFP_KERNEL);
	KTEST_EXPECT(zeroed);
	KTEST_EXPECT(filled_with(zeroed, 0, PAGE_SIZE));
	free_page(zeroed);
}

KTEST(kmalloc_objects_of_all_sizes_are_distinct)
{
	static unsigned char *objects[12][16];

	for (int s = 0; s < 12; s++)
		for (int i = 0; i < 16; i++) {
			objects[s][i] = kmalloc(5ul << s, GFP_KERNEL);
			KTEST_EXPECT(objects[s][i]);
			memset(objects[s][i], s * 16 + i, 5ul << s);
		}
	for (int s = 0; s < 12; s++)
		for (int i = 0; i < 16; i++) {
			KTEST_EXPECT(filled_with(objects[s][i], (unsigned char)(s * 16 + i), 5ul << s));
			kfree(objects[s][i]);
		}
}

KTEST(kmalloc_counts_what_is_live)
{
	/* Other tasks may allocate and free meanwhile, but not as many. */
	enum { OBJECTS = 40, MOST = 30 };
	struct kmem_stats before, during, after;
	void *objects[OBJECTS];

	kmem_get_stats(&before);
	for (int i = 0; i < OBJECTS; i++)
		objects[i] = kmalloc(i & 1 ? 10 : 3 * PAGE_SIZE, GFP_KERNEL);
	kmem_get_stats(&during);
	for (int i = 0; i < OBJECTS; i++)
		kfree(objects[i]);
	kmem_get_stats(&after);
	KTEST_EXPECT(during.allocs >= before.allocs + OBJECTS);
	KTEST_EXPECT(during.live >= before.live + MOST);
	KTEST_EXPECT(after.live <= during.live - MOST);
}

KTEST(vmalloc_areas_are_mapped_apart_and_zeroed_on_request)
{
	size_t size = 3 * PAGE_SIZE + 1;
	unsigned char *a = vmalloc(size), *b = vzalloc(size);

	KTEST_EXPECT(a && b);
	KTEST_EXPECT((unsigned long)a >= VMALLOC_START && (unsigned long)a + size <= VMALLOC_END);
	KTEST_EXPECT((unsigned long)b >= VMALLOC_START && (unsigned long)b + size <= VMALLOC_END);
	/* Four pages each, and a guard between them. */
	KTEST_EXPECT((a < b ? b - a : a - b) >= 5 * PAGE_SIZE);
	KTEST_EXPECT(filled_with(b, 0, size));
	memset(a, 1, size);
	memset(b, 2, size);
	KTEST_EXPECT(filled_with(a, 1, size) && filled_with(b, 2, size));
	vfree(a);
	vfree(b);
}

KTEST(vmalloc_gives_its_pages_back)
{
	unsigned long before;
	void *p = vmalloc(64 * PAGE_SIZE);

	/* The first time may have needed page tables, which stay. */
	vfree(p);
	before = free_memory();
	p = vmalloc(64 * PAGE_SIZE);
	KTEST_EXPECT(p);
	KTEST_EXPECT(free_memory() <= before - 64);
	vfree(p);
	KTEST_EXPECT_EQ(free_memory(), before);
}

KTEST(vmalloc_refuses_what_cannot_be)
{
	struct sysinfo info;

	si_meminfo(&info);
	KTEST_EXPECT(!vmalloc(0));
	KTEST_EXPECT(!vmalloc(VMALLOC_END - VMALLOC_START));
	KTEST_EXPECT(!vmalloc((info.totalram + 1) * PAGE_SIZE));
}

KTEST(vmalloc_that_runs_out_of_pages_gives_back_what_it_took)
{
	unsigned long before = free_memory();
	/* Page tables for addresses that were tried stay: one for each 512 pages, or fewer. */
	unsigned long tables = before / 512 + 8;

	KTEST_EXPECT(!vmalloc((before + 1) * PAGE_SIZE));
	KTEST_EXPECT(free_memory() + tables >= before);
	KTEST_EXPECT(!vmalloc((before + 1) * PAGE_SIZE));
}

KTEST(thread_stacks_are_aligned_to_twice_their_size)
{
	char *a = alloc_thread_stack(), *b = alloc_thread_stack();

	KTEST_EXPECT(a && b);
	KTEST_EXPECT_EQ((unsigned long)a % (2 * THREAD_SIZE), 0);
	KTEST_EXPECT_EQ((unsigned long)b % (2 * THREAD_SIZE), 0);
	a[0] = b[THREAD_SIZE - 1] = 1;
	free_thread_stack(a);
	free_thread_stack(b);
}
