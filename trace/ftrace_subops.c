/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_subops.c - several ops behind one that is registered for all of them.
 *
 *	ftrace_ops_list -> ... -> manager -> ...
 *				     |subops
 *				     v
 *				  newest -> ... -> oldest -> NULL
 *
 * A tracer that has several users, but one thing to do at each site whoever wants it (hooking the return of a function,
 * say), is registered once: as their manager.  Its set follows from theirs,
 *
 *	filter_hash	what any of them has in it; all functions if that is what one of them wants
 *	notrace_hash	what all of them leave out
 *
 * and is made anew whenever one comes, goes or gets another set.  It may have sites that nobody wants: one leaves out what
 * another did not ask for.  So whoever calls the subops asks each one.
 *
 * A new set of the manager is there before anything changes, so that there is nothing to take back when memory is out.
 *
 * The subops are a list that is read without a lock; what ftrace_ops.c says about its list holds for this one, too.  Lock:
 * ftrace_lock, against other writers.  Task context, but for ftrace_subops_func().
 */
#include "trace/ftrace_internal.h"

/* Any context, not traced.  The manager has come with what it asked for, registers say, and so none of them comes without. */
void ftrace_subops_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	struct ftrace_ops *subop;

	preempt_disable_notrace(); /* their sets may be exchanged and freed */
	for_each_subop(subop, op)
		if (!(subop->flags & FTRACE_OPS_FL_STUB) && ftrace_ops_test(subop, ip, fregs))
			subop->func(ip, parent_ip, subop, fregs);
	preempt_enable_notrace();
}

/* ---- What they want together ---- */

/* Those from `first` on but `without`, as if `change` (NULL: none) had been made. */
struct subops {
	struct ftrace_ops *first;
	const struct ftrace_ops *without;
	const struct ftrace_set_change *change;
};

static struct ftrace_ops *next_of(const struct subops *subops, struct ftrace_ops *op)
{
	return op && op == subops->without ? op->next : op;
}

#define for_each_of(op, subops) \
	for ((op) = next_of(subops, (subops)->first); (op); (op) = next_of(subops, (op)->next))

static struct ftrace_set set_of(const struct subops *subops, const struct ftrace_ops *op)
{
	if (subops->change && op->func_hash == subops->change->ops->func_hash)
		return subops->change->after;
	return ftrace_ops_set(op);
}

static int add_entries(struct ftrace_hash *hash, const struct ftrace_hash *more)
{
	struct ftrace_func_entry *entry;
	unsigned long i;

	hash->flags |= more->flags;
	for_each_hash_entry(more, i, entry)
		if (!ftrace_lookup_ip(hash, entry->ip) && add_hash_entry(hash, entry->ip))
			return -ENOMEM;
	return 0;
}

static void keep_entries(struct ftrace_hash *hash, const struct ftrace_hash *those)
{
	struct ftrace_func_entry *entry;
	struct hlist_node *next;

	for (unsigned long i = 0; i < 1UL << hash->size_bits; i++)
		hlist_for_each_entry_safe(entry, next, &hash->buckets[i], hlist)
			if (!ftrace_lookup_ip(those, entry->ip))
				free_hash_entry(hash, entry);
}

/* As small as its contents; NULL when memory is out.  The roomy one goes. */
static struct ftrace_hash *shrink(struct ftrace_hash *roomy)
{
	struct ftrace_hash *hash = ftrace_hash_move(roomy);

	free_ftrace_hash(roomy);
	return hash;
}

static struct ftrace_hash *union_of_filters(const struct subops *subops)
{
	struct ftrace_hash *hash;
	struct ftrace_ops *op;

	for_each_of(op, subops)
		if (ftrace_hash_empty(set_of(subops, op).filter_hash))
			return EMPTY_HASH;
	hash = alloc_ftrace_hash(FTRACE_HASH_DEFAULT_BITS);
	if (!hash)
		return NULL;
	for_each_of(op, subops) {
		if (add_entries(hash, set_of(subops, op).filter_hash)) {
			free_ftrace_hash(hash);
			return NULL;
		}
	}
	return shrink(hash);
}

static struct ftrace_hash *intersection_of_notraces(const struct subops *subops)
{
	struct ftrace_hash *hash = NULL;
	struct ftrace_ops *op;

	for_each_of(op, subops)
		if (ftrace_hash_empty(set_of(subops, op).notrace_hash))
			return EMPTY_HASH;
	for_each_of(op, subops) {
		const struct ftrace_hash *left_out = set_of(subops, op).notrace_hash;

		if (!hash)
			hash = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, left_out);
		if (!hash)
			return NULL;
		keep_entries(hash, left_out);
	}
	return shrink(hash);
}

/* Their manager's set: 0 or -ENOMEM. */
static int set_of_all(const struct subops *subops, struct ftrace_set *set)
{
	set->filter_hash = union_of_filters(subops);
	set->notrace_hash = intersection_of_notraces(subops);
	if (set->filter_hash && set->notrace_hash)
		return 0;
	ftrace_free_set(set);
	return -ENOMEM;
}

/* The manager of a subops that has this set; NULL: there is none. */
static struct ftrace_ops *find_manager(const struct ftrace_ops_hash *set)
{
	struct ftrace_ops *op, *subop;

	for_each_ftrace_op(op)
		for_each_subop(subop, op)
			if (subop->func_hash == set)
				return op;
	return NULL;
}

int ftrace_change_manager(const struct ftrace_set_change *change, struct ftrace_set_change *manager)
{
	struct subops subops = { .change = change };

	manager->ops = find_manager(change->ops->func_hash);
	if (!manager->ops)
		return 0;
	subops.first = manager->ops->subops;
	manager->before = ftrace_ops_set(manager->ops);
	return set_of_all(&subops, &manager->after) ?: 1;
}

/* ---- Coming ---- */

#define NEITHER (FTRACE_OPS_FL_DELETED | FTRACE_OPS_FL_DIRECT | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_SUBOP)
/* What a subops can only have of its manager. */
#define INHERITED (FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_RCU)

static int check_subops(const struct ftrace_ops *ops, const struct ftrace_ops *subops)
{
	const struct ftrace_ops *manager = find_manager(subops->func_hash);

	if (unlikely(ftrace_disabled))
		return -ENODEV;
	if (WARN_ON(subops->flags & FTRACE_OPS_FL_ENABLED))
		return -EBUSY;
	if (!subops->func || subops == ops || ops->func_hash != &ops->local_hash)
		return -EINVAL;
	if (((ops->flags | subops->flags) & NEITHER) || (subops->flags & ~ops->flags & INHERITED))
		return -EINVAL;
	if (manager && manager != ops)
		return -EBUSY;
	return (ops->flags & FTRACE_OPS_FL_ENABLED) && !ops->subops ? -EBUSY : 0;
}

static void attach(struct ftrace_ops *ops, struct ftrace_ops *subops)
{
	if (!core_kernel_data((unsigned long)subops))
		subops->flags |= FTRACE_OPS_FL_DYNAMIC;
	subops->flags |= FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_SUBOP;
	subops->managed = ops;
	subops->saved_func = subops->func;
	subops->func = ftrace_ops_pid_func(subops);
	subops->next = ops->subops;
	smp_store_release(&ops->subops, subops);
}

/* Keeps subops->next, and waits: who stands there finds the way on. */
static void detach(struct ftrace_ops *ops, struct ftrace_ops *subops)
{
	struct ftrace_ops **p = &ops->subops;

	while (*p != subops)
		p = &(*p)->next;
	WRITE_ONCE(*p, subops->next);
	synchronize_rcu();
	if (subops->flags & FTRACE_OPS_FL_DYNAMIC)
		synchronize_rcu_tasks();
	subops->flags &= ~(unsigned long)(FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_SUBOP);
	subops->managed = NULL;
	subops->func = subops->saved_func;
}

/* An ops that is not registered gets another set. */
static void set_hashes(struct ftrace_ops *ops, const struct ftrace_set *set)
{
	smp_store_release(&ops->func_hash->filter_hash, set->filter_hash);
	smp_store_release(&ops->func_hash->notrace_hash, set->notrace_hash);
}

/* Another CPU may still be asking what it was before. */
static void free_hashes(const struct ftrace_set *set)
{
	free_ftrace_hash_rcu(set->filter_hash);
	free_ftrace_hash_rcu(set->notrace_hash);
}

static int start_manager(const struct ftrace_set_change *change)
{
	int ret;

	set_hashes(change->ops, &change->after);
	ret = ftrace_startup(change->ops);
	if (ret)
		set_hashes(change->ops, &change->before);
	free_hashes(ret ? &change->after : &change->before);
	return ret;
}

static int add_subops(struct ftrace_ops *ops, struct ftrace_ops *subops)
{
	struct ftrace_set_change change = { .ops = ops, .before = ftrace_ops_set(ops) };
	bool first = !ops->subops;
	int ret = check_subops(ops, subops);

	if (ret)
		return ret;
	subops->next = ops->subops;
	ret = set_of_all(&(struct subops){ .first = subops }, &change.after);
	if (ret)
		return ret;
	attach(ops, subops);
	if (first)
		ret = start_manager(&change);
	else
		ftrace_exchange_sets(&change, 1);
	if (unlikely(ftrace_disabled))
		ret = -ENODEV;
	if (ret)
		detach(ops, subops);
	return ret;
}

int ftrace_startup_subops(struct ftrace_ops *ops, struct ftrace_ops *subops)
{
	int ret;

	ftrace_ops_init(ops);
	ftrace_ops_init(subops);
	mutex_lock(&ftrace_lock);
	ret = add_subops(ops, subops);
	mutex_unlock(&ftrace_lock);
	return ret;
}

/* ---- Going ---- */

static int stop_manager(struct ftrace_ops *ops)
{
	static const struct ftrace_set empty = { .filter_hash = EMPTY_HASH, .notrace_hash = EMPTY_HASH };
	struct ftrace_set set = ftrace_ops_set(ops);
	int ret = ftrace_shutdown(ops);

	if (!(ops->flags & FTRACE_OPS_FL_ENABLED)) {
		set_hashes(ops, &empty);
		free_hashes(&set);
	}
	return ret;
}

static int remove_subops(struct ftrace_ops *ops, struct ftrace_ops *subops)
{
	struct ftrace_set_change change = { .ops = ops };
	bool last = ops->subops == subops && !subops->next;
	int ret = 0;

	if (WARN_ON(subops->managed != ops))
		return -EINVAL;
	change.before = ftrace_ops_set(ops);
	if (!last && !ftrace_disabled) {
		ret = set_of_all(&(struct subops){ .first = ops->subops, .without = subops }, &change.after);
		if (ret)
			return ret;
		ftrace_exchange_sets(&change, 1);
	} else if (last) {
		ret = stop_manager(ops);
	}
	detach(ops, subops);
	return unlikely(ftrace_disabled) ? -ENODEV : ret;
}

int ftrace_shutdown_subops(struct ftrace_ops *ops, struct ftrace_ops *subops)
{
	int ret;

	mutex_lock(&ftrace_lock);
	ret = remove_subops(ops, subops);
	mutex_unlock(&ftrace_lock);
	return ret;
}
