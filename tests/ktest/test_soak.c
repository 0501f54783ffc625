/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_soak.c - patching under fire: random changes while every CPU runs all workloads.
 *
 * One worker a CPU runs the workloads, one after the other, and between them calls the counted functions
 * (kernel/workload/counted.h).  Meanwhile the changer makes random changes: filters and tracers through their files,
 * SOAK_OPS temporary ops that come, get other filters, and go; any of these may mean all functions of the kernel.
 *
 * What must hold:
 *   - witnesses, ops that stay registered, one for each counted function and each of another kind, saw every call once, however
 *     often the sites of these functions changed between "one ops, its index", "several, the list" and "all registers";
 *   - nobody calls an ops after unregister_ftrace_function(): it is overwritten and freed at once;
 *   - an ops is only called for functions that it asked for at some time;
 *   - the audit finds everything consistent, a hundred times in between and at the end;
 *   - every workload gets its work done: no wake-up, timer or softirq is lost;
 *   - in the last part, with changes of ops and of the tracer's filters going on, there is an event for every call of the
 *     counted functions.  (Before, the tracer comes and goes, and the buffer is overwritten: the witnesses count.)
 *
 * In every `make test`, small, as a KTEST; in full by `make soak`: the command `soak`.
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/shell.h"
#include "kernel/smp.h"
#include "kernel/workload/counted.h"
#include "kernel/workload/textfile.h"
#include "kernel/workload/workload.h"
#include "lib/kstrtox.h"
#include "lib/string.h"
#include "tests/ktest/ktest.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_internal.h"
#include "trace/trace.h"
#include "trace/trace_entries.h"
#include <asm/processor.h>

#define TRACING "/sys/kernel/tracing/"
#define SOAK_OPS 16
#define CALLS_A_ROUND 20
#define AUDITS 100
#define PROGRESS 500
#define SMALL_SOAK 150
#define POISON 0x6b
#define DAWDLE_EVERY 512
#define DAWDLE_NSEC (3 * NSEC_PER_MSEC)

enum { ASKED_FOR_ANY = 1U << 31 };	/* bit n: counted function n */

/* A temporary ops; memory of its own, poisoned and freed as soon as it is unregistered. */
struct soak_ops {
	unsigned long id;		/* no two have the same */
	struct ftrace_ops ops;
	u32 asked_for;			/* at any time so far */
	unsigned long hits;
};

static struct soak_ops *temporary[SOAK_OPS];
static unsigned long last_id;

/* What went wrong, counted by callbacks in any context and by workers. */
static struct {
	atomic_long_t late, unasked, rounds;
	const char *workload;		/* a workload that failed, and why */
	int error;
	const char *what;		/* the first thing that the changer found wrong */
} wrong;

static struct ftrace_ops witness[NR_COUNTED];
static atomic_long_t witnessed[NR_COUNTED];

static bool stop_workers;
static u32 random_state;

/* xorshift32 (Marsaglia 2003). */
static u32 random_below(u32 n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % n;
}

static void went_wrong(const char *what)
{
	if (!wrong.what)
		wrong.what = what;
}

/* ---- callbacks: any context ---- */

static void witness_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	long n = op - witness;

	if (n < 0 || n >= NR_COUNTED || ip != ftrace_location((unsigned long)counted[n].fn))
		atomic_long_inc(&wrong.unasked);
	else
		atomic_long_inc(&witnessed[n]);
}

/* Some calls take their time, more than switching all sites off: whoever does not wait for them is found out. */
static void dawdle(void)
{
	static unsigned int calls;
	u64 start = sched_clock();

	if (__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) % DAWDLE_EVERY == 0)
		while (sched_clock() - start < DAWDLE_NSEC)
			cpu_relax();
}

static void temporary_func(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	struct soak_ops *soak = container_of(op, struct soak_ops, ops);
	unsigned long id = READ_ONCE(soak->id);
	u32 asked_for = READ_ONCE(soak->asked_for);
	bool asked = asked_for & ASKED_FOR_ANY;

	dawdle();
	for (int n = 0; n < NR_COUNTED; n++)
		asked |= asked_for & BIT(n) && ip == ftrace_location((unsigned long)counted[n].fn);
	if (READ_ONCE(soak->id) != id || id > last_id)
		atomic_long_inc(&wrong.late);
	else if (!asked)
		atomic_long_inc(&wrong.unasked);
	__atomic_fetch_add(&soak->hits, 1, __ATOMIC_RELAXED);
}

/* ---- witnesses ---- */

static void remove_witnesses(void)
{
	for (int n = 0; n < NR_COUNTED; n++) {
		if (witness[n].flags & FTRACE_OPS_FL_ENABLED)
			unregister_ftrace_function(&witness[n]);
		ftrace_free_filter(&witness[n]);
	}
}

static int add_witnesses(void)
{
	static const unsigned long flags[NR_COUNTED] = { 0, FTRACE_OPS_FL_RECURSION, FTRACE_OPS_FL_SAVE_REGS, FTRACE_OPS_FL_RCU };
	int err = 0;

	for (int n = 0; n < NR_COUNTED && !err; n++) {
		witness[n] = (struct ftrace_ops){ .func = witness_func, .flags = flags[n] };
		atomic_long_set(&witnessed[n], 0);
		err = ftrace_set_filter_ip(&witness[n], (unsigned long)counted[n].fn, 0, 1);
		if (!err)
			err = register_ftrace_function(&witness[n]);
	}
	/* From here on every call is seen. */
	for (int n = 0; n < NR_COUNTED; n++)
		atomic_long_set(&counted[n].calls, 0);
	if (err)
		remove_witnesses();
	return err;
}

static bool witnesses_saw_all(void)
{
	bool all = true;

	for (int n = 0; n < NR_COUNTED; n++)
		all &= atomic_long_read(&witnessed[n]) == atomic_long_read(&counted[n].calls);
	return all;
}

/* ---- workers ---- */

static int one_round(int first)
{
	const struct workload *const *w;
	int nr = __stop_registry_workloads - __start_registry_workloads, err = 0;

	for (int i = 0; i < nr && !err && !READ_ONCE(stop_workers); i++) {
		w = &__start_registry_workloads[(first + i) % nr];
		err = (*w)->fn(1);
		if (err) {
			wrong.error = -err;
			wrong.workload = (*w)->name;
		}
		for (int n = 0; n < NR_COUNTED * CALLS_A_ROUND; n++)
			counted[n % NR_COUNTED].fn();
	}
	return err;
}

static int worker_main(void *arg)
{
	int cpu = (int)(long)arg, null;

	set_cpus_allowed(current, BIT(cpu));
	/* What the workloads print belongs to nobody. */
	null = do_sys_open("/dev/null", O_WRONLY, 0);
	if (null < 0)
		return -null;
	ksys_dup2(null, 1);
	close_fd(null);
	while (!READ_ONCE(stop_workers)) {
		if (one_round(cpu))
			return 1;
		atomic_long_inc(&wrong.rounds);
	}
	return 0;
}

static int start_workers(void)
{
	int cpu, started = 0;

	WRITE_ONCE(stop_workers, false);
	for_each_online_cpu(cpu)
		started += kernel_clone(worker_main, (void *)(long)cpu, "soak", 0) > 0;
	return started;
}

static void end_workers(int started)
{
	int status;

	WRITE_ONCE(stop_workers, true);
	for (; started; started--)
		if (kernel_wait4(-1, &status, 0) < 0 || status)
			went_wrong(wrong.workload ? "a workload failed" : "a worker did not end well");
}

/* ---- changes: the changer only ---- */

static const char *const patterns[] = {
	"vfs_*", "*lock*", "schedule", "*wake*", "counted_*", "k*", "mutex_lock\nmutex_unlock", "*", "*timer*", "try_to_wake_up",
};

static const char *random_pattern(void)
{
	return patterns[random_below(ARRAY_SIZE(patterns))];
}

/* -EBUSY, -ENOMEM and the like are answers, too; that the kernel goes on is the test. */
static void change_files(void)
{
	switch (random_below(6)) {
	case 0:
		write_text_file(TRACING "set_ftrace_filter", random_pattern());
		break;
	case 1:
		write_text_file(TRACING "set_ftrace_filter", "\n");	/* all */
		break;
	case 2:
		write_text_file(TRACING "set_ftrace_notrace", random_below(2) ? random_pattern() : "\n");
		break;
	case 3:
	case 4:
		write_text_file(TRACING "current_tracer", "function\n");
		break;
	case 5:
		write_text_file(TRACING "current_tracer", "nop\n");
		break;
	}
}

static void choose_set(struct soak_ops *soak, bool reset)
{
	unsigned char pattern[32];
	u32 n = random_below(2 * NR_COUNTED);

	if (n < NR_COUNTED) {
		WRITE_ONCE(soak->asked_for, soak->asked_for | BIT(n));
		ftrace_set_filter_ip(&soak->ops, (unsigned long)counted[n].fn, 0, reset);
		return;
	}
	WRITE_ONCE(soak->asked_for, soak->asked_for | ASKED_FOR_ANY);
	if (n == NR_COUNTED) {
		ftrace_set_filter(&soak->ops, NULL, 0, 1);	/* all */
		return;
	}
	strscpy((char *)pattern, random_pattern(), sizeof(pattern));
	ftrace_set_filter(&soak->ops, pattern, strlen((char *)pattern), reset);
}

static void add_temporary(struct soak_ops **slot)
{
	static const unsigned long flags[] = { 0, 0, FTRACE_OPS_FL_RECURSION, FTRACE_OPS_FL_SAVE_REGS, FTRACE_OPS_FL_RCU };
	struct soak_ops *soak = kzalloc(sizeof(*soak), GFP_KERNEL);

	if (!soak)
		return;
	soak->id = ++last_id;
	soak->ops.func = temporary_func;
	soak->ops.flags = flags[random_below(ARRAY_SIZE(flags))];
	choose_set(soak, true);
	if (register_ftrace_function(&soak->ops)) {
		went_wrong("an ops could not be registered");
		ftrace_free_filter(&soak->ops);
		kfree(soak);
		return;
	}
	*slot = soak;
}

static void remove_temporary(struct soak_ops **slot)
{
	struct soak_ops *soak = *slot;

	if (unregister_ftrace_function(&soak->ops)) {
		went_wrong("an ops could not be unregistered");
		return;
	}
	ftrace_free_filter(&soak->ops);
	memset(soak, POISON, sizeof(*soak));
	kfree(soak);
	*slot = NULL;
}

static void change_ops(void)
{
	struct soak_ops **slot = &temporary[random_below(SOAK_OPS)];

	if (!*slot)
		add_temporary(slot);
	else if (random_below(2))
		choose_set(*slot, random_below(2));
	else
		remove_temporary(slot);
}

static void audit_now(void)
{
	struct ftrace_audit audit;

	if (!ftrace_audit(&audit))
		went_wrong("the audit found a difference");
}

static bool soak_goes_on(void)
{
	return !wrong.what && !wrong.workload && !ftrace_is_dead() && !signal_pending(current);
}

static void make_changes(unsigned long changes, void (*change_tracer)(void))
{
	unsigned long step = max(changes / AUDITS, 1UL);

	for (unsigned long i = 0; i < changes && soak_goes_on(); i++) {
		if (random_below(2))
			change_tracer();
		else
			change_ops();
		if (i % step == 0)
			audit_now();
		if (i && i % PROGRESS == 0)
			sh_printf("soak: %lu of %lu changes\n", i, changes);
		cond_resched();
	}
}

/* ---- the last part: an event for each call ---- */

static bool is_counted_call(const struct trace_entry *entry)
{
	const struct ftrace_entry *field = (const void *)entry;

	for (int n = 0; entry->type == TRACE_FN && n < NR_COUNTED; n++)
		if (ftrace_location(field->ip) == ftrace_location((unsigned long)counted[n].fn))
			return true;
	return false;
}

static unsigned long count_events_of(int cpu)
{
	struct ring_buffer_iter iter;
	struct rb_event event;
	unsigned long events = 0;
	int err;

	ring_buffer_lock(&global_trace.buffer);
	err = ring_buffer_read_start(&iter, global_trace.buffer.buffers[cpu]);
	ring_buffer_unlock(&global_trace.buffer);
	if (err)
		return 0;
	if (iter.overrun)
		went_wrong("the buffer was too small for the last part");
	for (; ring_buffer_iter_peek(&iter, &event); ring_buffer_iter_advance(&iter))
		events += is_counted_call(event.data);
	ring_buffer_read_finish(&iter);
	return events;
}

static unsigned long all_calls(void)
{
	unsigned long calls = 0;

	for (int n = 0; n < NR_COUNTED; n++)
		calls += atomic_long_read(&counted[n].calls);
	return calls;
}

/* The tracer always has the counted functions; others come and go. */
static void change_other_filters(void)
{
	static const char *const filters[] = {
		"counted_[0-3]", "counted_[0-3]\nvfs_*", "counted_*\n*open*\nschedule", "*_[0-3]\nk*alloc\n",
	};
	static const char *const left_out[] = { "\n", "vfs_w*", "schedule\n*alloc", "filp_*" };

	if (random_below(2))
		write_text_file(TRACING "set_ftrace_filter", filters[random_below(ARRAY_SIZE(filters))]);
	else
		write_text_file(TRACING "set_ftrace_notrace", left_out[random_below(ARRAY_SIZE(left_out))]);
}

static int caller_main(void *arg)
{
	set_cpus_allowed(current, BIT((int)(long)arg));
	for (int n = 0; n < 500 * NR_COUNTED; n++) {
		counted[n % NR_COUNTED].fn();
		if (n % 50 == 0)
			schedule_timeout_uninterruptible(1);
	}
	return 0;
}

static void every_call_is_an_event(void)
{
	unsigned long before, events = 0;
	int cpu, started = 0;

	write_text_file(TRACING "current_tracer", "nop\n");
	write_text_file(TRACING "set_ftrace_notrace", "\n");
	write_text_file(TRACING "set_ftrace_filter", "counted_[0-3]");
	write_text_file(TRACING "trace", "\n");
	write_text_file(TRACING "current_tracer", "function\n");
	before = all_calls();
	for_each_online_cpu(cpu)
		started += kernel_clone(caller_main, (void *)(long)cpu, "soak", 0) > 0;
	make_changes(80, change_other_filters);
	end_workers(started);
	write_text_file(TRACING "tracing_on", "0\n");
	for_each_online_cpu(cpu)
		events += count_events_of(cpu);
	if (events != all_calls() - before)
		went_wrong("there is not an event for each call");
	write_text_file(TRACING "tracing_on", "1\n");
}

/* ---- all of it ---- */

static void soak(unsigned long changes, u32 seed)
{
	int started;

	memset(&wrong, 0, sizeof(wrong));
	random_state = seed ? seed : 1;
	if (add_witnesses()) {
		went_wrong("the witnesses could not be registered");
		return;
	}
	started = start_workers();
	make_changes(changes, change_files);
	end_workers(started);
	audit_now();
	if (soak_goes_on())
		every_call_is_an_event();
	for (int i = 0; i < SOAK_OPS; i++)
		if (temporary[i])
			remove_temporary(&temporary[i]);
	if (!witnesses_saw_all())
		went_wrong("a witness missed a call, or saw one twice");
	remove_witnesses();
	write_text_file(TRACING "current_tracer", "nop\n");
	write_text_file(TRACING "set_ftrace_filter", "\n");
	write_text_file(TRACING "set_ftrace_notrace", "\n");
	audit_now();
	if (ftrace_is_dead())
		went_wrong("ftrace has shut itself off");
	if (atomic_long_read(&wrong.late))
		went_wrong("an ops was called after it was unregistered");
	if (atomic_long_read(&wrong.unasked))
		went_wrong("an ops was called for a function that it never asked for");
}

KTEST(soak_changes_under_all_workloads_lose_no_call)
{
	if (!ftrace_enabled)
		KTEST_SKIP("kernel.ftrace_enabled is 0");
	soak(SMALL_SOAK, 20261128);
	KTEST_EXPECT_STREQ(wrong.what ? wrong.what : "nothing", "nothing");
	KTEST_EXPECT(all_calls() > 0);
}

static int cmd_soak(int argc, char **argv)
{
	unsigned long changes = 10000, seed = jiffies;

	if (argc > 3)
		return sh_usage("soak");
	for (int i = 1; i < argc; i++) {
		int err = kstrtoul(argv[i], 0, i == 1 ? &changes : &seed);

		if (!err && !changes)
			err = -EINVAL;
		if (err)
			return sh_fail("soak", argv[i], err);
	}
	sh_printf("soak: %lu changes on %u CPUs, seed %u\n", changes, num_online_cpus(), (u32)seed);
	soak(changes, (u32)seed);
	sh_printf("soak: %lu calls of counted functions, %ld rounds of all workloads\n", all_calls(), atomic_long_read(&wrong.rounds));
	if (signal_pending(current))
		return 1;
	if (wrong.workload)
		sh_error("soak: workload %s: %s\n", wrong.workload, errno_text(wrong.error));
	if (wrong.what)
		sh_error("soak: %s\n", wrong.what);
	else
		sh_printf("soak: nothing went wrong\n");
	return wrong.what != NULL;
}
SHELL_COMMAND(soak, cmd_soak, 0, "[CHANGES [SEED]]",
	      "makes random changes of filters, tracers and ops while all CPUs run all workloads; undoes them");
