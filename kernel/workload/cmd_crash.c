/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_crash.c - `crash NAME`: goes wrong on purpose, to see what the report looks like and that nothing goes
 * wrong silently.  The names are those of Linux's crash test module.
 */
#include "arch/arch.h"
#include "kernel/panic.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/shell.h"
#include "lib/errno.h"
#include "lib/string.h"

static u32 crash_data[4];
static const u32 crash_rodata = 0x55aa55aa;

/* Each level keeps 512 bytes and uses them after the call, so that the compiler cannot make a loop of it. */
static noinline int recurse(int n)
{
	volatile char frame[512];

	frame[n & 511] = (char)n;
	if (n < 0)
		return 0;
	return recurse(n + 1) + frame[(n + 1) & 511];
}

static void crash_exhaust_stack(void)
{
	recurse(0);
}

static void crash_access_null(void)
{
	*(volatile u32 *)NULL = 0;
}

static void crash_write_ro(void)
{
	*(volatile u32 *)&crash_rodata = 0;
}

static void crash_write_kern(void)
{
	*(volatile u32 *)crash_write_ro = 0;
}

static void crash_exec_data(void)
{
	((void (*)(void))crash_data)();
}

static void crash_panic(void)
{
	panic("dumptest");
}

static void crash_bug(void)
{
	BUG();
}

static void crash_warning(void)
{
	WARN_ON(1);
}

static const struct { const char *name; void (*fn)(void); } crashes[] = {
	{ "ACCESS_NULL", crash_access_null },	{ "BUG", crash_bug },
	{ "EXEC_DATA", crash_exec_data },	{ "EXHAUST_STACK", crash_exhaust_stack },
	{ "PANIC", crash_panic },		{ "WARNING", crash_warning },
	{ "WRITE_KERN", crash_write_kern },	{ "WRITE_RO", crash_write_ro },
};

static int cmd_crash(int argc, char **argv)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(crashes); i++) {
		if (argc == 1)
			sh_printf("%s\n", crashes[i].name);
		else if (argc == 2 && !strcmp(argv[1], crashes[i].name)) {
			crashes[i].fn();
			return 0;
		}
	}
	return argc == 1 ? 0 : argc == 2 ? sh_fail("crash", argv[1], -EINVAL) : sh_usage("crash");
}
SHELL_COMMAND(crash, cmd_crash, 0, "[NAME]", "goes wrong on purpose: a list of ways, or one of them");
