/* SPDX-License-Identifier: BSD-2-Clause */
/* test_sort.c - lib/sort.c and lib/bsearch.c: all permutations, odd sizes, every position found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/bsearch.h"
#include "lib/sort.h"
#include "lib/string.h"

static int compares;

static int compare_ints(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	compares++;
	return (x > y) - (x < y);
}

static void all_permutations_of_six_come_out_sorted(void **state)
{
	int a[6];

	for (int code = 0; code < 6 * 6 * 6 * 6 * 6 * 6; code++) {
		int sum = 0;

		for (int i = 0, c = code; i < 6; i++, c /= 6)
			sum += a[i] = c % 6;
		sort(a, 6, sizeof(a[0]), compare_ints, NULL);
		for (int i = 0; i < 6; i++) {
			sum -= a[i];
			assert_true(i == 0 || a[i - 1] <= a[i]);
		}
		assert_int_equal(sum, 0);
	}
}

static void nothing_and_one_element_are_left_alone(void **state)
{
	int one = 5;

	sort(NULL, 0, sizeof(int), compare_ints, NULL);
	sort(&one, 1, sizeof(int), compare_ints, NULL);
	assert_int_equal(one, 5);
}

static int compare_names(const void *a, const void *b)
{
	return strncmp(a, b, 3);
}

static void elements_of_three_bytes_move_whole(void **state)
{
	char names[] = "foobarbazqux";

	sort(names, 4, 3, compare_names, NULL);
	assert_string_equal(names, "barbazfooqux");
}

static int swaps;

static void swap_ints(void *a, void *b, int size)
{
	int t = *(int *)a;

	assert_int_equal(size, sizeof(int));
	*(int *)a = *(int *)b;
	*(int *)b = t;
	swaps++;
}

static void sorted_and_reversed_input_cost_n_log_n(void **state)
{
	enum { N = 4096, LOG = 12 };
	static int a[N];

	for (int i = 0; i < N; i++)
		a[i] = N - i;
	compares = swaps = 0;
	sort(a, N, sizeof(a[0]), compare_ints, swap_ints);
	for (int i = 0; i < N; i++)
		assert_int_equal(a[i], i + 1);
	sort(a, N, sizeof(a[0]), compare_ints, swap_ints);
	assert_true(compares < 2 * 2 * N * (LOG + 1));
	assert_true(swaps > 0);
}

static void every_element_is_found_and_no_other(void **state)
{
	int a[33];

	for (int n = 0; n <= 33; n++) {
		for (int i = 0; i < n; i++)
			a[i] = 2 * i;
		for (int key = -1; key <= 2 * n; key++) {
			int *found = bsearch(&key, a, (size_t)n, sizeof(a[0]), compare_ints);

			assert_ptr_equal(found, key >= 0 && key % 2 == 0 && key / 2 < n ? &a[key / 2] : NULL);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_permutations_of_six_come_out_sorted),
		cmocka_unit_test(nothing_and_one_element_are_left_alone),
		cmocka_unit_test(elements_of_three_bytes_move_whole),
		cmocka_unit_test(sorted_and_reversed_input_cost_n_log_n),
		cmocka_unit_test(every_element_is_found_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
