/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_direct.c - direct calls: a site runs through a trampoline of the caller's, without a callback.
 *
 *	the only one on its site	site: call addr
 *	others want the site too,	site: call ftrace_regs_caller; it calls everybody's callbacks, and that of an
 *	or addr is out of reach		ops with direct calls, call_direct_funcs(), leaves addr in the saved
 *					registers; the trampoline goes to addr where it would go back to the site
 *
 * addr finds the same registers either way: <asm/ftrace.h>, arch_ftrace_set_direct_caller().  So
 * such an ops wants all registers saved, even if none are while it is alone.
 *
 * One direct call a site: a record with FTRACE_FL_DIRECT is taken (ftrace_ipmodify.c, which checks claims).
 * Whose it is, is asked of the ops in direct_ops, the list of those with direct calls.  An ops is in it
 * from before its first site is switched on until its last one is off, and a site does not call its trampoline while it
 * leaves the set: so the list also tells what a site calls that is about to be switched off.
 *
 * addr is the same for all functions of an ops (ops->direct_call), or each has its own, in the entry of the set.  Of
 * the latter kind functions may come, go and change while others stay.
 *
 * Changing addr goes by way of the second form: a placeholder that wants the same sites makes them shared, the
 * address changes, and the placeholder goes.  At any moment a call goes through the old trampoline or the new one.
 *
 * Direct calls and IPMODIFY.  A trampoline may know a function by its address and call it, around the
 * one who sends its callers elsewhere.  So the two exclude each other (-EBUSY), unless ops->ops_func says that this
 * trampoline goes on where it is told to.
 *
 * Locks: direct_mutex, outside of ftrace_lock, for everything here; the list changes under both.  Task context.
 */
#include "trace/ftrace_internal.h"

DEFINE_MUTEX(direct_mutex);

static struct ftrace_ops *direct_ops;	/* oldest first: a newcomer that will be refused is not found in place of the owner */

#define DIRECT_FLAGS (FTRACE_OPS_FL_DIRECT | FTRACE_OPS_FL_SAVE_REGS)

static struct ftrace_ops *find_direct_ops(unsigned long ip)
{
	struct ftrace_ops *op;

	for (op = direct_ops; op; op = op->next_direct) {
		struct ftrace_set set = ftrace_ops_set(op);

		if (ftrace_set_has(&set, ip))
			return op;
	}
	return NULL;
}

/* Any context with preemption off, or under ftrace_lock.  0: the ops, or its direct call of this function, is gone. */
static unsigned long direct_addr(const struct ftrace_ops *ops, unsigned long ip)
{
	unsigned long addr = READ_ONCE(ops->direct_call);
	const struct ftrace_func_entry *entry;

	if (likely(addr))
		return addr;
	entry = ftrace_lookup_ip(ftrace_ops_set(ops).filter_hash, ip);
	return entry ? (unsigned long)entry->data : 0;
}

unsigned long ftrace_find_rec_direct(unsigned long ip)
{
	const struct ftrace_ops *op = find_direct_ops(ip);

	return op ? direct_addr(op, ip) : 0;
}

/* Any context, not traced. */
void call_direct_funcs(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	unsigned long addr;

	/* Alone on its site it is called as the trampoline is, and the set may be exchanged and freed. */
	preempt_disable_notrace();
	addr = direct_addr(ops, ip);
	/* 0 when a CPU was still on its way here. */
	if (addr)
		arch_ftrace_set_direct_caller(fregs, addr);
	preempt_enable_notrace();
}

/* ---- Coming and going ---- */

static void add_direct_ops(struct ftrace_ops *ops, unsigned long addr)
{
	struct ftrace_ops **p = &direct_ops;

	mutex_lock(&ftrace_lock);
	while (*p)
		p = &(*p)->next_direct;
	ops->func = call_direct_funcs;
	ops->flags |= DIRECT_FLAGS;
	ops->direct_call = addr;
	ops->next_direct = NULL;
	*p = ops;
	mutex_unlock(&ftrace_lock);
}

static void remove_direct_ops(struct ftrace_ops *ops)
{
	struct ftrace_ops **p = &direct_ops;

	mutex_lock(&ftrace_lock);
	while (*p != ops)
		p = &(*p)->next_direct;
	*p = ops->next_direct;
	ops->func = NULL;
	ops->flags &= ~DIRECT_FLAGS;
	WRITE_ONCE(ops->direct_call, 0);
	mutex_unlock(&ftrace_lock);
}

static bool may_be_direct(const struct ftrace_ops *ops, unsigned long addr)
{
	if (ops->func || !(ops->flags & FTRACE_OPS_FL_INITIALIZED) || (ops->flags & FTRACE_OPS_FL_ENABLED))
		return false;
	/* "All" is no answer to which functions, and a shared set changes behind our back. */
	if (ftrace_hash_empty(ops->func_hash->filter_hash) || ops->func_hash != &ops->local_hash)
		return false;
	return kernel_text_address(addr);
}

int register_ftrace_direct(struct ftrace_ops *ops, unsigned long addr)
{
	int ret = -EINVAL;

	mutex_lock(&direct_mutex);
	if (may_be_direct(ops, addr)) {
		add_direct_ops(ops, addr);
		ret = register_ftrace_function_nolock(ops);
		if (ret)
			remove_direct_ops(ops);
	}
	mutex_unlock(&direct_mutex);
	return ret;
}

static bool is_direct(const struct ftrace_ops *ops)
{
	return (ops->flags & FTRACE_OPS_FL_DIRECT) && (ops->flags & FTRACE_OPS_FL_ENABLED);
}

int unregister_ftrace_direct(struct ftrace_ops *ops, unsigned long addr, bool free_filters)
{
	int ret = -EINVAL;

	mutex_lock(&direct_mutex);
	if (is_direct(ops) && addr && addr == ops->direct_call)
		ret = unregister_ftrace_function_nolock(ops);
	if (ret) {
		mutex_unlock(&direct_mutex);
		return ret;
	}
	remove_direct_ops(ops);
	mutex_unlock(&direct_mutex);
	if (free_filters)
		ftrace_free_filter(ops);
	/* A site that could not be switched off calls addr for ever. */
	return unlikely(ftrace_disabled) ? -ENODEV : 0;
}

int modify_ftrace_direct_nolock(struct ftrace_ops *ops, unsigned long addr)
{
	static struct ftrace_ops placeholder = { .func = ftrace_stub, .flags = FTRACE_OPS_FL_STUB };
	int ret;

	if (!is_direct(ops) || !ops->direct_call || !kernel_text_address(addr))
		return -EINVAL;
	ftrace_ops_init(&placeholder);
	placeholder.func_hash = ops->func_hash;
	ret = register_ftrace_function_nolock(&placeholder);
	if (ret)
		return ret;
	WRITE_ONCE(ops->direct_call, addr);
	return unregister_ftrace_function_nolock(&placeholder);
}

int modify_ftrace_direct(struct ftrace_ops *ops, unsigned long addr)
{
	int ret;

	mutex_lock(&direct_mutex);
	ret = modify_ftrace_direct_nolock(ops, addr);
	mutex_unlock(&direct_mutex);
	return ret;
}

/* ---- A trampoline for each function: entry->data is its address, ops->direct_call is 0 ---- */

int add_ftrace_hash_entry_direct(struct ftrace_hash *hash, unsigned long ip, unsigned long addr)
{
	int ret = add_hash_entry(hash, ip);

	if (!ret)
		ftrace_lookup_ip(hash, ip)->data = (void *)addr;
	return ret;
}

static bool is_direct_by_function(const struct ftrace_ops *ops)
{
	return is_direct(ops) && !ops->direct_call;
}

/* 0 if every entry of `hash` is a function and a trampoline; else -EINVAL. */
static int check_entries(const struct ftrace_hash *hash)
{
	struct ftrace_func_entry *entry;
	unsigned long i;

	if (ftrace_hash_empty(hash))
		return -EINVAL;
	for_each_hash_entry(hash, i, entry)
		if (!ftrace_exact_rec(entry->ip) || !kernel_text_address((unsigned long)entry->data))
			return -EINVAL;
	return 0;
}

/* 0 if ops has every function of `hash`, with that trampoline if same_addr; else -EINVAL. */
static int check_is_of(const struct ftrace_ops *ops, const struct ftrace_hash *hash, bool same_addr)
{
	struct ftrace_func_entry *entry, *own;
	unsigned long i;

	if (!is_direct_by_function(ops))
		return -EINVAL;
	for_each_hash_entry(hash, i, entry) {
		own = ftrace_lookup_ip(ops->func_hash->filter_hash, entry->ip);
		if (!own || (same_addr && own->data != entry->data))
			return -EINVAL;
	}
	return 0;
}

/* 0 if ops may get direct calls by function, and nobody has one of those in `hash`. */
static int check_may_add(const struct ftrace_ops *ops, const struct ftrace_hash *hash)
{
	struct ftrace_func_entry *entry;
	unsigned long i;

	if (!is_direct_by_function(ops) &&
	    (ops->func || (ops->flags & FTRACE_OPS_FL_ENABLED) || ops->func_hash != &ops->local_hash ||
	     !ftrace_hash_empty(ops->func_hash->filter_hash) || !ftrace_hash_empty(ops->func_hash->notrace_hash)))
		return -EINVAL;
	for_each_hash_entry(hash, i, entry)
		if (find_direct_ops(entry->ip))
			return -EBUSY;
	return 0;
}

/* The set of ops with, or without, the functions of `hash`; NULL when memory is out. */
static struct ftrace_hash *new_filter(const struct ftrace_ops *ops, const struct ftrace_hash *hash, bool with)
{
	struct ftrace_hash *copy = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, ops->func_hash->filter_hash);
	struct ftrace_hash *filter = NULL;
	struct ftrace_func_entry *entry, *own;
	unsigned long i;

	if (!copy)
		return NULL;
	for_each_hash_entry(hash, i, entry) {
		own = ftrace_lookup_ip(copy, entry->ip);
		if (own)
			free_hash_entry(copy, own);
		if (with && add_ftrace_hash_entry_direct(copy, entry->ip, (unsigned long)entry->data))
			goto out;
	}
	filter = ftrace_hash_move(copy);
out:
	free_ftrace_hash(copy);
	return filter;
}

/* It has `filter` from now on, or gives it back to memory. */
static int exchange_filter(struct ftrace_ops *ops, struct ftrace_hash *filter)
{
	struct ftrace_set_change change = { .ops = ops };
	int ret;

	mutex_lock(&ops->func_hash->regex_lock);
	mutex_lock(&ftrace_lock);
	change.before = change.after = ftrace_ops_set(ops);
	change.after.filter_hash = filter;
	ret = unlikely(ftrace_disabled) ? -ENODEV : ftrace_hash_ipmodify_update(ops, filter);
	if (ret) {
		free_ftrace_hash(filter);
	} else {
		ftrace_exchange_sets(&change, 1);
		ret = unlikely(ftrace_disabled) ? -ENODEV : 0;
	}
	mutex_unlock(&ftrace_lock);
	mutex_unlock(&ops->func_hash->regex_lock);
	return ret;
}

/*
 * While the functions of `hash` change what they call: with a placeholder that wants them, too, none of them calls its
 * trampoline itself, and who needs to know the old address is not asked.
 */
static int exchange_filter_held(struct ftrace_ops *ops, struct ftrace_hash *filter, const struct ftrace_hash *hash)
{
	static struct ftrace_ops placeholder = { .func = ftrace_stub, .flags = FTRACE_OPS_FL_STUB };
	int ret, released;

	ftrace_ops_init(&placeholder);
	placeholder.local_hash.filter_hash = alloc_and_copy_ftrace_hash(hash->size_bits, hash);
	ret = placeholder.local_hash.filter_hash ? register_ftrace_function_nolock(&placeholder) : -ENOMEM;
	if (ret) {
		free_ftrace_hash(filter);
	} else {
		ret = exchange_filter(ops, filter);
		released = unregister_ftrace_function_nolock(&placeholder);
		ret = ret ?: released;
	}
	ftrace_free_filter(&placeholder);
	return ret;
}

static int start_by_function(struct ftrace_ops *ops, struct ftrace_hash *filter)
{
	int ret = exchange_filter(ops, filter);

	if (ret)
		return ret;
	add_direct_ops(ops, 0);
	ret = register_ftrace_function_nolock(ops);
	if (ret) {
		remove_direct_ops(ops);
		ftrace_free_filter(ops);
	}
	return ret;
}

static int stop_by_function(struct ftrace_ops *ops)
{
	int ret = unregister_ftrace_function_nolock(ops);

	if (ret)
		return ret;
	remove_direct_ops(ops);
	ftrace_free_filter(ops);
	return unlikely(ftrace_disabled) ? -ENODEV : 0;
}

int update_ftrace_direct_add(struct ftrace_ops *ops, struct ftrace_hash *hash)
{
	struct ftrace_hash *filter;
	int ret;

	ftrace_ops_init(ops);
	mutex_lock(&direct_mutex);
	ret = check_entries(hash) ?: check_may_add(ops, hash);
	if (!ret) {
		filter = new_filter(ops, hash, true);
		if (!filter)
			ret = -ENOMEM;
		else
			ret = is_direct(ops) ? exchange_filter(ops, filter) : start_by_function(ops, filter);
	}
	mutex_unlock(&direct_mutex);
	return ret;
}

int update_ftrace_direct_del(struct ftrace_ops *ops, struct ftrace_hash *hash)
{
	struct ftrace_hash *filter;
	int ret;

	mutex_lock(&direct_mutex);
	ret = check_entries(hash) ?: check_is_of(ops, hash, true);
	if (!ret && hash->count == ops->func_hash->filter_hash->count) {
		ret = stop_by_function(ops);
	} else if (!ret) {
		filter = new_filter(ops, hash, false);
		ret = filter ? exchange_filter_held(ops, filter, hash) : -ENOMEM;
	}
	mutex_unlock(&direct_mutex);
	return ret;
}

int update_ftrace_direct_mod(struct ftrace_ops *ops, struct ftrace_hash *hash, bool do_direct_lock)
{
	struct ftrace_hash *filter;
	int ret;

	if (do_direct_lock)
		mutex_lock(&direct_mutex);
	ret = check_entries(hash) ?: check_is_of(ops, hash, false);
	if (!ret) {
		filter = new_filter(ops, hash, true);
		ret = filter ? exchange_filter_held(ops, filter, hash) : -ENOMEM;
	}
	if (do_direct_lock)
		mutex_unlock(&direct_mutex);
	return ret;
}

/* ---- Sharing functions with IPMODIFY ---- */

/* Does it still have a function that an ops with IPMODIFY has? */
static bool still_shares(struct ftrace_ops *peer)
{
	bool shares;

	mutex_lock(&ftrace_lock);
	shares = ftrace_shares_ipmodify(peer);
	mutex_unlock(&ftrace_lock);
	return shares;
}

/*
 * Tells the ops with a direct call on each function of `ops`, in order, up to the one at `until` (NULL: all).  Returns the
 * entry where one refused, which ends it, and why in *error; NULL: nobody did.
 */
static const struct ftrace_func_entry *tell_peers(const struct ftrace_ops *ops, enum ftrace_ops_cmd cmd,
						  const struct ftrace_func_entry *until, int *error)
{
	const struct ftrace_hash *hash = ops->func_hash->filter_hash;
	struct ftrace_func_entry *entry;

	for (unsigned long i = 0; !ftrace_hash_empty(hash) && i < 1UL << hash->size_bits; i++) {
		hlist_for_each_entry(entry, &hash->buckets[i], hlist) {
			struct ftrace_ops *peer;

			if (entry == until)
				return NULL;
			peer = find_direct_ops(entry->ip);
			if (!peer || (cmd == FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER && still_shares(peer)))
				continue;
			*error = peer->ops_func ? peer->ops_func(peer, cmd) : -EBUSY;
			if (*error && cmd == FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER)
				return entry;
		}
	}
	return NULL;
}

/* Nobody may change the set meanwhile; nobody but us its registration. */
static bool lock_shared(struct ftrace_ops *ops)
{
	if (!(ops->flags & FTRACE_OPS_FL_IPMODIFY) || !direct_ops)
		return false;
	ftrace_ops_init(ops);
	mutex_lock(&ops->func_hash->regex_lock);
	return true;
}

int prepare_direct_functions_for_ipmodify(struct ftrace_ops *ops)
{
	const struct ftrace_func_entry *refused;
	int ret = 0, ignored;

	if (!lock_shared(ops))
		return 0;
	refused = tell_peers(ops, FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER, NULL, &ret);
	if (refused)
		tell_peers(ops, FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER, refused, &ignored);
	mutex_unlock(&ops->func_hash->regex_lock);
	return ret;
}

void cleanup_direct_functions_after_ipmodify(struct ftrace_ops *ops)
{
	int ignored;

	if (!lock_shared(ops))
		return;
	tell_peers(ops, FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER, NULL, &ignored);
	mutex_unlock(&ops->func_hash->regex_lock);
}
