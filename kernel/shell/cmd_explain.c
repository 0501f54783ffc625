/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_explain.c - `explain FUNCTION`: trace/ftrace_explain.c at the prompt. */
#include "kernel/kallsyms.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/shell.h"
#include "lib/string.h"
#include "trace/ftrace_explain.h"

#define EXPLAIN_SIZE 16384

static int cmd_explain(int argc, char **argv)
{
	struct trace_seq s;
	bool found;
	char *text;
	int ret;

	if (argc != 2 || !argv[1][0])
		return sh_usage("explain");
	text = kmalloc(EXPLAIN_SIZE, GFP_KERNEL);
	if (!text)
		return sh_fail("explain", argv[1], -ENOMEM);
	trace_seq_init(&s, text, EXPLAIN_SIZE);
	found = ftrace_explain(&s, argv[1]);
	ret = sh_write(text, s.len);
	if (s.full)
		sh_error("explain: %s: more than fits\n", argv[1]);
	kfree(text);
	return ret || s.full || !found;
}

/* Every function, also one that cannot be traced: why not, is what one may want to know. */
static void complete_function(const char *prefix, void (*add)(struct words *names, const char *text),
			      struct words *names)
{
	const char *last = "";

	for (u32 i = 0; i < kallsyms_num_syms; i++) {
		const char *name = kallsyms_sym_name(i);

		if (!strchr("tT", kallsyms_sym_type(i)) || strncmp(name, prefix, strlen(prefix)) || !strcmp(name, last))
			continue;
		add(names, name);
		last = name;
	}
}

SHELL_COMMAND_COMPLETED(explain, cmd_explain, complete_function, 0, "FUNCTION",
	      "says why a function is traced or not: who wants it, where a call goes, the words of its site\n"
	      "$? is 0 if there is such a function.");
