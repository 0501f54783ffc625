/* SPDX-License-Identifier: BSD-2-Clause */
/* Registering on a machine that cannot save all registers: trace/ftrace_ops.c, compiled as for one. */
#include "arch/arch.h"
#undef FTRACE_REGS_ADDR
#include "trace/ftrace_ops.c"

#include "tests/unit/host_ftrace.h"

static struct ftrace_ops a;

static void ignore(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

static int setup(void **state)
{
	host_ftrace_boot(4, NULL);
	a = (struct ftrace_ops){ .func = ignore };
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a);
	return 0;
}

static void registers_are_einval(void **state)
{
	a.flags = FTRACE_OPS_FL_SAVE_REGS;
	assert_int_equal(register_ftrace_function(&a), -EINVAL);
	assert_false(a.flags & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING));
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
}

/* Who can do without is registered, and has the flag that was not set; again, too. */
static void registers_if_supported_may_be_asked_for(void **state)
{
	a.flags = FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED;
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_true(a.flags & FTRACE_OPS_FL_SAVE_REGS);
	assert_int_equal(unregister_ftrace_function(&a), 0);
	assert_int_equal(register_ftrace_function(&a), 0);
	assert_int_equal(unregister_ftrace_function(&a), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(registers_are_einval),
		TEST(registers_if_supported_may_be_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
