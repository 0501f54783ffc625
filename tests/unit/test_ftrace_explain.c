/* SPDX-License-Identifier: BSD-2-Clause */
/* Why is this function traced, or not: each answer, and what it is made of. */
#include "tests/unit/host_ftrace.h"
#include "trace/ftrace_explain.h"
#include <stdlib.h>

static const char *const names[] = { "alpha", "beta.isra.0", "gamma", "gamma.part.0", "delta" };
#define NR ARRAY_SIZE(names)
#define NEAR host_site(20)	/* untraced, like what is behind it */

static struct ftrace_ops a, b;
static char text[4096];

static void ignore(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

static int setup(void **state)
{
	host_ftrace_boot(NR, names);
	host_add_symbol(host_site(10), "notrace_fn");
	host_add_symbol(NEAR, "trampoline");
	host_add_symbol(host_site(30), "jiffies");
	host_set_symbol_type('D');
	host_untraced_from = NEAR;
	a = b = (struct ftrace_ops){ .func = ignore };
	return 0;
}

static int teardown(void **state)
{
	if (a.direct_call)
		unregister_ftrace_direct(&a, a.direct_call, true);
	host_ftrace_end_with(&a, &b);
	__init_begin = __init_end = NULL;
	return 0;
}

static bool explain(const char *name)
{
	struct trace_seq s;

	trace_seq_init(&s, text, sizeof(text));
	return ftrace_explain(&s, name);
}

#define expect_line(line) assert_non_null(strstr(text, line "\n"))
#define expect_whole(name, found, whole)                        \
	do {                                                    \
		assert_int_equal(explain(name), found);         \
		assert_string_equal(text, whole);               \
	} while (0)

/* ---- with a site ---- */

static void nobody_wants_it(void **state)
{
	assert_true(explain("alpha"));
	assert_int_equal(strncmp(text, "alpha: not traced: no ops wants it\n", 35), 0);
	expect_line("  ops         global_ops: not registered (no tracer uses it); if it were, "
		    "yes: it has no filter, so all are meant");
	expect_line("    +0         00000013  nop");
	expect_line("  audit       consistent");
	assert_null(strstr(text, "target"));
}

static void every_hash_that_decides_is_named(void **state)
{
	register_ftrace_function(&a);
	explain("alpha");
	expect_line("alpha: traced, by 1");
	assert_non_null(strstr(text, ": yes: it has no filter, so all are meant\n"));
	host_set_filter(&a, "delta", 0);
	explain("alpha");
	assert_non_null(strstr(text, ": no: its filter does not name it\n"));
	explain("delta");
	assert_non_null(strstr(text, ": yes: its filter names it\n"));
	host_set_notrace(&a, "delta", 0);
	explain("delta");
	expect_line("delta: not traced: no ops wants it");
	assert_non_null(strstr(text, ": no: its notrace names it\n"));
}

static void target_trampoline_and_words_are_those_of_the_site(void **state)
{
	char expected[128];

	host_set_filter(&a, "delta", 0);
	register_ftrace_function(&a);
	explain("delta");
	snprintf(expected, sizeof(expected), "  target      index %u: %ps\n", a.dispatch_index, ignore);
	assert_non_null(strstr(text, expected));
	expect_line("    +0         ca110000  word ca110000");
	b.flags = FTRACE_OPS_FL_SAVE_REGS;
	register_ftrace_function(&b);
	explain("delta");
	expect_line("delta: traced, by 2");
	snprintf(expected, sizeof(expected), "  target      index 0: %ps, which asks each of them\n", ftrace_ops_list_func);
	assert_non_null(strstr(text, expected));
	snprintf(expected, sizeof(expected), "  trampoline  %ps\n", (void *)FTRACE_REGS_ADDR);
	assert_non_null(strstr(text, expected));
	expect_line("  audit       consistent");
}

static void a_direct_call_is_named_however_it_is_reached(void **state)
{
	a.func = NULL;
	host_set_filter(&a, "delta", 0);
	assert_int_equal(register_ftrace_direct(&a, NEAR), 0);
	explain("delta");
	expect_line("  target      nothing of ours");
	expect_line("  direct      trampoline");
	register_ftrace_function(&b);
	explain("delta");
	expect_line("delta: traced, by 2");
	assert_non_null(strstr(text, ", which asks each of them, then trampoline (direct)\n"));
}

static void what_keeps_a_wanted_site_off_is_the_answer(void **state)
{
	register_ftrace_function(&a);
	ftrace_set_enabled(0);
	explain("alpha");
	expect_line("alpha: not traced: kernel.ftrace_enabled is 0; wanted by 1");
	ftrace_set_enabled(1);
	unregister_ftrace_function(&a);
	ftrace_exact_rec(host_site(0))->flags |= FTRACE_FL_DISABLED;
	register_ftrace_function(&a);
	explain("alpha");
	expect_line("alpha: not traced: its site may not be touched");
	ftrace_kill();
	explain("delta");
	expect_line("delta: traced, by 1");
	expect_line("  ftrace is dead: nothing changes any more");
}

static void the_audit_says_what_is_wrong_with_the_site(void **state)
{
	register_ftrace_function(&a);
	((u32 *)host_site(0))[3] = 0x12345678;
	explain("alpha");
	expect_line("    +12        12345678  word 12345678");
	expect_line("  audit       word 3: expected 00000013, found 12345678");
	explain("delta");
	expect_line("  audit       consistent");
}

/* ---- without ---- */

static void a_function_without_a_site_has_a_reason(void **state)
{
	expect_whole("trampoline", true, "trampoline: never traced: it is in lib/\n");
	expect_whole("notrace_fn", true, "notrace_fn: never traced: it has no site (notrace, or assembly)\n");
	__init_begin = (char *)host_site(0);
	__init_end = (char *)host_site(1);
	ftrace_free_init_mem();
	expect_whole("alpha", true, "alpha: not traced: code of boot, freed when that was over\n");
}

static void data_is_not_a_function(void **state)
{
	expect_whole("jiffies", false, "jiffies: not a function: data\n");
}

static void a_name_that_is_not_there_shows_variants_and_similar_names(void **state)
{
	expect_whole("beta", false,
		     "beta: not in this kernel: part of its callers (inlined), or never was\n"
		     "  see also    beta.isra.0: the compiler's variant of it\n");
	expect_whole("detla", false,
		     "detla: not in this kernel: part of its callers (inlined), or never was\n"
		     "  similar     delta\n");
	expect_whole("x", false, "x: not in this kernel: part of its callers (inlined), or never was\n");
	explain("gamma");
	expect_line("  see also    gamma.part.0: the compiler's variant of it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nobody_wants_it),
		TEST(every_hash_that_decides_is_named),
		TEST(target_trampoline_and_words_are_those_of_the_site),
		TEST(a_direct_call_is_named_however_it_is_reached),
		TEST(what_keeps_a_wanted_site_off_is_the_answer),
		TEST(the_audit_says_what_is_wrong_with_the_site),
		TEST(a_function_without_a_site_has_a_reason),
		TEST(data_is_not_a_function),
		TEST(a_name_that_is_not_there_shows_variants_and_similar_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
