/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_dispatch.c - from a site that was hit to the callbacks that want it.
 *
 * The trampoline looks at the site's payload:
 *
 *	index n		ftrace_dispatch[n].func(ip, parent_ip, ftrace_dispatch[n].ops, fregs)
 *	0		slot ftrace_call: (ip, parent_ip, function_trace_op, fregs)
 *
 * A site that one ops wants carries the index of that ops: what such a call costs does
 * not depend on how many others are registered.  Only a site that several want goes through
 * the slot.  There, ftrace_ops_list_func asks each ops in turn whether it wants this
 * address, so that 0 is right for whoever read it, also if its site changed since.
 *
 * An index in memory lives longer than its ops is registered.  A CPU may have read a
 * site's payload just before the site was switched off, and use the table any time later:
 * the task may have been preempted in the trampoline.  So
 *
 *	FREE -> LIVE -> RETIRED -> FREE
 *
 * a retired entry still calls its ops.  For one that may be freed (DYNAMIC), unregistering
 * waits until no task can be in a trampoline, and frees the entry.  One that is part of the kernel
 * image need not wait: its entry stays retired, is its own again if it is registered
 * again, and is taken away for another only when the table is full, after such a wait.
 *
 * An ops that gets no index works as well, through the list.  With ftrace_patch=stop_machine none gets one, and
 * the slot calls the only ops itself when there is only one, as in Linux.
 *
 * Recursion.  The list function always guards itself (trace_recursion.h), so a callback
 * that is called from it is never called because of itself.  A callback that is called
 * directly is guarded only if it says FTRACE_OPS_FL_RECURSION; one that does not say so must
 * not call anything traced.
 *
 * The table is written under ftrace_lock.  The functions called from trampolines run in
 * any context, take no lock, and are not traced.
 */
#include "trace/ftrace_internal.h"
#include "trace/trace_recursion.h"

struct ftrace_dispatch ftrace_dispatch[FTRACE_DISPATCH_MAX];
struct ftrace_ops *function_trace_op = &ftrace_list_end;	/* the list function finds its ops itself */
ftrace_func_t ftrace_trace_function = ftrace_stub;

static u8 retired[FTRACE_DISPATCH_MAX];

/* ---- Called from trampolines: any context ---- */

bool ftrace_ops_test(struct ftrace_ops *ops, unsigned long ip, void *regs)
{
	struct ftrace_set set = ftrace_ops_set(ops);

	/* The site was switched to the trampoline that saves registers after it had been hit: this call came without. */
	if (FTRACE_WITH_REGS && !regs && (ops->flags & FTRACE_OPS_FL_SAVE_REGS))
		return false;
	return ftrace_set_has(&set, ip);
}

static inline void *saved_regs(struct ftrace_regs *fregs)
{
#if FTRACE_WITH_REGS
	return ftrace_get_regs(fregs);
#else
	return NULL;
#endif
}

static inline bool may_call(const struct ftrace_ops *op)
{
	return !(op->flags & FTRACE_OPS_FL_RCU) || rcu_is_watching();
}

/* Everybody's callbacks, newest ops first. */
void ftrace_ops_list_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	int bit = trace_test_and_set_recursion(ip, parent_ip, TRACE_LIST_START);

	if (bit < 0)
		return;
	for_each_ftrace_op(op) {
		if ((op->flags & FTRACE_OPS_FL_STUB) || !may_call(op) || !ftrace_ops_test(op, ip, saved_regs(fregs)))
			continue;
		if (FTRACE_WARN_ON(!op->func)) {
			pr_warn("ftrace: %pS has no callback\n", op);
			break;
		}
		op->func(ip, parent_ip, op, fregs);
	}
	trace_clear_recursion(bit);
}

/* One callback that needs protection. */
static void ftrace_ops_assist_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
				   struct ftrace_regs *fregs)
{
	int bit = trace_test_and_set_recursion(ip, parent_ip, TRACE_LIST_START);

	if (bit < 0)
		return;
	if (may_call(op) && (!FTRACE_WITH_REGS || !(op->flags & FTRACE_OPS_FL_SAVE_REGS) || saved_regs(fregs)))
		op->func(ip, parent_ip, op, fregs);
	trace_clear_recursion(bit);
}

/* One callback that relies on registers: ftrace_ops_test() says why this call may have come without. */
static void ftrace_ops_regs_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
				 struct ftrace_regs *fregs)
{
	if (saved_regs(fregs))
		op->func(ip, parent_ip, op, fregs);
}

/* ---- The table: under ftrace_lock ---- */

ftrace_func_t ftrace_ops_get_func(const struct ftrace_ops *ops)
{
	if (ops->flags & FTRACE_OPS_FL_STUB)
		return ftrace_stub;
	/* By name: ops->func goes before the last who may call it does. */
	if (ops->flags & FTRACE_OPS_FL_DIRECT)
		return call_direct_funcs;
	if (ops->flags & (FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_RCU))
		return ftrace_ops_assist_func;
	if (FTRACE_WITH_REGS && (ops->flags & FTRACE_OPS_FL_SAVE_REGS))
		return ftrace_ops_regs_func;
	return ops->func;
}

/*
 * Where sites carry indexes, never one ops, not even the only one: a site without an index is one that several want, or
 * wanted when it was hit.  Nor one that is freed when it goes, or that minds where it is called.
 */
struct ftrace_ops *ftrace_slot_ops(void)
{
	struct ftrace_ops *first = ftrace_ops_list;
	const unsigned long not_alone = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_RCU;

	if (ftrace_patch_stopped && first->next == &ftrace_list_end && !(first->flags & not_alone))
		return first;
	return &ftrace_list_end;
}

static void free_entry(u32 index)
{
	/* Where a tool looks, or a broken payload leads, is always something that can be called. */
	ftrace_dispatch[index].ops = &ftrace_list_end;
	ftrace_dispatch[index].func = ftrace_stub;
	retired[index] = false;
}

static u32 find_entry(bool (*wanted)(u32 index, const struct ftrace_ops *ops), const struct ftrace_ops *ops)
{
	for (u32 i = 1; i < FTRACE_DISPATCH_MAX; i++)
		if (wanted(i, ops))
			return i;
	return 0;
}

static bool entry_was_of(u32 index, const struct ftrace_ops *ops)
{
	return retired[index] && ftrace_dispatch[index].ops == ops;
}

static bool entry_is_free(u32 index, const struct ftrace_ops *unused)
{
	return !ftrace_dispatch[index].ops || ftrace_dispatch[index].ops == &ftrace_list_end;
}

static void reclaim_retired(void)
{
	synchronize_rcu_tasks();
	for (u32 i = 1; i < FTRACE_DISPATCH_MAX; i++)
		if (retired[i])
			free_entry(i);
}

/* Gives ops an index if there is one.  May wait for a quiescent state when the table is full of retired entries. */
void ftrace_dispatch_assign(struct ftrace_ops *ops)
{
	u32 index = find_entry(entry_was_of, ops);

	ops->dispatch_index = 0;
	if (ftrace_patch_stopped)
		return;
	if (!index)
		index = find_entry(entry_is_free, NULL);
	if (!index) {
		reclaim_retired();
		index = find_entry(entry_is_free, NULL);
	}
	ops->dispatch_index = index;
	if (!index)
		return;
	retired[index] = false;
	/* No site carries the index yet, and who still uses it from before finds the same ops. */
	ftrace_dispatch[index].ops = ops;
	smp_store_release(&ftrace_dispatch[index].func, ftrace_ops_get_func(ops));
}

/* ops->func has changed.  Who was on the way calls the old one. */
void ftrace_dispatch_update(struct ftrace_ops *ops)
{
	if (ops->dispatch_index)
		smp_store_release(&ftrace_dispatch[ops->dispatch_index].func, ftrace_ops_get_func(ops));
}

/* No site carries the index of ops any more, but a CPU may still be about to use it. */
void ftrace_dispatch_retire(struct ftrace_ops *ops)
{
	if (ops->dispatch_index)
		retired[ops->dispatch_index] = true;
	ops->dispatch_index = 0;
}

/* Sites that carry the index are on and cannot be switched off any more: from now on they call nothing. */
void ftrace_dispatch_silence(struct ftrace_ops *ops)
{
	if (ops->dispatch_index)
		WRITE_ONCE(ftrace_dispatch[ops->dispatch_index].func, ftrace_stub);
}

/* Nothing can be using it any more, and ops may go. */
void ftrace_dispatch_free(struct ftrace_ops *ops)
{
	u32 index = find_entry(entry_was_of, ops);

	if (index)
		free_entry(index);
}

static bool entry_is_sound(u32 index)
{
	const struct ftrace_dispatch *entry = &ftrace_dispatch[index];
	const struct ftrace_ops *op;

	if (entry_is_free(index, NULL))
		return !entry->func || entry->func == ftrace_stub;
	for_each_ftrace_op(op)
		if (op == entry->ops)
			return !retired[index] && op->dispatch_index == index && entry->func == ftrace_ops_get_func(op);
	return retired[index];
}

/* The number of the first entry that is not as it must be, those of registered ops included; 0: all are. */
u32 ftrace_dispatch_check(void)
{
	const struct ftrace_ops *op;

	for (u32 i = 1; i < FTRACE_DISPATCH_MAX; i++)
		if (!entry_is_sound(i))
			return i;
	for_each_ftrace_op(op)
		if (op->dispatch_index && ftrace_dispatch[op->dispatch_index].ops != op)
			return op->dispatch_index;
	return 0;
}
