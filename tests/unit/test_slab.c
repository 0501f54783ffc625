/* SPDX-License-Identifier: BSD-2-Clause */
/* test_slab.c - kernel/mm/slab.c on top of page_alloc.c: sizes, contents, and every misuse that it catches. */
#include "tests/unit/fake_mm.h"
#include "kernel/mm/slab.c"

static unsigned long free_at_start;

static int setup(void **state)
{
	clear_machine();
	add(machine.mem, &machine.nr_mem, 0, 8ul << 20);
	memset(kmalloc_caches, 0, sizeof(kmalloc_caches));
	large_allocs.counter = large_frees.counter = 0;
	caches_lock = 0;
	INIT_LIST_HEAD(&all_caches);
	boot_mm();
	free_at_start = free_now();
	return 0;
}

static unsigned long live(void)
{
	struct kmem_stats stats;

	kmem_get_stats(&stats);
	return stats.live;
}

static void every_size_is_usable_and_aligned(void **state)
{
	static const size_t sizes[] = { 1,   8,	  15,	16,   17,   31,	  33,	64,    65,     96,	97,	 129,
					193, 257, 513, 1025, 2048, 2049, 4096, 4097, 10000, 65537, 1ul << 20 };
	void *p[ARRAY_SIZE(sizes)];

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		p[i] = kmalloc(sizes[i], GFP_KERNEL);
		assert_non_null(p[i]);
		assert_int_equal((unsigned long)p[i] % KMALLOC_MIN_SIZE, 0);
		if (!(sizes[i] & (sizes[i] - 1)))
			assert_int_equal((unsigned long)p[i] % min(sizes[i], (size_t)PAGE_SIZE), 0);
		assert_true(ksize(p[i]) >= sizes[i]);
		memset(p[i], (int)i, ksize(p[i]));
	}
	assert_int_equal(live(), ARRAY_SIZE(sizes));
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (size_t b = 0; b < ksize(p[i]); b++)
			assert_int_equal(((char *)p[i])[b], (char)i);
		kfree(p[i]);
	}
	assert_int_equal(live(), 0);
}

static void thousands_of_objects_do_not_overlap_and_their_pages_come_back(void **state)
{
	enum { N = 5000 };
	static u32 *p[N];

	for (u32 i = 0; i < N; i++) {
		p[i] = kmalloc(40, GFP_KERNEL);
		assert_non_null(p[i]);
		for (int w = 0; w < 10; w++)
			p[i][w] = i;
	}
	for (u32 i = 0; i < N; i++) {
		u32 k = i * 3 % N;

		for (int w = 0; w < 10; w++)
			assert_int_equal(p[k][w], k);
		kfree(p[k]);
	}
	/* All but the one slab that is kept. */
	assert_true(free_at_start - free_now() <= 1ul << MAX_SLAB_ORDER);
}

static void freed_memory_is_zeroed_when_asked(void **state)
{
	char *p = kmalloc(100, GFP_KERNEL);

	memset(p, 0xff, 100);
	kfree(p);
	p = kzalloc(100, GFP_KERNEL);
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	kfree(p);
	p = kcalloc(3, 5000, GFP_KERNEL);
	for (int i = 0; i < 15000; i++)
		assert_int_equal(p[i], 0);
	kfree(p);
}

static void empty_and_impossible_sizes(void **state)
{
	void *p = kmalloc(0, GFP_KERNEL);

	assert_ptr_equal(p, ZERO_SIZE_PTR);
	assert_int_equal(ksize(p), 0);
	assert_int_equal(ksize(NULL), 0);
	kfree(p);
	kfree(NULL);
	assert_null(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_null(kcalloc(SIZE_MAX / 2, 3, GFP_KERNEL));
	assert_null(kcalloc(1ul << 32, 1ul << 32, GFP_KERNEL));
}

static void krealloc_keeps_the_contents(void **state)
{
	char *p = krealloc(NULL, 10, GFP_KERNEL);

	strcpy(p, "123456789");
	assert_ptr_equal(krealloc(p, 16, GFP_KERNEL), p);
	p = krealloc(p, 5000, GFP_KERNEL);
	assert_string_equal(p, "123456789");
	p = krealloc(p, 5, GFP_KERNEL);
	assert_memory_equal(p, "12345", 5);
	assert_int_equal(ksize(p), 16);
	assert_null(krealloc(p, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_memory_equal(p, "12345", 5);
	assert_ptr_equal(krealloc(p, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_int_equal(live(), 0);
}

static void copies(void **state)
{
	char *p = kstrdup("hello", GFP_KERNEL);

	assert_string_equal(p, "hello");
	kfree(p);
	assert_null(kstrdup(NULL, GFP_KERNEL));
	p = kmemdup("ab\0c", 4, GFP_KERNEL);
	assert_memory_equal(p, "ab\0c", 4);
	kfree(p);
}

static void out_of_memory_is_null_and_recovers(void **state)
{
	static void *p[4096];
	int n = 0;

	while ((p[n] = kmalloc(4096, GFP_KERNEL)))
		n++;
	assert_true(n > 1000);
	assert_null(kzalloc(1 << 20, GFP_KERNEL));
	while (n)
		kfree(p[--n]);
	assert_non_null(kmalloc(1 << 20, GFP_KERNEL));
}

static void freeing_twice_panics(void **state)
{
	char *a = kmalloc(64, GFP_KERNEL), *b = kmalloc(64, GFP_KERNEL), *large = kmalloc(9000, GFP_KERNEL);

	kfree(a);
	kfree(b);
	expect_panic(kfree(a), "kmalloc-64 object");
	expect_panic(kfree(a), "freed twice");
	kfree(large);
	expect_panic(kfree(large), "was freed");
}

/* An object whose content looks just like a free object's is still freed, once. */
static void a_forged_seal_is_not_mistaken_for_a_free_object(void **state)
{
	struct free_object *object = kmalloc(64, GFP_KERNEL);

	object->next = NULL;
	object->seal = seal_of(object);
	kfree(object);
	assert_int_equal(live(), 0);
}

static void freeing_what_was_not_allocated_panics(void **state)
{
	char *p = kmalloc(96, GFP_KERNEL), *large = kmalloc(9000, GFP_KERNEL), *page = __get_free_pages(0, 0);
	char on_stack[64];

	expect_panic(kfree(p + 8), "not the start of an object");
	expect_panic(kfree(large + 8), "not the start of an allocation");
	expect_panic(kfree(large + PAGE_SIZE), "was not allocated");
	expect_panic(kfree(page), "was not allocated");
	expect_panic(kfree(on_stack), "was not allocated");
}

static void write_after_free(int word)
{
	unsigned long *p = kmalloc(128, GFP_KERNEL);

	kfree(p);
	p[word] ^= 0x10;
	expect_panic(kmalloc(128, GFP_KERNEL), "written to after it was freed");
}

static void writing_to_a_freed_object_panics_at_the_next_allocation(void **state)
{
	write_after_free(0);
	setup(state);
	write_after_free(1);
}

struct odd {
	char bytes[40];
};

static void a_cache_gives_aligned_objects_and_checks_its_own(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("odd", sizeof(struct odd), 64);
	struct kmem_cache *other = kmem_cache_create("other", 24, 0);
	struct odd *a = kmem_cache_alloc(cache, GFP_KERNEL), *b = kmem_cache_zalloc(cache, GFP_KERNEL);

	assert_int_equal((unsigned long)a % 64, 0);
	assert_int_equal((unsigned long)b % 64, 0);
	assert_int_equal(b->bytes[39], 0);
	expect_panic(kmem_cache_free(other, a), "no object of other");

	kmem_cache_destroy(cache);
	assert_int_equal(warnings, 1);
	kmem_cache_free(cache, NULL);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(other);
	kmem_cache_destroy(NULL);
	assert_int_equal(warnings, 1);
	assert_int_equal(live(), 0);
}

static void a_cache_of_objects_as_large_as_a_slab_works(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("large", (size_t)PAGE_SIZE << MAX_SLAB_ORDER, PAGE_SIZE);
	void *a = kmem_cache_alloc(cache, GFP_KERNEL), *b = kmem_cache_alloc(cache, GFP_KERNEL);

	assert_non_null(a);
	assert_ptr_not_equal(a, b);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	kmem_cache_destroy(cache);
	assert_null(kmem_cache_create("too large", ((size_t)PAGE_SIZE << MAX_SLAB_ORDER) + 1, 0));
	assert_null(kmem_cache_create("too aligned", 8, 2 * PAGE_SIZE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_size_is_usable_and_aligned, setup),
		cmocka_unit_test_setup(thousands_of_objects_do_not_overlap_and_their_pages_come_back, setup),
		cmocka_unit_test_setup(freed_memory_is_zeroed_when_asked, setup),
		cmocka_unit_test_setup(empty_and_impossible_sizes, setup),
		cmocka_unit_test_setup(krealloc_keeps_the_contents, setup),
		cmocka_unit_test_setup(copies, setup),
		cmocka_unit_test_setup(out_of_memory_is_null_and_recovers, setup),
		cmocka_unit_test_setup(freeing_twice_panics, setup),
		cmocka_unit_test_setup(a_forged_seal_is_not_mistaken_for_a_free_object, setup),
		cmocka_unit_test_setup(freeing_what_was_not_allocated_panics, setup),
		cmocka_unit_test_setup(writing_to_a_freed_object_panics_at_the_next_allocation, setup),
		cmocka_unit_test_setup(a_cache_gives_aligned_objects_and_checks_its_own, setup),
		cmocka_unit_test_setup(a_cache_of_objects_as_large_as_a_slab_works, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
