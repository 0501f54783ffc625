/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * livepatch.c - a workload for live patching: a function is replaced while a thread keeps calling it.
 *
 * Two patches of one function, each an ops whose callback sends the call elsewhere.  A function has
 * one such ops at most, so the second is refused until the first is gone, and then takes its place.  At each
 * step our own next call must get what is in effect, and the thread's calls follow; at no time may one of them get
 * anything else than the kernel's own function or a patch of it.
 *
 * With kernel.ftrace_enabled 0 nothing is patched, and the function stays the kernel's own.  Where sites are behind prologues
 * (MCOUNT=pg), the first patch is refused with -EINVAL already.
 */
#include "kernel/kthread.h"
#include "kernel/mutex.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/workload/crew.h"
#include "kernel/workload/livepatch.h"
#include "kernel/workload/workload.h"
#include "trace/ftrace.h"

/* ---- The function, and what replaces it ---- */

noinline unsigned int livepatch_target(void)
{
	barrier();	/* its callers must not know the result */
	return 1;
}

static noinline unsigned int livepatch_target_v2(void)
{
	return 2;
}

static noinline unsigned int livepatch_target_v3(void)
{
	return 3;
}

/* A callback: what is called on the way from a site must not have one. */
static notrace void kpatch_ftrace_handler(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
					  struct ftrace_regs *fregs)
{
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)op->private);
}

static struct ftrace_ops patch_v2 = {
	.func = kpatch_ftrace_handler,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
	.private = livepatch_target_v2,
};

static struct ftrace_ops patch_v3 = {
	.func = kpatch_ftrace_handler,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
	.private = livepatch_target_v3,
};

/* ---- The thread that keeps calling ---- */

#define VERSIONS 4

struct caller {
	unsigned long seen[VERSIONS];	/* calls that got 1, 2, 3; and [0]: anything else */
};

static int caller_thread(void *arg)
{
	struct caller *caller = arg;

	while (!kthread_should_stop()) {
		unsigned int version = livepatch_target();

		if (version >= VERSIONS)
			version = 0;
		WRITE_ONCE(caller->seen[version], caller->seen[version] + 1);
		yield();
	}
	return 0;
}

/* Says what is in effect now.  -EIO: it is not `version`, for us or after a while for the thread; -EINTR. */
static int expect_version(struct caller *caller, const char *step, unsigned int version)
{
	unsigned int want = ftrace_get_enabled() ? version : 1, got = livepatch_target();
	unsigned long seen = READ_ONCE(caller->seen[want]);

	sh_printf("%s: %ps() says %u\n", step, livepatch_target, got);
	while (READ_ONCE(caller->seen[want]) == seen) {
		if (got != want || READ_ONCE(caller->seen[0]))
			return -EIO;
		if (signal_pending(current))
			return -EINTR;
		yield();
	}
	return 0;
}

/* ---- The steps ---- */

static int patch(struct ftrace_ops *ops)
{
	int ret = ftrace_set_filter_ip(ops, (unsigned long)livepatch_target, 0, 0);

	return ret ? ret : register_ftrace_function(ops);
}

static int run_steps(struct caller *caller)
{
	int ret = expect_version(caller, "not patched", 1);

	if (ret)
		return ret;
	ret = patch(&patch_v2);
	if (ret) {
		sh_printf("v2: %s\n", errno_text(-ret));
		return ret;
	}
	ret = expect_version(caller, "patched by v2", 2);
	if (!ret) {
		ret = patch(&patch_v3);
		sh_printf("v3 on top of it: %s\n", errno_text(-ret));
		if (!ret)
			unregister_ftrace_function(&patch_v3);
		ret = ret != -EBUSY ? -EIO : expect_version(caller, "still v2", 2);
	}
	unregister_ftrace_function(&patch_v2);
	if (ret)
		return ret;
	ret = patch(&patch_v3);
	if (ret)
		return ret;
	ret = expect_version(caller, "v2 is gone, v3 again", 3);
	unregister_ftrace_function(&patch_v3);
	return ret ? ret : expect_version(caller, "v3 is gone", 1);
}

static int livepatch_main(unsigned long n)
{
	static DEFINE_MUTEX(one_at_a_time);
	struct caller caller = { .seen = { 0 } };
	struct crew crew;
	int ret = mutex_lock_interruptible(&one_at_a_time);

	if (ret)
		return ret;
	ret = crew_start(&crew, 1, caller_thread, &caller, sizeof(caller), "caller");
	if (ret)
		goto out;
	for (unsigned long i = 0; i < n && !ret; i++)
		ret = run_steps(&caller);
	crew_stop(&crew);
	if (!ret && caller.seen[0])
		ret = -EIO;
	if (ret == -EINVAL) {
		ret = 0;
		sh_printf("workload livepatch: sites are behind prologues, too late to go elsewhere\n");
	} else if (!ret) {
		sh_printf("workload livepatch: %lu rounds, no call got anything else, ok\n", n);
	}
out:
	ftrace_free_filter(&patch_v2);
	ftrace_free_filter(&patch_v3);
	mutex_unlock(&one_at_a_time);
	return ret;
}
WORKLOAD(livepatch, livepatch_main, 1, "N rounds of two patches of one function, while a thread calls it");
