/* SPDX-License-Identifier: BSD-2-Clause */
/* Direct calls by function: they come, go and change one by one, all of a hash or none. */
#include "tests/unit/host_ftrace.h"

#define NR 16
#define ADDR(i) host_site(100 + (i))	/* trampolines: any text that is not a site */
#define FAR host_site(4000)

static struct ftrace_ops d, e, a, patch;
static int a_calls, asked, fail_at;

static void count_a(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	a_calls++;
}

static int agree(struct ftrace_ops *op, enum ftrace_ops_cmd cmd)
{
	asked++;
	return 0;
}

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	d = e = (struct ftrace_ops){ 0 };
	a = (struct ftrace_ops){ .func = count_a };
	patch = (struct ftrace_ops){ .func = count_a, .flags = FTRACE_OPS_FL_IPMODIFY };
	a_calls = asked = fail_at = 0;
	return 0;
}

typedef int (*update_fn)(struct ftrace_ops *ops, struct ftrace_hash *hash);

static int mod(struct ftrace_ops *ops, struct ftrace_hash *hash)
{
	return update_ftrace_direct_mod(ops, hash, true);
}

/* With a hash of these pairs of site and trampoline, up to a trampoline 0. */
static int update(update_fn fn, struct ftrace_ops *ops, const unsigned long (*pairs)[2])
{
	struct ftrace_hash *hash = alloc_ftrace_hash(FTRACE_HASH_DEFAULT_BITS);
	int ret;

	for (; (*pairs)[1]; pairs++)
		assert_int_equal(add_ftrace_hash_entry_direct(hash, (*pairs)[0], (*pairs)[1]), 0);
	host_fail_alloc(fail_at, false);
	ret = fn(ops, hash);
	host_fail_alloc(0, false);
	free_ftrace_hash(hash);
	return ret;
}

#define ADD(ops, ...) update(update_ftrace_direct_add, ops, (const unsigned long[][2]){ __VA_ARGS__, { 0 } })
#define DEL(ops, ...) update(update_ftrace_direct_del, ops, (const unsigned long[][2]){ __VA_ARGS__, { 0 } })
#define MOD(ops, ...) update(mod, ops, (const unsigned long[][2]){ __VA_ARGS__, { 0 } })
#define AT(i, addr) { host_site(i), addr }

/* What the first sites run through, as the letter of ADDR(); '-' for none. */
static void expect_through(const char *letters)
{
	for (int i = 0; letters[i]; i++)
		assert_int_equal(host_hit(i), letters[i] == '-' ? 0 : ADDR(letters[i] - 'a'));
	if (!ftrace_is_dead())
		host_ftrace_audit();
}

static void end_direct(struct ftrace_ops *ops)
{
	if (ops->flags & FTRACE_OPS_FL_ENABLED)
		update_ftrace_direct_del(ops, ops->func_hash->filter_hash);
}

static int teardown(void **state)
{
	/* Direct calls are known to more than the list of ops: these must be taken back as they came. */
	end_direct(&d);
	end_direct(&e);
	host_ftrace_end_with(&d, &e, &a, &patch);
	return 0;
}

static void each_function_has_a_trampoline_of_its_own(void **state)
{
	assert_int_equal(ADD(&d, AT(1, ADDR(0)), AT(2, ADDR(1))), 0);
	expect_through("-ab-");
	assert_int_equal(host_site_direct(host_site(2)), ADDR(1));
	assert_int_equal(ftrace_find_rec_direct(host_site(1)), ADDR(0));
	assert_int_equal(ADD(&d, AT(3, ADDR(2)), AT(4, FAR)), 0);
	expect_through("-abc");
	assert_int_equal(host_hit(4), FAR);
	assert_int_equal(host_site_direct(host_site(4)), 0);
	assert_int_equal(d.func_hash->filter_hash->count, 4);
}

static void some_go_and_the_others_stay(void **state)
{
	ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1)), AT(2, ADDR(2)));
	assert_int_equal(DEL(&d, AT(1, ADDR(1))), 0);
	expect_through("a-c");
	assert_false(host_site_is_on(host_site(1)));
	assert_true(d.flags & FTRACE_OPS_FL_ENABLED);
	assert_int_equal(DEL(&d, AT(0, ADDR(0)), AT(2, ADDR(2))), 0);
	expect_through("---");
	/* As before the first came. */
	assert_false(d.flags & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_DIRECT));
	assert_null(d.func);
	assert_true(ftrace_hash_empty(d.func_hash->filter_hash));
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
	assert_int_equal(ADD(&d, AT(1, ADDR(3))), 0);
	expect_through("-d-");
}

static void some_change_and_the_others_stay(void **state)
{
	ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1)), AT(2, ADDR(2)));
	assert_int_equal(MOD(&d, AT(0, ADDR(4)), AT(2, FAR)), 0);
	expect_through("eb");
	assert_int_equal(host_hit(2), FAR);
	assert_int_equal(MOD(&d, AT(2, ADDR(0))), 0);
	expect_through("eba");
	assert_int_equal(host_site_direct(host_site(2)), ADDR(0));
}

static void callbacks_of_others_come_first(void **state)
{
	ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1)));
	register_ftrace_function(&a);
	expect_through("ab-");
	assert_int_equal(a_calls, 3);
	assert_int_equal(ADD(&d, AT(2, ADDR(2))), 0);
	assert_int_equal(MOD(&d, AT(1, ADDR(3))), 0);
	assert_int_equal(DEL(&d, AT(0, ADDR(0))), 0);
	expect_through("-dc");
	assert_int_equal(a_calls, 6);
	unregister_ftrace_function(&a);
	expect_through("-dc");
	assert_int_equal(a_calls, 6);
}

static void disabled_they_change_all_the_same(void **state)
{
	ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1)));
	ftrace_set_enabled(0);
	expect_through("---");
	assert_int_equal(ADD(&d, AT(2, ADDR(2))), 0);
	assert_int_equal(MOD(&d, AT(1, ADDR(3))), 0);
	assert_int_equal(DEL(&d, AT(0, ADDR(0))), 0);
	expect_through("---");
	ftrace_set_enabled(1);
	expect_through("-dc");
}

static void a_late_call_of_one_that_is_gone_goes_on_in_the_function(void **state)
{
	struct pt_regs regs = { 0 };
	struct ftrace_regs fregs = { .regs = &regs };
	u32 index;

	ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1)));
	index = d.dispatch_index;
	DEL(&d, AT(0, ADDR(0)));
	ftrace_dispatch[index].func(host_site(0), 0x1000, &d, &fregs);
	assert_int_equal(regs.direct, 0);
	ftrace_dispatch[index].func(host_site(1), 0x1001, &d, &fregs);
	assert_int_equal(regs.direct, ADDR(1));
	/* The set that it was found in may go at any moment with preemption on. */
	assert_false(regs.direct_preemptible);
	assert_int_equal(preempt_count(), 0);
	memset(&regs, 0, sizeof(regs));
	DEL(&d, AT(1, ADDR(1)));
	ftrace_dispatch[index].func(host_site(1), 0x1001, &d, &fregs);
	assert_int_equal(regs.direct, 0);
}

static void what_is_no_function_or_no_code_is_einval(void **state)
{
	ADD(&d, AT(0, ADDR(0)));
	assert_int_equal(ADD(&d, { 0 }), -EINVAL);
	assert_int_equal(DEL(&d, { 0 }), -EINVAL);
	assert_int_equal(MOD(&d, { 0 }), -EINVAL);
	assert_int_equal(ADD(&d, AT(1, ADDR(1)), AT(2, 4711)), -EINVAL);
	assert_int_equal(ADD(&d, AT(1, ADDR(1)), { host_site(2) + 4, ADDR(1) }), -EINVAL);
	assert_int_equal(ADD(&d, AT(1, ADDR(1)), AT(NR, ADDR(1))), -EINVAL);
	assert_int_equal(MOD(&d, AT(0, 4711)), -EINVAL);
	expect_through("a--");
}

static void what_it_does_not_have_is_einval(void **state)
{
	ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1)));
	ADD(&e, AT(2, ADDR(2)));
	assert_int_equal(DEL(&d, AT(0, ADDR(0)), AT(2, ADDR(2))), -EINVAL);
	assert_int_equal(DEL(&d, AT(0, ADDR(1))), -EINVAL);
	assert_int_equal(MOD(&d, AT(0, ADDR(3)), AT(2, ADDR(3))), -EINVAL);
	assert_int_equal(DEL(&a, AT(0, ADDR(0))), -EINVAL);
	assert_int_equal(MOD(&a, AT(0, ADDR(0))), -EINVAL);
	expect_through("abc");
}

static void the_two_ways_do_not_mix(void **state)
{
	ADD(&d, AT(0, ADDR(0)));
	assert_int_equal(unregister_ftrace_direct(&d, 0, true), -EINVAL);
	assert_int_equal(unregister_ftrace_direct(&d, ADDR(0), true), -EINVAL);
	assert_int_equal(modify_ftrace_direct(&d, ADDR(1)), -EINVAL);
	assert_int_equal(register_ftrace_direct(&d, ADDR(1)), -EINVAL);
	assert_int_equal(unregister_ftrace_function(&d), -EINVAL);
	assert_int_equal(host_set_filter(&d, "*", 0), -EBUSY);
	assert_int_equal(ftrace_set_filter_ip(&e, host_site(1), 0, 0), 0);
	assert_int_equal(ADD(&e, AT(2, ADDR(2))), -EINVAL);
	assert_int_equal(register_ftrace_direct(&e, ADDR(1)), 0);
	assert_int_equal(ADD(&e, AT(2, ADDR(2))), -EINVAL);
	assert_int_equal(DEL(&e, AT(1, ADDR(1))), -EINVAL);
	assert_int_equal(MOD(&e, AT(1, ADDR(1))), -EINVAL);
	expect_through("ab-");
	assert_int_equal(unregister_ftrace_direct(&e, ADDR(1), true), 0);
	/* An ops that does something else. */
	assert_int_equal(ADD(&a, AT(2, ADDR(2))), -EINVAL);
	assert_int_equal(host_set_notrace(&e, "func_0009", 0), 0);
	assert_int_equal(ADD(&e, AT(2, ADDR(2))), -EINVAL);
	expect_through("a--");
}

static void a_function_that_is_taken_is_ebusy(void **state)
{
	ADD(&d, AT(0, ADDR(0)));
	assert_int_equal(ADD(&e, AT(1, ADDR(1)), AT(0, ADDR(1))), -EBUSY);
	assert_false(e.flags & FTRACE_OPS_FL_ENABLED);
	assert_int_equal(ADD(&d, AT(1, ADDR(1)), AT(0, ADDR(0))), -EBUSY);
	ftrace_set_filter_ip(&patch, host_site(2), 0, 0);
	assert_int_equal(register_ftrace_function(&patch), 0);
	assert_int_equal(ADD(&d, AT(1, ADDR(1)), AT(2, ADDR(2))), -EBUSY);
	assert_int_equal(ADD(&e, AT(1, ADDR(1)), AT(2, ADDR(2))), -EBUSY);
	expect_through("a--");
	/* Unless it agrees to share. */
	d.ops_func = agree;
	assert_int_equal(ADD(&d, AT(1, ADDR(1)), AT(2, ADDR(2))), 0);
	assert_int_equal(asked, 1);
	expect_through("abc");
	assert_int_equal(unregister_ftrace_function(&patch), 0);
}

/* Does `call` with its first, second, ... allocation failing, until it succeeds. */
#define UNTIL_THERE_IS_MEMORY(call, before, after)                       \
	for (fail_at = 1; fail_at; fail_at = ret ? fail_at + 1 : 0) {    \
		ret = (call);                                            \
		assert_true(!ret || ret == -ENOMEM);                     \
		assert_true(ret || fail_at > 4);                         \
		expect_through(ret ? (before) : (after));                \
	}

static void memory_that_runs_out_changes_nothing(void **state)
{
	int ret;

	UNTIL_THERE_IS_MEMORY(ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1))), "---", "ab-");
	UNTIL_THERE_IS_MEMORY(ADD(&d, AT(2, ADDR(2))), "ab-", "abc");
	UNTIL_THERE_IS_MEMORY(MOD(&d, AT(1, ADDR(3))), "abc", "adc");
	UNTIL_THERE_IS_MEMORY(DEL(&d, AT(0, ADDR(0))), "adc", "-dc");
}

static void dead_is_enodev(void **state)
{
	ADD(&d, AT(0, ADDR(0)), AT(1, ADDR(1)));
	host_arch_fail_at(1, -EINVAL);
	assert_int_equal(ADD(&d, AT(2, ADDR(2))), -ENODEV);
	assert_true(ftrace_is_dead());
	assert_int_equal(ADD(&e, AT(3, ADDR(2))), -ENODEV);
	assert_int_equal(MOD(&d, AT(0, ADDR(3))), -ENODEV);
	assert_int_equal(DEL(&d, AT(0, ADDR(0))), -ENODEV);
	expect_through("ab");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_function_has_a_trampoline_of_its_own),
		TEST(some_go_and_the_others_stay),
		TEST(some_change_and_the_others_stay),
		TEST(callbacks_of_others_come_first),
		TEST(disabled_they_change_all_the_same),
		TEST(a_late_call_of_one_that_is_gone_goes_on_in_the_function),
		TEST(what_is_no_function_or_no_code_is_einval),
		TEST(what_it_does_not_have_is_einval),
		TEST(the_two_ways_do_not_mix),
		TEST(a_function_that_is_taken_is_ebusy),
		TEST(memory_that_runs_out_changes_nothing),
		TEST(dead_is_enodev),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
