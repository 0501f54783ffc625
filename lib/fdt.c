/* SPDX-License-Identifier: BSD-2-Clause */
/* fdt.c - see fdt.h. */
#include "lib/fdt.h"

#include "lib/errno.h"
#include "lib/string.h"

#define FDT_MAGIC 0xd00dfeed
#define FDT_VERSION 17
#define FDT_LAST_COMPATIBLE 16

#define FDT_BEGIN_NODE 1
#define FDT_END_NODE 2
#define FDT_PROP 3
#define FDT_NOP 4

/* Word indexes of the header. */
enum { H_MAGIC, H_TOTAL, H_OFF_STRUCT, H_OFF_STRINGS, H_RSVMAP, H_VERSION, H_LAST_COMP, H_CPU, H_SIZE_STRINGS,
       H_SIZE_STRUCT, H_WORDS };

static u32 be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

u32 fdt_cell(const void *value, unsigned int i)
{
	return be32((const u8 *)value + 4 * i);
}

int fdt_open(struct fdt *fdt, const void *blob, size_t max)
{
	u32 total, off_struct, off_strings;

	if (!blob || max < 4 * H_WORDS || fdt_cell(blob, H_MAGIC) != FDT_MAGIC)
		return -EINVAL;
	total = fdt_cell(blob, H_TOTAL);
	off_struct = fdt_cell(blob, H_OFF_STRUCT);
	off_strings = fdt_cell(blob, H_OFF_STRINGS);
	fdt->structs_size = fdt_cell(blob, H_SIZE_STRUCT);
	fdt->strings_size = fdt_cell(blob, H_SIZE_STRINGS);
	if (fdt_cell(blob, H_VERSION) < FDT_VERSION || fdt_cell(blob, H_LAST_COMP) > FDT_LAST_COMPATIBLE + 1)
		return -EINVAL;
	if (total > max || off_struct > total || fdt->structs_size > total - off_struct || off_struct & 3 ||
	    off_strings > total || fdt->strings_size > total - off_strings)
		return -EINVAL;
	fdt->structs = (const u8 *)blob + off_struct;
	fdt->strings = (const char *)blob + off_strings;
	fdt->total_size = total;
	return 0;
}

/* Room for `size` bytes at `offset` of the structure block? */
static bool fits(const struct fdt *fdt, u32 offset, u32 size)
{
	return offset <= fdt->structs_size && size <= fdt->structs_size - offset;
}

/* A NUL-terminated string inside [offset, limit)? */
static const char *bounded_string(const char *base, u32 offset, u32 limit)
{
	if (offset >= limit || !memchr(base + offset, 0, limit - offset))
		return NULL;
	return base + offset;
}

static bool read_token(const struct fdt *fdt, u32 offset, u32 *token)
{
	if (!fits(fdt, offset, 4))
		return false;
	*token = be32(fdt->structs + offset);
	return true;
}

/* Reads the property whose token is at *offset and moves behind it. */
static const u8 *read_prop(const struct fdt *fdt, u32 *offset, const char **name, u32 *len)
{
	const u8 *p = fdt->structs + *offset;

	if (!fits(fdt, *offset, 12))
		return NULL;
	*len = be32(p + 4);
	*name = bounded_string(fdt->strings, be32(p + 8), fdt->strings_size);
	if (!*name || *len > fdt->structs_size || !fits(fdt, *offset + 12, (*len + 3) & ~3u))
		return NULL;
	*offset += 12 + ((*len + 3) & ~3u);
	return p + 12;
}

const void *fdt_prop(const struct fdt *fdt, const struct fdt_node *node, const char *name, u32 *len)
{
	u32 offset = node->props, token;

	while (read_token(fdt, offset, &token)) {
		const char *prop;
		const u8 *value;

		if (token == FDT_NOP) {
			offset += 4;
			continue;
		}
		if (token != FDT_PROP)
			break;
		value = read_prop(fdt, &offset, &prop, len);
		if (!value)
			break;
		if (!strcmp(prop, name))
			return value;
	}
	return NULL;
}

/* How the children of `node` (at node->depth) write addresses and sizes; the specification's defaults are 2 and 1. */
static void note_child_cells(const struct fdt *fdt, struct fdt_node *node)
{
	u64 value;

	node->cells[node->depth][0] = fdt_prop_number(fdt, node, "#address-cells", &value) ? (u8)value : 2;
	node->cells[node->depth][1] = fdt_prop_number(fdt, node, "#size-cells", &value) ? (u8)value : 1;
}

static bool enter_node(const struct fdt *fdt, struct fdt_node *node)
{
	node->name = bounded_string((const char *)fdt->structs, node->next + 4, fdt->structs_size);
	if (!node->name || node->depth >= FDT_MAX_DEPTH)
		return false;
	node->props = (node->next + 4 + (u32)strlen(node->name) + 1 + 3) & ~3u;
	node->address_cells = node->depth ? node->cells[node->depth - 1][0] : 2;
	node->size_cells = node->depth ? node->cells[node->depth - 1][1] : 1;
	note_child_cells(fdt, node);
	node->depth++;
	node->next = node->props;
	return true;
}

bool fdt_next_node(const struct fdt *fdt, struct fdt_node *node)
{
	u32 token, len;
	const char *name;

	while (read_token(fdt, node->next, &token)) {
		switch (token) {
		case FDT_BEGIN_NODE:
			return enter_node(fdt, node);
		case FDT_END_NODE:
			if (!node->depth--)
				return false;
			node->next += 4;
			break;
		case FDT_PROP:
			if (!read_prop(fdt, &node->next, &name, &len))
				return false;
			break;
		case FDT_NOP:
			node->next += 4;
			break;
		default:
			return false;
		}
	}
	return false;
}

const char *fdt_prop_string(const struct fdt *fdt, const struct fdt_node *node, const char *name)
{
	u32 len;
	const char *value = fdt_prop(fdt, node, name, &len);

	return value && len && !value[len - 1] ? value : NULL;
}

bool fdt_prop_number(const struct fdt *fdt, const struct fdt_node *node, const char *name, u64 *number)
{
	u32 len;
	const void *value = fdt_prop(fdt, node, name, &len);

	if (!value || (len != 4 && len != 8))
		return false;
	*number = fdt_cell(value, 0);
	if (len == 8)
		*number = *number << 32 | fdt_cell(value, 1);
	return true;
}

bool fdt_is_compatible(const struct fdt *fdt, const struct fdt_node *node, const char *compatible)
{
	u32 len, offset = 0;
	const char *value = fdt_prop(fdt, node, "compatible", &len);

	while (value && offset < len) {
		const char *string = bounded_string(value, offset, len);

		if (!string)
			return false;
		if (!strcmp(string, compatible))
			return true;
		offset += (u32)strlen(string) + 1;
	}
	return false;
}

static u64 read_cells(const u8 *p, u32 cells)
{
	u64 value = 0;

	for (u32 i = 0; i < cells; i++)
		value = value << 32 | be32(p + 4 * i);
	return value;
}

bool fdt_reg(const struct fdt *fdt, const struct fdt_node *node, unsigned int index, u64 *base, u64 *size)
{
	u32 len, stride = 4 * (node->address_cells + node->size_cells);
	const u8 *reg = fdt_prop(fdt, node, "reg", &len);

	if (!reg || !stride || node->address_cells > 2 || node->size_cells > 2 || index >= len / stride)
		return false;
	reg += index * stride;
	*base = read_cells(reg, node->address_cells);
	*size = read_cells(reg + 4 * node->address_cells, node->size_cells);
	return true;
}
