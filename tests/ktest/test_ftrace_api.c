/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ftrace_api.c - records, hashes, patterns, sets and their errors, as this machine's kernel has them.
 *
 * The host's unit tests go through every case with every failure; here each rule is shown once, with real
 * addresses, in the machine's own word size and byte order.  No ops is registered for longer than a test, and what
 * others have registered stays.
 */
#include "kernel/kallsyms.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/time/time.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_glob.h"
#include "trace/ftrace_internal.h"

#define PROBE ((unsigned long)kallsyms_lookup_name)
#define OTHER ((unsigned long)sprint_symbol)

static char order[8];

static void note_order(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	size_t len = strlen(order);

	if (len + 1 < sizeof(order))
		order[len] = *(const char *)op->private;
}

static noinline unsigned long call_probe(void)
{
	unsigned long addr = kallsyms_lookup_name("kallsyms_lookup_name");

	barrier();	/* a call, not a jump */
	return addr;
}

static bool consistent(void)
{
	struct ftrace_audit audit;

	return ftrace_audit(&audit);
}

/* ---- records ---- */

KTEST(ftrace_records_are_found_by_each_of_their_bytes_and_no_other)
{
	unsigned long first = 0, last = 0, n = 0;
	struct ftrace_page *pg;
	struct dyn_ftrace *rec;

	for_each_ftrace_rec(pg, rec) {
		unsigned long ip = ftrace_rec_ip(rec);

		KTEST_EXPECT(ftrace_nth_rec(n++) == rec);
		KTEST_EXPECT(ftrace_exact_rec(ip) == rec && !ftrace_exact_rec(ip + 4));
		KTEST_EXPECT_EQ(ftrace_location(ip), ip);
		KTEST_EXPECT_EQ(ftrace_location(ip + FTRACE_SITE_SIZE - 1), ip);
		if (last)
			KTEST_EXPECT_EQ(ftrace_location_range(last + FTRACE_SITE_SIZE, ip - 1), 0);
		first = first ? first : ip;
		last = ip;
	}
	KTEST_EXPECT_EQ(n, ftrace_number_of_records);
	KTEST_EXPECT(!ftrace_nth_rec(n));
	KTEST_EXPECT_EQ(ftrace_location_range(0, first - 1), 0);
	KTEST_EXPECT_EQ(ftrace_location_range(0, first), first);
	KTEST_EXPECT_EQ(ftrace_location_range(last + FTRACE_SITE_SIZE - 1, ~0UL), last);
	KTEST_EXPECT_EQ(ftrace_location_range(last + FTRACE_SITE_SIZE, ~0UL), 0);
	KTEST_EXPECT_EQ(ftrace_text_reserved((void *)first, (void *)first), 1);
	KTEST_EXPECT_EQ(ftrace_text_reserved((void *)(first - 8), (void *)(first - 1)), 0);
}

/* ---- hashes ---- */

static unsigned long nth_ip(unsigned long n)
{
	return ftrace_rec_ip(ftrace_nth_rec(n));
}

static struct ftrace_hash *make_hash(int bits, unsigned long nr)
{
	struct ftrace_hash *hash = alloc_ftrace_hash(bits);

	for (unsigned long i = 0; hash && i < nr; i++)
		if (add_hash_entry(hash, nth_ip(i))) {
			free_ftrace_hash(hash);
			return NULL;
		}
	return hash;
}

static bool hash_holds(const struct ftrace_hash *hash, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		if (!ftrace_lookup_ip(hash, nth_ip(i)))
			return false;
	return hash->count == nr && !ftrace_lookup_ip(hash, nth_ip(nr));
}

KTEST(ftrace_hash_of_every_size_finds_its_entries)
{
	for (int bits = 0; bits <= FTRACE_HASH_MAX_BITS; bits++) {
		struct ftrace_hash *hash = make_hash(bits, 100);
		bool good = hash && hash->size_bits == (unsigned long)bits && hash_holds(hash, 100);

		for (unsigned long i = 100; good && i-- > 50;)
			free_hash_entry(hash, ftrace_lookup_ip(hash, nth_ip(i)));
		good = good && hash_holds(hash, 50);
		free_ftrace_hash(hash);
		KTEST_EXPECT(good);
	}
}

KTEST(ftrace_hash_is_moved_into_log2_of_half_its_count)
{
	static const struct { unsigned long count, bits; } expected[] = { { 1, 0 }, { 2, 1 }, { 7, 2 }, { 8, 3 }, { 300, 8 } };

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		struct ftrace_hash *src = make_hash(FTRACE_HASH_DEFAULT_BITS, expected[i].count);
		struct ftrace_hash *hash = src ? ftrace_hash_move(src) : NULL;
		bool good = hash && hash_holds(hash, expected[i].count) && hash->size_bits == expected[i].bits &&
			    hash_holds(src, 0);

		free_ftrace_hash(src);
		free_ftrace_hash(hash);
		KTEST_EXPECT(good);
	}
}

KTEST(ftrace_hash_copy_has_the_entries_and_the_flags)
{
	struct ftrace_hash *hash = make_hash(2, 30);
	struct ftrace_hash *copy, *none = alloc_and_copy_ftrace_hash(3, NULL);
	bool good;

	KTEST_EXPECT(hash && none);
	hash->flags = FTRACE_HASH_FL_MOD;
	copy = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, hash);
	good = copy && hash_holds(copy, 30) && copy->flags == FTRACE_HASH_FL_MOD &&
	       copy->size_bits == FTRACE_HASH_DEFAULT_BITS && hash_holds(none, 0);
	free_ftrace_hash(hash);
	free_ftrace_hash(copy);
	free_ftrace_hash(none);
	KTEST_EXPECT(good);
}

KTEST(ftrace_hash_that_is_empty_is_told_from_one_that_waits)
{
	struct ftrace_hash *hash = make_hash(3, 0), *moved;
	bool empty, waits;

	KTEST_EXPECT(hash != NULL);
	KTEST_EXPECT(ftrace_hash_empty(NULL) && ftrace_hash_empty(EMPTY_HASH));
	empty = ftrace_hash_empty(hash) && ftrace_hash_move(hash) == EMPTY_HASH;
	hash->flags = FTRACE_HASH_FL_MOD;
	moved = ftrace_hash_move(hash);
	waits = !ftrace_hash_empty(hash) && moved && moved != EMPTY_HASH && !ftrace_hash_empty(moved);
	free_ftrace_hash(hash);
	free_ftrace_hash(moved);
	free_ftrace_hash(EMPTY_HASH);
	KTEST_EXPECT(empty && waits);
}

/* ---- patterns ---- */

KTEST(ftrace_glob_has_a_class_for_each_pattern)
{
	static const struct {
		const char *pattern, *hit, *miss;
		enum ftrace_match_type type;
	} expected[] = {
		{ "vfs_read", "vfs_read", "vfs_readv", MATCH_FULL },   { "vfs_*", "vfs_", "xvfs_", MATCH_FRONT_ONLY },
		{ "*_read", "vfs_read", "_reads", MATCH_END_ONLY },    { "*s_r*", "vfs_read", "vfs_write", MATCH_MIDDLE_ONLY },
		{ "v*d", "vfs_read", "vfs_write", MATCH_GLOB },	       { "vfs_?ead", "vfs_read", "vfs_ead", MATCH_GLOB },
		{ "vfs_[p-s]ead", "vfs_read", "vfs_tead", MATCH_GLOB },
		{ "*[!d]", "vfs_write", "vfs_read", MATCH_GLOB },
	};
	struct ftrace_glob glob;
	char buf[32];
	bool not;

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		scnprintf(buf, sizeof(buf), "!%s", expected[i].pattern);
		ftrace_glob_parse(&glob, buf, strlen(buf), &not);
		KTEST_EXPECT_EQ(glob.type, expected[i].type);
		KTEST_EXPECT(not);
		KTEST_EXPECT(ftrace_glob_matches(&glob, expected[i].hit, strlen(expected[i].hit)));
		KTEST_EXPECT(!ftrace_glob_matches(&glob, expected[i].miss, strlen(expected[i].miss)));
	}
	strcpy(buf, "42");
	ftrace_glob_parse(&glob, buf, 2, &not);
	KTEST_EXPECT(glob.type == MATCH_INDEX && !not);
}

/* ---- sets ---- */

static int set_filter(struct ftrace_ops *ops, const char *pattern, int reset)
{
	unsigned char buf[KSYM_NAME_LEN];

	strscpy((char *)buf, pattern, sizeof(buf));
	return ftrace_set_filter(ops, buf, strlen(pattern), reset);
}

static int set_notrace(struct ftrace_ops *ops, const char *pattern, int reset)
{
	unsigned char buf[KSYM_NAME_LEN];

	strscpy((char *)buf, pattern, sizeof(buf));
	return ftrace_set_notrace(ops, buf, strlen(pattern), reset);
}

/* Does ops want PROBE and OTHER?  Bit 0 and 1. */
static int wanted(struct ftrace_ops *ops)
{
	return ftrace_ops_test(ops, ftrace_location(PROBE), ops) | ftrace_ops_test(ops, ftrace_location(OTHER), ops) << 1;
}

KTEST(ftrace_filter_has_three_errors_for_addresses)
{
	struct ftrace_ops ops = { .func = note_order };

	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, (unsigned long)&order, 0, 0), -EINVAL);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 1, 0), -ENOENT);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 0), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 0), 0);
	KTEST_EXPECT_EQ(ops.func_hash->filter_hash->count, 1);
	KTEST_EXPECT_EQ(wanted(&ops), 1);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 1, 0), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 3);
	ftrace_free_filter(&ops);
}

KTEST(ftrace_filter_of_several_addresses_is_all_or_none)
{
	unsigned long good[] = { PROBE, OTHER }, bad[] = { OTHER, (unsigned long)&order };
	struct ftrace_ops ops = { .func = note_order };

	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 0), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ips(&ops, bad, 2, 0, 1), -EINVAL);
	KTEST_EXPECT_EQ(wanted(&ops), 1);
	KTEST_EXPECT_EQ(ftrace_set_filter_ips(&ops, good, 2, 1, 0), -ENOENT);
	KTEST_EXPECT_EQ(wanted(&ops), 1);
	KTEST_EXPECT_EQ(ftrace_set_filter_ips(&ops, good, 2, 0, 0), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 3);
	KTEST_EXPECT_EQ(ops.func_hash->filter_hash->count, 2);
	ftrace_free_filter(&ops);
}

KTEST(ftrace_filter_words_add_remove_and_start_over)
{
	struct ftrace_ops ops = { .func = note_order };

	KTEST_EXPECT_EQ(set_filter(&ops, "kallsyms_lookup_name", 0), 0);
	KTEST_EXPECT_EQ(set_filter(&ops, "nosuch", 1), -EINVAL);
	KTEST_EXPECT_EQ(set_filter(&ops, "!nosuch", 0), -EINVAL);
	KTEST_EXPECT_EQ(set_filter(&ops, "0", 0), -EINVAL);
	KTEST_EXPECT_EQ(set_filter(&ops, "10000000", 0), -EINVAL);
	KTEST_EXPECT_EQ(wanted(&ops), 1);
	KTEST_EXPECT_EQ(set_filter(&ops, "sprint_symbo?", 0), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 3);
	KTEST_EXPECT_EQ(set_filter(&ops, "!kallsyms_*", 0), 0);
	KTEST_EXPECT_EQ(set_filter(&ops, "!vfs_read", 0), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 2);
	KTEST_EXPECT_EQ(set_filter(&ops, "1", 1), 0);
	KTEST_EXPECT(ftrace_ops_test(&ops, nth_ip(0), &ops) && !ftrace_ops_test(&ops, nth_ip(1), &ops));
	KTEST_EXPECT_EQ(ftrace_set_filter(&ops, NULL, 0, 1), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 3);
	KTEST_EXPECT_EQ(set_notrace(&ops, "sprint_symbol", 0), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 1);
	KTEST_EXPECT_EQ(set_filter(&ops, "sprint_symbol", 0), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 0);
	ftrace_free_filter(&ops);
}

KTEST(ftrace_filter_of_a_registered_ops_changes_at_once)
{
	static struct ftrace_ops ops = { .func = note_order, .private = "x" };
	struct dyn_ftrace *probe = ftrace_exact_rec(ftrace_location(PROBE));
	unsigned int before = ftrace_rec_count(probe);

	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, OTHER, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(ftrace_rec_count(probe), before);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 1), 0);
	KTEST_EXPECT_EQ(ftrace_rec_count(probe), before + 1);
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 1, 0), 0);	/* the last one: all, from now on */
	KTEST_EXPECT_EQ(wanted(&ops), 3);
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(ftrace_rec_count(probe), before);
	ftrace_free_filter(&ops);
}

/* ---- registering ---- */

KTEST(ftrace_register_refuses_what_cannot_be_and_changes_nothing)
{
	struct ftrace_ops deleted = { .func = note_order, .flags = FTRACE_OPS_FL_DELETED };
	struct ftrace_ops subop = { .func = note_order, .flags = FTRACE_OPS_FL_SUBOP };
	struct ftrace_ops nothing = { .func = NULL };
	struct ftrace_ops *list = ftrace_ops_list;

	KTEST_EXPECT_EQ(register_ftrace_function(&deleted), -EINVAL);
	KTEST_EXPECT_EQ(register_ftrace_function(&subop), -EINVAL);
	KTEST_EXPECT_EQ(register_ftrace_function(&nothing), -EINVAL);
	KTEST_EXPECT(!((deleted.flags | subop.flags | nothing.flags) & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING)));
	KTEST_EXPECT(ftrace_ops_list == list);
	KTEST_EXPECT(consistent());
}

KTEST(ftrace_newest_ops_is_first_in_the_list_and_called_first)
{
	static struct ftrace_ops a = { .func = note_order, .private = "a" };
	static struct ftrace_ops b = { .func = note_order, .private = "b" };

	memset(order, 0, sizeof(order));
	ftrace_set_filter_ip(&a, PROBE, 0, 1);
	ftrace_set_filter_ip(&b, PROBE, 0, 1);
	KTEST_EXPECT_EQ(register_ftrace_function(&a), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&b), 0);
	KTEST_EXPECT(ftrace_ops_list == &b && b.next == &a);
	KTEST_EXPECT_EQ(a.flags & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING | FTRACE_OPS_FL_DYNAMIC),
			FTRACE_OPS_FL_ENABLED);
	call_probe();
	KTEST_EXPECT_EQ(unregister_ftrace_function(&b), 0);
	call_probe();
	KTEST_EXPECT_EQ(unregister_ftrace_function(&a), 0);
	if (ftrace_enabled)
		KTEST_EXPECT_STREQ(order, "baa");
	ftrace_free_filter(&a);
	ftrace_free_filter(&b);
}

KTEST(ftrace_ops_outside_the_image_is_dynamic)
{
	struct ftrace_ops *heap = kzalloc(sizeof(*heap), GFP_KERNEL);
	unsigned long flags;

	KTEST_EXPECT(heap != NULL);
	heap->func = note_order;
	heap->private = "h";
	ftrace_set_filter_ip(heap, PROBE, 0, 0);
	KTEST_EXPECT_EQ(register_ftrace_function(heap), 0);
	flags = heap->flags;
	KTEST_EXPECT_EQ(unregister_ftrace_function(heap), 0);
	ftrace_free_filter(heap);
	kfree(heap);
	KTEST_EXPECT(flags & FTRACE_OPS_FL_DYNAMIC);
}

KTEST(ftrace_permanent_ops_keeps_ftrace_enabled)
{
	static struct ftrace_ops ops = { .func = note_order, .private = "p", .flags = FTRACE_OPS_FL_PERMANENT };

	ftrace_set_filter_ip(&ops, PROBE, 0, 1);
	if (!ftrace_enabled) {
		KTEST_EXPECT_EQ(register_ftrace_function(&ops), -EBUSY);
	} else {
		KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
		KTEST_EXPECT_EQ(ftrace_set_enabled(0), -EBUSY);
		KTEST_EXPECT(ftrace_enabled);
		KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	}
	ftrace_free_filter(&ops);
}

KTEST(ftrace_ipmodify_wants_a_filter_and_the_site_for_itself)
{
	static struct ftrace_ops a = { .func = note_order, .flags = FTRACE_OPS_FL_IPMODIFY, .private = "a" };
	static struct ftrace_ops b = { .func = note_order, .flags = FTRACE_OPS_FL_IPMODIFY, .private = "b" };

	if (FTRACE_BEHIND_PROLOGUE)
		KTEST_SKIP("sites are behind prologues");
	KTEST_EXPECT_EQ(register_ftrace_function(&a), -EINVAL);
	KTEST_EXPECT_EQ(set_notrace(&a, "vfs_read", 0), -EINVAL);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&a, PROBE, 0, 1), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&b, OTHER, 0, 1), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&b, PROBE, 0, 0), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&a), 0);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&a, PROBE, 1, 0), -EINVAL);	/* it may not come to mean all */
	KTEST_EXPECT_EQ(register_ftrace_function(&b), -EBUSY);
	KTEST_EXPECT(!(b.flags & (FTRACE_OPS_FL_ENABLED | FTRACE_OPS_FL_ADDING)));
	KTEST_EXPECT(!(ftrace_exact_rec(ftrace_location(OTHER))->flags & FTRACE_FL_IPMODIFY));
	KTEST_EXPECT(consistent());
	KTEST_EXPECT_EQ(unregister_ftrace_function(&a), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&b), 0);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&b), 0);
	ftrace_free_filter(&a);
	ftrace_free_filter(&b);
}

KTEST(ftrace_ipmodify_may_not_have_the_set_of_the_files)
{
	static struct ftrace_ops ops;

	if (!ftrace_hash_empty(global_ops.func_hash->filter_hash))
		KTEST_SKIP("set_ftrace_filter is in use");
	ops = (struct ftrace_ops){ .func = note_order, .flags = FTRACE_OPS_FL_IPMODIFY };
	ftrace_ops_set_global_filter(&ops);
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&global_ops, PROBE, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), -EINVAL);
	KTEST_EXPECT_EQ(ftrace_set_filter(&global_ops, NULL, 0, 1), 0);
	KTEST_EXPECT(consistent());
}

KTEST(ftrace_stub_has_its_sites_on_and_is_never_called)
{
	static struct ftrace_ops stub = { .func = note_order, .private = "s", .flags = FTRACE_OPS_FL_STUB };
	struct dyn_ftrace *probe = ftrace_exact_rec(ftrace_location(PROBE));
	bool on;

	memset(order, 0, sizeof(order));
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&stub, PROBE, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&stub), 0);
	on = probe->flags & FTRACE_FL_ENABLED;
	call_probe();
	KTEST_EXPECT_EQ(unregister_ftrace_function(&stub), 0);
	ftrace_free_filter(&stub);
	KTEST_EXPECT_EQ(on, !!ftrace_enabled);
	KTEST_EXPECT_STREQ(order, "");
}

KTEST(ftrace_registers_if_supported_alone_are_not_saved)
{
	static struct ftrace_ops ops = { .func = note_order, .private = "r", .flags = FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED };
	struct dyn_ftrace *probe = ftrace_exact_rec(ftrace_location(PROBE));
	u32 before = probe->flags & FTRACE_FL_REGS, alone, both;

	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	alone = probe->flags & FTRACE_FL_REGS;
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	ops.flags |= FTRACE_OPS_FL_SAVE_REGS;
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	both = probe->flags & FTRACE_FL_REGS;
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	ops.flags &= ~(unsigned long)FTRACE_OPS_FL_SAVE_REGS;
	ftrace_free_filter(&ops);
	KTEST_EXPECT_EQ(alone, before);
	KTEST_EXPECT_EQ(both, FTRACE_FL_REGS);
}

static void note_other(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	size_t len = strlen(order);

	if (len + 1 < sizeof(order))
		order[len] = '!';
}

KTEST(ftrace_callback_changes_while_its_ops_is_registered)
{
	static struct ftrace_ops ops = { .func = note_order, .private = "f" };

	memset(order, 0, sizeof(order));
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 1), 0);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	call_probe();
	ftrace_ops_set_func(&ops, note_other);
	call_probe();
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	KTEST_EXPECT(ops.func == note_other);
	ftrace_ops_set_func(&ops, note_order);
	KTEST_EXPECT(ops.func == note_order);
	ftrace_free_filter(&ops);
	if (ftrace_enabled)
		KTEST_EXPECT_STREQ(order, "f!");
}

KTEST(ftrace_global_filter_is_shared_by_who_asked_for_it)
{
	static struct ftrace_ops ops = { .func = note_order, .private = "g" };
	unsigned char some[] = "kallsyms_lookup_name", less[] = "sprint_symbol";

	/* A set that somebody else is using is not for a test to change. */
	if (!ftrace_hash_empty(global_ops.func_hash->filter_hash) || !ftrace_hash_empty(global_ops.func_hash->notrace_hash))
		KTEST_SKIP("set_ftrace_filter or set_ftrace_notrace is in use");
	ftrace_ops_set_global_filter(&ops);
	KTEST_EXPECT(ops.func_hash == global_ops.func_hash);
	ftrace_set_global_filter(some, strlen((char *)some), 1);
	KTEST_EXPECT_EQ(register_ftrace_function(&ops), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 1);
	ftrace_set_global_filter(NULL, 0, 1);
	ftrace_set_global_notrace(less, strlen((char *)less), 0);
	KTEST_EXPECT_EQ(wanted(&ops), 1);
	KTEST_EXPECT(consistent());
	ftrace_set_global_notrace(NULL, 0, 1);
	KTEST_EXPECT_EQ(wanted(&ops), 3);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
}

/* ---- locks ---- */

static int register_in_thread(void *data)
{
	return register_ftrace_function(data);
}

static int set_filter_in_thread(void *data)
{
	return ftrace_set_filter_ip(data, OTHER, 0, 0);
}

/* Does fn(ops), in a thread of its own, wait for the lock?  It must have returned 0 in the end. */
static bool waits_for(struct mutex *lock, int (*fn)(void *), struct ftrace_ops *ops)
{
	struct task_struct *k;
	bool waited;

	k = kthread_create(fn, ops, "lock-waiter");
	if (IS_ERR(k))
		return false;
	get_task_struct(k);
	mutex_lock(lock);
	wake_up_process(k);
	for (int i = 0; i < 1000 && task_is_running(k); i++)
		msleep(1);
	waited = !task_is_running(k) && !(ops->flags & FTRACE_OPS_FL_ENABLED) &&
		 !ftrace_lookup_ip(ops->func_hash->filter_hash, ftrace_location(OTHER));
	mutex_unlock(lock);
	waited = kthread_stop(k) == 0 && waited;
	put_task_struct(k);
	return waited;
}

KTEST(ftrace_changes_wait_for_their_locks)
{
	static struct ftrace_ops ops = { .func = note_order, .private = "l" };

	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, PROBE, 0, 1), 0);
	KTEST_EXPECT(waits_for(&ftrace_lock, register_in_thread, &ops));
	KTEST_EXPECT(ops.flags & FTRACE_OPS_FL_ENABLED);
	KTEST_EXPECT_EQ(unregister_ftrace_function(&ops), 0);
	KTEST_EXPECT(waits_for(&ops.func_hash->regex_lock, set_filter_in_thread, &ops));
	KTEST_EXPECT_EQ(wanted(&ops), 3);
	KTEST_EXPECT(!mutex_is_locked(&ops.func_hash->regex_lock));
	KTEST_EXPECT_EQ(ftrace_set_filter_ip(&ops, (unsigned long)&order, 0, 0), -EINVAL);
	KTEST_EXPECT(!mutex_is_locked(&ops.func_hash->regex_lock));
	ftrace_free_filter(&ops);
}
