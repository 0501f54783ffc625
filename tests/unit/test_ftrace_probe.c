/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes and commands: what they are called for, what they keep for each function, and how they go. */
#include "tests/unit/host_file.h"
#include "tests/unit/host_ftrace.h"
#include "trace/ftrace_probe.h"
#include "trace/trace.h"

static const char *const names[] = { "alpha", "beta_one", "beta_two", "gamma", "one_beta" };

#define NR ((int)ARRAY_SIZE(names))

/* Of the trace array, probes only keep the address. */
static struct trace_array *const tr = &global_trace;

static struct {
	int hits[NR], inits, frees, fail_init_at;
	bool recurse;	/* call the function from within */
	void *data;
	const void *hash;	/* of the probe, if nobody may have it when data is freed */
} seen;

static int site_of(unsigned long ip)
{
	for (int i = 0; i < NR; i++)
		if (host_site(i) == ip)
			return i;
	fail_msg("%lx is no site", ip);
	return 0;
}

static void probe_hit(unsigned long ip, unsigned long parent_ip, struct trace_array *array,
		      const struct ftrace_probe_ops *ops, void *data)
{
	assert_ptr_equal(array, tr);
	assert_int_equal(parent_ip, 0x1000 + site_of(ip));
	assert_int_not_equal(preempt_count(), 0);
	seen.hits[site_of(ip)]++;
	seen.data = data;
	if (seen.recurse)
		host_call(ip, parent_ip);
}

/* Memory of its own for each function, so that ASan finds what is not freed, freed twice, or used afterwards. */
static int probe_init(const struct ftrace_probe_ops *ops, struct trace_array *array, unsigned long ip,
		      void *init_data, void **data)
{
	assert_null(*data);
	if (++seen.inits == seen.fail_init_at)
		return -EDOM;
	*data = kmalloc(sizeof(long), GFP_KERNEL);
	if (!*data) {
		seen.inits--;
		return -ENOMEM;
	}
	*(long *)*data = (long)init_data + site_of(ip);
	return 0;
}

static void probe_free(const struct ftrace_probe_ops *ops, struct trace_array *array, unsigned long ip, void *data)
{
	seen.frees++;
	assert_false(host_has_readers(seen.hash));
	kfree(data);
}

static void probe_print(struct seq_file *m, const struct ftrace_probe_ops *ops, void *data)
{
	seq_printf(m, "data=%ld", *(long *)data);
}

static const struct ftrace_probe_ops plain = { .name = "plain", .func = probe_hit };
static const struct ftrace_probe_ops kept = {
	.name = "kept", .func = probe_hit, .init = probe_init, .free = probe_free, .print = probe_print,
};

static int on(const char *glob, const struct ftrace_probe_ops *ops, long data)
{
	char buf[64];

	strscpy(buf, glob, sizeof(buf));
	return register_ftrace_function_probe(buf, tr, ops, (void *)data);
}

static int off(const char *glob, const struct ftrace_probe_ops *ops)
{
	char buf[64];

	strscpy(buf, glob, sizeof(buf));
	return unregister_ftrace_function_probe_func(buf, tr, ops);
}

static int setup(void **state)
{
	host_ftrace_boot(NR, names);
	assert_non_null(ftrace_filter_fops.open);
	global_ops.private = tr;
	memset(&seen, 0, sizeof(seen));
	return 0;
}

static int teardown(void **state)
{
	off("*", &plain);
	off("*", &kept);
	assert_int_equal(ftrace_sites_on, 0);
	host_ftrace_end();
	return 0;
}

/* ---- probes ---- */

static void a_probe_is_called_for_its_functions_only(void **state)
{
	assert_int_equal(on("beta_*", &plain, 0), 2);
	host_ftrace_audit();
	for (int i = 0; i < NR; i++)
		host_hit(i);
	for (int i = 0; i < NR; i++)
		assert_int_equal(seen.hits[i], i == 1 || i == 2);
	assert_int_equal(off("beta_one", &plain), 0);
	host_ftrace_audit();
	host_hit(1);
	host_hit(2);
	assert_int_equal(seen.hits[1], 1);
	assert_int_equal(seen.hits[2], 2);
}

/* A CPU may have read the site just before it was switched off. */
static void a_probe_is_not_called_for_what_it_has_lost(void **state)
{
	struct ftrace_ops *ops;

	assert_int_equal(on("beta_*", &kept, 0), 2);
	assert_int_equal(off("beta_one", &kept), 0);
	ops = ftrace_ops_list;
	preempt_disable();
	ops->func(host_site(1), 0x1001, ops, NULL);
	ops->func(host_site(2), 0x1002, ops, NULL);
	preempt_enable();
	assert_int_equal(seen.hits[1], 0);
	assert_int_equal(seen.hits[2], 1);
}

static void data_is_freed_when_nobody_has_the_probes_old_hash(void **state)
{
	assert_int_equal(on("beta_*", &kept, 7), 2);
	seen.hash = ftrace_ops_list->func_hash->filter_hash;
	assert_int_equal(off("beta_one", &kept), 0);
	assert_int_equal(seen.frees, 1);
	seen.hash = NULL;
}

static void a_probe_is_not_called_because_of_itself(void **state)
{
	seen.recurse = true;
	assert_int_equal(on("alpha", &plain, 0), 1);
	host_hit(0);
	/* The one more is what may be an interrupt's entry: see trace_recursion.h. */
	assert_int_equal(seen.hits[0], 2);
}

static void the_last_function_takes_the_probe_with_it(void **state)
{
	assert_int_equal(on("alpha", &plain, 0), 1);
	assert_int_equal(off("alpha", &plain), 0);
	assert_int_equal(ftrace_sites_on, 0);
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
	host_hit(0);
	assert_int_equal(seen.hits[0], 0);
	assert_int_equal(off("alpha", &plain), -ENODEV);
}

static void every_function_has_data_of_its_own(void **state)
{
	assert_int_equal(on("*beta*", &kept, 100), 3);
	assert_int_equal(on("gamma", &kept, 200), 1);
	assert_int_equal(seen.inits, 4);
	host_hit(2);
	assert_int_equal(*(long *)seen.data, 102);
	host_hit(3);
	assert_int_equal(*(long *)seen.data, 203);
	assert_int_equal(off("beta_*", &kept), 0);
	assert_int_equal(seen.frees, 2);
	host_hit(4);
	assert_int_equal(*(long *)seen.data, 104);
	assert_int_equal(off("*", &kept), 0);
	assert_int_equal(seen.frees, 4);
}

static void a_function_keeps_its_data_when_it_is_named_again(void **state)
{
	assert_int_equal(on("gamma", &kept, 100), 1);
	assert_int_equal(on("gamma", &kept, 200), -EINVAL);
	assert_int_equal(on("*a*", &kept, 200), NR - 1);
	host_hit(3);
	assert_int_equal(*(long *)seen.data, 103);
	assert_int_equal(seen.inits, NR);
}

static void what_matches_nothing_is_refused(void **state)
{
	assert_int_equal(on("nosuch", &plain, 0), -EINVAL);
	assert_int_equal(on("!alpha", &plain, 0), -EINVAL);
	assert_int_equal(on("", &plain, 0), -EINVAL);
	assert_int_equal(on("99", &plain, 0), -EINVAL);
	assert_int_equal(on("1", &plain, 0), 1);
	assert_int_equal(off("!alpha", &plain), -EINVAL);
	assert_int_equal(off("1", &plain), -EINVAL);
	assert_int_equal(off("gamma", &plain), -EINVAL);
	assert_int_equal(off("nosuch", &plain), -EINVAL);
	host_hit(0);
	assert_int_equal(seen.hits[0], 1);
}

static void what_no_function_has_is_no_device(void **state)
{
	assert_int_equal(off("alpha", &kept), -ENODEV);
	assert_int_equal(off("1", &kept), -ENODEV);
	assert_int_equal(off("", &kept), -ENODEV);
	assert_int_equal(off("!alpha", &kept), -EINVAL);
	assert_int_equal(on("alpha", &plain, 0), 1);
	assert_int_equal(off("alpha", &kept), -ENODEV);
}

static void an_empty_glob_removes_it_from_all(void **state)
{
	assert_int_equal(on("*beta*", &kept, 100), 3);
	assert_int_equal(off("", &kept), 0);
	assert_int_equal(seen.frees, 3);
	assert_int_equal(ftrace_sites_on, 0);
	assert_int_equal(off("", &kept), -ENODEV);
}

static void an_init_that_fails_leaves_nothing(void **state)
{
	seen.fail_init_at = 3;
	assert_int_equal(on("*beta*", &kept, 0), -EDOM);
	assert_int_equal(seen.frees, 2);
	assert_ptr_equal(ftrace_ops_list, &ftrace_list_end);
	seen.fail_init_at = 0;
	assert_int_equal(on("gamma", &kept, 0), 1);
	seen.fail_init_at = seen.inits + 2;
	assert_int_equal(on("*beta*", &kept, 0), -EDOM);
	assert_int_equal(seen.frees, 3);
	assert_int_equal(ftrace_sites_on, 1);
	host_ftrace_audit();
}

static void memory_that_runs_out_changes_nothing(void **state)
{
	int n, ret = -ENOMEM;

	assert_int_equal(on("gamma", &kept, 100), 1);
	for (n = 1; ret == -ENOMEM; n++) {
		host_fail_alloc(n, false);
		ret = on("*beta*", &kept, 0);
		host_fail_alloc(0, false);
		assert_int_equal(ftrace_sites_on, ret < 0 ? 1 : 4);
		host_ftrace_audit();
	}
	assert_int_equal(ret, 3);
	assert_in_range(n, 8, 30);
	for (n = 1, ret = -ENOMEM; ret == -ENOMEM; n++) {
		host_fail_alloc(n, false);
		ret = off("*beta*", &kept);
		host_fail_alloc(0, false);
		assert_int_equal(ftrace_sites_on, ret < 0 ? 4 : 1);
		host_ftrace_audit();
	}
	assert_int_equal(ret, 0);
	assert_in_range(n, 8, 30);
	assert_int_equal(seen.inits - seen.frees, 1);
	off("*", &kept);
	for (n = 1, ret = -ENOMEM; ret == -ENOMEM; n++) {
		host_fail_alloc(n, false);
		ret = on("alpha", &plain, 0);
		host_fail_alloc(0, false);
	}
	assert_int_equal(ret, 1);
}

static void a_dead_ftrace_takes_no_probe(void **state)
{
	assert_int_equal(on("alpha", &kept, 0), 1);
	ftrace_kill();
	assert_int_equal(on("alpha", &plain, 0), -ENODEV);
	assert_int_equal(off("alpha", &kept), -ENODEV);
	/* Its callback may come for ever, so its data stays; alive again only to clean up. */
	host_hit(0);
	assert_int_equal(seen.hits[0], 1);
	ftrace_disabled = 0;
	ftrace_enabled = 1;
}

static void a_patch_that_fails_leaves_no_probe(void **state)
{
	host_arch_fail_at(2, -EFAULT);
	assert_int_equal(on("*beta*", &kept, 0), -ENODEV);
	assert_true(ftrace_is_dead());
	assert_int_equal(seen.frees, 3);
	host_hit(1);
	assert_int_equal(seen.hits[1], 0);
	ftrace_disabled = 0;
	ftrace_sites_on = 0;
}

/* ---- how they are listed ---- */

static void probes_are_listed_behind_the_filter_newest_kind_first(void **state)
{
	on("gamma", &plain, 0);
	on("*beta*", &kept, 10);
	on("alpha", &plain, 0);
	expect_file("set_ftrace_filter", "#### all functions enabled ####\n"
					 "beta_one:kept:data=11\nbeta_two:kept:data=12\none_beta:kept:data=14\n"
					 "alpha:plain:unlimited\ngamma:plain:unlimited\n");
	echo("beta_two gamma\n", "set_ftrace_filter", O_TRUNC);
	expect_file("set_ftrace_filter", "beta_two\ngamma\n"
					 "beta_one:kept:data=11\nbeta_two:kept:data=12\none_beta:kept:data=14\n"
					 "alpha:plain:unlimited\ngamma:plain:unlimited\n");
	expect_file("set_ftrace_notrace", "#### no functions disabled ####\n");
	echo("\n", "set_ftrace_filter", O_TRUNC);
}

static void the_list_does_not_depend_on_how_it_is_read(void **state)
{
	char whole[400];

	on("*", &plain, 0);
	on("*beta*", &kept, 10);
	strscpy(whole, cat("set_ftrace_filter", 4096), sizeof(whole));
	for (size_t chunk = 1; chunk < 64; chunk++)
		assert_string_equal(cat("set_ftrace_filter", chunk), whole);
}

static void a_probe_may_go_while_it_is_listed(void **state)
{
	struct open_file f;
	char buf[64];

	on("*", &plain, 0);
	on("*", &kept, 0);
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_RDONLY), 0);
	assert_int_equal(f.file.f_op->read(&f.file, buf, 40, &f.file.f_pos), 40);
	off("*", &kept);
	off("*", &plain);
	while (f.file.f_op->read(&f.file, buf, 1, &f.file.f_pos) > 0)
		;
	assert_int_equal(file_close(&f), 0);
}

/* ---- commands ---- */

static char last[4][32];
static int command_calls;

static int note_command(struct trace_array *array, struct ftrace_hash *hash, char *func, char *cmd, char *params,
			bool enable)
{
	assert_ptr_equal(array, tr);
	command_calls++;
	strscpy(last[0], func, sizeof(last[0]));
	strscpy(last[1], cmd, sizeof(last[1]));
	strscpy(last[2], params ?: "(none)", sizeof(last[2]));
	strscpy(last[3], enable ? "filter" : "notrace", sizeof(last[3]));
	return strcmp(func, "bad") ? 0 : -EDOM;
}

static struct ftrace_func_command note = { .name = "note", .func = note_command };
static struct ftrace_func_command again = { .name = "note", .func = note_command };

static void expect_note(const char *func, const char *params, const char *set)
{
	assert_string_equal(last[0], func);
	assert_string_equal(last[1], "note");
	assert_string_equal(last[2], params);
	assert_string_equal(last[3], set);
}

static void a_command_gets_its_word_in_parts(void **state)
{
	assert_int_equal(echo("alpha:note\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(register_ftrace_command(&note), 0);
	assert_int_equal(echo("!al*:note:1:2\n", "set_ftrace_filter", O_APPEND), 0);
	expect_note("!al*", "1:2", "filter");
	assert_int_equal(echo("alpha:note\n", "set_ftrace_notrace", O_APPEND), 0);
	expect_note("alpha", "(none)", "notrace");
	assert_int_equal(echo("alpha:note:", "set_ftrace_filter", O_APPEND), 0);
	expect_note("alpha", "", "filter");
	assert_int_equal(echo("bad:note\n", "set_ftrace_filter", O_APPEND), -EDOM);
	assert_int_equal(echo("bad:note", "set_ftrace_filter", O_APPEND), 0);
	command_calls = 0;
	assert_int_equal(echo("alpha:not\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(echo("alpha:notes\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(command_calls, 0);
	/* None of it changed the set. */
	expect_file("set_ftrace_filter", "#### all functions enabled ####\n");
	assert_int_equal(unregister_ftrace_command(&note), 0);
	assert_int_equal(echo("alpha:note\n", "set_ftrace_filter", O_APPEND), -EINVAL);
}

static void two_commands_of_one_name_are_ebusy(void **state)
{
	assert_int_equal(unregister_ftrace_command(&note), -ENODEV);
	assert_int_equal(register_ftrace_command(&note), 0);
	assert_int_equal(register_ftrace_command(&note), -EBUSY);
	assert_int_equal(register_ftrace_command(&again), -EBUSY);
	assert_int_equal(unregister_ftrace_command(&again), -ENODEV);
	assert_int_equal(unregister_ftrace_command(&note), 0);
	assert_int_equal(unregister_ftrace_command(&note), -ENODEV);
}

static void commands_mean_nothing_where_there_is_no_trace_array(void **state)
{
	assert_int_equal(register_ftrace_command(&note), 0);
	global_ops.private = NULL;
	assert_int_equal(echo("alpha:note\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(unregister_ftrace_command(&note), 0);
}

static void mod_without_modules_means_all_functions_or_none(void **state)
{
	struct ftrace_func_command mod = { .name = "mod", .func = ftrace_mod_command };
	struct open_file f;

	assert_int_equal(register_ftrace_command(&mod), 0);
	assert_int_equal(echo("*beta*:mod:!x\n", "set_ftrace_filter", O_TRUNC), 0);
	expect_file("set_ftrace_filter", "beta_one\nbeta_two\none_beta\n");
	assert_int_equal(echo("!beta*:mod:!*\n", "set_ftrace_filter", O_APPEND), 0);
	assert_int_equal(echo("1:mod:x\n", "set_ftrace_filter", O_APPEND), 0);
	assert_int_equal(echo("gamma:mod\n", "set_ftrace_filter", O_APPEND), 0);
	assert_int_equal(echo("beta_one:mod:x\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(echo("!gamma:mod:x\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(echo("nosuch:mod:!x\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(echo("nosuch:mod\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	assert_int_equal(echo(":mod:\n", "set_ftrace_filter", O_APPEND), -EINVAL);
	expect_file("set_ftrace_filter", "alpha\ngamma\none_beta\n");
	assert_int_equal(echo(":mod:!x\n", "set_ftrace_notrace", O_TRUNC), 0);
	expect_file("set_ftrace_notrace", "alpha\nbeta_one\nbeta_two\ngamma\none_beta\n");

	/* Half a set is none. */
	assert_int_equal(file_open(&f, "set_ftrace_filter", O_WRONLY | O_TRUNC), 0);
	host_fail_alloc(2, false);
	assert_int_equal(file_puts(&f, "*:mod:!x\n"), -ENOMEM);
	assert_int_equal(file_close(&f), -ENOMEM);
	expect_file("set_ftrace_filter", "alpha\ngamma\none_beta\n");
	assert_int_equal(unregister_ftrace_command(&mod), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_probe_is_called_for_its_functions_only),
		TEST(a_probe_is_not_called_for_what_it_has_lost),
		TEST(data_is_freed_when_nobody_has_the_probes_old_hash),
		TEST(a_probe_is_not_called_because_of_itself),
		TEST(the_last_function_takes_the_probe_with_it),
		TEST(every_function_has_data_of_its_own),
		TEST(a_function_keeps_its_data_when_it_is_named_again),
		TEST(what_matches_nothing_is_refused),
		TEST(what_no_function_has_is_no_device),
		TEST(an_empty_glob_removes_it_from_all),
		TEST(an_init_that_fails_leaves_nothing),
		TEST(memory_that_runs_out_changes_nothing),
		TEST(a_dead_ftrace_takes_no_probe),
		TEST(a_patch_that_fails_leaves_no_probe),
		TEST(probes_are_listed_behind_the_filter_newest_kind_first),
		TEST(the_list_does_not_depend_on_how_it_is_read),
		TEST(a_probe_may_go_while_it_is_listed),
		TEST(a_command_gets_its_word_in_parts),
		TEST(two_commands_of_one_name_are_ebusy),
		TEST(commands_mean_nothing_where_there_is_no_trace_array),
		TEST(mod_without_modules_means_all_functions_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
