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
 * from before its first site is switched on until its last one is off, and cannot change its set meanwhile: so
 * the list also tells what a site calls that is about to be switched off.
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

unsigned long ftrace_find_rec_direct(unsigned long ip)
{
	const struct ftrace_ops *op = find_direct_ops(ip);

	return op ? op->direct_call : 0;
}

/* Any context, not traced.  No address: the ops is gone, and a CPU was still on its way here. */
void call_direct_funcs(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	unsigned long addr = READ_ONCE(ops->direct_call);

	if (addr)
		arch_ftrace_set_direct_caller(fregs, addr);
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

	/* The list function may just have found that ops wants a call. */
	synchronize_rcu();
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
	if (is_direct(ops) && addr == ops->direct_call)
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

	if (!is_direct(ops) || !kernel_text_address(addr))
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

/* ---- Sharing functions with IPMODIFY ---- */

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
			if (!peer)
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
