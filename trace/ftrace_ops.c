/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_ops.c - the list of users, and how one comes and goes.
 *
 *	ftrace_ops_list -> newest -> ... -> oldest -> &ftrace_list_end
 *
 * The list function walks this list without a lock, on any CPU at any time.  So a new ops
 * is complete before it is put in front (a release store), and one that is taken out
 * keeps its `next`: who stands on it still finds the way on.  Until nobody does, it may not get another `next`,
 * nor another set: unregister_ftrace_function() waits for that.  For an ops that may be freed it waits, too, until nobody
 * is on the way to its func.
 *
 * Registering, step by step: checks; claims (IPMODIFY); a dispatch index; into the list, from where it may be called
 * at once, for sites that others want, too: so whatever can be refused was refused before.  Then
 * every site of its set is wanted by one more (ftrace_count.c); those sites
 * are patched (ftrace_update.c).  A failure to patch kills ftrace.  Unregistering is the reverse order.
 *
 * Lock: ftrace_lock, against other writers.  Task context or boot.
 */
#include "trace/ftrace_internal.h"

DEFINE_MUTEX(ftrace_lock);

struct ftrace_ops ftrace_list_end = {
	.func = ftrace_stub,
	.flags = FTRACE_OPS_FL_STUB | FTRACE_OPS_FL_INITIALIZED,
	.func_hash = &ftrace_list_end.local_hash,
};

struct ftrace_ops *ftrace_ops_list = &ftrace_list_end;

struct ftrace_ops global_ops = {
	.func = ftrace_stub,
	.flags = FTRACE_OPS_FL_INITIALIZED | FTRACE_OPS_FL_PID,
	.func_hash = &global_ops.local_hash,
	.local_hash.regex_lock = __MUTEX_INITIALIZER(global_ops.local_hash.regex_lock),
};

ftrace_func_t saved_ftrace_func = ftrace_stub;

/* ---- The list ---- */

static void add_ftrace_ops(struct ftrace_ops *ops)
{
	ops->next = ftrace_ops_list;
	smp_store_release(&ftrace_ops_list, ops);
}

/* 0, or -1 when it is not in the list. */
static int remove_ftrace_ops(struct ftrace_ops *ops)
{
	struct ftrace_ops **p;

	for (p = &ftrace_ops_list; *p != &ftrace_list_end; p = &(*p)->next) {
		if (*p == ops) {
			WRITE_ONCE(*p, ops->next);
			return 0;
		}
	}
	return -1;
}

struct ftrace_ops *ftrace_find_unique_ops(unsigned long ip)
{
	struct ftrace_ops *op, *found = NULL;

	for_each_ftrace_op(op) {
		struct ftrace_set set = ftrace_ops_set(op);

		if (!ftrace_set_has(&set, ip))
			continue;
		if (found)
			return NULL;
		found = op;
	}
	return found;
}

bool ftrace_permanent_ops_registered(void)
{
	struct ftrace_ops *op;

	for_each_ftrace_op(op)
		if (op->flags & FTRACE_OPS_FL_PERMANENT)
			return true;
	return false;
}

const char *ftrace_ops_name(const struct ftrace_ops *ops, char buf[KSYM_SYMBOL_LEN])
{
	if (core_kernel_data((unsigned long)ops))
		sprint_symbol(buf, (unsigned long)ops);
	else
		scnprintf(buf, KSYM_SYMBOL_LEN, "0x%lx", (unsigned long)ops);
	return buf;
}

void update_ftrace_function(void)
{
	if (ftrace_ops_list == &ftrace_list_end)
		ftrace_trace_function = ftrace_stub;
	else if (ftrace_slot_ops() != &ftrace_list_end)
		ftrace_trace_function = ftrace_ops_get_func(ftrace_slot_ops());
	else
		ftrace_trace_function = ftrace_ops_list_func;
}

int ftrace_trace_func_command(void)
{
	if (saved_ftrace_func == ftrace_trace_function)
		return 0;
	saved_ftrace_func = ftrace_trace_function;
	return FTRACE_UPDATE_TRACE_FUNC;
}

/* The sites of ops are wanted by one more (inc) or less; they and the slot become what follows from that. */
static void count_and_patch(struct ftrace_ops *ops, bool inc)
{
	struct ftrace_set set = ftrace_ops_set(ops);
	int command;

	ftrace_changes_reset();
	ftrace_count_records(ops, &set, NULL, inc);
	command = ftrace_trace_func_command();
	if (ftrace_changes_any())
		command |= FTRACE_UPDATE_CALLS;
	if (command && ftrace_enabled)
		ftrace_run_update_code(ops, command);
	ftrace_changes_reset();
}

/* ---- Coming ---- */

void ftrace_ops_init(struct ftrace_ops *ops)
{
	if (ops->flags & FTRACE_OPS_FL_INITIALIZED)
		return;
	mutex_init(&ops->local_hash.regex_lock);
	ops->func_hash = &ops->local_hash;
	ops->flags |= FTRACE_OPS_FL_INITIALIZED;
}

static int check_ops(const struct ftrace_ops *ops)
{
	if (ops->flags & FTRACE_OPS_FL_DELETED)
		return -EINVAL;
	if ((ops->flags & FTRACE_OPS_FL_DIRECT) && (ops->func != call_direct_funcs || (ops->flags & FTRACE_OPS_FL_IPMODIFY)))
		return -EINVAL;
	if (WARN_ON(ops->flags & FTRACE_OPS_FL_ENABLED))
		return -EBUSY;
	if (!ops->func || (ops->flags & FTRACE_OPS_FL_SUBOP))
		return -EINVAL;
	/* Whoever changes a set that others have does not ask whether the sites can be claimed. */
	if ((ops->flags & FTRACE_OPS_FL_IPMODIFY) && ops->func_hash != &ops->local_hash)
		return -EINVAL;
	if (!FTRACE_WITH_REGS && (ops->flags & FTRACE_OPS_FL_SAVE_REGS) &&
	    !(ops->flags & FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED))
		return -EINVAL;
	if (FTRACE_BEHIND_PROLOGUE && (ops->flags & (FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_DIRECT)))
		return -EINVAL;
	if (!ftrace_enabled && (ops->flags & FTRACE_OPS_FL_PERMANENT))
		return -EBUSY;
	return 0;
}

static void __register_ftrace_function(struct ftrace_ops *ops)
{
	/* As in Linux, where registers cannot be saved, this flag asks for the callback without them. */
	if (!FTRACE_WITH_REGS && (ops->flags & FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED))
		ops->flags |= FTRACE_OPS_FL_SAVE_REGS;
	if (!core_kernel_data((unsigned long)ops))
		ops->flags |= FTRACE_OPS_FL_DYNAMIC;

	ops->saved_func = ops->func;
	ops->func = ftrace_ops_pid_func(ops);
	ftrace_dispatch_assign(ops);
	add_ftrace_ops(ops);
	if (ftrace_enabled)
		update_ftrace_function();
	ops->flags |= FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING;
}

static int __unregister_ftrace_function(struct ftrace_ops *ops)
{
	int ret;

	if (WARN_ON(!(ops->flags & FTRACE_OPS_FL_ENABLED)))
		return -EBUSY;
	ret = remove_ftrace_ops(ops);
	if (ret < 0)
		return ret;
	if (ftrace_enabled)
		update_ftrace_function();
	return 0;
}

/*
 * Nobody stands at ops in the list when this returns; and if it can be freed, which is worth the longer wait, nobody is
 * in, or on the way to, ops->func either.
 */
static void wait_until_unused(struct ftrace_ops *ops)
{
	synchronize_rcu();
	if (ops->flags & FTRACE_OPS_FL_DYNAMIC) {
		synchronize_rcu_tasks();
		ftrace_dispatch_free(ops);
	}
	ops->func = ops->saved_func;
}

/* An ops that is out of the list: nothing leads to it any more when this returns, but late calls if it need not wait. */
static void let_go(struct ftrace_ops *ops)
{
	/* Sites that carry its index may be on for ever. */
	if (unlikely(ftrace_disabled))
		ftrace_dispatch_silence(ops);
	ftrace_dispatch_retire(ops);
	wait_until_unused(ops);
}

/* Takes an ops out that patching failed for. */
static void abandon(struct ftrace_ops *ops)
{
	__unregister_ftrace_function(ops);
	ops->flags &= ~(FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING);
	let_go(ops);
}

int ftrace_startup(struct ftrace_ops *ops)
{
	int ret;

	if (unlikely(ftrace_disabled))
		return -ENODEV;
	ret = check_ops(ops) ?: ftrace_hash_ipmodify_enable(ops);
	if (ret)
		return ret;
	__register_ftrace_function(ops);
	count_and_patch(ops, true);

	/* Sites that were switched on before the failure stay on for ever: they must not lead to an ops that goes. */
	if (unlikely(ftrace_disabled)) {
		abandon(ops);
		return -ENODEV;
	}
	ops->flags &= ~FTRACE_OPS_FL_ADDING;
	return 0;
}

int register_ftrace_function_nolock(struct ftrace_ops *ops)
{
	int ret;

	ftrace_ops_init(ops);
	mutex_lock(&ftrace_lock);
	ret = ftrace_startup(ops);
	mutex_unlock(&ftrace_lock);
	return ret;
}

int register_ftrace_function(struct ftrace_ops *ops)
{
	int ret;

	mutex_lock(&direct_mutex);
	ret = prepare_direct_functions_for_ipmodify(ops);
	if (!ret) {
		ret = register_ftrace_function_nolock(ops);
		if (ret)
			cleanup_direct_functions_after_ipmodify(ops);
	}
	mutex_unlock(&direct_mutex);
	return ret;
}

/* ---- Going ---- */

static bool is_registered_callback(const struct ftrace_ops *ops)
{
	return (ops->flags & FTRACE_OPS_FL_ENABLED) && !(ops->flags & FTRACE_OPS_FL_DIRECT);
}

int ftrace_shutdown(struct ftrace_ops *ops)
{
	int ret;

	if (unlikely(ftrace_disabled)) {
		/*
		 * Nothing is patched, but whoever wants to go is not held, or called, for ever; but for direct calls,
		 * to which sites lead without asking.
		 */
		if (is_registered_callback(ops) && !remove_ftrace_ops(ops)) {
			ops->flags &= ~FTRACE_OPS_FL_ENABLED;
			let_go(ops);
		}
		return -ENODEV;
	}
	ret = __unregister_ftrace_function(ops);
	if (ret)
		return ret;
	ftrace_hash_ipmodify_disable(ops);

	ops->flags &= ~FTRACE_OPS_FL_ENABLED;
	ops->flags |= FTRACE_OPS_FL_REMOVING;
	count_and_patch(ops, false);
	ops->flags &= ~FTRACE_OPS_FL_REMOVING;

	/* Who patched a site on for nobody? */
	if (ftrace_ops_list == &ftrace_list_end)
		FTRACE_WARN_ON_ONCE(ftrace_sites_on && !ftrace_disabled);

	let_go(ops);
	return 0;
}

int unregister_ftrace_function_nolock(struct ftrace_ops *ops)
{
	int ret;

	mutex_lock(&ftrace_lock);
	ret = ftrace_shutdown(ops);
	mutex_unlock(&ftrace_lock);
	return ret;
}

int unregister_ftrace_function(struct ftrace_ops *ops)
{
	int ret = -EINVAL;

	mutex_lock(&direct_mutex);
	if (!(ops->flags & FTRACE_OPS_FL_DIRECT))
		ret = unregister_ftrace_function_nolock(ops);
	if (!ret)
		cleanup_direct_functions_after_ipmodify(ops);
	mutex_unlock(&direct_mutex);
	return ret;
}

/* ---- Another callback ---- */

void ftrace_update_ops_func(struct ftrace_ops *ops)
{
	ftrace_func_t func = ftrace_ops_pid_func(ops);
	int command;

	if (ops->func == func)
		return;
	WRITE_ONCE(ops->func, func);
	ftrace_dispatch_update(ops);
	if (!ftrace_enabled)
		return;
	/* The slot may be calling it, too. */
	update_ftrace_function();
	command = ftrace_trace_func_command();
	if (command)
		ftrace_run_update_code(ops, command);
}

void ftrace_ops_set_func(struct ftrace_ops *ops, ftrace_func_t func)
{
	mutex_lock(&ftrace_lock);
	if (ops->flags & FTRACE_OPS_FL_ENABLED) {
		WRITE_ONCE(ops->saved_func, func);
		ftrace_update_ops_func(ops);
	} else {
		ops->func = func;
	}
	mutex_unlock(&ftrace_lock);
}
