/* SPDX-License-Identifier: BSD-2-Clause */
/* test_kallsyms.c - kernel/kallsyms.c on a table made by hand: edges, aliases, return addresses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/compiler.h"

/* In place of kernel/mm/mm.h. */
#define KERNEL_MM_MM_H
static bool initmem_freed;

/* In place of the linker script's symbols: an image of 0x100 bytes. */
char image_text[0x100];
__asm__(".globl image_end, image_stext, image_etext, image_sinittext, image_einittext\n"
	".set image_stext, image_text + 0x10\n"
	".set image_etext, image_text + 0x80\n"
	".set image_sinittext, image_text + 0x80\n"
	".set image_einittext, image_text + 0xa0\n"
	".set image_end, image_text + 0x100\n");
#define _text image_text
#define _end image_end
#define _stext image_stext
#define _etext image_etext
#define _sinittext image_sinittext
#define _einittext image_einittext

#include "kernel/kallsyms.c"

/* first at 0x20; alias, twin and third at 0x30; tail at 0x80, up to the end. */
const u32 kallsyms_num_syms = 5;
const u32 kallsyms_offsets[] = { 0x20, 0x30, 0x30, 0x30, 0x80 };
const u32 kallsyms_name_offsets[] = { 0, 7, 14, 20, 27 };
const char kallsyms_names[] = "Tfirst\0Talias\0ttwin\0Tthird\0Dtail";

#define AT(offset) ((unsigned long)image_text + (offset))

static void symbols_are_read_in_place(void **state)
{
	assert_int_equal(kallsyms_sym_address(4), AT(0x80));
	assert_string_equal(kallsyms_sym_name(2), "twin");
	assert_int_equal(kallsyms_sym_type(2), 't');
	assert_int_equal(kallsyms_sym_type(4), 'D');
}

static void an_address_belongs_to_the_first_symbol_at_or_before_it(void **state)
{
	assert_int_equal(kallsyms_find(AT(0x20)), 0);
	assert_int_equal(kallsyms_find(AT(0x2f)), 0);
	assert_int_equal(kallsyms_find(AT(0x30)), 1);
	assert_int_equal(kallsyms_find(AT(0x7f)), 1);
	assert_int_equal(kallsyms_find(AT(0x80)), 4);
	assert_int_equal(kallsyms_find(AT(0xff)), 4);
}

static void outside_the_image_there_is_no_symbol(void **state)
{
	assert_int_equal(kallsyms_find(AT(0x1f)), -1);
	assert_int_equal(kallsyms_find(AT(-1)), -1);
	assert_int_equal(kallsyms_find(AT(0x100)), -1);
	assert_int_equal(kallsyms_find(0), -1);
}

static void lookup_gives_size_and_offset(void **state)
{
	char namebuf[KSYM_NAME_LEN];
	unsigned long size, offset;
	const char *module = "x";

	assert_string_equal(kallsyms_lookup(AT(0x35), &size, &offset, &module, namebuf), "alias");
	assert_int_equal(size, 0x50);
	assert_int_equal(offset, 5);
	assert_null(module);
	assert_string_equal(kallsyms_lookup(AT(0x90), &size, NULL, NULL, namebuf), "tail");
	assert_int_equal(size, 0x80);
	assert_null(kallsyms_lookup(AT(0), &size, &offset, &module, namebuf));
}

static void names_lead_to_addresses(void **state)
{
	assert_int_equal(kallsyms_lookup_name("third"), AT(0x30));
	assert_int_equal(kallsyms_lookup_name("thir"), 0);
	assert_int_equal(kallsyms_lookup_name(""), 0);
}

static void symbols_print_with_offset_and_size(void **state)
{
	char buf[KSYM_SYMBOL_LEN], want[32];

	assert_int_equal(sprint_symbol(buf, AT(0x25)), 14);
	assert_string_equal(buf, "first+0x5/0x10");
	sprint_symbol_no_offset(buf, AT(0x25));
	assert_string_equal(buf, "first");
	snprintf(want, sizeof(want), "0x%lx", AT(0x100));
	sprint_symbol(buf, AT(0x100));
	assert_string_equal(buf, want);
	sprint_symbol_no_offset(buf, AT(0x100));
	assert_string_equal(buf, want);
}

/* first ends in a call that does not come back: its return address is where alias starts. */
static void a_return_address_belongs_to_the_caller(void **state)
{
	char buf[KSYM_SYMBOL_LEN];

	sprint_backtrace(buf, AT(0x30));
	assert_string_equal(buf, "first+0x10/0x10");
	sprint_backtrace(buf, AT(0x31));
	assert_string_equal(buf, "alias+0x1/0x50");
}

static void init_text_is_text_until_it_is_freed(void **state)
{
	assert_false(kernel_text_address(AT(0xf)));
	assert_true(kernel_text_address(AT(0x10)));
	assert_true(kernel_text_address(AT(0x7f)));
	assert_true(kernel_text_address(AT(0x80)));
	assert_false(kernel_text_address(AT(0xa0)));
	initmem_freed = true;
	assert_true(kernel_text_address(AT(0x7f)));
	assert_false(kernel_text_address(AT(0x80)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols_are_read_in_place),
		cmocka_unit_test(an_address_belongs_to_the_first_symbol_at_or_before_it),
		cmocka_unit_test(outside_the_image_there_is_no_symbol),
		cmocka_unit_test(lookup_gives_size_and_offset),
		cmocka_unit_test(names_lead_to_addresses),
		cmocka_unit_test(symbols_print_with_offset_and_size),
		cmocka_unit_test(a_return_address_belongs_to_the_caller),
		cmocka_unit_test(init_text_is_text_until_it_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
