/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_probe.h - to do something when a function is reached, and words in set_ftrace_filter that ask for it.
 *
 * A probe is a callback with functions that it is called for, each with data of its own (a count, say):
 *
 *	static const struct ftrace_probe_ops my_probe = { .name = "mine", .func = reached };
 *
 *	char glob[] = "vfs_*";
 *
 *	register_ftrace_function_probe(glob, tr, &my_probe, NULL);
 *	...
 *	unregister_ftrace_function_probe_func(glob, tr, &my_probe);
 *
 * A command is what a user writes to get one, "vfs_*:mine":
 *
 *	static struct ftrace_func_command my_command = { .name = "mine", .func = my_command_func };
 *
 *	register_ftrace_command(&my_command);
 *
 * Everything here is for task context.  Errors are -errno.
 */
#ifndef TRACE_FTRACE_PROBE_H
#define TRACE_FTRACE_PROBE_H

#include "lib/list.h"
#include "lib/seq_file.h"
#include "trace/os.h"

struct ftrace_hash;
struct trace_array;

struct ftrace_probe_ops {
	const char *name;	/* "FUNCTION:name:" is how its functions are listed */
	/* The function at `ip` was reached.  In its context, which may be any, preemption off; never because of itself. */
	void (*func)(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
		     const struct ftrace_probe_ops *ops, void *data);
	/* Makes *data, NULL so far, for one more function out of what was given on registering.  0 or -errno.  May be NULL. */
	int (*init)(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip, void *init_data,
		    void **data);
	/* Undoes init, when nothing can be in func with this data any more.  May be NULL. */
	void (*free)(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip, void *data);
	/* What is listed behind the name, without a newline.  NULL: "unlimited". */
	void (*print)(struct seq_file *m, const struct ftrace_probe_ops *ops, void *data);
};

/*
 * probe_ops->func is called from now on for the functions that glob (writable: parsing cuts it) matches, too.
 * Returns how many these are.  -EINVAL: none, or all had it already, or glob begins with '!'; -ENOMEM; -ENODEV:
 * ftrace is dead; what init returned.  On an error nothing has changed.
 */
int register_ftrace_function_probe(char *glob, struct trace_array *tr, const struct ftrace_probe_ops *probe_ops,
				   void *init_data);

/*
 * No more for those (an empty glob: for all); when it returns nothing is in probe_ops->func for them.  -ENODEV: no function at
 * all had it, or ftrace is dead; -EINVAL: none of those had it, or glob begins with '!' or is the number of a record; -ENOMEM.
 */
int unregister_ftrace_function_probe_func(char *glob, struct trace_array *tr,
					  const struct ftrace_probe_ops *probe_ops);

struct ftrace_func_command {
	struct list_head list;
	const char *name;
	/*
	 * A word FUNC:CMD:PARAMS was written; func is as it was written, with '!' if it begins with that; params is NULL
	 * when there was no second colon.  All may be cut.  `hash` is the set that is being edited, a copy; enable: it is a filter,
	 * else what is left out.  0 or -errno, which is what the writer gets.
	 */
	int (*func)(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params, bool enable);
};

/* -EBUSY: there is a command of that name. */
int register_ftrace_command(struct ftrace_func_command *cmd);
/* When it returns nothing is in cmd->func.  -ENODEV: it is not registered. */
int unregister_ftrace_command(struct ftrace_func_command *cmd);

/* The command "mod", FUNCTION:mod:MODULE: it changes the set itself.  ftrace_match.c */
int ftrace_mod_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *module, bool enable);

#endif
