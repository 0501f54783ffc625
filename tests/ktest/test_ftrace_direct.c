/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ftrace_direct.c - direct calls in the running kernel: real trampolines (arch/NAME/test_direct.S), real calls.
 *
 * The function that runs through them is kallsyms_lookup_name(), as in test_ftrace.c.
 */
#include "kernel/fs/fs.h"
#include "kernel/kallsyms.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"

#define PROBE ((unsigned long)kallsyms_lookup_name)
#define WATCH ((unsigned long)ktest_direct_watch)
#define AROUND ((unsigned long)ktest_direct_around)

extern char ktest_direct_watch[], ktest_direct_around[];
void ktest_direct_called(unsigned long arg, unsigned long resume, unsigned long parent);

static struct {
	unsigned long calls, arg, resume, parent;
} watched;

static unsigned long callbacks;

/* In place of a prototype in a header: only assembly calls it. */
void ktest_direct_called(unsigned long arg, unsigned long resume, unsigned long parent)
{
	watched.calls++;
	watched.arg = arg;
	watched.resume = resume;
	watched.parent = parent;
}

static void count_callback(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	callbacks++;
}

static noinline unsigned long call_probe(void)
{
	unsigned long addr = kallsyms_lookup_name("kallsyms_lookup_name");

	barrier();	/* a call, not a jump: we are the parent */
	return addr;
}

static bool consistent(void)
{
	struct ftrace_audit audit;

	return ftrace_audit(&audit);
}

static void want_probe(struct ftrace_ops *ops)
{
	memset(&watched, 0, sizeof(watched));
	callbacks = 0;
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(ops, PROBE, 0, 1), 0);
}

#define SKIP_WHERE_THERE_ARE_NONE()                                                                   \
	do {                                                                                          \
		if (!ftrace_enabled)                                                                  \
			KTEST_SKIP("kernel.ftrace_enabled is 0");                                     \
		if (FTRACE_BEHIND_PROLOGUE)                                                           \
			KTEST_SKIP("sites are behind the prologue: too late for a trampoline");       \
	} while (0)

KTEST(ftrace_direct_calls_are_einval_behind_prologues_only)
{
	static struct ftrace_ops ops;

	want_probe(&ops);
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), FTRACE_BEHIND_PROLOGUE ? -EINVAL : 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	if (!FTRACE_BEHIND_PROLOGUE)
		KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, WATCH, false), 0);
	ftrace_free_filter(&ops);
}

static void expect_watched(unsigned long calls)
{
	unsigned long site = ftrace_location(PROBE), size, offset;
	char name[KSYM_NAME_LEN];

	KTEST_EXPECT_EQ(watched.calls, calls);
	KTEST_EXPECT_STREQ((const char *)watched.arg, "kallsyms_lookup_name");
	KTEST_EXPECT(watched.resume > site && watched.resume <= site + FTRACE_SITE_SIZE);
	KTEST_EXPECT_STREQ(kallsyms_lookup(watched.parent, &size, &offset, NULL, name), "call_probe");
}

KTEST(ftrace_a_direct_call_finds_arguments_and_both_addresses)
{
	static struct ftrace_ops ops;
	const struct dyn_ftrace *rec = ftrace_exact_rec(ftrace_location(PROBE));

	SKIP_WHERE_THERE_ARE_NONE();
	want_probe(&ops);
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), 0);
	/* While somebody traces everything, the site is shared. */
	KTEST_EXPECT_EQ(!!(rec->flags & FTRACE_FL_DIRECT_EN), ftrace_rec_count(rec) == 1);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	expect_watched(1);
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, WATCH, true), 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	KTEST_EXPECT_EQ(watched.calls, 1);
	KTEST_EXPECT(consistent());
}

#define TEXT_SIZE 65536

/* The first TEXT_SIZE bytes of a file. */
static void read_text(const char *path, char *text)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	loff_t pos = 0;
	ssize_t n;

	KTEST_EXPECT(!IS_ERR(file));
	while ((n = vfs_read(file, text + pos, TEXT_SIZE - 1 - pos, &pos)) > 0)
		;
	text[pos] = '\0';
	KTEST_EXPECT_EQ(filp_close(file), 0);
}

KTEST(ftrace_enabled_functions_name_the_trampoline_of_a_direct_call)
{
	static struct ftrace_ops ops;
	const char *line;
	char *text;

	SKIP_WHERE_THERE_ARE_NONE();
	want_probe(&ops);
	text = kmalloc(TEXT_SIZE, GFP_KERNEL);
	KTEST_EXPECT(text != NULL);
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), 0);
	read_text("/sys/kernel/tracing/enabled_functions", text);
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, WATCH, true), 0);
	line = strstr(text, "kallsyms_lookup_name (");
	KTEST_EXPECT(line != NULL);
	/* Linux's columns: R for the registers it takes to come here when it is shared, D, and M; O while it is alone. */
	KTEST_EXPECT_EQ(strncmp(line + strlen("kallsyms_lookup_name (1)"), " R   D ", 7), 0);
	KTEST_EXPECT(strstr(line, "\n\tdirect-->ktest_direct_watch+0x0/") == strchr(line, '\n'));
	kfree(text);
}

KTEST(ftrace_a_direct_call_comes_after_the_callbacks_of_others)
{
	static struct ftrace_ops ops, other;

	SKIP_WHERE_THERE_ARE_NONE();
	other = (struct ftrace_ops){ .func = count_callback };
	want_probe(&ops);
	want_probe(&other);
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&other), 0);
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	expect_watched(1);
	KTEST_EXPECT_EQ(callbacks, 1);
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, WATCH, false), 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	KTEST_EXPECT_EQ(watched.calls, 1);
	KTEST_EXPECT_EQ(callbacks, 2);
	/* And the other way round. */
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&other), 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	expect_watched(2);
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, WATCH, true), 0);
	ftrace_free_filter(&other);
	KTEST_EXPECT(consistent());
}

KTEST(ftrace_a_direct_call_may_call_the_function_itself)
{
	static struct ftrace_ops ops, other;

	SKIP_WHERE_THERE_ARE_NONE();
	other = (struct ftrace_ops){ .func = count_callback };
	want_probe(&ops);
	want_probe(&other);
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, AROUND), 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE + 1);
	KTEST_EXPECT_EQ(register_ftrace_function(&other), 0);
	KTEST_EXPECT_EQ(call_probe(), PROBE + 1);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&other), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, AROUND, true), 0);
	ftrace_free_filter(&other);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
	KTEST_EXPECT_EQ(callbacks, 1);
}

static unsigned long instead(const char *name)
{
	return 42;
}

static void go_elsewhere(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)instead);
}

static int agree(struct ftrace_ops *op, enum ftrace_ops_cmd cmd)
{
	return 0;
}

KTEST(ftrace_a_direct_call_that_agrees_goes_on_in_the_patched_function)
{
	static struct ftrace_ops ops, patch;

	SKIP_WHERE_THERE_ARE_NONE();
	ops = (struct ftrace_ops){ 0 };
	patch = (struct ftrace_ops){ .func = go_elsewhere, .flags = FTRACE_OPS_FL_IPMODIFY };
	want_probe(&ops);
	want_probe(&patch);
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&patch), -EBUSY);
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, WATCH, false), 0);
	ops.ops_func = agree;
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&patch), 0);
	KTEST_EXPECT_EQ(call_probe(), 42);
	KTEST_EXPECT_EQ(watched.calls, 1);
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(unregister_ftrace_function(&patch), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, WATCH, true), 0);
	ftrace_free_filter(&patch);
	KTEST_EXPECT_EQ(call_probe(), PROBE);
}

static struct {
	unsigned long plain, around, neither;
} results;

static int call_until_stopped(void *unused)
{
	while (!kthread_should_stop()) {
		unsigned long result = call_probe();

		WRITE_ONCE(*(result == PROBE ? &results.plain : result == PROBE + 1 ? &results.around :
			     &results.neither), 1);
		cond_resched();
	}
	return 0;
}

/* Until the caller has had that result since now, or something else has happened. */
static void wait_for(unsigned long *result)
{
	WRITE_ONCE(*result, 0);
	while (!READ_ONCE(*result) && !READ_ONCE(results.neither) && !ftrace_is_dead())
		yield();
}

KTEST(ftrace_direct_calls_change_while_the_function_runs)
{
	static struct ftrace_ops ops, other;
	struct task_struct *caller;

	SKIP_WHERE_THERE_ARE_NONE();
	other = (struct ftrace_ops){ .func = count_callback };
	want_probe(&ops);
	want_probe(&other);
	memset(&results, 0, sizeof(results));
	caller = kthread_run(call_until_stopped, NULL, "direct-caller");
	KTEST_EXPECT(!IS_ERR(caller));
	for (int i = 0; i < 30; i++) {
		if (i & 1)
			KTEST_EXPECT_EQ(register_ftrace_function(&other), 0);
		KTEST_EXPECT_EQ(register_ftrace_direct(&ops, AROUND), 0);
		wait_for(&results.around);
		KTEST_EXPECT_EQ(modify_ftrace_direct(&ops, WATCH), 0);
		wait_for(&results.plain);
		if (i & 1)
			KTEST_EXPECT_EQ(unregister_ftrace_function(&other), 0);
		KTEST_EXPECT_EQ(modify_ftrace_direct(&ops, AROUND), 0);
		wait_for(&results.around);
		KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, AROUND, false), 0);
		wait_for(&results.plain);
	}
	kthread_stop(caller);
	ftrace_free_filter(&ops);
	ftrace_free_filter(&other);
	KTEST_EXPECT_EQ(results.neither, 0);
	KTEST_EXPECT(watched.calls > 0);
	KTEST_EXPECT(consistent());
}

static unsigned long calls_of[2];	/* without and with one more in the result */

static int count_results(void *unused)
{
	while (!kthread_should_stop()) {
		unsigned long more = call_probe() - PROBE;

		if (more > 1)
			return -EINVAL;
		WRITE_ONCE(calls_of[more], calls_of[more] + 1);
		cond_resched();
	}
	return 0;
}

/* From the one trampoline to the other: every call in between goes through the one or the other. */
KTEST(ftrace_no_call_is_lost_while_a_direct_call_changes)
{
	static struct ftrace_ops ops;
	struct task_struct *caller;
	int changes = 0;

	SKIP_WHERE_THERE_ARE_NONE();
	want_probe(&ops);
	memset(calls_of, 0, sizeof(calls_of));
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), 0);
	caller = kthread_run(count_results, NULL, "direct-caller");
	KTEST_EXPECT(!IS_ERR(caller));
	while (changes < 200 || READ_ONCE(calls_of[0]) < 100 || READ_ONCE(calls_of[1]) < 100) {
		if (modify_ftrace_direct(&ops, changes++ & 1 ? WATCH : AROUND) || changes == 100000)
			break;
		yield();
	}
	KTEST_EXPECT_EQ(kthread_stop(caller), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_direct(&ops, changes & 1 ? AROUND : WATCH, true), 0);
	KTEST_EXPECT(calls_of[0] >= 100 && calls_of[1] >= 100);
	KTEST_EXPECT_EQ(watched.calls, calls_of[0]);
	KTEST_EXPECT(consistent());
}

/* A hash with one direct call; NULL: no memory. */
static struct ftrace_hash *one_call(unsigned long ip, unsigned long addr)
{
	struct ftrace_hash *hash = alloc_ftrace_hash(FTRACE_HASH_DEFAULT_BITS);

	if (!hash || !add_ftrace_hash_entry_direct(hash, ip, addr))
		return hash;
	free_ftrace_hash(hash);
	return NULL;
}

KTEST(ftrace_direct_calls_by_function_change_while_the_function_runs)
{
	static struct ftrace_ops ops;
	struct ftrace_hash *around, *watch, *other;
	struct task_struct *caller;

	SKIP_WHERE_THERE_ARE_NONE();
	around = one_call(ftrace_location(PROBE), AROUND);
	watch = one_call(ftrace_location(PROBE), WATCH);
	other = one_call(ftrace_location((unsigned long)sprint_symbol), WATCH);
	KTEST_EXPECT(around && watch && other);
	memset(&results, 0, sizeof(results));
	caller = kthread_run(call_until_stopped, NULL, "direct-caller");
	KTEST_EXPECT(!IS_ERR(caller));
	for (int i = 0; i < 20; i++) {
		KTEST_EXPECT_EQ(update_ftrace_direct_add(&ops, i & 1 ? around : other), 0);
		KTEST_EXPECT_EQ(update_ftrace_direct_add(&ops, i & 1 ? other : around), 0);
		KTEST_EXPECT_EQ(update_ftrace_direct_add(&ops, watch), -EBUSY);
		wait_for(&results.around);
		KTEST_EXPECT_EQ(update_ftrace_direct_mod(&ops, watch, true), 0);
		wait_for(&results.plain);
		KTEST_EXPECT_EQ(update_ftrace_direct_del(&ops, around), -EINVAL);
		KTEST_EXPECT_EQ(update_ftrace_direct_mod(&ops, around, true), 0);
		wait_for(&results.around);
		KTEST_EXPECT_EQ(update_ftrace_direct_del(&ops, i & 2 ? around : other), 0);
		KTEST_EXPECT_EQ(update_ftrace_direct_del(&ops, i & 2 ? other : around), 0);
		wait_for(&results.plain);
	}
	kthread_stop(caller);
	free_ftrace_hash(around);
	free_ftrace_hash(watch);
	free_ftrace_hash(other);
	KTEST_EXPECT_EQ(results.neither, 0);
	KTEST_EXPECT(consistent());
}

static unsigned long results_while_asked;

static int call_and_refuse(struct ftrace_ops *op, enum ftrace_ops_cmd cmd)
{
	results_while_asked = call_probe();
	return -EBUSY;
}

/* Until it is registered nothing goes through it, also where another ops wants the function and the list is asked. */
KTEST(ftrace_a_direct_call_that_is_refused_was_never_made)
{
	static struct ftrace_ops ops, patch, other;

	SKIP_WHERE_THERE_ARE_NONE();
	ops = (struct ftrace_ops){ .ops_func = call_and_refuse };
	patch = (struct ftrace_ops){ .func = go_elsewhere, .flags = FTRACE_OPS_FL_IPMODIFY };
	other = (struct ftrace_ops){ .func = count_callback, .flags = FTRACE_OPS_FL_SAVE_REGS };
	want_probe(&other);
	want_probe(&patch);
	want_probe(&ops);
	KTEST_EXPECT_EQ(register_ftrace_function(&other), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&patch), 0);
	KTEST_EXPECT_EQ(register_ftrace_direct(&ops, WATCH), -EBUSY);
	KTEST_EXPECT_EQ(results_while_asked, 42);
	KTEST_EXPECT_EQ(watched.calls, 0);
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(unregister_ftrace_function(&patch), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&other), 0);
	ftrace_free_filter(&ops);
	ftrace_free_filter(&patch);
	ftrace_free_filter(&other);
}
