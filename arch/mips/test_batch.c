/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_batch.c - what a batch of changes does besides storing words: how the CPU comes to fetch them.
 */
#include "arch/arch.h"
#include "arch/mips/patch.h"
#include "tests/ktest/ktest.h"
#include "tests/ktest/site_calls.h"

extern const u32 patch_test_site[];	/* test_patch.c's, which nobody else calls */

/* Sites are called as they are switched with CACHE in place of synci: what a CPU of release 1 does. */
KTEST(patch_cache_instruction_does_what_synci_does)
{
	patch_force_cache_ops(true);
	expect_site_calls_in_all_ways(patch_test_site);
	patch_force_cache_ops(false);
}
