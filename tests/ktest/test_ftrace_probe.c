/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ftrace_probe.c - probes on real sites: called, kept apart, and gone when they are said to be gone. */
#include "kernel/kallsyms.h"
#include "kernel/kthread.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/workload/counted.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"
#include "trace/ftrace_probe.h"
#include "trace/trace.h"

#define ALIVE 0x600d
#define DEAD 0xdead

static unsigned long hits, bad_hits, allocated;

static void probe_hit(unsigned long ip, unsigned long parent_ip, struct trace_array *tr,
		      const struct ftrace_probe_ops *ops, void *data)
{
	const unsigned long *state = data;

	if (tr != &global_trace || *state != ALIVE || ip != ftrace_location((unsigned long)counted_function))
		__atomic_fetch_add(&bad_hits, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
}

static int probe_init(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip, void *init_data,
		      void **data)
{
	unsigned long *state = kmalloc(sizeof(*state), GFP_KERNEL);

	if (!state)
		return -ENOMEM;
	*state = (unsigned long)init_data;
	*data = state;
	allocated++;
	return 0;
}

static void probe_free(const struct ftrace_probe_ops *ops, struct trace_array *tr, unsigned long ip, void *data)
{
	*(unsigned long *)data = DEAD;
	kfree(data);
	allocated--;
}

static const struct ftrace_probe_ops probe = {
	.name = "probe", .func = probe_hit, .init = probe_init, .free = probe_free,
};

static int probe_on(void)
{
	char glob[] = "counted_function";

	return register_ftrace_function_probe(glob, &global_trace, &probe, (void *)ALIVE);
}

static int probe_off(void)
{
	char glob[] = "counted_f*";

	return unregister_ftrace_function_probe_func(glob, &global_trace, &probe);
}

#define SKIP_IF_OFF()                                             \
	do {                                                      \
		if (!ftrace_enabled)                              \
			KTEST_SKIP("kernel.ftrace_enabled is 0"); \
	} while (0)

KTEST(ftrace_probe_is_called_while_it_is_registered)
{
	struct ftrace_audit audit;

	SKIP_IF_OFF();
	hits = bad_hits = 0;
	counted_function();
	KTEST_EXPECT_EQ(probe_on(), 1);
	KTEST_EXPECT_EQ(probe_on(), -EINVAL);
	KTEST_EXPECT(ftrace_audit(&audit));
	counted_function();
	counted_function();
	KTEST_EXPECT_EQ(probe_off(), 0);
	KTEST_EXPECT_EQ(probe_off(), -ENODEV);
	counted_function();
	KTEST_EXPECT_EQ(hits, 2);
	KTEST_EXPECT_EQ(bad_hits, 0);
	KTEST_EXPECT_EQ(allocated, 0);
	KTEST_EXPECT(ftrace_audit(&audit));
}

static int call_until_stopped(void *calls)
{
	while (!kthread_should_stop()) {
		counted_function();
		++*(unsigned long *)calls;
		cond_resched();
	}
	return 0;
}

/* Its data is poisoned and freed each time: a call that comes late sees that. */
KTEST(ftrace_probe_may_come_and_go_while_its_function_is_called)
{
	static unsigned long calls;
	struct task_struct *caller;
	int failed = 0;

	SKIP_IF_OFF();
	hits = bad_hits = calls = 0;
	caller = kthread_run(call_until_stopped, &calls, "probe-caller");
	KTEST_EXPECT(!IS_ERR(caller));
	for (int i = 0; i < 100 && !failed; i++) {
		unsigned long before = READ_ONCE(hits);

		failed = probe_on() != 1;
		while (!failed && READ_ONCE(hits) == before)
			yield();
		failed |= probe_off();
	}
	kthread_stop(caller);
	KTEST_EXPECT_EQ(failed, 0);
	KTEST_EXPECT_EQ(bad_hits, 0);
	KTEST_EXPECT(hits >= 100);
	KTEST_EXPECT_EQ(allocated, 0);
}

static int command_enable = -1;

static int test_command(struct trace_array *tr, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			bool enable)
{
	command_enable = enable;
	return strcmp(func, "vfs_*") || strcmp(params, "1:2") ? -EINVAL : 0;
}

KTEST(ftrace_command_is_found_once_and_by_name)
{
	static struct ftrace_func_command cmd = { .name = "ktest", .func = test_command };
	static struct ftrace_func_command taken = { .name = "traceoff", .func = test_command };
	char word[] = "vfs_*:ktest:1:2", same[] = "vfs_*:ktest:1:2";

	KTEST_EXPECT_EQ(register_ftrace_command(&taken), -EBUSY);
	KTEST_EXPECT_EQ(unregister_ftrace_command(&taken), -ENODEV);
	KTEST_EXPECT_EQ(register_ftrace_command(&cmd), 0);
	KTEST_EXPECT_EQ(register_ftrace_command(&cmd), -EBUSY);
	KTEST_EXPECT_EQ(ftrace_process_command(&global_trace, NULL, word, true), 0);
	KTEST_EXPECT_EQ(command_enable, 1);
	KTEST_EXPECT_EQ(unregister_ftrace_command(&cmd), 0);
	KTEST_EXPECT_EQ(ftrace_process_command(&global_trace, NULL, same, true), -EINVAL);
}
