/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace_explain.c - why is this function traced, or not?
 *
 * The first line is the answer.  Below it is what it follows from: who is registered and what each set says of the site;
 * where a call goes; the words in memory; and whether all that fits together (ftrace_audit.c).
 *
 * A function without a record is never traced, for one of these reasons, looked at in this order: it is
 * not code; its memory was freed after boot; its folder is not traced; it is an exception in a folder that is.
 * A name without a symbol is not in the kernel: the compiler put it into its callers, or made something of
 * it with a suffix (NAME.isra.0), or it never was there.  Then similar names are shown.
 *
 * Everything about one function is said under one ftrace_lock, so that it is true of one moment.  Task context.
 */
#include "lib/edit_distance.h"
#include "trace/ftrace_audit.h"
#include "trace/ftrace_explain.h"
#include "trace/ftrace_internal.h"
#include "trace/ftrace_probe.h"

static bool is_code(u32 symbol)
{
	char type = kallsyms_sym_type(symbol);

	return type == 't' || type == 'T';
}

/* ---- A function with a record ---- */

static void explain_verdict(struct trace_seq *s, const char *name, const struct dyn_ftrace *rec)
{
	u32 count = ftrace_rec_count(rec);

	if (rec->flags & FTRACE_FL_DISABLED)
		trace_seq_printf(s, "%s: not traced: its site may not be touched\n", name);
	else if (rec->flags & FTRACE_FL_ENABLED)
		trace_seq_printf(s, "%s: traced, by %u\n", name, count);
	else if (count && !ftrace_enabled)
		trace_seq_printf(s, "%s: not traced: kernel.ftrace_enabled is 0; wanted by %u\n", name, count);
	else
		trace_seq_printf(s, "%s: not traced: no ops wants it\n", name);
	if (ftrace_disabled)
		trace_seq_puts(s, "  ftrace is dead: nothing changes any more\n");
}

/* Which hash of ops decides, and how. */
static const char *why(const struct ftrace_ops *op, unsigned long ip)
{
	struct ftrace_set set = ftrace_ops_set(op);

	if (!ftrace_hash_empty(set.notrace_hash) && ftrace_lookup_ip(set.notrace_hash, ip))
		return "no: its notrace names it";
	if (ftrace_hash_empty(set.filter_hash))
		return "yes: it has no filter, so all are meant";
	return ftrace_lookup_ip(set.filter_hash, ip) ? "yes: its filter names it" : "no: its filter does not name it";
}

static void explain_one(struct trace_seq *s, const char *head, const struct ftrace_ops *op, unsigned long ip)
{
	const struct ftrace_probe_ops *probe = ftrace_ops_probe(op);
	char name[KSYM_SYMBOL_LEN];

	/* A probe's ops is memory without a symbol: the user knows it by its command. */
	if (probe)
		strscpy(name, probe->name, sizeof(name));
	else
		ftrace_ops_name(op, name);
	name[strcspn(name, "+")] = '\0';	/* an ops has no offset worth a word */
	trace_seq_printf(s, "%s%s (%ps): %s\n", head, name, op->func, why(op, ip));
}

static void explain_ops(struct trace_seq *s, unsigned long ip)
{
	struct ftrace_ops *op, *subop;

	for_each_ftrace_op(op) {
		explain_one(s, "  ops         ", op, ip);
		for_each_subop(subop, op)
			explain_one(s, "    subops    ", subop, ip);
	}
	/* Who has written a filter wonders most. */
	if (!(global_ops.flags & FTRACE_OPS_FL_ENABLED))
		trace_seq_printf(s, "  ops         global_ops: not registered (no tracer uses it); if it were, %s\n",
				 why(&global_ops, ip));
}

static void explain_target(struct trace_seq *s, const struct dyn_ftrace *rec)
{
	unsigned long ip = ftrace_rec_ip(rec), direct = ftrace_find_rec_direct(ip);
	u32 state = rec->flags & FTRACE_FL_STATE;
	const struct ftrace_ops *sole = ftrace_find_unique_ops(ip);

	if (!state)
		return;
	trace_seq_puts(s, "  target      ");
	if (state & FTRACE_FL_DIRECT_EN)
		trace_seq_puts(s, "nothing of ours");
	else if ((state & FTRACE_FL_CALL_OPS_EN) && sole)
		trace_seq_printf(s, "index %u: %ps", sole->dispatch_index, sole->func);
	else
		trace_seq_printf(s, "index 0: %ps, which asks each of them", ftrace_slot_func);
	if ((rec->flags & FTRACE_FL_DIRECT) && !(state & FTRACE_FL_DIRECT_EN))
		trace_seq_printf(s, ", then %ps (direct)", (void *)direct);
	trace_seq_printf(s, "\n  %s%ps\n", state & FTRACE_FL_DIRECT_EN ? "direct      " : "trampoline  ",
			 (void *)ftrace_state_addr(ip, state));
}

static void explain_words(struct trace_seq *s, unsigned long ip)
{
	u32 words[FTRACE_SITE_WORDS];

	trace_seq_printf(s, "  site        %pS, %lx\n", (void *)ip, ip);
	if (ftrace_read_site(ip, words)) {
		trace_seq_puts(s, "    cannot be read\n");
		return;
	}
	for (int i = 0; i < FTRACE_SITE_WORDS; i++) {
		char text[KSYM_SYMBOL_LEN + 16];

		ftrace_decode_word(ip + 4 * i, words[i], text, sizeof(text));
		trace_seq_printf(s, "    +%-9d %08x  %s\n", 4 * i, words[i], text);
	}
}

static void explain_record(struct trace_seq *s, const char *name, const struct dyn_ftrace *rec)
{
	unsigned long ip = ftrace_rec_ip(rec);
	struct ftrace_audit audit;

	explain_verdict(s, name, rec);
	explain_ops(s, ip);
	explain_target(s, rec);
	explain_words(s, ip);
	if (ftrace_audit_rec(&audit, rec))
		trace_seq_puts(s, "  audit       consistent\n");
	else
		trace_seq_printf(s, "  audit       %s: expected %08x, found %08x\n", audit.what, audit.expected, audit.found);
}

/* ---- A symbol without one ---- */

static void explain_symbol(struct trace_seq *s, const char *name, unsigned long addr)
{
	const char *folder = untraced_folder(addr);

	if (addr >= (unsigned long)__init_begin && addr < (unsigned long)__init_end)
		trace_seq_printf(s, "%s: not traced: code of boot, freed when that was over\n", name);
	else if (folder)
		trace_seq_printf(s, "%s: never traced: it is in %s/\n", name, folder);
	else
		trace_seq_printf(s, "%s: never traced: it has no site (notrace, or assembly)\n", name);
}

/* ---- Names ---- */

/* `other` is `name` with one of the compiler's suffixes. */
static bool is_variant(const char *name, const char *other)
{
	size_t len = strlen(name);

	return !strncmp(name, other, len) && other[len] == '.';
}

static void explain_variants(struct trace_seq *s, const char *name)
{
	for (u32 i = 0; i < kallsyms_num_syms; i++)
		if (is_code(i) && is_variant(name, kallsyms_sym_name(i)))
			trace_seq_printf(s, "  see also    %s: the compiler's variant of it\n", kallsyms_sym_name(i));
}

#define NEAREST_MAX 5
#define DISTANCE_MAX 3U

/* The names that differ by `distance` letters; how many that were, of `room` at most. */
static int list_near(struct trace_seq *s, const char *name, unsigned int distance, int room)
{
	int listed = 0;

	for (u32 i = 0; i < kallsyms_num_syms && listed < room; i++) {
		const char *other = kallsyms_sym_name(i);

		if (!is_code(i) || is_variant(name, other) || edit_distance(name, other, distance) != distance)
			continue;
		trace_seq_printf(s, "  similar     %s\n", other);
		listed++;
	}
	return listed;
}

static void explain_absent(struct trace_seq *s, const char *name)
{
	unsigned int max = min_t(unsigned int, strlen(name) / 3, DISTANCE_MAX);
	int room = NEAREST_MAX;

	trace_seq_printf(s, "%s: not in this kernel: part of its callers (inlined), or never was\n", name);
	explain_variants(s, name);
	for (unsigned int distance = 1; distance <= max && room; distance++)
		room -= list_near(s, name, distance, room);
}

bool ftrace_explain(struct trace_seq *s, const char *name)
{
	bool is_function = false, is_data = false;

	mutex_lock(&ftrace_lock);
	for (u32 i = 0; i < kallsyms_num_syms; i++) {
		unsigned long addr = kallsyms_sym_address(i);
		const struct dyn_ftrace *rec;

		if (strcmp(kallsyms_sym_name(i), name))
			continue;
		if (!is_code(i)) {
			is_data = true;
			continue;
		}
		/* Several functions may have the name: each is explained. */
		is_function = true;
		rec = ftrace_exact_rec(ftrace_location(addr));
		if (rec)
			explain_record(s, name, rec);
		else
			explain_symbol(s, name, addr);
	}
	mutex_unlock(&ftrace_lock);
	if (is_function)
		explain_variants(s, name);
	else if (is_data)
		trace_seq_printf(s, "%s: not a function: data\n", name);
	else
		explain_absent(s, name);
	return is_function;
}
