/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_kmalloc.h - kmalloc on libc's malloc, for tests that include a .c file of kernel/.
 *
 * Macros in place of kernel/mm/slab.h, so that nothing collides with other hosts'
 * versions of the same functions.  ASan sees every overrun and leak.  Include it first.
 */
#ifndef UNIT_HOST_KMALLOC_H
#define UNIT_HOST_KMALLOC_H

#include <stdlib.h>
#include <string.h>

#define KERNEL_MM_SLAB_H
#define GFP_KERNEL 0

/* Set to n: the n-th allocation from now on, and all after it, fail.  0: none. */
static int kmalloc_fails_at;

static inline int kmalloc_fails(void)
{
	return kmalloc_fails_at == 1 || (kmalloc_fails_at && !--kmalloc_fails_at);
}

#define kmalloc(size, gfp) (kmalloc_fails() ? NULL : malloc(size))
#define kzalloc(size, gfp) (kmalloc_fails() ? NULL : calloc(1, size))
#define krealloc(ptr, size, gfp) (kmalloc_fails() ? NULL : realloc(ptr, size))
#define kstrdup(s, gfp) (kmalloc_fails() ? NULL : strdup(s))
#define kfree(ptr) free(ptr)

#endif
