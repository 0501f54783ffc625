/* SPDX-License-Identifier: BSD-2-Clause */
/* From a site to the callbacks: the dispatch table through its changes, and protection from recursion. */
#include "tests/unit/host_ftrace.h"
#include "trace/trace_recursion.h"
#include <stdlib.h>

#define NR 8

static int calls, depth, deepest, preempt_seen;

static void count_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	calls++;
	preempt_seen = preempt_count() & PREEMPT_MASK;
}

/* A callback that calls a traced function, up to a depth that a kernel's stack would not have. */
static void call_traced(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	calls++;
	deepest = max(deepest, ++depth);
	if (depth < 20)
		host_hit(1);
	depth--;
}

static struct ftrace_ops a, b;

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	a = (struct ftrace_ops){ .func = count_call };
	b = (struct ftrace_ops){ .func = count_call };
	calls = depth = deepest = preempt_seen = 0;
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a, &b);
	return 0;
}

/* ---- the table ---- */

static void an_ops_has_an_index_while_it_is_registered(void **state)
{
	register_ftrace_function(&a);
	assert_in_range(a.dispatch_index, 1, FTRACE_DISPATCH_MAX - 1);
	assert_ptr_equal(ftrace_dispatch[a.dispatch_index].ops, &a);
	assert_ptr_equal(ftrace_dispatch[a.dispatch_index].func, count_call);
	unregister_ftrace_function(&a);
	assert_int_equal(a.dispatch_index, 0);
}

static void a_late_user_of_a_static_ops_index_still_finds_it(void **state)
{
	u32 index;

	register_ftrace_function(&a);
	index = a.dispatch_index;
	unregister_ftrace_function(&a);
	/* A CPU that had read the payload before the site was switched off. */
	ftrace_dispatch[index].func(host_site(0), 0, ftrace_dispatch[index].ops, NULL);
	assert_int_equal(calls, 1);
	/* Nobody else gets the index, and the ops gets it back. */
	register_ftrace_function(&b);
	assert_int_not_equal(b.dispatch_index, index);
	register_ftrace_function(&a);
	assert_int_equal(a.dispatch_index, index);
	host_ftrace_audit();
}

static void a_temporary_ops_leaves_nothing_behind(void **state)
{
	struct ftrace_ops *heap = calloc(1, sizeof(*heap));
	u32 index;

	heap->func = count_call;
	register_ftrace_function(heap);
	index = heap->dispatch_index;
	unregister_ftrace_function(heap);
	assert_ptr_equal(ftrace_dispatch[index].func, ftrace_stub);
	ftrace_free_filter(heap);
	free(heap);
	register_ftrace_function(&a);
	assert_int_equal(a.dispatch_index, index);
	host_ftrace_audit();
}

static void more_ops_than_indexes_work_through_the_list(void **state)
{
	enum { MANY = FTRACE_DISPATCH_MAX + 10 };
	struct ftrace_ops *ops = calloc(MANY, sizeof(*ops));

	for (int i = 0; i < MANY; i++) {
		ops[i].func = count_call;
		ftrace_set_filter_ip(&ops[i], host_site(i % 7), 0, 0);
		assert_int_equal(register_ftrace_function(&ops[i]), 0);
	}
	assert_int_equal(ops[MANY - 1].dispatch_index, 0);
	host_ftrace_audit();
	/* Alone on its site, without an index. */
	ftrace_set_filter_ip(&ops[MANY - 1], host_site(7), 0, 1);
	host_ftrace_audit();
	assert_int_equal(host_site_payload(host_site(7)), 0);
	host_hit(7);
	assert_int_equal(calls, 1);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(unregister_ftrace_function(&ops[i]), 0);
		ftrace_free_filter(&ops[i]);
	}
	host_ftrace_audit();
	free(ops);
}

static void a_full_table_of_retired_entries_is_reclaimed(void **state)
{
	static struct ftrace_ops ops[FTRACE_DISPATCH_MAX];

	for (int i = 0; i < FTRACE_DISPATCH_MAX; i++) {
		ops[i] = (struct ftrace_ops){ .func = count_call };
		ftrace_set_filter_ip(&ops[i], host_site(2), 0, 0);
		assert_int_equal(register_ftrace_function(&ops[i]), 0);
		assert_int_not_equal(ops[i].dispatch_index, 0);
		assert_int_equal(unregister_ftrace_function(&ops[i]), 0);
		/* Only the one that found no free entry waits for tasks. */
		assert_int_equal(!!host_rcu_tasks_waits, i >= FTRACE_DISPATCH_MAX - 1);
		ftrace_free_filter(&ops[i]);
	}
	host_ftrace_audit();
}

/* ---- recursion ---- */

static void an_unguarded_callback_alone_recurses(void **state)
{
	a.func = call_traced;
	register_ftrace_function(&a);
	host_hit(0);
	assert_int_equal(deepest, 20);
}

static void a_guarded_callback_is_not_called_because_of_itself(void **state)
{
	a.func = call_traced;
	a.flags = FTRACE_OPS_FL_RECURSION;
	register_ftrace_function(&a);
	host_hit(0);
	/* Itself, and the one call that might have come from kernel entry code. */
	assert_int_equal(deepest, 2);
	assert_int_equal(current->trace_recursion, 0);
	assert_int_equal(preempt_count(), 0);
}

static void the_list_guards_everybody(void **state)
{
	a.func = call_traced;
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	host_hit(0);
	assert_int_equal(deepest, 2);
}

static void a_guarded_callback_runs_with_preemption_off(void **state)
{
	a.flags = FTRACE_OPS_FL_RECURSION;
	register_ftrace_function(&a);
	host_hit(0);
	assert_int_equal(preempt_seen, 1);
	unregister_ftrace_function(&a);
	a.flags = 0;
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	host_hit(0);
	assert_int_equal(preempt_seen, 1);
}

static void each_context_may_enter_once_and_one_more(void **state)
{
	int normal, irq, transition;

	normal = ftrace_test_recursion_trylock(0, 0);
	assert_true(normal >= 0);
	transition = ftrace_test_recursion_trylock(0, 0);
	assert_true(transition >= 0 && transition != normal);
	assert_int_equal(ftrace_test_recursion_trylock(0, 0), -1);
	host_irq_enter();
	irq = ftrace_test_recursion_trylock(0, 0);
	assert_true(irq >= 0 && irq != normal);
	assert_int_equal(ftrace_test_recursion_trylock(0, 0), -1);
	/* Who calls callbacks has bits of its own. */
	assert_true(trace_test_and_set_recursion(0, 0, TRACE_LIST_START) >= 0);
	current->trace_recursion &= BIT(TRACE_LIST_START) - 1;
	preempt_enable_notrace();
	ftrace_test_recursion_unlock(irq);
	host_irq_exit();
	ftrace_test_recursion_unlock(transition);
	ftrace_test_recursion_unlock(normal);
	assert_int_equal(current->trace_recursion, 0);
	assert_int_equal(preempt_count(), 0);
}

static void contexts_have_different_bits(void **state)
{
	static const int contexts[] = { 0, SOFTIRQ_OFFSET, HARDIRQ_OFFSET, NMI_OFFSET };
	unsigned long seen = 0;

	for (size_t i = 0; i < ARRAY_SIZE(contexts); i++) {
		current->preempt_count = contexts[i];
		assert_false(seen & BIT(trace_context_bit()));
		seen |= BIT(trace_context_bit());
	}
	/* A task that only holds softirqs off is in no softirq. */
	current->preempt_count = 2 * SOFTIRQ_OFFSET;
	assert_int_equal(trace_context_bit(), TRACE_CTX_NORMAL);
	current->preempt_count = 0;
}

/* ---- conditions ---- */

static void an_rcu_ops_is_not_called_where_rcu_does_not_watch(void **state)
{
	a.flags = FTRACE_OPS_FL_RCU;
	register_ftrace_function(&a);
	host_hit(0);
	assert_int_equal(calls, 1);
	host_rcu_watching = false;
	host_hit(0);
	assert_int_equal(calls, 1);
	register_ftrace_function(&b);
	host_hit(0);	/* only b */
	assert_int_equal(calls, 2);
}

static void the_list_asks_each_ops_for_the_address(void **state)
{
	ftrace_set_filter_ip(&a, host_site(1), 0, 0);
	ftrace_set_filter_ip(&b, host_site(2), 0, 0);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	/* As if a CPU came through the slot while the sites were being changed. */
	ftrace_ops_list_func(host_site(1), 0, NULL, &(struct ftrace_regs){ 0 });
	assert_int_equal(calls, 1);
	ftrace_ops_list_func(host_site(3), 0, NULL, &(struct ftrace_regs){ 0 });
	assert_int_equal(calls, 1);
}

static void an_ops_that_lost_its_callback_kills_instead_of_crashing(void **state)
{
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	b.func = NULL;
	host_hit(0);
	assert_true(ftrace_is_dead());
	assert_int_equal(current->trace_recursion, 0);
}

/* ---- everything at once, against the model ---- */

enum { OPS = 7, SITES = 60, DIRECT = 2, TRAMPOLINES = 100, SUBOPS = 3 };

static struct ftrace_ops many[OPS], directs[DIRECT], by_function, manager, subops[SUBOPS];
static unsigned int seed;

static int pick(int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

/* Trampolines near and far; taken functions, and all the other reasons to be refused. */
static void random_direct_step(void)
{
	struct ftrace_ops *op = &directs[pick(DIRECT)];
	unsigned long addr = host_site(pick(3) ? TRAMPOLINES + pick(5) : HOST_MAX_SITES - 1 - pick(5));

	switch (pick(4)) {
	case 0:
		ftrace_set_filter_ip(op, host_site(pick(SITES)), pick(3) == 0, pick(4) == 0);
		break;
	case 1:
		register_ftrace_direct(op, addr);
		break;
	case 2:
		modify_ftrace_direct(op, addr);
		break;
	case 3:
		unregister_ftrace_direct(op, op->direct_call, pick(2));
		break;
	}
}

/* A function comes, changes or goes, or is refused. */
static void random_function_step(void)
{
	struct ftrace_hash *hash = alloc_ftrace_hash(2);
	int site = pick(SITES);

	if (!hash || add_ftrace_hash_entry_direct(hash, host_site(site), host_site(TRAMPOLINES + site % 5)))
		goto out;
	switch (pick(3)) {
	case 0:
		update_ftrace_direct_add(&by_function, hash);
		break;
	case 1:
		update_ftrace_direct_mod(&by_function, hash, true);
		break;
	case 2:
		update_ftrace_direct_del(&by_function, hash);
		break;
	}
out:
	free_ftrace_hash(hash);
}

static void random_subops_step(void)
{
	struct ftrace_ops *op = &subops[pick(SUBOPS)];
	char pattern[16];

	snprintf(pattern, sizeof(pattern), "%s*%d", pick(3) ? "" : "!", pick(10));
	switch (pick(4)) {
	case 0:
		if (!(op->flags & FTRACE_OPS_FL_ENABLED))
			ftrace_startup_subops(&manager, op);
		break;
	case 1:
		if (op->flags & FTRACE_OPS_FL_ENABLED)
			ftrace_shutdown_subops(&manager, op);
		break;
	case 2:
		host_set_filter(op, pattern, pick(2));
		break;
	case 3:
		host_set_notrace(op, pattern, pick(2));
		break;
	}
}

/* What the set of the manager says of a site, asked of its subops one by one. */
static bool subops_want(unsigned long ip)
{
	bool wanted = false, left_out = true;
	struct ftrace_ops *op;

	for_each_subop(op, &manager) {
		struct ftrace_set set = ftrace_ops_set(op);

		wanted |= ftrace_hash_empty(set.filter_hash) || ftrace_lookup_ip(set.filter_hash, ip);
		left_out &= !ftrace_hash_empty(set.notrace_hash) && ftrace_lookup_ip(set.notrace_hash, ip);
	}
	return wanted && !left_out;
}

static void audit_manager(void)
{
	for (int i = 0; manager.subops && i < SITES; i++)
		assert_int_equal(ftrace_ops_test(&manager, host_site(i), &manager), subops_want(host_site(i)));
	assert_int_equal(!!(manager.flags & FTRACE_OPS_FL_ENABLED), manager.subops != NULL);
}

static void random_step(void)
{
	struct ftrace_ops *op = &many[pick(OPS)];
	char pattern[16];

	switch (pick(12)) {
	case 0:
		if (!(op->flags & FTRACE_OPS_FL_ENABLED)) {
			op->flags ^= pick(2) ? FTRACE_OPS_FL_SAVE_REGS : 0;
			/* Who would change where functions go on may not get what it asks for. */
			if (register_ftrace_function(op))
				assert_true(op->flags & FTRACE_OPS_FL_IPMODIFY);
		}
		break;
	case 8:
	case 9:
		random_direct_step();
		break;
	case 10:
		random_function_step();
		break;
	case 11:
		random_subops_step();
		break;
	case 1:
		if (op->flags & FTRACE_OPS_FL_ENABLED)
			assert_int_equal(unregister_ftrace_function(op), 0);
		break;
	case 2:
		snprintf(pattern, sizeof(pattern), "%s*%d", pick(3) ? "" : "!", pick(10));
		host_set_filter(op, pattern, pick(2));
		break;
	case 3:
		snprintf(pattern, sizeof(pattern), "%s*%d*", pick(3) ? "" : "!", pick(10));
		host_set_notrace(op, pattern, pick(2));
		break;
	case 4:
		ftrace_set_filter_ip(op, host_site(pick(SITES)), pick(2), 0);
		break;
	case 5:
		(pick(2) ? ftrace_set_filter : ftrace_set_notrace)(op, NULL, 0, 1);
		break;
	case 6:
		if (!pick(8))
			assert_int_equal(ftrace_set_enabled(pick(2)), 0);
		break;
	case 7:
		if (!pick(4))
			host_fail_alloc(1 + pick(30), false);
		break;
	}
}

static void random_changes_always_agree_with_the_model(void **state)
{
	for (seed = 1; seed < 40;) {
		unsigned int round = seed;

		host_ftrace_boot(SITES, NULL);
		for (int i = 0; i < OPS; i++)
			many[i] = (struct ftrace_ops){ .func = count_call };
		for (int i = 5; i < OPS; i++)
			many[i].flags = FTRACE_OPS_FL_IPMODIFY;
		for (int i = 2; i < 4; i++)
			ftrace_ops_set_global_filter(&many[i]);
		manager = (struct ftrace_ops){ .func = ftrace_subops_func };
		for (int i = 0; i < SUBOPS; i++)
			subops[i] = (struct ftrace_ops){ .func = count_call };
		ftrace_ops_set_global_filter(&subops[0]);
		for (int step = 0; step < 400; step++) {
			random_step();
			host_ftrace_audit();
			audit_manager();
		}
		host_fail_alloc(0, false);
		if (by_function.flags & FTRACE_OPS_FL_ENABLED)
			assert_int_equal(update_ftrace_direct_del(&by_function, by_function.func_hash->filter_hash), 0);
		while (manager.subops)
			assert_int_equal(ftrace_shutdown_subops(&manager, manager.subops), 0);
		for (int i = 0; i < DIRECT; i++)
			if (directs[i].direct_call)
				assert_int_equal(unregister_ftrace_direct(&directs[i], directs[i].direct_call, false), 0);
		for (int i = 0; i < OPS; i++)
			if (many[i].flags & FTRACE_OPS_FL_ENABLED)
				assert_int_equal(unregister_ftrace_function(&many[i]), 0);
		assert_int_equal(ftrace_set_enabled(1), 0);
		host_ftrace_audit();
		for (int i = 0; i < OPS; i++)
			ftrace_free_filter(&many[i]);
		for (int i = 0; i < DIRECT; i++)
			ftrace_free_filter(&directs[i]);
		for (int i = 0; i < SUBOPS; i++)
			ftrace_free_filter(&subops[i]);
		seed = round + 1;
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_ops_has_an_index_while_it_is_registered),
		TEST(a_late_user_of_a_static_ops_index_still_finds_it),
		TEST(a_temporary_ops_leaves_nothing_behind),
		TEST(more_ops_than_indexes_work_through_the_list),
		TEST(a_full_table_of_retired_entries_is_reclaimed),
		TEST(an_unguarded_callback_alone_recurses),
		TEST(a_guarded_callback_is_not_called_because_of_itself),
		TEST(the_list_guards_everybody),
		TEST(a_guarded_callback_runs_with_preemption_off),
		TEST(each_context_may_enter_once_and_one_more),
		TEST(contexts_have_different_bits),
		TEST(an_rcu_ops_is_not_called_where_rcu_does_not_watch),
		TEST(the_list_asks_each_ops_for_the_address),
		TEST(an_ops_that_lost_its_callback_kills_instead_of_crashing),
		TEST(random_changes_always_agree_with_the_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
