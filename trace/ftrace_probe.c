/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_probe.c - something to do when a function is reached, other than to trace it.
 *
 * Each kind of probe of a trace array is an ops, registered while there is a function for it:
 *
 *	ftrace_func_probes -> newest -> ... -> oldest
 *	                       ops.filter_hash: the functions, entry->data what the probe keeps for each
 *
 * So whether a function has the probe and what it keeps for it is one look into one hash, which changes as the
 * hashes of all ops do: a copy takes its place.  The data is in the old hash and the new one, until no callback can be
 * looking at the old one.
 *
 * A set without functions would mean all of them: before the last one goes, the ops is unregistered.
 *
 * Locks: ftrace_probe_lock, against other writers; the list and the hashes change under ftrace_lock too, so that who
 * lists them needs only that.  Task context, but for function_trace_probe_call().
 */
#include "trace/ftrace_internal.h"
#include "trace/ftrace_probe.h"

struct ftrace_func_probe {
	struct list_head list;
	struct trace_array *tr;
	const struct ftrace_probe_ops *probe_ops;
	struct ftrace_ops ops;
};

static DEFINE_MUTEX(ftrace_probe_lock);
static LIST_HEAD(ftrace_func_probes);

/* Any context; preemption is off, as FTRACE_OPS_FL_RECURSION has it. */
static void function_trace_probe_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
				      struct ftrace_regs *fregs)
{
	struct ftrace_func_probe *probe = container_of(op, struct ftrace_func_probe, ops);
	struct ftrace_func_entry *entry = ftrace_lookup_ip(ftrace_ops_set(op).filter_hash, ip);

	/* Not there: its probe was just taken away. */
	if (entry)
		probe->probe_ops->func(ip, parent_ip, probe->tr, probe->probe_ops, entry->data);
}

/* ---- The list ---- */

static struct ftrace_func_probe *find_probe(const struct trace_array *tr, const struct ftrace_probe_ops *probe_ops)
{
	struct ftrace_func_probe *probe;

	list_for_each_entry(probe, &ftrace_func_probes, list)
		if (probe->tr == tr && probe->probe_ops == probe_ops)
			return probe;
	return NULL;
}

static struct ftrace_func_probe *new_probe(struct trace_array *tr, const struct ftrace_probe_ops *probe_ops)
{
	struct ftrace_func_probe *probe = kzalloc(sizeof(*probe), GFP_KERNEL);

	if (!probe)
		return NULL;
	probe->tr = tr;
	probe->probe_ops = probe_ops;
	probe->ops.func = function_trace_probe_call;
	probe->ops.flags = FTRACE_OPS_FL_RECURSION;
	ftrace_ops_init(&probe->ops);
	return probe;
}

struct ftrace_func_probe *ftrace_next_probe(const struct trace_array *tr, const struct ftrace_func_probe *probe)
{
	const struct list_head *at = probe ? &probe->list : &ftrace_func_probes;

	while ((at = at->next) != &ftrace_func_probes) {
		struct ftrace_func_probe *next = container_of(at, struct ftrace_func_probe, list);

		if (next->tr == tr)
			return next;
	}
	return NULL;
}

const struct ftrace_probe_ops *ftrace_ops_probe(const struct ftrace_ops *op)
{
	if (op->func != function_trace_probe_call)
		return NULL;
	return container_of(op, struct ftrace_func_probe, ops)->probe_ops;
}

const struct ftrace_hash *ftrace_probe_hash(const struct ftrace_func_probe *probe)
{
	return probe->ops.func_hash->filter_hash;
}

void ftrace_probe_show(struct seq_file *m, const struct ftrace_func_probe *probe, unsigned long ip)
{
	const struct ftrace_probe_ops *probe_ops = probe->probe_ops;
	const struct ftrace_func_entry *entry = ftrace_lookup_ip(ftrace_probe_hash(probe), ip);

	seq_printf(m, "%ps:%s:", (void *)ip, probe_ops->name);
	if (probe_ops->print)
		probe_ops->print(m, probe_ops, entry->data);
	else
		seq_puts(m, "unlimited");
	seq_putc(m, '\n');
}

/* ---- What is kept for each function ---- */

/* Of the functions in `hash` that are not in `old`, up to the entry `end` (NULL: all). */
static void free_data(struct ftrace_func_probe *probe, const struct ftrace_hash *hash, const struct ftrace_hash *old,
		      const struct ftrace_func_entry *end)
{
	const struct ftrace_probe_ops *probe_ops = probe->probe_ops;
	struct ftrace_func_entry *entry;
	unsigned long i;

	for_each_hash_entry(hash, i, entry) {
		if (entry == end)
			return;
		if (probe_ops->free && !ftrace_lookup_ip(old, entry->ip))
			probe_ops->free(probe_ops, probe->tr, entry->ip, entry->data);
	}
}

/* For those in `hash` that are not in `old`: how many they are, or what init returned, and nothing is left. */
static int make_data(struct ftrace_func_probe *probe, struct ftrace_hash *hash, const struct ftrace_hash *old,
		     void *init_data)
{
	const struct ftrace_probe_ops *probe_ops = probe->probe_ops;
	struct ftrace_func_entry *entry;
	unsigned long i;
	int nr = 0, ret;

	for_each_hash_entry(hash, i, entry) {
		if (ftrace_lookup_ip(old, entry->ip))
			continue;
		ret = probe_ops->init ? probe_ops->init(probe_ops, probe->tr, entry->ip, init_data, &entry->data) : 0;
		if (ret) {
			free_data(probe, hash, old, entry);
			return ret;
		}
		nr++;
	}
	return nr;
}

/* ---- The functions of a probe change; under ftrace_probe_lock ---- */

static int move_hash(struct ftrace_func_probe *probe, struct ftrace_hash *hash)
{
	struct ftrace_ops_hash *set = probe->ops.func_hash;
	int ret;

	mutex_lock(&set->regex_lock);
	mutex_lock(&ftrace_lock);
	ret = ftrace_hash_move_and_update_ops(&probe->ops, &set->filter_hash, hash, true);
	mutex_unlock(&ftrace_lock);
	mutex_unlock(&set->regex_lock);
	return ret;
}

static int enable_probe(struct ftrace_func_probe *probe)
{
	int ret = register_ftrace_function(&probe->ops);

	if (ret)
		return ret;
	mutex_lock(&ftrace_lock);
	list_add(&probe->list, &ftrace_func_probes);
	mutex_unlock(&ftrace_lock);
	return 0;
}

/* Puts the functions of `hash` into effect, which has `nr` more than there are.  Returns nr or -errno. */
static int add_functions(struct ftrace_func_probe *probe, struct ftrace_hash *hash, int nr)
{
	bool first = !(probe->ops.flags & FTRACE_OPS_FL_ENABLED);
	const struct ftrace_hash *old = ftrace_probe_hash(probe);
	int ret = move_hash(probe, hash);

	if (ret) {
		/* If it was moved all the same, ftrace died of it, and nothing can be taken back. */
		if (hash->count)
			free_data(probe, hash, old, NULL);
		return ret;
	}
	ret = first ? enable_probe(probe) : 0;
	if (!ret)
		return nr;
	free_data(probe, ftrace_probe_hash(probe), EMPTY_HASH, NULL);
	ftrace_free_filter(&probe->ops);
	return ret;
}

static int add_matches(struct ftrace_func_probe *probe, const struct ftrace_glob *glob, void *data)
{
	const struct ftrace_hash *old = ftrace_probe_hash(probe);
	struct ftrace_hash *hash = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, old);
	int ret;

	if (!hash)
		return -ENOMEM;
	ret = ftrace_match_glob(hash, glob, false);
	if (ret > 0)
		ret = make_data(probe, hash, old, data);
	if (ret > 0)
		ret = add_functions(probe, hash, ret);
	else if (!ret)
		ret = ftrace_disabled ? -ENODEV : -EINVAL;
	free_ftrace_hash(hash);
	return ret;
}

int register_ftrace_function_probe(char *glob, struct trace_array *tr, const struct ftrace_probe_ops *probe_ops,
				   void *init_data)
{
	struct ftrace_func_probe *probe;
	struct ftrace_glob parsed;
	bool not;
	int ret;

	ftrace_glob_parse(&parsed, glob, strlen(glob), &not);
	if (not)
		return -EINVAL;
	mutex_lock(&ftrace_probe_lock);
	probe = find_probe(tr, probe_ops) ?: new_probe(tr, probe_ops);
	ret = probe ? add_matches(probe, &parsed, init_data) : -ENOMEM;
	if (probe && !(probe->ops.flags & FTRACE_OPS_FL_ENABLED))
		kfree(probe);
	mutex_unlock(&ftrace_probe_lock);
	return ret;
}

/* The last function of the probe goes, and the probe with it. */
static int remove_probe(struct ftrace_func_probe *probe)
{
	int ret = unregister_ftrace_function(&probe->ops);

	if (ret)
		return ret;
	mutex_lock(&ftrace_lock);
	list_del(&probe->list);
	mutex_unlock(&ftrace_lock);
	free_data(probe, ftrace_probe_hash(probe), EMPTY_HASH, NULL);
	ftrace_free_filter(&probe->ops);
	kfree(probe);
	return 0;
}

/* Only the functions in `hash` stay; `gone` is a copy of what there is. */
static int keep_functions(struct ftrace_func_probe *probe, struct ftrace_hash *hash, struct ftrace_hash *gone)
{
	struct ftrace_func_entry *entry;
	unsigned long i;
	int ret;

	for_each_hash_entry(hash, i, entry)
		free_hash_entry(gone, ftrace_lookup_ip(gone, entry->ip));
	ret = move_hash(probe, hash);
	if (ret)
		return ret;
	synchronize_rcu();
	free_data(probe, gone, EMPTY_HASH, NULL);
	return 0;
}

static int remove_matches(struct ftrace_func_probe *probe, const struct ftrace_glob *glob)
{
	const struct ftrace_hash *old = ftrace_probe_hash(probe);
	struct ftrace_hash *hash = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, old);
	struct ftrace_hash *gone = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, old);
	int ret = hash && gone ? ftrace_match_glob(hash, glob, true) : -ENOMEM;

	if (ret >= 0) {
		if (hash->count == old->count)
			ret = ftrace_disabled ? -ENODEV : -EINVAL;
		else if (!hash->count)
			ret = remove_probe(probe);
		else
			ret = keep_functions(probe, hash, gone);
	}
	free_ftrace_hash(hash);
	free_ftrace_hash(gone);
	return ret;
}

int unregister_ftrace_function_probe_func(char *glob, struct trace_array *tr,
					  const struct ftrace_probe_ops *probe_ops)
{
	struct ftrace_func_probe *probe;
	struct ftrace_glob parsed;
	bool not;
	int ret;

	ftrace_glob_parse(&parsed, glob, strlen(glob), &not);
	if (not)
		return -EINVAL;
	if (!parsed.len)
		parsed.type = MATCH_FRONT_ONLY;
	mutex_lock(&ftrace_probe_lock);
	probe = find_probe(tr, probe_ops);
	if (!probe)
		ret = -ENODEV;
	else
		ret = parsed.type == MATCH_INDEX ? -EINVAL : remove_matches(probe, &parsed);
	mutex_unlock(&ftrace_probe_lock);
	return ret;
}
