/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mm.c - a workload for the allocators: blocks of many sizes, held together, filled and checked.
 *
 * Each block is filled with a byte of its own; two that overlap, or a free that
 * touches a neighbour, show up as a foreign byte.
 */
#include "kernel/mm/mm.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/workload/workload.h"
#include "lib/errno.h"
#include "lib/string.h"

#define BLOCKS 24
#define PAGE_BLOCKS 4 /* orders 0 to 3 */

struct block {
	unsigned char *mem;
	size_t size;
};

static bool block_is_intact(const struct block *b, unsigned char fill)
{
	return b->mem[0] == fill && !memcmp(b->mem, b->mem + 1, b->size - 1);
}

/* 8, 24, 56, 120, ... up to 4 KiB, then again: both sides of each size class. */
static size_t block_size(unsigned int i)
{
	return (8UL << i % 10) - (i >= 10 ? 0 : 1);
}

static int kmalloc_round(void)
{
	struct block b[BLOCKS] = { 0 };
	unsigned int i;
	int ret = 0;

	for (i = 0; i < BLOCKS && !ret; i++) {
		b[i].size = block_size(i);
		b[i].mem = kmalloc(b[i].size, GFP_KERNEL);
		if (b[i].mem)
			memset(b[i].mem, i + 1, b[i].size);
		else
			ret = -ENOMEM;
	}
	/* Every third goes and comes back larger, with what it held. */
	for (i = 0; i < BLOCKS && !ret; i += 3) {
		unsigned char *mem = krealloc(b[i].mem, 2 * b[i].size, GFP_KERNEL);

		if (!mem) {
			ret = -ENOMEM;
			break;
		}
		b[i].mem = mem;
	}
	for (i = 0; i < BLOCKS && !ret; i++)
		if (!block_is_intact(&b[i], i + 1))
			ret = -EIO;
	/* In another order than they came. */
	for (i = 0; i < BLOCKS; i++)
		kfree(b[(i * 7) % BLOCKS].mem);
	return ret;
}

static int page_round(void)
{
	struct block b[PAGE_BLOCKS] = { 0 };
	unsigned int i;
	int ret = 0;

	for (i = 0; i < PAGE_BLOCKS && !ret; i++) {
		b[i].size = (size_t)PAGE_SIZE << i;
		b[i].mem = __get_free_pages(GFP_KERNEL, i);
		if (b[i].mem)
			memset(b[i].mem, i + 1, b[i].size);
		else
			ret = -ENOMEM;
	}
	for (i = 0; i < PAGE_BLOCKS && !ret; i++)
		if (!block_is_intact(&b[i], i + 1))
			ret = -EIO;
	for (i = 0; i < PAGE_BLOCKS; i++)
		free_pages(b[i].mem, i);
	return ret;
}

static int mm_main(unsigned long n)
{
	unsigned long i;
	int ret;

	for (i = 0; i < n; i++) {
		if (signal_pending(current))
			return -EINTR;
		ret = kmalloc_round();
		if (!ret)
			ret = page_round();
		if (ret)
			return ret;
		cond_resched();
	}
	sh_printf("workload mm: %lu blocks filled and checked, ok\n", n * (BLOCKS + PAGE_BLOCKS));
	return 0;
}
WORKLOAD(mm, mm_main, 20, "N rounds of kmalloc, krealloc and pages of many sizes");
