/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ktest.c - runs the registered tests one by one and reports in KTAP version 1.
 *
 * Each test runs in a task of its own, so that what it leaves behind (a changed
 * directory, open files, a pending signal) ends with it.  The runner prints the
 * whole report; the test only leaves its first failure, or the reason for skipping, in
 * `verdict`.  run_lock: one run at a time owns it.
 *
 * After each test every patch site must be what the registered ops ask for (ftrace_audit.c), and ftrace
 * alive if it was before: else that test fails, whatever it said itself.
 */
#include "tests/ktest/ktest.h"
#include "kernel/mm/slab.h"
#include "kernel/mutex.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "lib/glob.h"
#include "lib/sort.h"
#include "lib/stdio.h"
#include "trace/ftrace.h"
#include "trace/ftrace_audit.h"

static DEFINE_MUTEX(run_lock);

static struct {
	bool failed, skipped;
	char text[512];
} verdict;

void ktest_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;
	int n;

	/* What failed first explains the rest. */
	if (verdict.failed)
		return;
	verdict.failed = true;
	n = scnprintf(verdict.text, sizeof(verdict.text), "%s:%d: ", file, line);
	va_start(args, fmt);
	vscnprintf(verdict.text + n, sizeof(verdict.text) - n, fmt, args);
	va_end(args);
}

void ktest_skip(const char *reason)
{
	verdict.skipped = true;
	strscpy(verdict.text, reason, sizeof(verdict.text));
}

bool ktest_failed(void)
{
	return verdict.failed;
}

static int test_main(void *arg)
{
	const struct ktest *test = arg;

	test->run();
	return 0;
}

static void audit_sites(bool was_dead)
{
	char text[KSYM_SYMBOL_LEN + 64];
	struct ftrace_audit audit;
	bool consistent = ftrace_audit(&audit);

	if (consistent && (was_dead || !audit.dead))
		return;
	ftrace_audit_text(&audit, consistent, text, sizeof(text));
	ktest_fail(__FILE__, __LINE__, "ftrace_audit after the test: %s", text);
}

/* 0, -EINTR after Ctrl-C, or -errno of the output. */
static int run_one(const struct ktest *test, int number, struct ktest_totals *totals)
{
	bool interrupted = false, was_dead = ftrace_is_dead();
	pid_t pid;

	memset(&verdict, 0, sizeof(verdict));
	pid = kernel_clone(test_main, (void *)test, "ktest", 0);
	if (pid < 0)
		ktest_fail(__FILE__, __LINE__, "no task for the test: %s", errno_text(-pid));
	/* Ctrl-C reaches the test as well, but it is not over before it returns. */
	while (pid > 0 && kernel_wait4(pid, NULL, 0) == -EINTR) {
		flush_signals(current);
		interrupted = true;
	}
	if (interrupted)
		return -EINTR;
	audit_sites(was_dead);
	if (verdict.failed) {
		totals->failed++;
		return sh_printf("# %s: %s\nnot ok %d %s\n", test->name, verdict.text, number, test->name);
	}
	if (verdict.skipped) {
		totals->skipped++;
		return sh_printf("ok %d %s # SKIP %s\n", number, test->name, verdict.text);
	}
	totals->passed++;
	return sh_printf("ok %d %s\n", number, test->name);
}

static int compare_names(const void *a, const void *b)
{
	const struct ktest *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* The tests whose names match, sorted; kmalloc'ed.  NULL without memory. */
static const struct ktest **select_tests(const char *glob, int *count)
{
	const struct ktest *const *t;
	const struct ktest **tests;
	size_t total = __stop_registry_ktests - __start_registry_ktests;

	tests = kcalloc(total + 1, sizeof(*tests), GFP_KERNEL);
	*count = 0;
	if (!tests)
		return NULL;
	registry_for_each(ktests, t)
		if (!glob || glob_match(glob, (*t)->name))
			tests[(*count)++] = *t;
	sort(tests, *count, sizeof(*tests), compare_names, NULL);
	return tests;
}

int ktest_run(const char *glob, struct ktest_totals *totals)
{
	const struct ktest **tests;
	int count, err = 0;

	memset(totals, 0, sizeof(*totals));
	tests = select_tests(glob, &count);
	if (!tests)
		return sh_fail("ktest", NULL, -ENOMEM);
	mutex_lock(&run_lock);
	sh_printf("KTAP version 1\n1..%d\n", count);
	for (int i = 0; i < count && !err; i++)
		err = run_one(tests[i], i + 1, totals);
	mutex_unlock(&run_lock);
	kfree(tests);
	if (!err)
		err = sh_printf("# totals: pass:%u fail:%u skip:%u\n", totals->passed, totals->failed,
				totals->skipped);
	return err || totals->failed || !count;
}

static int cmd_ktest(int argc, char **argv)
{
	struct ktest_totals totals;

	if (argc > 2)
		return sh_usage("ktest");
	return ktest_run(argc > 1 ? argv[1] : NULL, &totals);
}
SHELL_COMMAND(ktest, cmd_ktest, 0, "[GLOB]", "runs the in-kernel tests whose names match GLOB (all), report in KTAP");
