/* SPDX-License-Identifier: BSD-2-Clause */
/* test_page_alloc.c - kernel/mm/page_alloc.c: odd memory maps, buddies, and every way to free wrongly. */
#include "tests/unit/fake_mm.h"
#include "kernel/mm/slab.h"

void kmem_cache_init(void)
{
}

#define ARENA_PAGES (ARENA_SIZE / PAGE_SIZE)
#define MIB (1ul << 20)

static char owner[ARENA_PAGES]; /* of each page of the arena, as the tests see it */
static void *taken[ARENA_PAGES];

static bool page_is_ram(unsigned long pfn)
{
	for (int i = 0; i < machine.nr_mem; i++)
		if (pfn * PAGE_SIZE >= machine.mem[i].base &&
		    (pfn + 1) * PAGE_SIZE <= machine.mem[i].base + machine.mem[i].size)
			return true;
	return false;
}

static bool page_is_reserved(unsigned long pfn)
{
	for (int i = 0; i < machine.nr_reserved; i++)
		if ((pfn + 1) * PAGE_SIZE > machine.reserved[i].base &&
		    pfn * PAGE_SIZE < machine.reserved[i].base + machine.reserved[i].size)
			return true;
	return false;
}

/*
 * Takes every page there is.  Each must be RAM, not reserved, not taken before, and not part of an
 * array of struct page; and there must be as many as totalram says, which must be all there can be.
 */
static void take_all_and_check(void)
{
	unsigned long usable = 0, n = 0, arrays = 0, total = zone_info.totalram;
	void *page;

	memset(owner, 0, sizeof(owner));
	for (unsigned long pfn = 0; pfn < ARENA_PAGES; pfn++)
		usable += page_is_ram(pfn) && !page_is_reserved(pfn);
	for (int i = 0; i < nr_ram; i++) {
		unsigned long size = (ram[i].end - ram[i].first) * sizeof(struct page);
		unsigned long first = __pa(ram[i].pages) / PAGE_SIZE;

		for (unsigned long p = 0; p < DIV_ROUND_UP(size, PAGE_SIZE); p++, arrays++) {
			assert_true(page_is_ram(first + p) && !page_is_reserved(first + p));
			assert_int_equal(owner[first + p], 0);
			owner[first + p] = 'a';
		}
	}
	assert_int_equal(total, usable - arrays);
	assert_int_equal(free_now(), total);

	while ((page = __get_free_pages(0, 0))) {
		unsigned long pfn = __pa(page) / PAGE_SIZE;

		assert_true(page_is_ram(pfn) && !page_is_reserved(pfn));
		assert_int_equal(owner[pfn], 0);
		owner[pfn] = 't';
		taken[n++] = page;
	}
	assert_int_equal(n, total);
	assert_int_equal(free_now(), 0);

	while (n)
		free_page(taken[--n]);
	assert_int_equal(free_now(), total);
}

static int blocks_of(unsigned int order)
{
	struct list_head *pos;
	int n = 0;

	list_for_each(pos, &free_area[order])
		n++;
	return n;
}

static int setup(void **state)
{
	clear_machine();
	add(machine.mem, &machine.nr_mem, 0, ARENA_SIZE);
	add(machine.reserved, &machine.nr_reserved, 0, 2 * MIB + 123);
	add(machine.reserved, &machine.nr_reserved, 30 * MIB, MIB);
	boot_mm();
	return 0;
}

static void all_unreserved_memory_is_found(void **state)
{
	take_all_and_check();
}

static void small_fragmented_memory_is_found(void **state)
{
	clear_machine();
	/* Ragged ends, one page, less than a page, ranges smaller than their own array would like. */
	add(machine.mem, &machine.nr_mem, 0x1234, 3 * PAGE_SIZE);
	add(machine.mem, &machine.nr_mem, 16 * PAGE_SIZE, PAGE_SIZE);
	add(machine.mem, &machine.nr_mem, 20 * PAGE_SIZE + 1, PAGE_SIZE);
	add(machine.mem, &machine.nr_mem, 5 * MIB + PAGE_SIZE, 3 * MIB);
	add(machine.mem, &machine.nr_mem, 9 * MIB, 2 * MIB - PAGE_SIZE);
	add(machine.reserved, &machine.nr_reserved, 5 * MIB + 7 * PAGE_SIZE + 5, 10);
	add(machine.reserved, &machine.nr_reserved, 5 * MIB, 5 * PAGE_SIZE);
	add(machine.reserved, &machine.nr_reserved, 6 * MIB, MIB);
	add(machine.reserved, &machine.nr_reserved, 6 * MIB + PAGE_SIZE, 2 * PAGE_SIZE);
	boot_mm();
	assert_int_equal(nr_ram, 4);
	take_all_and_check();
}

static void a_full_range_keeps_its_array_elsewhere(void **state)
{
	clear_machine();
	add(machine.mem, &machine.nr_mem, 0, 4 * MIB);
	add(machine.mem, &machine.nr_mem, 8 * MIB, 4 * MIB);
	add(machine.reserved, &machine.nr_reserved, 0, 4 * MIB);
	boot_mm();
	assert_int_equal(nr_ram, 2);
	take_all_and_check();
	/* What was reserved can join later: the initrd, once it is unpacked. */
	assert_int_equal(free_reserved_area(__va(MIB + 1), __va(2 * MIB + 5)), MIB / PAGE_SIZE - 1);
	assert_int_equal(free_reserved_area(__va(3 * MIB + 1), __va(3 * MIB + PAGE_SIZE)), 0);
	expect_panic(free_reserved_area(__va(MIB), __va(2 * MIB)), "BUG");
}

static void no_memory_is_a_panic(void **state)
{
	clear_machine();
	expect_panic(boot_mm(), "no memory");
}

static void blocks_are_aligned_to_their_size(void **state)
{
	unsigned long before = free_now();

	for (unsigned int order = 0; order <= MAX_ORDER; order++) {
		void *block = __get_free_pages(0, order);

		assert_non_null(block);
		assert_int_equal(__pa(block) & (((unsigned long)PAGE_SIZE << order) - 1), 0);
		assert_int_equal(free_now(), before - (1ul << order));
		free_pages(block, order);
		assert_int_equal(free_now(), before);
	}
	assert_null(__get_free_pages(0, MAX_ORDER + 1));
}

static void freed_buddies_merge_back_whatever_the_order(void **state)
{
	int before[MAX_ORDER + 1];
	void *blocks[600];
	unsigned int orders[600], seed = 1;

	for (unsigned int order = 0; order <= MAX_ORDER; order++)
		before[order] = blocks_of(order);
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 600; i++) {
			seed = seed * 1103515245 + 12345;
			orders[i] = seed >> 16 & 3;
			blocks[i] = __get_free_pages(0, orders[i]);
			assert_non_null(blocks[i]);
			memset(blocks[i], i, (size_t)PAGE_SIZE << orders[i]);
		}
		for (int i = 0; i < 600; i++) {
			int k = round & 1 ? 599 - i : i * 7 % 600; /* 7 and 600 have no common factor */

			for (size_t b = 0; b < (size_t)PAGE_SIZE << orders[k]; b += 509)
				assert_int_equal(((char *)blocks[k])[b], (char)k);
			free_pages(blocks[k], orders[k]);
		}
	}
	for (unsigned int order = 0; order <= MAX_ORDER; order++)
		assert_int_equal(blocks_of(order), before[order]);
}

static void zeroed_pages_are_zero(void **state)
{
	char *page = __get_free_pages(0, 2);

	memset(page, 0xff, 4 * PAGE_SIZE);
	free_pages(page, 2);
	page = __get_free_pages(__GFP_ZERO, 2);
	for (int i = 0; i < 4 * PAGE_SIZE; i++)
		assert_int_equal(page[i], 0);
	free_pages(page, 2);
}

static void running_out_gives_null_and_recovers(void **state)
{
	void *blocks[64];
	int n = 0;

	while ((blocks[n] = __get_free_pages(0, MAX_ORDER)))
		n++;
	assert_true(n > 0);
	assert_non_null(blocks[0]);
	while (n)
		free_pages(blocks[--n], MAX_ORDER);
	assert_non_null(__get_free_pages(0, MAX_ORDER));
}

static void wrong_frees_panic_with_the_reason(void **state)
{
	char *block = __get_free_pages(0, 3), *single = __get_free_pages(0, 0);

	free_pages(NULL, 0);
	expect_panic(free_pages(block, 2), "another order");
	expect_panic(free_pages(block + PAGE_SIZE, 0), "not the start");
	expect_panic(free_pages(single + 8, 0), "not the start");
	expect_panic(free_pages(__va(MIB), 0), "not memory of the page allocator");
	expect_panic(free_pages(arena + ARENA_SIZE, 0), "not memory of the page allocator");
	free_pages(block, 3);
	free_pages(single, 0);
	block = __get_free_pages(0, MAX_ORDER);
	free_pages(block, MAX_ORDER);
	expect_panic(free_pages(block, MAX_ORDER), "freed twice");
}

static void page_and_address_convert_both_ways(void **state)
{
	void *page = __get_free_pages(0, 0);

	assert_ptr_equal(page_address(virt_to_page(page)), page);
	assert_ptr_equal(virt_to_page((char *)page + 100), virt_to_page(page));
	assert_null(virt_to_page(arena + ARENA_SIZE));
	expect_panic(page_address((struct page *)page), "no struct page");
	assert_int_equal(get_order(1), 0);
	assert_int_equal(get_order(PAGE_SIZE), 0);
	assert_int_equal(get_order(PAGE_SIZE + 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(all_unreserved_memory_is_found, setup),
		cmocka_unit_test(small_fragmented_memory_is_found),
		cmocka_unit_test(a_full_range_keeps_its_array_elsewhere),
		cmocka_unit_test(no_memory_is_a_panic),
		cmocka_unit_test_setup(blocks_are_aligned_to_their_size, setup),
		cmocka_unit_test_setup(freed_buddies_merge_back_whatever_the_order, setup),
		cmocka_unit_test_setup(zeroed_pages_are_zero, setup),
		cmocka_unit_test_setup(running_out_gives_null_and_recovers, setup),
		cmocka_unit_test_setup(wrong_frees_panic_with_the_reason, setup),
		cmocka_unit_test_setup(page_and_address_convert_both_ways, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
