/* SPDX-License-Identifier: BSD-2-Clause */
/* test_faults.c - tests/ftrace_faults.h in the kernel: real sites, real memory, through the files a user writes. */
#include "kernel/fault_inject.h"
#include "kernel/fs/fs.h"
#include "kernel/kallsyms.h"
#include "kernel/mm/slab.h"
#include "kernel/printk.h"
#include "kernel/rcu.h"
#include "kernel/shell/shell.h"
#include "kernel/workload/counted.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_internal.h"

#define SITE_A "counted_function"
#define SITE_B "sprint_symbol"
#define SITE_C "kallsyms_lookup_name"

/* Of test_ftrace_direct.c. */
extern char ktest_direct_watch[], ktest_direct_around[];

#define DIRECT_A ((unsigned long)ktest_direct_watch)
#define DIRECT_B ((unsigned long)ktest_direct_around)

static unsigned long sites[] = {
	(unsigned long)counted_function, (unsigned long)sprint_symbol, (unsigned long)kallsyms_lookup_name,
};

/* As a shell does it: all of the text, then close; the first error. */
static int edit_path(const char *path, int how, const char *text)
{
	struct file *file = filp_open(path, O_WRONLY | how, 0);
	size_t left = strlen(text);
	ssize_t n = 1;
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	for (loff_t pos = 0; left && n > 0; left -= max(n, (ssize_t)0)) {
		n = vfs_write(file, text, left, &pos);
		text += max(n, (ssize_t)0);
	}
	err = filp_close(file);
	return n < 0 ? (int)n : err;
}

static int edit_file(const char *name, int how, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/kernel/tracing/%s", name);
	return edit_path(path, how, text);
}

static int write_ftrace_enabled(int value)
{
	return edit_path("/proc/sys/kernel/ftrace_enabled", O_TRUNC, value ? "1\n" : "0\n");
}

static void call_sites(void)
{
	char name[KSYM_SYMBOL_LEN];

	counted_function();
	sprint_symbol(name, sites[0]);
	kallsyms_lookup_name("counted_function");
}

#define arm_alloc(n) fault_arm(FAULT_ALLOC, n, -ENOMEM)
#define arm_patch(n, error) fault_arm(FAULT_PATCH, n, error)
#define disarm_alloc() (!fault_disarm(FAULT_ALLOC))
#define disarm_patch() (!fault_disarm(FAULT_PATCH))

/* Objects in slabs, and pages that are in none. */
static unsigned long memory_in_use(void)
{
	struct kmem_stats slab;
	struct sysinfo info;

	rcu_barrier();
	kmem_get_stats(&slab);
	si_meminfo(&info);
	return slab.live + info.totalram - info.freeram - slab.pages;
}

#define EXPECT KTEST_EXPECT
#define EXPECT_EQ KTEST_EXPECT_EQ
#define failed ktest_failed
#define report sh_printf

#include "tests/ftrace_faults.h"

static void run_quietly(void (*test)(void))
{
	int loglevel = console_loglevel;

	if (!ftrace_enabled || ftrace_ops_list != &ftrace_list_end)
		KTEST_SKIP("somebody traces");
	/* Who dies says so each time; the shell cases look at that. */
	console_loglevel = 0;
	test();
	console_loglevel = loglevel;
}

KTEST(faults_every_allocation_that_fails_is_survived)
{
	run_quietly(every_allocation);
}

static void sweep_updates(const struct operation *o, struct totals *totals)
{
	if (o->run == register_other)
		sweep_patches(o, totals);
}

static void every_update(void)
{
	struct totals t = { 0 };

	sweep(sweep_updates, &t);
	EXPECT(failed() || t.dead);
}

/* Two sites that one ops has, and a second wants, with each error: for who looks into the log. */
KTEST(faults_every_update_of_a_site_that_fails_is_logged)
{
	run_quietly(every_update);
}

KTEST(faults_every_change_of_a_site_that_fails_is_survived)
{
	run_quietly(every_change_of_a_site);
}
