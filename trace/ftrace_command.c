/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_command.c - words in set_ftrace_filter that ask for something else than a function's being traced.
 *
 *	schedule:traceoff:3	FUNCTION:COMMAND:PARAMETERS
 *
 * Here is the list of commands; what each makes of its word is its own business (trace_commands.c has those that there
 * always are).
 *
 * Lock: ftrace_cmd_mutex guards the list, and is held while a command runs, so that none goes meanwhile.  A command may
 * therefore not register or unregister one.  Task context.
 */
#include "trace/ftrace_internal.h"
#include "trace/ftrace_probe.h"

static DEFINE_MUTEX(ftrace_cmd_mutex);
static LIST_HEAD(ftrace_commands);

static struct ftrace_func_command *find_command(const char *name)
{
	struct ftrace_func_command *cmd;

	list_for_each_entry(cmd, &ftrace_commands, list)
		if (!strcmp(cmd->name, name))
			return cmd;
	return NULL;
}

int register_ftrace_command(struct ftrace_func_command *cmd)
{
	int ret = -EBUSY;

	mutex_lock(&ftrace_cmd_mutex);
	if (!find_command(cmd->name)) {
		list_add(&cmd->list, &ftrace_commands);
		ret = 0;
	}
	mutex_unlock(&ftrace_cmd_mutex);
	return ret;
}

int unregister_ftrace_command(struct ftrace_func_command *cmd)
{
	int ret = -ENODEV;

	mutex_lock(&ftrace_cmd_mutex);
	/* Another of the same name is not this one. */
	if (find_command(cmd->name) == cmd) {
		list_del(&cmd->list);
		ret = 0;
	}
	mutex_unlock(&ftrace_cmd_mutex);
	return ret;
}

int ftrace_process_command(struct trace_array *tr, struct ftrace_hash *hash, char *word, bool enable)
{
	char *func = strsep(&word, ":"), *name = strsep(&word, ":");
	struct ftrace_func_command *cmd;
	int ret = -EINVAL;

	mutex_lock(&ftrace_cmd_mutex);
	cmd = find_command(name);
	if (cmd && tr)
		ret = cmd->func(tr, hash, func, name, word, enable);
	mutex_unlock(&ftrace_cmd_mutex);
	return ret;
}
