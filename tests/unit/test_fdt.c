/* SPDX-License-Identifier: BSD-2-Clause */
/* test_fdt.c - the device tree reader, on trees built here and on thousands of broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/fdt.h"

static uint8_t blob[1024];
static uint32_t struct_len, strings_len;
static char strings[256];
static uint8_t structs[512];

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

static void token(uint32_t v)
{
	put32(structs + struct_len, v);
	struct_len += 4;
}

static void begin(const char *name)
{
	token(1);
	memset(structs + struct_len, 0, strlen(name) + 4);
	strcpy((char *)structs + struct_len, name);
	struct_len += (strlen(name) + 4) & ~3u;
}

static void prop(const char *name, const void *value, uint32_t len)
{
	token(3);
	token(len);
	token(strings_len);
	strcpy(strings + strings_len, name);
	strings_len += strlen(name) + 1;
	memset(structs + struct_len, 0, len + 4);
	memcpy(structs + struct_len, value, len);
	struct_len += (len + 3) & ~3u;
}

static void prop_cells(const char *name, int n, const uint32_t *cells)
{
	uint8_t bytes[32];

	for (int i = 0; i < n; i++)
		put32(bytes + 4 * i, cells[i]);
	prop(name, bytes, 4 * n);
}

#define CELLS(name, ...) \
	prop_cells(name, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, (const uint32_t[]){ __VA_ARGS__ })

/* / { chosen; memory@80000000; soc { serial@10000000 } }, as QEMU's virt has it. */
static size_t build(void)
{
	uint32_t off_struct = 56, off_strings;
	const uint32_t header[] = { 0xd00dfeed, 0, 56, 0, 40, 17, 16, 0, 0, 0 };

	struct_len = strings_len = 0;
	begin("");
	CELLS("#address-cells", 2);
	CELLS("#size-cells", 2);
	prop("model", "a machine", 10);
	token(4);
	begin("chosen");
	prop("bootargs", "quiet", 6);
	prop("torn", "abc", 3);
	CELLS("linux,initrd-start", 1, 2);
	token(2);
	begin("memory@80000000");
	CELLS("reg", 0, 0x80000000, 0, 0x8000000, 1, 0, 0, 0x1000);
	token(2);
	begin("soc");
	CELLS("#address-cells", 1);
	CELLS("#size-cells", 1);
	begin("serial@10000000");
	prop("compatible", "new-uart\0ns16550a", 18);
	CELLS("reg", 0x10000000, 0x100);
	token(2);
	token(2);
	token(2);
	token(9);
	off_strings = off_struct + struct_len;
	memset(blob, 0, sizeof(blob));
	for (int i = 0; i < 10; i++)
		put32(blob + 4 * i, header[i]);
	put32(blob + 4, off_strings + strings_len);
	put32(blob + 12, off_strings);
	put32(blob + 32, strings_len);
	put32(blob + 36, struct_len);
	memcpy(blob + off_struct, structs, struct_len);
	memcpy(blob + off_strings, strings, strings_len);
	return off_strings + strings_len;
}

static void find(const struct fdt *fdt, struct fdt_node *node, const char *name)
{
	memset(node, 0, sizeof(*node));
	while (fdt_next_node(fdt, node))
		if (!strcmp(node->name, name))
			return;
	fail_msg("no node %s", name);
}

static void test_walk_visits_every_node_in_order(void **state)
{
	static const char *const names[] = { "", "chosen", "memory@80000000", "soc", "serial@10000000" };
	struct fdt_node node = { 0 };
	struct fdt fdt;
	unsigned int n = 0;

	assert_int_equal(fdt_open(&fdt, blob, build()), 0);
	while (fdt_next_node(&fdt, &node))
		assert_string_equal(node.name, names[n++]);
	assert_int_equal(n, 5);
}

static void test_properties(void **state)
{
	struct fdt_node node;
	struct fdt fdt;
	u64 value;
	u32 len;

	assert_int_equal(fdt_open(&fdt, blob, build()), 0);
	find(&fdt, &node, "chosen");
	assert_string_equal(fdt_prop_string(&fdt, &node, "bootargs"), "quiet");
	assert_null(fdt_prop_string(&fdt, &node, "torn"));
	assert_null(fdt_prop(&fdt, &node, "reg", &len));
	assert_null(fdt_prop(&fdt, &node, "model", &len));
	assert_true(fdt_prop_number(&fdt, &node, "linux,initrd-start", &value));
	assert_true(value == 0x100000002ull);
	assert_false(fdt_prop_number(&fdt, &node, "bootargs", &value));
}

static void test_reg_follows_the_parents_cells(void **state)
{
	struct fdt_node node;
	struct fdt fdt;
	u64 base, size;

	assert_int_equal(fdt_open(&fdt, blob, build()), 0);
	find(&fdt, &node, "memory@80000000");
	assert_true(fdt_reg(&fdt, &node, 0, &base, &size));
	assert_true(base == 0x80000000 && size == 0x8000000);
	assert_true(fdt_reg(&fdt, &node, 1, &base, &size));
	assert_true(base == 0x100000000ull && size == 0x1000);
	assert_false(fdt_reg(&fdt, &node, 2, &base, &size));
	find(&fdt, &node, "serial@10000000");
	assert_true(fdt_reg(&fdt, &node, 0, &base, &size));
	assert_true(base == 0x10000000 && size == 0x100);
	find(&fdt, &node, "soc");
	assert_false(fdt_reg(&fdt, &node, 0, &base, &size));
}

static void test_compatible_is_a_list(void **state)
{
	struct fdt_node node;
	struct fdt fdt;

	assert_int_equal(fdt_open(&fdt, blob, build()), 0);
	find(&fdt, &node, "serial@10000000");
	assert_true(fdt_is_compatible(&fdt, &node, "ns16550a"));
	assert_true(fdt_is_compatible(&fdt, &node, "new-uart"));
	assert_false(fdt_is_compatible(&fdt, &node, "ns16550"));
	assert_false(fdt_is_compatible(&fdt, &node, "uart"));
}

static void test_open_refuses_what_is_no_tree(void **state)
{
	struct fdt fdt;
	size_t len = build();

	assert_int_not_equal(fdt_open(&fdt, NULL, len), 0);
	assert_int_not_equal(fdt_open(&fdt, blob, 39), 0);
	assert_int_not_equal(fdt_open(&fdt, blob, len - 1), 0);
	blob[0] = 0;
	assert_int_not_equal(fdt_open(&fdt, blob, len), 0);
	build();
	put32(blob + 20, 16);
	assert_int_not_equal(fdt_open(&fdt, blob, len), 0);
	build();
	put32(blob + 36, 0x7fffffff);
	assert_int_not_equal(fdt_open(&fdt, blob, len), 0);
	build();
	put32(blob + 8, 0xfffffff0);
	assert_int_not_equal(fdt_open(&fdt, blob, len), 0);
}

/* ASan holds the bounds: each broken tree lives in a heap block of exactly its size. */
static void read_everything(const uint8_t *tree, size_t len)
{
	struct fdt_node node = { 0 };
	struct fdt fdt;
	u64 a, b;
	int steps = 0;

	if (fdt_open(&fdt, tree, len))
		return;
	while (fdt_next_node(&fdt, &node) && steps++ < 1000) {
		fdt_prop_string(&fdt, &node, "bootargs");
		fdt_is_compatible(&fdt, &node, "ns16550a");
		for (unsigned int i = 0; i < 4; i++)
			fdt_reg(&fdt, &node, i, &a, &b);
	}
	assert_true(steps < 1000);
}

static void test_broken_trees_are_never_read_outside(void **state)
{
	size_t len = build();

	srand(1);
	for (int round = 0; round < 20000; round++) {
		size_t size = round % 4 ? len : (size_t)rand() % len;
		uint8_t *tree = malloc(size + 1);

		memcpy(tree, blob, size);
		for (int i = rand() % 4; i >= 0 && size; i--)
			tree[rand() % size] = rand() % 3 ? rand() : 0xff;
		tree = realloc(tree, size ? size : 1);
		read_everything(tree, size);
		free(tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk_visits_every_node_in_order),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_reg_follows_the_parents_cells),
		cmocka_unit_test(test_compatible_is_a_list),
		cmocka_unit_test(test_open_refuses_what_is_no_tree),
		cmocka_unit_test(test_broken_trees_are_never_read_outside),
	};

	return cmocka_run_group_tests_name("fdt", tests, NULL, NULL);
}
