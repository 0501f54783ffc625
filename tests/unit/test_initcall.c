/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_initcall.c - init/initcall.c: the form of an entry, the order of a table, and
 * what happens to a function that comes back with interrupts off or preemption unbalanced.
 *
 * The table that the kernel's linker script makes is assembled here by hand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/types.h"

/* The CPU: a preemption count, an interrupt flag and a clock. */
#define KERNEL_PREEMPT_H
#define KERNEL_TIME_TIME_H
#define NSEC_PER_USEC 1000
static struct { int preempt_count, pid; } task = { .pid = 1 }, *const current = &task;
static bool irqs_off;
static u64 now;
#define preempt_count() (current->preempt_count)
#define irqs_disabled() irqs_off
#define local_irq_enable() ((void)(irqs_off = false))
#define ktime_get_ns() (now += 2500)

#include "init/initcall.c"

static char calls[256], logged[1024];

static void note(char *where, size_t size, const char *fmt, va_list args)
{
	vsnprintf(where + strlen(where), size - strlen(where), fmt, args);
}

int printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note(logged, sizeof(logged), fmt, args);
	va_end(args);
	return 0;
}

void __warn(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	strcat(logged, "WARNING: ");
	va_start(args, fmt);
	note(logged, sizeof(logged), fmt, args);
	va_end(args);
}

/* The only symbols there are. */
static int name_of(char *buf, unsigned long addr, const char *suffix);

int sprint_symbol(char *buf, unsigned long addr)
{
	return name_of(buf, addr, "+0x0/0x10");
}

int sprint_symbol_no_offset(char *buf, unsigned long addr)
{
	return name_of(buf, addr, "");
}

#define CALL(name, result, body)                     \
	int name(void);                              \
	int name(void)                               \
	{                                            \
		strcat(calls, #name " ");            \
		body;                                \
		return result;                       \
	}

CALL(one, 0, )
CALL(two, 7, )
CALL(three, -19, )
CALL(four, 0, )
CALL(leaves_irqs_off, 0, irqs_off = true)
CALL(leaves_preempt_off, -5, current->preempt_count++)
CALL(leaves_both, 0, irqs_off = true; current->preempt_count -= 3)

static int name_of(char *buf, unsigned long addr, const char *suffix)
{
	const char *name = addr == (unsigned long)one ? "one" : addr == (unsigned long)two ? "two" : "other";

	return snprintf(buf, KSYM_SYMBOL_LEN, "%s%s", name, suffix);
}

/* early: four.  Level 0: nothing.  Level 1: one.  Levels 2 to 5: two.  6: nothing.  7: three. */
__asm__(".pushsection .data.rel.ro, \"aw\"\n.balign 8\n"
	".globl __initcall_start, __initcall0_start, __initcall1_start, __initcall2_start, __initcall3_start\n"
	".globl __initcall4_start, __initcall5_start, __initcall6_start, __initcall7_start, __initcall_end\n"
	"__initcall_start: .4byte four - .\n"
	"__initcall0_start:\n"
	"__initcall1_start: .4byte one - .\n"
	"__initcall2_start: __initcall3_start: __initcall4_start: __initcall5_start: .4byte two - .\n"
	"__initcall6_start: __initcall7_start: .4byte three - .\n"
	"__initcall_end:\n"
	".popsection\n");

static int start(void **state)
{
	calls[0] = logged[0] = '\0';
	task.preempt_count = 2;
	irqs_off = false;
	initcall_debug = false;
	blacklist = NULL;
	return 0;
}

static void levels_run_in_order_and_early_on_its_own(void **state)
{
	do_pre_smp_initcalls();
	assert_string_equal(calls, "four ");
	do_initcalls();
	assert_string_equal(calls, "four one two three ");
	assert_string_equal(logged, "");
}

static void an_entry_is_a_signed_distance_from_itself(void **state)
{
	static s32 cells[2];

	cells[1] = -4;
	assert_ptr_equal(offset_to_ptr(&cells[1]), &cells[0]);
	cells[0] = 4;
	assert_ptr_equal(offset_to_ptr(&cells[0]), &cells[1]);
	assert_ptr_equal(initcall_from_entry(&__initcall1_start[0]), one);
	assert_int_equal(sizeof(initcall_entry_t), 4);
}

/* Entries of an x86 kernel, as a debugger shows them: where each is, what it holds, which function it means. */
static void distances_of_a_real_kernel_lead_to_its_functions(void **state)
{
	static const struct { u64 entry; u32 holds; u64 function; } known[] = {
		{ 0xffffffff82ea05e8, 0xffe9170e, 0xffffffff82d31cf6 },
		{ 0xffffffff82ea074c, 0xffe86ba6, 0xffffffff82d272f2 },
		{ 0xffffffff82ebb71c, 0xffe8262b, 0xffffffff82d3dd47 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		s32 cell = (s32)known[i].holds;

		assert_int_equal((u64)offset_to_ptr(&cell) - (u64)&cell + known[i].entry, known[i].function);
	}
}

/* Who takes an entry of 4 bytes for a pointer reads two of them at once. */
static void reading_eight_bytes_mixes_two_entries(void **state)
{
	u64 both;

	memcpy(&both, &__initcall_start[0], sizeof(both));
	assert_int_equal((u32)both, (u32)__initcall_start[0]);
	assert_int_equal(both >> 32, (u32)__initcall_start[1]);
}

static void the_result_is_passed_on_and_no_error_is_logged(void **state)
{
	assert_int_equal(do_one_initcall(two), 7);
	assert_int_equal(do_one_initcall(three), -19);
	assert_string_equal(logged, "");
}

static void debug_logs_before_and_after(void **state)
{
	initcall_debug = true;
	do_one_initcall(two);
	assert_string_equal(logged, KERN_DEBUG "calling  two+0x0/0x10 @ 1\n"
			    KERN_DEBUG "initcall two+0x0/0x10 returned 7 after 2 usecs\n");
}

static void a_blacklisted_function_is_not_called(void **state)
{
	blacklist = "nosuch,two";
	assert_int_equal(do_one_initcall(two), -EPERM);
	assert_int_equal(do_one_initcall(one), 0);
	assert_string_equal(calls, "one ");
	assert_string_equal(logged, KERN_INFO "initcall two blacklisted\n");
}

static void a_blacklisted_name_must_be_whole(void **state)
{
	static char lists[][16] = { "tw", "twox", "xtwo", "tw,o", "", ",", "two ,one" };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		blacklist = lists[i];
		assert_int_equal(do_one_initcall(two), 7);
	}
}

static void interrupts_left_off_are_put_right(void **state)
{
	assert_int_equal(do_one_initcall(leaves_irqs_off), 0);
	assert_false(irqs_off);
	assert_string_equal(logged, "WARNING: initcall other+0x0/0x10 returned with disabled interrupts \n");
}

static void an_unbalanced_preempt_count_is_put_right(void **state)
{
	assert_int_equal(do_one_initcall(leaves_preempt_off), -5);
	assert_int_equal(task.preempt_count, 2);
	assert_string_equal(logged, "WARNING: initcall other+0x0/0x10 returned with preemption imbalance \n");
}

static void both_imbalances_make_one_warning(void **state)
{
	do_one_initcall(leaves_both);
	assert_int_equal(task.preempt_count, 2);
	assert_false(irqs_off);
	assert_string_equal(logged, "WARNING: initcall other+0x0/0x10 returned with "
			    "preemption imbalance disabled interrupts \n");
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(levels_run_in_order_and_early_on_its_own),
		TEST(an_entry_is_a_signed_distance_from_itself),
		TEST(distances_of_a_real_kernel_lead_to_its_functions),
		TEST(reading_eight_bytes_mixes_two_entries),
		TEST(the_result_is_passed_on_and_no_error_is_logged),
		TEST(debug_logs_before_and_after),
		TEST(a_blacklisted_function_is_not_called),
		TEST(a_blacklisted_name_must_be_whole),
		TEST(interrupts_left_off_are_put_right),
		TEST(an_unbalanced_preempt_count_is_put_right),
		TEST(both_imbalances_make_one_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
