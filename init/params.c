/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * params.c - walks the command line, twice, and calls whoever registered for a word.
 *
 * next_arg() cuts in place, so each walk has a copy of its own: the early one a buffer in
 * init data, for there is no allocator yet; the later one a kstrdup() that is never freed,
 * because the functions may keep pointers into it.  Boot only: no lock.
 */
#include "init/params.h"
#include "arch/arch.h"
#include "kernel/mm/slab.h"
#include "kernel/printk.h"
#include "lib/cmdline.h"
#include "lib/string.h"

const char *saved_command_line = "";

void __init setup_command_line(const char *cmdline)
{
	saved_command_line = cmdline;
}

/* Calls fn for each option up to "--".  Cuts the line. */
static void __init for_each_option(char *line, void (*fn)(char *param, char *val, void *arg), void *arg)
{
	char *param, *val;

	while (*(line = skip_spaces(line))) {
		line = next_arg(line, &param, &val);
		if (!val && !strcmp(param, "--"))
			break;
		fn(param, val, arg);
	}
}

static void __init do_early_param(char *param, char *val, void *unused)
{
	const struct kernel_param *const *p;

	registry_for_each(params, p)
		if ((*p)->early && parameq(param, (*p)->str) && (*p)->setup_func(val)) /* an error: `quiet` hides warnings */
			pr_err("Malformed early option '%s%s%s': ignored\n", param, val ? "=" : "", val ? val : "");
}

void __init parse_early_param(void)
{
	static char line[COMMAND_LINE_SIZE] __initdata;

	strscpy(line, saved_command_line, sizeof(line));
	for_each_option(line, do_early_param, NULL);
}

/* Did the prefix match, in the way that its final '=' asks for? */
static bool __init setup_matches(const struct kernel_param *p, const char *param, const char *val)
{
	size_t len = strlen(p->str);

	if (p->str[len - 1] != '=')
		return parameq(param, p->str);
	return val && strlen(param) == len - 1 && parameqn(param, p->str, len - 1);
}

static bool __init take_option(const char *param, char *val)
{
	static char bare[1];
	const struct kernel_param *const *p;

	registry_for_each(params, p) {
		if ((*p)->early ? parameq(param, (*p)->str) :
		    setup_matches(*p, param, val) && (*p)->setup_func(val ? val : bare))
			return true;
	}
	return false;
}

static void __init do_setup_param(char *param, char *val, void *unknown)
{
	if (take_option(param, val))
		return;
	strcat(unknown, " ");
	strcat(unknown, param);
	if (val) {
		strcat(unknown, "=");
		strcat(unknown, val);
	}
}

void __init parse_args(void)
{
	char *line = kstrdup(saved_command_line, GFP_KERNEL);
	/* Each word takes one blank more than it took on the line; quotes have gone. */
	char *unknown = kzalloc(strlen(saved_command_line) + 2, GFP_KERNEL);

	if (line && unknown)
		for_each_option(line, do_setup_param, unknown);
	else
		pr_err("No memory to parse the command line: it is ignored\n");
	if (unknown && *unknown)
		pr_notice("Unknown kernel command line parameters \"%s\"\n", unknown + 1);
	kfree(unknown);
}
