/* SPDX-License-Identifier: BSD-2-Clause */
/* host_ftrace.c - see host_ftrace.h. */
#include "tests/unit/host_ftrace.h"
#include "trace/ftrace_audit.h"

unsigned long host_mcount[HOST_MAX_SITES + 16];

static char default_names[HOST_MAX_SITES][12];

static void forget_ops(struct ftrace_ops *ops)
{
	ops->flags &= ~(unsigned long)FTRACE_OPS_FL_ENABLED;
	ops->dispatch_index = 0;
	ftrace_free_filter(ops);
}

static void forget_set(struct ftrace_hash **set)
{
	free_ftrace_hash_rcu(*set);
	*set = NULL;
}

void host_ftrace_end(void)
{
	while (ftrace_pages_start) {
		struct ftrace_page *pg = ftrace_pages_start;

		ftrace_pages_start = pg->next;
		free_pages(pg->records, pg->order);
		kfree(pg);
	}
	ftrace_number_of_records = ftrace_number_of_pages = ftrace_number_of_groups = 0;
	ftrace_changes_reset();
	ftrace_ops_list = &ftrace_list_end;
	forget_ops(&global_ops);
	forget_set(&ftrace_graph_hash);
	forget_set(&ftrace_graph_notrace_hash);
	ftrace_disabled = ftrace_enabled = 0;
	ftrace_bug_type = FTRACE_BUG_UNKNOWN;
	ftrace_sites_on = 0;
	ftrace_slot_func = saved_ftrace_func = ftrace_trace_function = ftrace_stub;
	function_trace_op = &ftrace_list_end;
	memset(ftrace_dispatch, 0, sizeof(ftrace_dispatch));
	synchronize_rcu();
}

void host_ftrace_end_with_ops(struct ftrace_ops *const *ops)
{
	host_ftrace_end();
	for (; *ops; ops++) {
		(*ops)->flags = 0;	/* its func_hash may have been another's: no more */
		ftrace_free_filter(*ops);
	}
}

void host_ftrace_prepare(int nr, const char *const *names)
{
	host_ftrace_end();
	host_reset();
	host_arch_reset();
	for (int i = 0; i < nr; i++) {
		snprintf(default_names[i], sizeof(default_names[i]), "func_%04d", i);
		host_add_symbol(host_site(i), names ? names[i] : default_names[i]);
		host_mcount[i] = host_site(i);
	}
	__start_mcount_loc = host_mcount;
	__stop_mcount_loc = host_mcount + nr;
}

void host_ftrace_boot(int nr, const char *const *names)
{
	host_ftrace_prepare(nr, names);
	ftrace_init();
	assert_false(ftrace_is_dead());
	assert_int_equal(host_arch_stats.init_nop, nr);
	host_arch_clear_stats();
}

/* The ops that want ip; *one is one of them. */
static u32 wanted_by(unsigned long ip, struct ftrace_ops **one, bool *regs)
{
	struct ftrace_ops *op;
	u32 count = 0;

	*regs = false;
	for_each_ftrace_op(op) {
		struct ftrace_set set = ftrace_ops_set(op);

		if (!ftrace_set_has(&set, ip))
			continue;
		*one = op;
		*regs |= !!(op->flags & FTRACE_OPS_FL_SAVE_REGS);
		count++;
	}
	return count;
}

/* Does a registered ops change where the function goes on? */
static bool modifies(unsigned long ip)
{
	struct ftrace_ops *op;

	for_each_ftrace_op(op)
		if ((op->flags & FTRACE_OPS_FL_IPMODIFY) && ftrace_lookup_ip(op->func_hash->filter_hash, ip))
			return true;
	return false;
}

void host_ftrace_audit(void)
{
	u32 words[FTRACE_SITE_WORDS], expected[FTRACE_SITE_WORDS], on = 0;
	struct ftrace_audit audit;
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;

	for_each_ftrace_rec(pg, rec) {
		unsigned long ip = ftrace_rec_ip(rec), addr = 0;
		struct ftrace_ops *op = NULL;
		u32 count, payload = 0;
		bool regs;

		count = wanted_by(ip, &op, &regs);
		if (rec->flags & FTRACE_FL_DISABLED)
			count = 0;
		assert_int_equal(ftrace_rec_count(rec), count);
		if (count && ftrace_enabled) {
			addr = regs ? FTRACE_REGS_ADDR : FTRACE_ADDR;
			payload = count == 1 ? op->dispatch_index : 0;
			if (count == 1 && ftrace_find_rec_direct(ip) && ftrace_site_reaches(ip, ftrace_find_rec_direct(ip)))
				addr = ftrace_find_rec_direct(ip);
			on++;
		}
		assert_int_equal(!!(rec->flags & FTRACE_FL_ENABLED), !!addr);
		assert_int_equal(!!(rec->flags & FTRACE_FL_DIRECT), count && ftrace_find_rec_direct(ip));
		assert_int_equal(!!(rec->flags & FTRACE_FL_IPMODIFY), count && modifies(ip));
		assert_int_equal(!!(rec->flags & FTRACE_FL_CALL_OPS_EN), !!payload);
		ftrace_expected_site(ip, addr, payload, expected);
		assert_int_equal(ftrace_read_site(ip, words), 0);
		assert_memory_equal(words, expected, sizeof(words));
		if (!count)
			assert_int_equal(rec->flags & ~(FTRACE_NOCLEAR_FLAGS), 0);
	}
	assert_int_equal(ftrace_sites_on, on);
	assert_int_equal(host_arch_stats.order_errors, 0);
	assert_int_equal(host_arch_stats.context_errors, 0);
	assert_int_equal(current->preempt_count, 0);
	assert_int_equal(current->trace_recursion, 0);
	assert_false(mutex_is_locked(&ftrace_lock));
	if (ftrace_enabled)
		assert_ptr_equal(host_slot, ftrace_trace_function);
	/* trace/'s own audit comes to the same answer. */
	assert_true(ftrace_audit(&audit));
	assert_int_equal(audit.on, on);
}

typedef int (*set_fn)(struct ftrace_ops *ops, unsigned char *buf, int len, int reset);

static int set_pattern(set_fn set, struct ftrace_ops *ops, const char *pattern, int reset)
{
	unsigned char buf[128];

	strscpy((char *)buf, pattern, sizeof(buf));
	return set(ops, buf, strlen(pattern), reset);
}

int host_set_filter(struct ftrace_ops *ops, const char *pattern, int reset)
{
	return set_pattern(ftrace_set_filter, ops, pattern, reset);
}

int host_set_notrace(struct ftrace_ops *ops, const char *pattern, int reset)
{
	return set_pattern(ftrace_set_notrace, ops, pattern, reset);
}

int host_set_param(const char *name, char *val)
{
	const struct kernel_param *const *p;

	registry_for_each(params, p)
		if (!strcmp((*p)->str, name))
			return (*p)->setup_func(val);
	return -ENOENT;
}
