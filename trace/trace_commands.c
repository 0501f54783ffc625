/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_commands.c - the commands that set_ftrace_filter always knows.
 *
 *	FUNCTION:traceoff	recording stops (tracing_on becomes 0) when FUNCTION is reached
 *	FUNCTION:traceon	it goes on
 *	FUNCTION:stacktrace	the calls that led there become an event
 *	FUNCTION:snapshot	a snapshot is taken
 *	FUNCTION:dump		recording stops, and the buffer is printed on the console; the first time only
 *	FUNCTION:cpudump	the same for this CPU's part; each time
 *	FUNCTION:mod:MODULE	FUNCTION is traced as without a command, if it is in MODULE (ftrace_match.c)
 *
 * But for the last, behind a second colon may stand how many times, "schedule:traceoff:3".  A time counts only if it changed
 * something; when none is left the probe stays, with 0.  "!FUNCTION:traceoff" takes away the one without a count,
 * "!FUNCTION:traceoff:0" (or any number) the one with: they are probes of their own, and a function can have both.
 *
 * Probes run in any context and on several CPUs at once: a count is taken first, and given back if somebody
 * else had done it.
 */
#include "lib/kstrtox.h"
#include "lib/string.h"
#include "trace/ftrace_probe.h"
#include "trace/trace.h"

/* ---- Counts: a long a function, which a negative one, "no number", is never taken from ---- */

static int count_init(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip, void *init_data,
		      void **data)
{
	long *count = kmalloc(sizeof(*count), GFP_KERNEL);

	if (!count)
		return -ENOMEM;
	*count = (long)init_data;
	*data = count;
	return 0;
}

static void count_free(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip, void *data)
{
	kfree(data);
}

static void count_print(struct seq_file *m, const struct ftrace_probe_ops *ops, void *data)
{
	seq_printf(m, "count=%ld", READ_ONCE(*(long *)data));
}

static bool count_take(long *count)
{
	long seen, old = READ_ONCE(*count);

	while (old > 0) {
		seen = cmpxchg(count, old, old - 1);
		if (seen == old)
			return true;
		old = seen;
	}
	return old;
}

static void count_give_back(long *count)
{
	if (READ_ONCE(*count) >= 0)
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

/*
 * What all these commands do with their word: [!]GLOB:name[:NUMBER].  `ops` is the probe that is meant.
 * As in Linux, what stands behind a third colon is ignored, and an empty number is none.
 */
static int probe_command(struct trace_array *tr, char *glob, const struct ftrace_probe_ops *ops, char *params,
			 bool enable)
{
	unsigned long count = -1;
	const char *number = strsep(&params, ":");
	int ret;

	/* "Do not trace it, but stop" makes no sense. */
	if (!enable)
		return -EINVAL;
	if (glob[0] == '!')
		return unregister_ftrace_function_probe_func(glob + 1, tr, ops);
	ret = number && *number ? kstrtoul(number, 0, &count) : 0;
	if (!ret)
		ret = register_ftrace_function_probe(glob, tr, ops, (void *)count);
	return min(ret, 0);
}

/* ---- traceon, traceoff ---- */

static void probe_traceon(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
			  const struct ftrace_probe_ops *ops, void *data)
{
	ring_buffer_record_on(&tr->buffer);
}

static void probe_traceon_count(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
				const struct ftrace_probe_ops *ops, void *data)
{
	if (ring_buffer_record_is_set_on(&tr->buffer) || !count_take(data))
		return;
	if (!ring_buffer_record_on(&tr->buffer))
		count_give_back(data);
}

/* Asked first: switching reaches for every CPU's buffer. */
static void probe_traceoff(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
			   const struct ftrace_probe_ops *ops, void *data)
{
	if (ring_buffer_record_is_set_on(&tr->buffer))
		ring_buffer_record_off(&tr->buffer);
}

static void probe_traceoff_count(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
				 const struct ftrace_probe_ops *ops, void *data)
{
	if (!ring_buffer_record_is_set_on(&tr->buffer) || !count_take(data))
		return;
	if (!ring_buffer_record_off(&tr->buffer))
		count_give_back(data);
}

#define COUNTED .init = count_init, .free = count_free, .print = count_print

static const struct ftrace_probe_ops traceon_ops = { .name = "traceon", .func = probe_traceon };
static const struct ftrace_probe_ops traceon_count_ops = { .name = "traceon", .func = probe_traceon_count, COUNTED };
static const struct ftrace_probe_ops traceoff_ops = { .name = "traceoff", .func = probe_traceoff };
static const struct ftrace_probe_ops traceoff_count_ops = { .name = "traceoff", .func = probe_traceoff_count, COUNTED };

static int traceon_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			   bool enable)
{
	return probe_command(tr, func, params ? &traceon_count_ops : &traceon_ops, params, enable);
}

static int traceoff_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			    bool enable)
{
	return probe_command(tr, func, params ? &traceoff_count_ops : &traceoff_ops, params, enable);
}

/* ---- stacktrace ---- */

static void probe_stacktrace(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
			     const struct ftrace_probe_ops *ops, void *data)
{
	trace_stack(tr, ip);
}

/* While nothing is recorded none counts. */
static void probe_stacktrace_count(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
				   const struct ftrace_probe_ops *ops, void *data)
{
	if (ring_buffer_record_is_set_on(&tr->buffer) && count_take(data))
		trace_stack(tr, ip);
}

static const struct ftrace_probe_ops stacktrace_ops = { .name = "stacktrace", .func = probe_stacktrace };
static const struct ftrace_probe_ops stacktrace_count_ops = {
	.name = "stacktrace", .func = probe_stacktrace_count, COUNTED
};

static int stacktrace_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			      bool enable)
{
	return probe_command(tr, func, params ? &stacktrace_count_ops : &stacktrace_ops, params, enable);
}

/* ---- snapshot ---- */

static void probe_snapshot(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
			   const struct ftrace_probe_ops *ops, void *data)
{
	tracing_snapshot(tr);
}

static void probe_snapshot_count(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
				 const struct ftrace_probe_ops *ops, void *data)
{
	if (count_take(data) && !tracing_snapshot(tr))
		count_give_back(data);
}

/* There is no memory to be had when the function is reached. */
static int snapshot_init(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip, void *init_data,
			 void **data)
{
	return tracing_alloc_snapshot(tr);
}

static int snapshot_count_init(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip,
			       void *init_data, void **data)
{
	return tracing_alloc_snapshot(tr) ?: count_init(ops, tr, ip, init_data, data);
}

static const struct ftrace_probe_ops snapshot_ops = {
	.name = "snapshot", .func = probe_snapshot, .init = snapshot_init
};
static const struct ftrace_probe_ops snapshot_count_ops = {
	.name = "snapshot", .func = probe_snapshot_count,
	.init = snapshot_count_init, .free = count_free, .print = count_print,
};

static int snapshot_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			    bool enable)
{
	return probe_command(tr, func, params ? &snapshot_count_ops : &snapshot_ops, params, enable);
}

/* ---- dump, cpudump ---- */

static void probe_dump(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
		       const struct ftrace_probe_ops *ops, void *data)
{
	if (count_take(data))
		ftrace_dump(tr, DUMP_ALL);
}

static void probe_cpudump(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
			  const struct ftrace_probe_ops *ops, void *data)
{
	ftrace_dump(tr, DUMP_ORIG);
}

static const struct ftrace_probe_ops dump_ops = { .name = "dump", .func = probe_dump, COUNTED };
static const struct ftrace_probe_ops cpudump_ops = { .name = "cpudump", .func = probe_cpudump };

/* Once, whatever number was given. */
static int dump_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			bool enable)
{
	char once[] = "1";

	return probe_command(tr, func, &dump_ops, once, enable);
}

static int cpudump_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			   bool enable)
{
	return probe_command(tr, func, &cpudump_ops, NULL, enable);
}

/* ---- All of them ---- */

static struct ftrace_func_command commands[] = {
	{ .name = "mod", .func = ftrace_mod_command },
	{ .name = "traceon", .func = traceon_command },
	{ .name = "traceoff", .func = traceoff_command },
	{ .name = "stacktrace", .func = stacktrace_command },
	{ .name = "snapshot", .func = snapshot_command },
	{ .name = "dump", .func = dump_command },
	{ .name = "cpudump", .func = cpudump_command },
};

int trace_init_commands(void)
{
	int ret = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(commands) && !ret; i++)
		ret = register_ftrace_command(&commands[i]);
	return ret;
}
fs_initcall(trace_init_commands);
