/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_hash.c - sets of patch sites: what an ops wants, and what it leaves out.
 *
 * A hash that an ops points to is never changed: a callback may be looking something up in
 * it on another CPU, without a lock.  A change is made in a private copy, which then
 * takes the place of the original, and the original is freed when nobody can be
 * looking at it any more:
 *
 *	copy   = alloc_and_copy_ftrace_hash(FTRACE_HASH_DEFAULT_BITS, *orig)	roomy: it will be edited
 *	...edit the copy; on an error forget it...
 *	new    = ftrace_hash_move(copy)						as small as its contents
 *	old    = *orig;  *orig = new						(ftrace_filter.c)
 *	free_ftrace_hash_rcu(old)
 *
 * Empty needs care.  As a filter, an empty set means *every* site, and there are three
 * ways to be empty: NULL (never had one), EMPTY_HASH (had one), or a hash with no entries
 * (a copy being edited).  On the other hand a hash without entries is not empty while
 * it has FTRACE_HASH_FL_MOD: somebody asked for functions of a module that is not
 * here yet, and must not get the whole kernel instead.  Always ask ftrace_hash_empty().
 */
#include "trace/ftrace_internal.h"

static struct hlist_head empty_buckets[1];

const struct ftrace_hash ftrace_empty_hash = {
	.buckets = empty_buckets,
};

/*
 * Sites are 8 bytes apart at least, and functions often lie at regular distances:
 * a multiplication by 2^32 over the golden ratio spreads them, its high bits are the bucket.
 */
static inline unsigned long ftrace_hash_key(const struct ftrace_hash *hash, unsigned long ip)
{
	/* Shifting a 32-bit value by 32 means nothing in C. */
	if (!hash->size_bits)
		return 0;
	return ((u32)ip * 0x61c88647u) >> (32 - hash->size_bits);
}

/* NULL when memory is out. */
struct ftrace_hash *alloc_ftrace_hash(int size_bits)
{
	struct ftrace_hash *hash = kzalloc(sizeof(*hash), GFP_KERNEL);

	if (!hash)
		return NULL;
	hash->buckets = kcalloc(1UL << size_bits, sizeof(*hash->buckets), GFP_KERNEL);
	if (!hash->buckets) {
		kfree(hash);
		return NULL;
	}
	hash->size_bits = size_bits;
	return hash;
}

/* Any context that may read the hash. */
struct ftrace_func_entry *ftrace_lookup_ip(const struct ftrace_hash *hash, unsigned long ip)
{
	struct ftrace_func_entry *entry;

	if (!hash || !hash->count)
		return NULL;
	hlist_for_each_entry(entry, &hash->buckets[ftrace_hash_key(hash, ip)], hlist)
		if (entry->ip == ip)
			return entry;
	return NULL;
}

static void link_hash_entry(struct ftrace_hash *hash, struct ftrace_func_entry *entry)
{
	hlist_add_head(&entry->hlist, &hash->buckets[ftrace_hash_key(hash, entry->ip)]);
	hash->count++;
}

static void unlink_hash_entry(struct ftrace_hash *hash, struct ftrace_func_entry *entry)
{
	hlist_del(&entry->hlist);
	hash->count--;
}

static int add_entry(struct ftrace_hash *hash, unsigned long ip, void *data)
{
	struct ftrace_func_entry *entry = kmalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return -ENOMEM;
	entry->ip = ip;
	entry->data = data;
	link_hash_entry(hash, entry);
	return 0;
}

/* `hash` is private to the caller.  0 or -ENOMEM; the caller knows that ip is not there yet. */
int add_hash_entry(struct ftrace_hash *hash, unsigned long ip)
{
	return add_entry(hash, ip, NULL);
}

void free_hash_entry(struct ftrace_hash *hash, struct ftrace_func_entry *entry)
{
	unlink_hash_entry(hash, entry);
	kfree(entry);
}

/* At once: nobody else can know the hash.  NULL and EMPTY_HASH are fine. */
void free_ftrace_hash(struct ftrace_hash *hash)
{
	struct ftrace_func_entry *entry;
	struct hlist_node *next;

	if (!hash || hash == EMPTY_HASH)
		return;
	for (unsigned long i = 0; hash->count && i < 1UL << hash->size_bits; i++)
		hlist_for_each_entry_safe(entry, next, &hash->buckets[i], hlist)
			free_hash_entry(hash, entry);
	kfree(hash->buckets);
	kfree(hash);
}

static void free_hash_callback(struct rcu_head *rcu)
{
	free_ftrace_hash(container_of(rcu, struct ftrace_hash, rcu));
}

/* When no callback can be reading it any more. */
void free_ftrace_hash_rcu(struct ftrace_hash *hash)
{
	if (hash && hash != EMPTY_HASH)
		call_rcu(&hash->rcu, free_hash_callback);
}

/* A private copy with 2^size_bits buckets; of NULL, an empty one.  NULL when memory is out. */
struct ftrace_hash *alloc_and_copy_ftrace_hash(int size_bits, const struct ftrace_hash *hash)
{
	struct ftrace_hash *copy = alloc_ftrace_hash(size_bits);
	struct ftrace_func_entry *entry;
	unsigned long i;

	if (!copy || !hash)
		return copy;
	copy->flags = hash->flags;
	for_each_hash_entry(hash, i, entry) {
		if (add_entry(copy, entry->ip, entry->data)) {
			free_ftrace_hash(copy);
			return NULL;
		}
	}
	FTRACE_WARN_ON(copy->count != hash->count);
	return copy;
}

/*
 * A hash with the contents of src, with about two entries a bucket; src is left without entries, for the caller
 * to free.  EMPTY_HASH for an empty one; NULL when memory is out, and src is as it was.
 */
struct ftrace_hash *ftrace_hash_move(struct ftrace_hash *src)
{
	struct ftrace_func_entry *entry;
	struct ftrace_hash *hash;
	struct hlist_node *next;
	int bits = 0;

	if (ftrace_hash_empty(src))
		return EMPTY_HASH;
	for (unsigned long half = src->count / 2; half; half /= 2)
		bits++;
	hash = alloc_ftrace_hash(min(bits, FTRACE_HASH_MAX_BITS));
	if (!hash)
		return NULL;
	hash->flags = src->flags;
	for (unsigned long i = 0; src->count && i < 1UL << src->size_bits; i++) {
		hlist_for_each_entry_safe(entry, next, &src->buckets[i], hlist) {
			unlink_hash_entry(src, entry);
			link_hash_entry(hash, entry);
		}
	}
	return hash;
}

/*
 * The entry stays, with an address that no function has: a set that named only such
 * sites must not become empty, that would mean all of them.
 */
void ftrace_hash_clear_range(const struct ftrace_hash *hash, unsigned long start, unsigned long end)
{
	struct ftrace_func_entry *entry;
	unsigned long i;

	if (!hash || !hash->count)
		return;
	for_each_hash_entry(hash, i, entry)
		if (entry->ip >= start && entry->ip < end)
			WRITE_ONCE(entry->ip, 0);
}
