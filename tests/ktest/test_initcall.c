/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_initcall.c - initcalls of every level note that they ran; the tests look at the notes.
 *
 * They are registered against the order of their levels, so that link order alone
 * would be wrong.
 */
#include "init/initcall.h"
#include "kernel/sched/sched.h"
#include "tests/ktest/ktest.h"

static const char *record[16];
static unsigned int nr_records;
static pid_t record_pid;

static int note(const char *level)
{
	if (nr_records < ARRAY_SIZE(record))
		record[nr_records++] = level;
	record_pid = current->pid;
	return 0;
}

#define RECORD(level)                                        \
	static int __init record_##level(void)               \
	{                                                    \
		return note(#level);                         \
	}                                                    \
	level(record_##level)

RECORD(late_initcall_sync);
RECORD(late_initcall);
RECORD(device_initcall_sync);
RECORD(device_initcall);
RECORD(rootfs_initcall);
RECORD(fs_initcall_sync);
RECORD(fs_initcall);
RECORD(subsys_initcall);
RECORD(arch_initcall);
RECORD(postcore_initcall);
RECORD(core_initcall_sync);
RECORD(core_initcall);
RECORD(pure_initcall);
RECORD(early_initcall);

KTEST(initcall_levels_run_in_order)
{
	static const char *const order[] = {
		"early_initcall", "pure_initcall", "core_initcall", "core_initcall_sync", "postcore_initcall",
		"arch_initcall", "subsys_initcall", "fs_initcall", "fs_initcall_sync", "rootfs_initcall",
		"device_initcall", "device_initcall_sync", "late_initcall", "late_initcall_sync",
	};

	KTEST_EXPECT_EQ(nr_records, ARRAY_SIZE(order));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		KTEST_EXPECT_STREQ(record[i], order[i]);
}

KTEST(initcall_runs_in_pid_1)
{
	KTEST_EXPECT_EQ(record_pid, 1);
}

static int return_error(void)
{
	return -5;
}

KTEST(initcall_result_is_that_of_the_function)
{
	KTEST_EXPECT_EQ(do_one_initcall(return_error), -5);
}

static s32 negative_offset[2] = { 0, -4 };

KTEST(initcall_offset_is_signed_and_from_the_entry)
{
	KTEST_EXPECT_EQ((unsigned long)offset_to_ptr(&negative_offset[1]), (unsigned long)&negative_offset[0]);
	KTEST_EXPECT_EQ(sizeof(initcall_entry_t), CONFIG_PREL32 ? 4 : sizeof(void *));
}
