/* SPDX-License-Identifier: BSD-2-Clause */
/* Hashes: sets of addresses; what "empty" means; copies and moves that fail leave everything as it was. */
#include "tests/unit/host_ftrace.h"

static int setup(void **state)
{
	host_reset();
	return 0;
}

static struct ftrace_hash *make_hash(int bits, int nr)
{
	struct ftrace_hash *hash = alloc_ftrace_hash(bits);

	assert_non_null(hash);
	for (int i = 0; i < nr; i++)
		assert_int_equal(add_hash_entry(hash, host_site(i)), 0);
	return hash;
}

static void check_contents(const struct ftrace_hash *hash, int nr)
{
	assert_int_equal(hash->count, nr);
	for (int i = 0; i < nr; i++)
		assert_int_equal(ftrace_lookup_ip(hash, host_site(i))->ip, host_site(i));
	assert_null(ftrace_lookup_ip(hash, host_site(nr)));
}

static void null_empty_hash_and_no_entries_are_empty(void **state)
{
	struct ftrace_hash *hash = make_hash(3, 0);

	assert_true(ftrace_hash_empty(NULL));
	assert_true(ftrace_hash_empty(EMPTY_HASH));
	assert_true(ftrace_hash_empty(hash));
	assert_null(ftrace_lookup_ip(NULL, 1));
	assert_null(ftrace_lookup_ip(EMPTY_HASH, 1));
	assert_null(ftrace_lookup_ip(hash, 1));
	free_ftrace_hash(hash);
}

static void a_hash_that_waits_for_a_module_is_not_empty(void **state)
{
	struct ftrace_hash *hash = make_hash(3, 0), *moved;

	hash->flags |= FTRACE_HASH_FL_MOD;
	assert_false(ftrace_hash_empty(hash));
	moved = ftrace_hash_move(hash);
	assert_ptr_not_equal(moved, EMPTY_HASH);
	assert_int_equal(moved->flags, FTRACE_HASH_FL_MOD);
	assert_int_equal(moved->size_bits, 0);
	free_ftrace_hash(hash);
	free_ftrace_hash(moved);
}

static void every_size_finds_its_entries(void **state)
{
	/* 0 bits: one bucket for all, where a shift by the word's width would be wrong. */
	for (int bits = 0; bits <= FTRACE_HASH_MAX_BITS; bits++) {
		struct ftrace_hash *hash = make_hash(bits, 200);

		check_contents(hash, 200);
		free_ftrace_hash(hash);
	}
}

static void entries_spread_over_the_buckets(void **state)
{
	struct ftrace_hash *hash = make_hash(10, 1024);
	struct ftrace_func_entry *entry;
	int longest = 0;

	for (int i = 0; i < 1024; i++) {
		int len = 0;

		hlist_for_each_entry(entry, &hash->buckets[i], hlist)
			len++;
		longest = max(longest, len);
	}
	assert_in_range(longest, 1, 6);
	free_ftrace_hash(hash);
}

static void the_newest_entry_is_the_first_of_its_bucket(void **state)
{
	struct ftrace_hash *hash = make_hash(0, 3);
	struct ftrace_func_entry *entry;
	int i = 3;

	hlist_for_each_entry(entry, &hash->buckets[0], hlist)
		assert_int_equal(entry->ip, host_site(--i));
	assert_int_equal(i, 0);
	assert_int_equal(hash->count, 3);
	free_ftrace_hash(hash);
}

static void removed_entries_are_gone_and_the_rest_stays(void **state)
{
	struct ftrace_hash *hash = make_hash(2, 50);

	for (int i = 0; i < 50; i += 2)
		free_hash_entry(hash, ftrace_lookup_ip(hash, host_site(i)));
	assert_int_equal(hash->count, 25);
	for (int i = 0; i < 50; i++)
		assert_int_equal(!!ftrace_lookup_ip(hash, host_site(i)), i & 1);
	free_ftrace_hash(hash);
}

static void move_sizes_by_half_the_count(void **state)
{
	static const struct { int count, bits; } expected[] = {
		{ 1, 0 }, { 2, 1 }, { 3, 1 }, { 4, 2 }, { 7, 2 }, { 8, 3 }, { 1000, 9 }, { 1024, 10 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		struct ftrace_hash *src = make_hash(FTRACE_HASH_DEFAULT_BITS, expected[i].count);
		struct ftrace_hash *hash = ftrace_hash_move(src);

		assert_int_equal(hash->size_bits, expected[i].bits);
		check_contents(hash, expected[i].count);
		check_contents(src, 0);
		free_ftrace_hash(src);
		free_ftrace_hash(hash);
	}
}

static void move_caps_the_size(void **state)
{
	struct ftrace_hash *src = alloc_ftrace_hash(10), *hash;

	for (unsigned long i = 0; i < 3 * 8192; i++)
		assert_int_equal(add_hash_entry(src, 8 * i), 0);
	hash = ftrace_hash_move(src);
	assert_int_equal(hash->size_bits, FTRACE_HASH_MAX_BITS);
	assert_int_equal(hash->count, 3 * 8192);
	free_ftrace_hash(src);
	free_ftrace_hash(hash);
}

static void move_of_nothing_is_empty_hash(void **state)
{
	struct ftrace_hash *src = make_hash(5, 0);

	assert_ptr_equal(ftrace_hash_move(src), EMPTY_HASH);
	free_ftrace_hash(src);
}

static void move_without_memory_leaves_the_source(void **state)
{
	for (int n = 1; n <= 2; n++) {
		struct ftrace_hash *src = make_hash(5, 10);

		host_fail_alloc(n, false);
		assert_null(ftrace_hash_move(src));
		check_contents(src, 10);
		free_ftrace_hash(src);
	}
}

static void copy_has_the_contents_and_the_flags(void **state)
{
	struct ftrace_hash *hash = make_hash(2, 30), *copy;

	hash->flags = FTRACE_HASH_FL_MOD;
	copy = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, hash);
	assert_int_equal(copy->size_bits, 10);	/* 1024 buckets */
	assert_int_equal(copy->flags, FTRACE_HASH_FL_MOD);
	check_contents(copy, 30);
	free_ftrace_hash(hash);
	check_contents(copy, 30);
	free_ftrace_hash(copy);
}

static void a_copy_with_another_count_kills(void **state)
{
	struct ftrace_hash *hash = make_hash(2, 3), *copy;

	hash->count++;
	copy = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, hash);
	assert_int_equal(host_warnings, 1);
	assert_true(ftrace_is_dead());
	hash->count--;
	free_ftrace_hash(copy);
	free_ftrace_hash(hash);
	ftrace_disabled = 0;
}

static void copy_of_null_or_empty_hash_is_a_new_empty_one(void **state)
{
	struct ftrace_hash *a = alloc_and_copy_ftrace_hash(3, NULL);
	struct ftrace_hash *b = alloc_and_copy_ftrace_hash(3, EMPTY_HASH);

	check_contents(a, 0);
	check_contents(b, 0);
	assert_int_equal(add_hash_entry(b, 8), 0);
	assert_true(ftrace_hash_empty(EMPTY_HASH));
	free_ftrace_hash(a);
	free_ftrace_hash(b);
}

static void copy_without_memory_is_null_and_leaks_nothing(void **state)
{
	struct ftrace_hash *hash = make_hash(2, 10);

	for (int n = 1; n <= 12; n++) {
		host_fail_alloc(n, false);
		assert_null(alloc_and_copy_ftrace_hash(4, hash));
	}
	check_contents(hash, 10);
	free_ftrace_hash(hash);
}

static void freeing_null_and_empty_hash_does_nothing(void **state)
{
	free_ftrace_hash(NULL);
	free_ftrace_hash(EMPTY_HASH);
	free_ftrace_hash_rcu(NULL);
	free_ftrace_hash_rcu(EMPTY_HASH);
	synchronize_rcu();
	assert_true(ftrace_hash_empty(EMPTY_HASH));
}

static void free_rcu_keeps_the_hash_until_readers_are_gone(void **state)
{
	struct ftrace_hash *hash = make_hash(2, 10);

	free_ftrace_hash_rcu(hash);
	check_contents(hash, 10);
	synchronize_rcu();
}

static void a_set_is_filter_less_notrace(void **state)
{
	struct ftrace_hash *filter = make_hash(2, 10), *leave = make_hash(2, 3), *none = make_hash(2, 0);
	struct ftrace_set all = { NULL, none }, some = { filter, NULL }, less = { filter, leave }, most = { none, leave };

	assert_true(ftrace_set_is_all(&all));
	assert_true(ftrace_set_has(&all, 12345));
	assert_true(ftrace_set_has(&some, host_site(9)));
	assert_false(ftrace_set_has(&some, host_site(10)));
	assert_false(ftrace_set_has(&less, host_site(2)));
	assert_true(ftrace_set_has(&less, host_site(3)));
	assert_false(ftrace_set_has(&most, host_site(2)));
	assert_true(ftrace_set_has(&most, host_site(99)));
	free_ftrace_hash(filter);
	free_ftrace_hash(leave);
	free_ftrace_hash(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(null_empty_hash_and_no_entries_are_empty, setup),
		cmocka_unit_test_setup(a_hash_that_waits_for_a_module_is_not_empty, setup),
		cmocka_unit_test_setup(every_size_finds_its_entries, setup),
		cmocka_unit_test_setup(entries_spread_over_the_buckets, setup),
		cmocka_unit_test_setup(the_newest_entry_is_the_first_of_its_bucket, setup),
		cmocka_unit_test_setup(removed_entries_are_gone_and_the_rest_stays, setup),
		cmocka_unit_test_setup(move_sizes_by_half_the_count, setup),
		cmocka_unit_test_setup(move_caps_the_size, setup),
		cmocka_unit_test_setup(move_of_nothing_is_empty_hash, setup),
		cmocka_unit_test_setup(move_without_memory_leaves_the_source, setup),
		cmocka_unit_test_setup(copy_has_the_contents_and_the_flags, setup),
		cmocka_unit_test_setup(a_copy_with_another_count_kills, setup),
		cmocka_unit_test_setup(copy_of_null_or_empty_hash_is_a_new_empty_one, setup),
		cmocka_unit_test_setup(copy_without_memory_is_null_and_leaks_nothing, setup),
		cmocka_unit_test_setup(freeing_null_and_empty_hash_does_nothing, setup),
		cmocka_unit_test_setup(free_rcu_keeps_the_hash_until_readers_are_gone, setup),
		cmocka_unit_test_setup(a_set_is_filter_less_notrace, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
