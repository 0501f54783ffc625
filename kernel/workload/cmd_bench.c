/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_bench.c - `bench`: what tracing costs, measured through the files a user writes.
 *
 * The probe is an empty function called many times; a figure is what tracing adds
 * to one call.  Times come from the clock; with ICOUNT=1 a nanosecond is an
 * instruction and the figures repeat exactly (tools/bench runs it so).
 * A row is `NAME VALUE UNIT`.  Filters and tracer are set anew: what was set before is lost.
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/time/time.h"
#include "kernel/workload/textfile.h"
#include "lib/math64.h"
#include "lib/string.h"
#include "trace/ftrace_internal.h"

#define TRACING "/sys/kernel/tracing/"
#define CALLS 20000
#define MAX_OTHERS 64

static noinline void bench_probe(unsigned long a, unsigned long b)
{
	__asm__ volatile("" :: "r"(a), "r"(b));
}

static u64 ns_for_calls(void)
{
	u64 start = sched_clock();

	for (unsigned long i = 0; i < CALLS; i++)
		bench_probe(i, i);
	return sched_clock() - start;
}

/* Nanoseconds that the write takes, with `close` until the file is closed: what a filter says takes effect there.  Or -errno. */
static s64 timed_write(const char *path, const char *text, bool close)
{
	struct file *file = filp_open(path, O_WRONLY | O_TRUNC, 0);
	s64 err = IS_ERR(file) ? PTR_ERR(file) : 0;
	u64 start = sched_clock(), written = 0, closed = 0;
	loff_t pos = 0;

	if (!err) {
		ssize_t n = vfs_write(file, text, strlen(text), &pos);

		written = sched_clock();
		err = filp_close(file);
		closed = sched_clock();
		err = n < 0 ? n : err;
	}
	if (err)
		sh_fail("bench", path, (int)err);
	return err ? err : (s64)((close ? closed : written) - start);
}

static void row(const char *name, u64 hundredths, const char *unit)
{
	u32 rest;
	u64 whole = div_u64_rem(hundredths, 100, &rest);

	sh_printf("%-32s %8llu.%02u %s\n", name, (unsigned long long)whole, rest, unit);
}

static void row_per(const char *name, s64 total, unsigned long n, const char *unit)
{
	if (total >= 0 && n)
		row(name, div_u64((u64)total * 100, n), unit);
}

static void nothing(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

/* What the function tracer adds to a call while `others` more ops watch another function. */
static int bench_calls(const char *name, struct ftrace_ops *others, int n, u64 base)
{
	int err = write_text_file(TRACING "set_ftrace_filter", "bench_probe\n");
	int registered = 0;

	while (!err && registered < n) {
		err = ftrace_set_filter_ip(&others[registered], (unsigned long)schedule_timeout, 0, 1);
		if (!err)
			err = register_ftrace_function(&others[registered]);
		if (!err)
			registered++;
	}
	if (!err)
		err = write_text_file(TRACING "current_tracer", "function\n");
	if (!err)
		row_per(name, ns_for_calls() - base, CALLS, "ns/call");
	if (!err)
		err = write_text_file(TRACING "current_tracer", "nop\n");
	while (registered--) {
		unregister_ftrace_function(&others[registered]);
		ftrace_free_filter(&others[registered]);
	}
	return err;
}

/* What a trampoline that does nothing adds: alone on its site, and with the callback of `other` there too. */
static int bench_direct(struct ftrace_ops *other, u64 base)
{
	static struct ftrace_ops ops;
	unsigned long tramp = (unsigned long)ftrace_stub_direct_tramp, probe = (unsigned long)bench_probe;
	int err = ftrace_set_filter_ip(&ops, probe, 0, 1);

	if (!err)
		err = register_ftrace_direct(&ops, tramp);
	if (err)
		return err == -EINVAL ? 0 : err;	/* sites behind prologues: there are none */
	row_per("direct_call", ns_for_calls() - base, CALLS, "ns/call");
	err = ftrace_set_filter_ip(other, probe, 0, 1);
	if (!err)
		err = register_ftrace_function(other);
	if (!err) {
		row_per("direct_call_shared", ns_for_calls() - base, CALLS, "ns/call");
		unregister_ftrace_function(other);
	}
	ftrace_free_filter(other);
	unregister_ftrace_direct(&ops, tramp, true);
	return err;
}

static unsigned long count_sites(void)
{
	unsigned long n = 0, last = 0;

	for (u32 i = 0; i < kallsyms_num_syms; i++) {
		unsigned long addr = kallsyms_sym_address(i);

		n += addr != last && ftrace_location(addr) == addr;
		last = addr;
	}
	return n;
}

#define ROUNDS 3

/* The cheapest of some rounds: the others may have a timer's interrupt in them. */
static void bench_switch(const char *on_name, const char *off_name, unsigned long n, const char *unit)
{
	s64 on = INT64_MAX, off = INT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		on = min(on, timed_write(TRACING "current_tracer", "function\n", false));
		off = min(off, timed_write(TRACING "current_tracer", "nop\n", false));
	}
	row_per(on_name, on, n, unit);
	row_per(off_name, off, n, unit);
}

static void bench_switching(unsigned long sites)
{
	static const char filter[] = TRACING "set_ftrace_filter";

	write_text_file(TRACING "tracing_on", "0\n");
	write_text_file(filter, "bench_probe\n");
	bench_switch("switch_one_on", "switch_one_off", 1, "ns");
	write_text_file(filter, "\n");
	bench_switch("switch_all_on", "switch_all_off", sites, "ns/site");
	row_per("write_glob", timed_write(filter, "*sched*\n", true), sites, "ns/name");
	write_text_file(filter, "\n");
	write_text_file(TRACING "tracing_on", "1\n");
}

static int cmd_bench(int argc, char **argv)
{
	static const struct { const char *name; int others; } calls[] = {
		{ "function_tracer", 0 }, { "function_tracer_1_other", 1 }, { "function_tracer_8_others", 8 },
		{ "function_tracer_64_others", MAX_OTHERS },
	};
	unsigned long sites = count_sites();
	struct ftrace_ops *others;
	int err = 0;
	u64 base;

	if (argc > 1)
		return sh_usage("bench");
	others = kcalloc(MAX_OTHERS, sizeof(*others), GFP_KERNEL);
	if (!others)
		return sh_fail("bench", NULL, -ENOMEM);
	for (int i = 0; i < MAX_OTHERS; i++)
		others[i].func = nothing;
	write_text_file(TRACING "current_tracer", "nop\n");
	row("sites", sites * 100, "sites");
	row("record_size", sizeof(struct dyn_ftrace) * 100, "bytes");
	ns_for_calls();
	base = ns_for_calls();
	row_per("untraced_call", base, CALLS, "ns/call");
	for (unsigned int i = 0; i < ARRAY_SIZE(calls) && !err && !signal_pending(current); i++)
		err = bench_calls(calls[i].name, others, calls[i].others, base);
	if (!err)
		err = bench_direct(&others[0], base);
	kfree(others);
	if (err)
		return sh_fail("bench", NULL, err);
	bench_switching(sites);
	return 0;
}
SHELL_COMMAND(bench, cmd_bench, 0, "", "measures what tracing costs (resets filters and tracer)");
