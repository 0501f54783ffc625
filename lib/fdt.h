/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdt.h - reads a flattened device tree (devicetree specification 0.4, chapter 5).
 *
 * Read-only, no allocation, no global state.  The blob is not trusted: every
 * offset, length and string is checked against the sizes in the header, and the
 * header against `max`; a malformed tree ends a walk early, it never reads outside.
 */
#ifndef LIB_FDT_H
#define LIB_FDT_H

#include "lib/types.h"

#define FDT_MAX_DEPTH 8

struct fdt {
	const u8 *structs;	/* the structure block */
	u32 structs_size;
	const char *strings;
	u32 strings_size;
	u32 total_size;
};

/* A node, and where a walk stands.  Start with a zeroed one. */
struct fdt_node {
	const char *name;		/* "memory@80000000" */
	u32 props;			/* offset of its first property */
	u32 address_cells, size_cells;	/* how its own `reg` is to be read */
	/* private to the walk */
	u32 next;
	int depth;
	u8 cells[FDT_MAX_DEPTH + 1][2];
};

/* 0; -EINVAL: no device tree there, a wrong version, or sizes that cannot be (over `max` bytes). */
int fdt_open(struct fdt *fdt, const void *blob, size_t max);
/* Moves on to the next node in document order; false: the end, or the tree is broken. */
bool fdt_next_node(const struct fdt *fdt, struct fdt_node *node);
/* The value of a property and its length in bytes; NULL: not there. */
const void *fdt_prop(const struct fdt *fdt, const struct fdt_node *node, const char *name, u32 *len);
/* A property that is one string, NUL-terminated; else NULL. */
const char *fdt_prop_string(const struct fdt *fdt, const struct fdt_node *node, const char *name);
/* A property of one 32-bit or 64-bit cell; false: not there or of another size. */
bool fdt_prop_number(const struct fdt *fdt, const struct fdt_node *node, const char *name, u64 *value);
/* Does the list of strings `compatible` hold this one? */
bool fdt_is_compatible(const struct fdt *fdt, const struct fdt_node *node, const char *compatible);
/* The index-th {base, size} of `reg`; false: there are fewer. */
bool fdt_reg(const struct fdt *fdt, const struct fdt_node *node, unsigned int index, u64 *base, u64 *size);
/* The i-th big-endian cell of a property value. */
u32 fdt_cell(const void *value, unsigned int i);

#endif
