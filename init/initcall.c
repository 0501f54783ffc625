/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * initcall.c - calls what initcall.h's macros registered, level by level.
 *
 * The linker script gives the order; this file only knows where each level begins.
 * A level ends where the next begins, so "s" (sync) entries belong to their level and
 * rootfs to level 5; early has no mark because it is run on its own.  Runs in
 * pid 1, before init memory is freed; do_one_initcall() stays, for modules.
 */
#include "init/initcall.h"
#include "init/params.h"
#include "kernel/kallsyms.h"
#include "kernel/panic.h"
#include "kernel/preempt.h"
#include "kernel/printk.h"
#include "kernel/time/time.h"
#include "lib/errno.h"
#include "lib/math64.h"
#include "lib/stdio.h"
#include "lib/string.h"

extern const initcall_entry_t __initcall_start[], __initcall_end[];
extern const initcall_entry_t __initcall0_start[], __initcall1_start[], __initcall2_start[], __initcall3_start[],
	__initcall4_start[], __initcall5_start[], __initcall6_start[], __initcall7_start[];

static const initcall_entry_t *const initcall_levels[] __initdata = {
	__initcall0_start,	/* pure */
	__initcall1_start,	/* core */
	__initcall2_start,	/* postcore */
	__initcall3_start,	/* arch */
	__initcall4_start,	/* subsys */
	__initcall5_start,	/* fs, then rootfs */
	__initcall6_start,	/* device */
	__initcall7_start,	/* late */
	__initcall_end,
};

static bool initcall_debug;
static const char *blacklist;	/* names with commas between them, or NULL */

static int __init set_initcall_debug(char *val)
{
	initcall_debug = true;
	return 1;
}
__setup("initcall_debug", set_initcall_debug);

static int __init set_initcall_blacklist(char *val)
{
	blacklist = val;
	return 1;
}
__setup("initcall_blacklist=", set_initcall_blacklist);

static bool initcall_blacklisted(initcall_t fn)
{
	char name[KSYM_SYMBOL_LEN];
	size_t len;

	if (!blacklist)
		return false;
	sprint_symbol_no_offset(name, (unsigned long)fn);
	len = strlen(name);
	for (const char *s = blacklist; *s; s = strchrnul(s, ','), s += *s == ',')
		if (!strncmp(s, name, len) && (s[len] == ',' || !s[len]))
			return true;
	return false;
}

static int call_and_time(initcall_t fn)
{
	u64 start;
	int ret;

	printk(KERN_DEBUG "calling  %pS @ %d\n", (void *)fn, current->pid);
	start = ktime_get_ns();
	ret = fn();
	printk(KERN_DEBUG "initcall %pS returned %d after %llu usecs\n", (void *)fn, ret,
	       (unsigned long long)div_u64(ktime_get_ns() - start, NSEC_PER_USEC));
	return ret;
}

int do_one_initcall(initcall_t fn)
{
	int count = preempt_count(), ret;
	const char *unbalanced = "", *disabled = "";

	if (initcall_blacklisted(fn)) {
		pr_info("initcall %ps blacklisted\n", (void *)fn);
		return -EPERM;
	}
	ret = initcall_debug ? call_and_time(fn) : fn();
	if (preempt_count() != count) {
		unbalanced = "preemption imbalance ";
		WRITE_ONCE(current->preempt_count, count);
	}
	if (irqs_disabled()) {
		disabled = "disabled interrupts ";
		local_irq_enable();
	}
	WARN(*unbalanced || *disabled, "initcall %pS returned with %s%s\n", (void *)fn, unbalanced, disabled);
	return ret;
}

/* Kept out of line: a function of its own to trace, as do_one_initcall is. */
static noinline void __init do_initcall_level(const initcall_entry_t *from, const initcall_entry_t *to)
{
	for (const initcall_entry_t *entry = from; entry < to; entry++)
		do_one_initcall(initcall_from_entry(entry));
}

void __init do_pre_smp_initcalls(void)
{
	do_initcall_level(__initcall_start, __initcall0_start);
}

void __init do_initcalls(void)
{
	for (size_t level = 0; level + 1 < ARRAY_SIZE(initcall_levels); level++)
		do_initcall_level(initcall_levels[level], initcall_levels[level + 1]);
}
