/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ftrace.c - what only the running kernel can show of ftrace: real sites, real calls.
 *
 * The function whose calls are watched is kallsyms_lookup_name(): traced, short, and
 * called by nobody else while the tests run.  Other ops may be registered (`ktest` from the
 * prompt, while tracing); with kernel.ftrace_enabled 0 there are no calls to watch.
 */
#include "kernel/kallsyms.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"

#define PROBE ((unsigned long)kallsyms_lookup_name)
#define OTHER ((unsigned long)sprint_symbol)

static struct {
	unsigned long hits, ip, parent_ip, arg0;
	struct ftrace_ops *op;
} seen;

static void record_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	seen.hits++;
	seen.ip = ip;
	seen.parent_ip = parent_ip;
	seen.op = op;
	seen.arg0 = ftrace_regs_get_argument(fregs, 0);
}

static void count_into_private(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			       struct ftrace_regs *fregs)
{
	__atomic_fetch_add((unsigned long *)op->private, 1, __ATOMIC_RELAXED);
}

static noinline unsigned long call_probe(void)
{
	unsigned long addr = kallsyms_lookup_name("kallsyms_lookup_name");

	barrier();	/* a call, not a jump: we are the parent */
	return addr;
}

#define SKIP_IF_OFF()                                             \
	do {                                                      \
		if (!ftrace_enabled)                              \
			KTEST_SKIP("kernel.ftrace_enabled is 0"); \
	} while (0)

/* Every record and every site is what the registered ops ask for. */
static bool consistent(void)
{
	struct ftrace_audit audit;

	return ftrace_audit(&audit);
}

KTEST(ftrace_records_are_sorted_and_start_functions)
{
	unsigned long last = 0, offset, size;
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;
	char name[KSYM_NAME_LEN];

	for_each_ftrace_rec(pg, rec) {
		unsigned long ip = ftrace_rec_ip(rec);

		KTEST_EXPECT(ip > last);
		KTEST_EXPECT(kallsyms_lookup(ip, &size, &offset, NULL, name) != NULL);
		KTEST_EXPECT(offset == 0 || (FTRACE_BEHIND_PROLOGUE && offset + FTRACE_SITE_SIZE <= size));
		KTEST_EXPECT_EQ(ip % sizeof(u32), 0);
		last = ip;
	}
	KTEST_EXPECT(last != 0);
}

KTEST(ftrace_sites_hold_what_their_records_say)
{
	KTEST_EXPECT(consistent());
}

/* Switches the site behind everybody's back, as no record says. */
static int switch_site(unsigned long ip, bool on)
{
	int ret;

	mutex_lock(&ftrace_lock);
	ftrace_arch_code_modify_prepare();
	ret = on ? ftrace_make_call(ip, FTRACE_ADDR, 0) : ftrace_make_nop(ip, FTRACE_ADDR);
	ftrace_arch_code_modify_post_process();
	mutex_unlock(&ftrace_lock);
	return ret;
}

KTEST(ftrace_audit_finds_a_site_that_is_on_for_nobody)
{
	struct dyn_ftrace *rec = ftrace_exact_rec(ftrace_location(PROBE));
	unsigned long site = ftrace_rec_ip(rec);
	struct ftrace_audit audit;

	if (ftrace_rec_count(rec))
		KTEST_SKIP("somebody traces it");
	KTEST_EXPECT_EQ(switch_site(site, true), 0);
	KTEST_EXPECT(!ftrace_audit(&audit));
	KTEST_EXPECT_EQ(switch_site(site, false), 0);
	KTEST_EXPECT_EQ(audit.where, site);
	KTEST_EXPECT(!strncmp(audit.what, "word ", 5));
	KTEST_EXPECT(audit.expected != audit.found);
	KTEST_EXPECT(consistent());
}

KTEST(ftrace_audit_finds_a_wrong_slot_and_a_wrong_dispatch_entry)
{
	static struct ftrace_ops ops = { .func = record_call };
	ftrace_func_t slot = ftrace_slot_func;
	struct ftrace_audit audit;

	ftrace_slot_func = record_call;
	KTEST_EXPECT(!ftrace_audit(&audit));
	ftrace_slot_func = slot;
	KTEST_EXPECT(consistent());

	ftrace_set_filter_ip(&ops, PROBE, 0, 1);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	if (ops.dispatch_index) { /* not with ftrace_patch=stop_machine */
		ftrace_dispatch[ops.dispatch_index].func = count_into_private;
		KTEST_EXPECT(!ftrace_audit(&audit));
		ftrace_dispatch[ops.dispatch_index].func = record_call;
		KTEST_EXPECT_STREQ(audit.what, "dispatch entry");
		KTEST_EXPECT_EQ(audit.found, ops.dispatch_index);
	}
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	ftrace_free_filter(&ops);
}

KTEST(ftrace_names_of_the_walk_are_those_of_kallsyms)
{
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;
	struct ksym_walk walk;
	size_t len = 0;

	ksym_walk_start(&walk);
	for_each_ftrace_rec(pg, rec) {
		const char *name = ksym_walk_to(&walk, ftrace_rec_ip(rec), &len);

		KTEST_EXPECT(name != NULL);
		KTEST_EXPECT_STREQ(name, kallsyms_sym_name(kallsyms_find(ftrace_rec_ip(rec))));
		KTEST_EXPECT_EQ(len, strlen(name));
	}
}

KTEST(ftrace_callback_gets_addresses_arguments_and_its_ops)
{
	static struct ftrace_ops ops = { .func = record_call };
	unsigned long size, offset;
	char name[KSYM_NAME_LEN];

	SKIP_IF_OFF();
	memset(&seen, 0, sizeof(seen));
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	ftrace_free_filter(&ops);

	KTEST_EXPECT_EQ(seen.hits, 1);
	KTEST_EXPECT_EQ(seen.ip, ftrace_location(PROBE));
	KTEST_EXPECT(seen.op == &ops);
	KTEST_EXPECT_STREQ((const char *)seen.arg0, "kallsyms_lookup_name");
	KTEST_EXPECT_STREQ(kallsyms_lookup(seen.parent_ip, &size, &offset, NULL, name), "call_probe");
	KTEST_EXPECT(!(ops.flags & FTRACE_OPS_FL_DYNAMIC));
}

KTEST(ftrace_two_ops_on_a_site_are_both_called)
{
	static unsigned long a_hits, b_hits;
	static struct ftrace_ops a = { .func = count_into_private, .private = &a_hits };
	static struct ftrace_ops b = { .func = count_into_private, .private = &b_hits };

	SKIP_IF_OFF();
	a_hits = b_hits = 0;
	ftrace_set_filter_ip(&a, PROBE, 0, 1);
	ftrace_set_filter_ip(&b, PROBE, 0, 1);
	ftrace_set_filter_ip(&b, OTHER, 0, 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&a), 0);
	call_probe();
	KTEST_EXPECT_EQ(register_ftrace_function(&b), 0);
	call_probe();
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(unregister_ftrace_function(&a), 0);
	call_probe();
	KTEST_EXPECT_EQ(unregister_ftrace_function(&b), 0);
	call_probe();
	KTEST_EXPECT(consistent());
	ftrace_free_filter(&a);
	ftrace_free_filter(&b);
	KTEST_EXPECT_EQ(a_hits, 2);
	KTEST_EXPECT_EQ(b_hits, 2);
}

KTEST(ftrace_a_temporary_ops_may_be_freed_after_unregistering)
{
	struct ftrace_ops *ops;
	unsigned long hits = 0;

	SKIP_IF_OFF();
	ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	KTEST_EXPECT(ops != NULL);
	ops->func = count_into_private;
	ops->private = &hits;
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(ops, PROBE, 0, 0), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(ops), 0);
	KTEST_EXPECT(ops->flags & FTRACE_OPS_FL_DYNAMIC);
	call_probe();
	KTEST_EXPECT_EQ(unregister_ftrace_function(ops), 0);
	ftrace_free_filter(ops);
	memset(ops, 0xff, sizeof(*ops));
	kfree(ops);
	call_probe();
	KTEST_EXPECT_EQ(hits, 1);
}

static unsigned long instead(const char *name)
{
	return 42;
}

static void go_elsewhere(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)op->private);
}

static void expect_replaced(unsigned long flags)
{
	static struct ftrace_ops ops;

	ops = (struct ftrace_ops){ .func = go_elsewhere, .private = instead, .flags = flags };
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), -EINVAL);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 1), 0);
	/* Behind the prologue it is too late to go elsewhere. */
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), FTRACE_BEHIND_PROLOGUE ? -EINVAL : 0);
	if (!FTRACE_BEHIND_PROLOGUE) {
		KTEST_EXPECT_EQ(call_probe(), 42);
		KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	}
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	ftrace_free_filter(&ops);
}

/* Through either trampoline. */
KTEST(ftrace_an_ipmodify_callback_replaces_the_function)
{
	SKIP_IF_OFF();
	expect_replaced(FTRACE_OPS_FL_IPMODIFY);
	expect_replaced(FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY);
}

KTEST(ftrace_every_site_can_be_switched_on_and_off)
{
	static unsigned long hits;
	static struct ftrace_ops ops = {
		.func = count_into_private,
		.private = &hits,
		.flags = FTRACE_OPS_FL_RECURSION,
	};

	unsigned int on_before = ftrace_sites_on;

	SKIP_IF_OFF();
	hits = 0;
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(ftrace_sites_on, ftrace_number_of_records);
	KTEST_EXPECT(consistent());
	call_probe();
	schedule_timeout(1);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(ftrace_sites_on, on_before);
	KTEST_EXPECT(hits > 1);
}

static int call_until_stopped(void *calls)
{
	while (!kthread_should_stop()) {
		call_probe();
		++*(unsigned long *)calls;
		cond_resched();
	}
	return 0;
}

KTEST(ftrace_sites_may_be_switched_while_they_are_executed)
{
	static unsigned long hits, calls;
	static struct ftrace_ops ops = { .func = count_into_private, .private = &hits };
	struct task_struct *caller;

	SKIP_IF_OFF();
	hits = calls = 0;
	ftrace_set_filter_ip(&ops, PROBE, 0, 1);
	caller = kthread_run(call_until_stopped, &calls, "ftrace-caller");
	KTEST_EXPECT(!IS_ERR(caller));
	for (int i = 0; i < 200 && !ftrace_is_dead(); i++) {
		register_ftrace_function(&ops);
		/* When the caller gets the CPU is up to the tick; that it runs at least once in both states is not. */
		while (!READ_ONCE(hits))
			yield();
		unregister_ftrace_function(&ops);
		while (READ_ONCE(calls) <= READ_ONCE(hits))
			yield();
	}
	kthread_stop(caller);
	ftrace_free_filter(&ops);
	KTEST_EXPECT(!ftrace_is_dead());
	KTEST_EXPECT(hits > 0);
	KTEST_EXPECT(calls > hits);
	KTEST_EXPECT(consistent());
}

static struct {
	unsigned long site, parent;
	bool saw_site, saw_parent;
} walked;

static bool look_at_frame(void *cookie, unsigned long pc)
{
	walked.saw_site |= pc > walked.site && pc <= walked.site + FTRACE_SITE_SIZE;
	walked.saw_parent |= pc == walked.parent;
	return true;
}

static void walk_stack(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	walked.site = ip;
	walked.parent = parent_ip;
	arch_stack_walk(look_at_frame, NULL, NULL, NULL);
}

/* Through either trampoline. */
KTEST(ftrace_backtrace_from_a_callback_shows_the_traced_function_and_its_caller)
{
	static const unsigned long flags[] = { 0, FTRACE_OPS_FL_SAVE_REGS };

	SKIP_IF_OFF();
	for (unsigned int i = 0; i < ARRAY_SIZE(flags); i++) {
		static struct ftrace_ops ops;

		ops = (struct ftrace_ops){ .func = walk_stack, .flags = flags[i] };
		memset(&walked, 0, sizeof(walked));
		ftrace_set_filter_ip(&ops, PROBE, 0, 1);
		KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
		kallsyms_lookup_name("kallsyms_lookup_name");
		KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
		ftrace_free_filter(&ops);
		KTEST_EXPECT(walked.saw_site);
		KTEST_EXPECT(walked.saw_parent);
	}
}

KTEST(ftrace_lookup_symbols_finds_traceable_functions_only)
{
	const char *good[] = { "kallsyms_lookup_name", "sprint_symbol" };
	const char *untraced[] = { "ftrace_set_filter_ip" };
	unsigned long addrs[2];

	KTEST_EXPECT_EQ(ftrace_lookup_symbols(good, 2, addrs), 0);
	KTEST_EXPECT_EQ(addrs[0], PROBE);
	KTEST_EXPECT_EQ(addrs[1], OTHER);
	KTEST_EXPECT_EQ(ftrace_lookup_symbols(untraced, 1, addrs), -ESRCH);
}

static struct {
	unsigned long ip, resume, arg, sp, regs_sp;
	bool has_regs;
} seen_regs;

static void see_regs(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);

	seen_regs.ip = ip;
	seen_regs.arg = ftrace_regs_get_argument(fregs, 0);
	seen_regs.sp = ftrace_regs_get_stack_pointer(fregs);
	seen_regs.has_regs = regs;
	seen_regs.resume = regs ? instruction_pointer(regs) : 0;
	seen_regs.regs_sp = regs ? kernel_stack_pointer(regs) : 0;
}

KTEST(ftrace_an_ops_that_wants_all_registers_gets_them)
{
	static struct ftrace_ops regs_ops, other;
	unsigned long site = ftrace_location(PROBE);

	SKIP_IF_OFF();
	/* Alone, so by its dispatch index; then with another one, so through the list. */
	regs_ops = (struct ftrace_ops){ .func = see_regs, .flags = FTRACE_OPS_FL_SAVE_REGS };
	other = (struct ftrace_ops){ .func = record_call };
	ftrace_set_filter_ip(&regs_ops, PROBE, 0, 1);
	ftrace_set_filter_ip(&other, PROBE, 0, 1);
	KTEST_EXPECT_EQ(register_ftrace_function(&regs_ops), 0);
	for (int i = 0; i < 2; i++) {
		memset(&seen_regs, 0, sizeof(seen_regs));
		KTEST_EXPECT_EQ(kallsyms_lookup_name("kallsyms_lookup_name"), PROBE);
		KTEST_EXPECT(seen_regs.has_regs);
		KTEST_EXPECT_EQ(seen_regs.ip, site);
		KTEST_EXPECT(seen_regs.resume > site && seen_regs.resume <= site + FTRACE_SITE_SIZE);
		KTEST_EXPECT_STREQ((const char *)seen_regs.arg, "kallsyms_lookup_name");
		KTEST_EXPECT_EQ(seen_regs.sp, seen_regs.regs_sp);
		KTEST_EXPECT(consistent());
		if (!i)
			KTEST_EXPECT_EQ(register_ftrace_function(&other), 0);
	}
	KTEST_EXPECT_EQ(unregister_ftrace_function(&regs_ops), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&other), 0);
	ftrace_free_filter(&regs_ops);
	ftrace_free_filter(&other);
}
