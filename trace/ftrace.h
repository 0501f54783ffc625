/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.h - dynamic function tracing: call a function of yours whenever a function of the kernel starts.
 *
 *	static void hello(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
 *			  struct ftrace_regs *fregs) { ... }
 *	static struct ftrace_ops my_ops = { .func = hello };
 *
 *	unsigned char pattern[] = "vfs_*";
 *
 *	ftrace_set_filter(&my_ops, pattern, strlen((char *)pattern), 0);
 *	register_ftrace_function(&my_ops);
 *	...
 *	unregister_ftrace_function(&my_ops);
 *
 * Words used everywhere below trace/:
 *
 *   site      the NOPs that the compiler left at the start of a function, and their address `ip`
 *   record    struct dyn_ftrace: what is known of one site, 8 bytes (ftrace_records.c)
 *   ops       struct ftrace_ops: one user: a callback and the set of sites it wants
 *   hash      struct ftrace_hash: a set of sites (ftrace_hash.c)
 *   payload   a small number carried by a site that is on: the dispatch index of the one ops that
 *             wants this site, or 0 when several do (ftrace_dispatch.c)
 *
 * Every function here is for task context unless it says otherwise.  Errors are -errno.  Once
 * ftrace has shut itself off after an error (ftrace_is_dead()), whatever would change something
 * returns -ENODEV.
 *
 * A callback runs in any context, interrupts in any state, and must not sleep.  It may be called
 * from several CPUs at once.
 */
#ifndef TRACE_FTRACE_H
#define TRACE_FTRACE_H

#include "arch/arch.h"
#include "lib/list.h"
#include "trace/os.h"

struct ftrace_hash;

/* A set of sites: those in filter_hash, or all when that is empty; less those in notrace_hash. */
struct ftrace_ops_hash {
	struct ftrace_hash *notrace_hash; /* read without locks; NULL counts as empty */
	struct ftrace_hash *filter_hash;
	struct mutex regex_lock;	  /* one writer of the two at a time; taken before ftrace_lock */
};

/*
 * ops->flags.  The caller may set those marked (c) before registering; the others
 * are ftrace's own and only to be read.  The values are Linux's.
 */
enum {
	FTRACE_OPS_FL_ENABLED = 1 << 0,		/* registered */
	FTRACE_OPS_FL_DYNAMIC = 1 << 1,		/* not part of the kernel image: freed one day, so unregistering waits */
	FTRACE_OPS_FL_SAVE_REGS = 1 << 2,	/* (c) wants all registers; -EINVAL where the machine cannot */
	FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED = 1 << 3, /* (c) with SAVE_REGS: rather without than not at all */
	FTRACE_OPS_FL_RECURSION = 1 << 4,	/* (c) the callback needs protection from itself, and preemption off */
	FTRACE_OPS_FL_STUB = 1 << 5,		/* (c) a placeholder: its sites are on, its func is never called */
	FTRACE_OPS_FL_INITIALIZED = 1 << 6,	/* func_hash points somewhere */
	FTRACE_OPS_FL_DELETED = 1 << 7,		/* (c) gone: may never be registered again */
	FTRACE_OPS_FL_ADDING = 1 << 8,		/* while being registered, */
	FTRACE_OPS_FL_REMOVING = 1 << 9,	/* unregistered, */
	FTRACE_OPS_FL_MODIFYING = 1 << 10,	/* or given another filter */
	FTRACE_OPS_FL_ALLOC_TRAMP = 1 << 11,	/* has a trampoline of its own: never here */
	FTRACE_OPS_FL_IPMODIFY = 1 << 12,	/* (c) changes where the function goes on: one such ops a site;
						   -EINVAL where sites are behind prologues */
	FTRACE_OPS_FL_PID = 1 << 13,		/* (c) only for the tasks of set_ftrace_pid; private is NULL or a trace array */
	FTRACE_OPS_FL_RCU = 1 << 14,		/* (c) not to be called where RCU is not watching */
	FTRACE_OPS_FL_TRACE_ARRAY = 1 << 15,	/* (c) private is a trace array */
	FTRACE_OPS_FL_PERMANENT = 1 << 16,	/* (c) kernel.ftrace_enabled may not switch it off */
	FTRACE_OPS_FL_DIRECT = 1 << 17,		/* set by register_ftrace_direct() */
	FTRACE_OPS_FL_SUBOP = 1 << 18,		/* behind another ops: ftrace_startup_subops() */
};

struct ftrace_ops;

/* What an ops with direct calls is told when one with IPMODIFY wants the same function, or it is the one to come. */
enum ftrace_ops_cmd {
	FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_SELF,	/* you are being registered where an IPMODIFY ops is already */
	FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER,	/* an IPMODIFY ops comes to a function of yours */
	FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER,	/* no function of yours has one any more; the result does not matter */
};

/*
 * 0 agrees: from now on the trampoline must go on where it is told to, and may not call the function by its address.
 * Else -errno, which the one who comes gets.  Called by the one who registers, for each function in question; may not
 * register anything.  PEER may call modify_ftrace_direct_nolock(); SELF comes under ftrace_lock and may not.
 */
typedef int (*ftrace_ops_func_t)(struct ftrace_ops *op, enum ftrace_ops_cmd cmd);

struct ftrace_ops {
	ftrace_func_t func;		/* (c) the callback */
	struct ftrace_ops *next;	/* in ftrace_ops_list, newest first; read without locks */
	unsigned long flags;		/* (c) FTRACE_OPS_FL_*, under ftrace_lock */
	void *private;			/* (c) the caller's own */
	ftrace_func_t saved_func;	/* func as it was registered: func may be what calls that one */
	struct ftrace_ops_hash local_hash; /* the ops' own set of sites */
	struct ftrace_ops_hash *func_hash; /* the set in use: local_hash, or that of an ops it shares with */
	u32 dispatch_index;		/* payload of the sites it alone wants; 0: none.  ftrace_dispatch.c */
	unsigned long direct_call;	/* DIRECT: the trampoline its functions run through */
	struct ftrace_ops *next_direct;	/* DIRECT: ftrace_direct.c */
	ftrace_ops_func_t ops_func;	/* (c) DIRECT: may it share functions with IPMODIFY?  NULL: no */
	struct ftrace_ops *subops;	/* those that are behind this one, newest first; read without locks */
	struct ftrace_ops *managed;	/* SUBOP: the one it is behind */
};

/* ---- Registering ---- */

/*
 * From now on ops->func is called at every site of its set.  The newest ops is called first.
 *  -EINVAL  no func; DELETED, DIRECT or SUBOP set; SAVE_REGS without machine support;
 *           IPMODIFY without a filter, or with the set of global_ops
 *  -EBUSY   registered already; PERMANENT while kernel.ftrace_enabled is 0; IPMODIFY and another
 *           such ops has one of the sites, or one with direct calls that has no ops_func
 *  -ENODEV  ftrace is dead, or died of this call
 * On error nothing has changed, and ops may be freed.  With kernel.ftrace_enabled 0 it succeeds
 * and takes effect when that becomes 1.
 */
int register_ftrace_function(struct ftrace_ops *ops);

/*
 * The reverse, but for direct calls (-EINVAL).  When it returns 0, and ops is not part of the kernel image, no CPU and no task is in
 * ops->func or on the way there any more: ops may be freed (after ftrace_free_filter()).
 *  -EBUSY   not registered
 *  -ENODEV  ftrace is dead: sites stay as they are, but ops->func is not called any more, and ops may be freed as after 0
 */
int unregister_ftrace_function(struct ftrace_ops *ops);

/* Another callback for an ops, registered or not.  For a while some calls may still go to the old one. */
void ftrace_ops_set_func(struct ftrace_ops *ops, ftrace_func_t func);

/* ---- Subops: several ops that are registered as one, their manager ---- */

/*
 * From now on sites of the set of subops are on for `ops`, too.  That is registered when its first subops comes, and its own
 * set goes: it gets what any of its subops has in its filter, less what all of them leave out.  So each of them must still be
 * asked: ftrace_subops_func() does that, or what ops->func does instead.  The set of a subops may change any time.
 *  -EINVAL  no func; DELETED, DIRECT or IPMODIFY set in either, or SUBOP in ops; SAVE_REGS, RECURSION or RCU set in
 *           subops and not in ops; the set of ops is another's
 *  -EBUSY   subops is registered, or behind another; ops is registered on its own; the set of subops
 *           is also that of one behind another than ops
 *  -ENOMEM, -ENODEV, and what registering ops says
 * On error nothing has changed.
 */
int ftrace_startup_subops(struct ftrace_ops *ops, struct ftrace_ops *subops);

/*
 * The reverse; ops is unregistered with the last.  When it returns 0 or -ENODEV, and subops is not part of the kernel
 * image, no callback of ops is at subops any more: it may be freed.
 *  -EINVAL subops is not behind ops; -ENOMEM, and nothing has changed; -ENODEV as for unregister_ftrace_function()
 */
int ftrace_shutdown_subops(struct ftrace_ops *ops, struct ftrace_ops *subops);

/* As the callback of a manager: calls those of its subops whose set has the site, newest first. */
void ftrace_subops_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs);

#define for_each_subop(subop, ops) \
	for ((subop) = READ_ONCE((ops)->subops); (subop); (subop) = READ_ONCE((subop)->next))

/* ---- Direct calls: a trampoline of the caller's instead of a callback ---- */

/*
 * Every call of a function in the filter of ops runs through the code at `addr` first.  No callback, no registers
 * saved: `addr` is a trampoline in assembly, entered as if the site itself had called it, with the function's
 * arguments in their registers.  Where it finds the two addresses it needs, the one in the function to go on at, and the
 * caller's to return to, <asm/ftrace.h> says.  It goes on in the function, or returns to the caller in its place, or calls
 * the function and looks at the result.  While others want the same function, their callbacks run first.
 *  -EINVAL  ops has a func, is registered, was never given a filter, has an empty one or another's; addr is no
 *           code of the kernel; DELETED or IPMODIFY set; sites are behind prologues
 *  -EBUSY   one of the functions has a direct call already; or an ops with IPMODIFY, and there is no ops->ops_func
 *  -ENODEV
 * On error nothing has changed.  Until it is unregistered, the filter cannot be changed: -EBUSY.
 */
int register_ftrace_direct(struct ftrace_ops *ops, unsigned long addr);

/*
 * From now on through `addr` instead; a task may still be in the old one.  No call is missed.
 *  -EINVAL not registered with register_ftrace_direct(), or no code at addr; -ENODEV
 */
int modify_ftrace_direct(struct ftrace_ops *ops, unsigned long addr);
/* The same for an ops_func, where the lock that the other one takes is held. */
int modify_ftrace_direct_nolock(struct ftrace_ops *ops, unsigned long addr);

/*
 * No new call goes through `addr` any more; free_filters: and ops has no filter any more.  Whether a task is still inside the
 * trampoline, or in what that called, is for its owner to know.
 *  -EINVAL not registered with register_ftrace_direct(), or with another addr; -ENODEV: sites may call addr for ever
 */
int unregister_ftrace_direct(struct ftrace_ops *ops, unsigned long addr, bool free_filters);

/*
 * The same with a trampoline for each function.  `hash`, which stays the caller's, says which: alloc_ftrace_hash() makes one,
 * add_ftrace_hash_entry_direct() fills it.  All of it is done, or on an error nothing.
 *
 * add: ops gets these functions, and is registered with the first.
 *  -EINVAL  `hash` is empty, or has what is no site or no code of the kernel; ops has a func or a set, or is registered, in
 *           another way; what register_ftrace_direct() says
 *  -EBUSY   a function has a direct call, of this ops too; or an ops with IPMODIFY, as there
 * del: ops loses them, and with the last is unregistered, and has an empty set.
 *  -EINVAL  it does not have one, or with another address
 * mod: they go through what `hash` says from now on.  No call is missed.  In an ops_func: do_direct_lock false.
 *  -EINVAL  ops does not have one
 * And -ENOMEM, -ENODEV.
 */
int update_ftrace_direct_add(struct ftrace_ops *ops, struct ftrace_hash *hash);
int update_ftrace_direct_del(struct ftrace_ops *ops, struct ftrace_hash *hash);
int update_ftrace_direct_mod(struct ftrace_ops *ops, struct ftrace_hash *hash, bool do_direct_lock);

#define FTRACE_HASH_DEFAULT_BITS 10	/* of a hash that is being edited */

/* A set of sites with 2^size_bits buckets; NULL when memory is out. */
struct ftrace_hash *alloc_ftrace_hash(int size_bits);
void free_ftrace_hash(struct ftrace_hash *hash);
/* `ip` is not in it yet.  0 or -ENOMEM. */
int add_ftrace_hash_entry_direct(struct ftrace_hash *hash, unsigned long ip, unsigned long addr);

/* ---- Which sites: also for an ops that is registered, then with immediate effect ---- */

/*
 * Adds the sites whose name matches `buf` to the set of ops (ftrace_set_filter), or to those it leaves
 * out (ftrace_set_notrace).  `buf`: a name, a glob (* ? [] \), or the number of a record counted from 1; with a
 * leading '!' the matches are taken out of the set instead.  buf must be writable: parsing cuts it.
 * `reset` empties the set first; with reset and a NULL buf that is all.
 *  -EINVAL no site matches, or notrace with IPMODIFY; -ENOMEM; -EBUSY IPMODIFY clash, or ops has subops; -ENODEV
 * On error the set is as before.
 */
int ftrace_set_filter(struct ftrace_ops *ops, unsigned char *buf, int len, int reset);
int ftrace_set_notrace(struct ftrace_ops *ops, unsigned char *buf, int len, int reset);

/*
 * Adds the site at `ip` (any address that ftrace_location() accepts), or with `remove` takes it out.
 * Adding one that is there is no error.  All addresses of _ips (NULL: none), or on error none.
 *  -EINVAL no site there; -ENOENT to be removed but not in the set; -ENOMEM, -EBUSY, -ENODEV
 * Removing the last address from a registered ops makes its set empty, which means *all* sites:
 * unregister first.
 */
int ftrace_set_filter_ip(struct ftrace_ops *ops, unsigned long ip, int remove, int reset);
int ftrace_set_filter_ips(struct ftrace_ops *ops, unsigned long *ips, unsigned int cnt, int remove, int reset);

/* The same for global_ops, which the files set_ftrace_filter and set_ftrace_notrace show.  Errors are lost. */
void ftrace_set_global_filter(unsigned char *buf, int len, int reset);
void ftrace_set_global_notrace(unsigned char *buf, int len, int reset);

/* Before anything else is done with ops: it uses the set of global_ops, now and whenever that changes. */
void ftrace_ops_set_global_filter(struct ftrace_ops *ops);

/* Frees the own set of an ops that is not registered (else it warns and does nothing).  It then means all sites. */
void ftrace_free_filter(struct ftrace_ops *ops);

/* Makes ops->func_hash valid.  Idempotent; everything above does it. */
void ftrace_ops_init(struct ftrace_ops *ops);

/* Is `ip` the address of a site that ops wants?  Any context, preemption off; takes no lock. */
bool ftrace_ops_test(struct ftrace_ops *ops, unsigned long ip, void *regs);

/* ---- Sites ---- */

/* The site that `ip` lies in, or that starts the function whose first address ip is; 0: none.  Any context. */
unsigned long ftrace_location(unsigned long ip);
/* The (or a) site with a byte in [start, end], both included; 0: none. */
unsigned long ftrace_location_range(unsigned long start, unsigned long end);
/* 1 if a site has a byte in [start, end], else 0. */
int ftrace_text_reserved(const void *start, const void *end);

/*
 * addrs[i] = address of the site of the function sorted_syms[i] (strcmp order, no duplicates), all in one
 * pass over the symbols.  -ESRCH: some name is not that of a traceable function (its addrs[i] is 0), or there is none.
 */
int ftrace_lookup_symbols(const char **sorted_syms, size_t cnt, unsigned long *addrs);

/* ---- The whole ---- */

/*
 * Boot, once, interrupts off, one CPU, memory allocation works: finds all sites, makes their NOPs canonical, applies
 * ftrace_filter=, ftrace_notrace=, ftrace_graph_filter= and ftrace_graph_notrace=.  A failure is logged and leaves ftrace dead.
 */
void ftrace_init(void);

/* The memory of boot code is about to go: so do its sites, from every set, too.  Boot, once. */
void ftrace_free_init_mem(void);
/* The same for any range of text [start, end) that nothing executes any more. */
void ftrace_free_mem(unsigned long start, unsigned long end);

/*
 * kernel.ftrace_enabled: with 0 every site becomes NOPs while everything stays registered.  Any other
 * value is "on" and is remembered.  -EBUSY: a PERMANENT ops is registered; -ENODEV.
 */
int ftrace_set_enabled(int value);
int ftrace_get_enabled(void);

/*
 * ftrace found something it cannot explain and stops changing anything: callbacks that are on stay on until their
 * ops is unregistered.
 * Any context.
 */
void ftrace_kill(void);
bool ftrace_is_dead(void);

extern struct ftrace_ops global_ops;	/* of the top-level tracer; its set is the files' set_ftrace_filter */

/* ---- For the trampolines (arch/) and the tracers ---- */

/* An entry per dispatch index; read by the trampolines, so its layout and alignment are theirs too. */
struct ftrace_dispatch {
	ftrace_func_t func;
	struct ftrace_ops *ops;
} __aligned(2 * sizeof(void *));

#define FTRACE_DISPATCH_MAX 256	/* entries; 0 is never used */
static_assert(FTRACE_DISPATCH_MAX - 1 <= FTRACE_MAX_PAYLOAD, "a site's payload cannot hold every dispatch index");

extern struct ftrace_dispatch ftrace_dispatch[FTRACE_DISPATCH_MAX];
extern struct ftrace_ops *function_trace_op;	/* what a site without index hands to the slot as `op` */

/* How the file set_ftrace_filter and the like are made for any ops; inode->i_private is the ops. */
extern const struct file_operations ftrace_filter_fops;
extern const struct file_operations ftrace_notrace_fops;

#endif
