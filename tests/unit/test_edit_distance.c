/* SPDX-License-Identifier: BSD-2-Clause */
/* How much two words differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "lib/edit_distance.h"

static void each_kind_of_difference_counts_one(void **state)
{
	assert_int_equal(edit_distance("vfs_read", "vfs_read", 3), 0);
	assert_int_equal(edit_distance("vfs_read", "vfs_raed", 3), 1);
	assert_int_equal(edit_distance("vfs_read", "vfs_rad", 3), 1);
	assert_int_equal(edit_distance("vfs_read", "vfs_reead", 3), 1);
	assert_int_equal(edit_distance("vfs_read", "vfs_reed", 3), 1);
	assert_int_equal(edit_distance("", "a", 3), 1);
	assert_int_equal(edit_distance("a", "", 3), 1);
	assert_int_equal(edit_distance("", "", 3), 0);
}

static void differences_add_up(void **state)
{
	assert_int_equal(edit_distance("kmaloc", "malloc", 3), 2);
	assert_int_equal(edit_distance("kitten", "sitting", 4), 3);
	assert_int_equal(edit_distance("ab", "ba", 3), 1);
	assert_int_equal(edit_distance("abcd", "badc", 3), 2);
}

static void what_is_above_the_limit_is_one_above_it(void **state)
{
	assert_int_equal(edit_distance("kitten", "sitting", 2), 3);
	assert_int_equal(edit_distance("kitten", "sitting", 0), 1);
	assert_int_equal(edit_distance("", "schedule", 3), 4);
	assert_int_equal(edit_distance("schedule", "", 3), 4);
	assert_int_equal(edit_distance("a", "a", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_difference_counts_one),
		cmocka_unit_test(differences_add_up),
		cmocka_unit_test(what_is_above_the_limit_is_one_above_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
