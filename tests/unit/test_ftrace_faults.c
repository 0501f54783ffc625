/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/ftrace_faults.h in a process: every site of a kernel of a known size, under the sanitizers. */
#include "tests/unit/host_file.h"
#include "tests/unit/host_ftrace.h"
/* What only registers itself has no name that could pull it out of the archive. */
#include "trace/trace_functions.c"

#define NR 64
#define SITE_A "func_0001"
#define SITE_B "func_0020"
#define SITE_C "func_0040"

#define DIRECT_A host_site(50)	/* any text that does not begin a site of the three */
#define DIRECT_B host_site(51)

static unsigned long sites[3];

static void call_sites(void)
{
	host_hit(1);
	host_hit(20);
	host_hit(40);
}

static int edit_file(const char *name, int how, const char *text)
{
	struct open_file f;
	int ret = file_open(&f, name, O_WRONLY | how), err;

	if (ret)
		return ret;
	ret = file_puts(&f, text);
	err = file_close(&f);
	return ret ? ret : err;
}

static unsigned long armed_at;
static bool lasting;

static void arm_alloc(unsigned long n)
{
	armed_at = host_alloc_count() + n;
	host_fail_alloc(n, lasting);
}

static bool disarm_alloc(void)
{
	host_fail_alloc(0, false);
	return host_alloc_count() >= armed_at;
}

static unsigned long memory_in_use(void)
{
	synchronize_rcu();
	return host_live_allocs;
}

#define write_ftrace_enabled ftrace_set_enabled
#define arm_patch host_arch_fail_at
#define disarm_patch() (!host_arch_fail_at(0, 0))
#define EXPECT assert_true
#define EXPECT_EQ assert_int_equal
#define failed() false
#define report print_message

#include "tests/ftrace_faults.h"

/* The files' operations, by name: the archive gives what is named. */
static const struct file_operations *const files[] = { &ftrace_filter_fops, &ftrace_notrace_fops };

static int setup(void **state)
{
	assert_non_null(files[0]->write);
	host_ftrace_boot(NR, NULL);
	sites[0] = host_site(1);
	sites[1] = host_site(20);
	sites[2] = host_site(40);
	trace_init();
	lasting = false;
	return 0;
}

static int teardown(void **state)
{
	ring_buffer_free(&global_trace.buffer);
	memset(&global_trace.buffer, 0, sizeof(global_trace.buffer));
	global_trace.buffer_expanded = false;
	host_ftrace_end();
	return 0;
}

static void every_allocation_that_fails_is_survived(void **state)
{
	every_allocation();
}

static void every_allocation_from_which_on_all_fail_is_survived(void **state)
{
	lasting = true;
	every_allocation();
}

static void every_change_of_a_site_that_fails_is_survived(void **state)
{
	every_change_of_a_site();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_allocation_that_fails_is_survived),
		TEST(every_allocation_from_which_on_all_fail_is_survived),
		TEST(every_change_of_a_site_that_fails_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
