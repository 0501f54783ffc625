/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_workload.c - `workload NAME [N]`: something to trace. */
#include "kernel/shell/shell.h"
#include "kernel/workload/workload.h"
#include "lib/errno.h"
#include "lib/kstrtox.h"
#include "lib/string.h"

static const struct workload *find_workload(const char *name)
{
	const struct workload *const *w;

	registry_for_each(workloads, w)
		if (!strcmp((*w)->name, name))
			return *w;
	return NULL;
}

static int list_workloads(void)
{
	const struct workload *const *w;

	registry_for_each(workloads, w)
		if (sh_printf("%-8s %5lu  %s\n", (*w)->name, (*w)->default_n, (*w)->help) < 0)
			return 1;
	return 0;
}

static int cmd_workload(int argc, char **argv)
{
	const struct workload *w;
	unsigned long n;
	int ret;

	if (argc < 2)
		return list_workloads();
	if (argc > 3)
		return sh_usage("workload");
	w = find_workload(argv[1]);
	if (!w) {
		sh_error("workload: %s: no such workload\n", argv[1]);
		return 1;
	}
	n = w->default_n;
	if (argc == 3) {
		ret = kstrtoul(argv[2], 0, &n);
		if (ret)
			return sh_fail("workload", argv[2], ret);
	}
	ret = w->fn(n);
	return ret ? sh_fail("workload", w->name, ret) : 0;
}
SHELL_COMMAND(workload, cmd_workload, 0, "[NAME [N]]",
	      "does work worth tracing, and checks that it got done\n"
	      "Without NAME: lists what there is, each with the N it takes by itself.");
