/* SPDX-License-Identifier: BSD-2-Clause */
/* test_trace_array.c - the trace array in a process: boot words, tracers, clocks, comms, the dump of an oops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <unistd.h>

#include "tests/unit/host_arch.h"
#include "trace/ftrace_internal.h"
#include "trace/trace.h"
/* What only registers itself has no name that could pull it out of the archive. */
#include "trace/trace_dump.c"
#include "trace/trace_functions.c"
#include "trace/trace_sched_switch.c"

static struct trace_array *const tr = &global_trace;

/* As the kernel's command line would. */
static int boot_word(const char *name, char *value)
{
	const struct kernel_param *const *param;

	registry_for_each(params, param)
		if (!strcmp((*param)->str, name))
			return (*param)->setup_func(value);
	return -ENOENT;
}

static int setup(void **state)
{
	host_reset();
	host_add_symbol(host_site(0), "vfs_read");
	trace_init();
	return 0;
}

static int teardown(void **state)
{
	ring_buffer_free(&tr->buffer);
	memset(&tr->buffer, 0, sizeof(tr->buffer));
	tr->buffer_expanded = false;
	tr->trace_ref = 0;
	tr->clock_id = 0;
	return 0;
}

static unsigned long entries(void)
{
	struct ring_buffer_stats stats;

	ring_buffer_stats(&tr->buffer, 0, &stats);
	return stats.entries;
}

static void unknown_names_are_refused(void **state)
{
	char option[] = "nosuch", twice[] = "nonooverwrite";

	assert_int_equal(tracing_set_tracer(tr, "nosuch"), -EINVAL);
	assert_int_equal(tracing_set_tracer(tr, ""), -EINVAL);
	assert_int_equal(tracing_set_clock(tr, "nosuch"), -EINVAL);
	assert_int_equal(trace_set_options(tr, option), -EINVAL);
	assert_int_equal(trace_set_options(tr, twice), -EINVAL);
}

static void tracer_cannot_change_while_a_pipe_is_open(void **state)
{
	tr->trace_ref = 1;
	assert_int_equal(tracing_set_tracer(tr, "function"), -EBUSY);
	assert_int_equal(tracing_set_tracer(tr, "nop"), 0); /* no change */
}

static void buffer_grows_at_first_use_or_not_at_all(void **state)
{
	host_fail_alloc(20, true);
	assert_int_equal(tracing_update_buffers(tr), -ENOMEM);
	assert_int_equal(ring_buffer_size(&tr->buffer, 0), 2 * BUF_PAGE_SIZE);
	assert_false(tr->buffer_expanded);
	host_fail_alloc(0, false);
	assert_int_equal(tracing_update_buffers(tr), 0);
	assert_int_equal(ring_buffer_size(&tr->buffer, 0) >> 10, 1410);
}

static void changing_the_clock_empties_the_buffer(void **state)
{
	assert_int_equal(__trace_printk(host_site(0), "x\n"), 2);
	assert_int_equal(entries(), 1);
	assert_int_equal(tracing_set_clock(tr, "counter"), 0);
	assert_int_equal(entries(), 0);
	assert_false(trace_clock_in_ns(tr));
	assert_true(trace_clock_counter() < trace_clock_counter());
	assert_true(trace_clock_global() <= trace_clock_global());
}

static void boot_words_take_only_what_makes_sense(void **state)
{
	char size[] = "64K", none[] = "0", text[] = "x", trailing[] = "64Kx", huge[] = "10000000000000000000000";
	unsigned long old = trace_buf_size;

	assert_int_equal(boot_word("trace_buf_size", size), 0);
	assert_int_equal(trace_buf_size, 65536);
	assert_int_equal(boot_word("trace_buf_size", none), -EINVAL);
	assert_int_equal(boot_word("trace_buf_size", NULL), -EINVAL);
	assert_int_equal(boot_word("trace_buf_size", trailing), -EINVAL);
	assert_int_equal(boot_word("trace_buf_size", huge), 0);
	teardown(state);
	trace_init(); /* knows how much memory there is */
	assert_int_equal(trace_buf_size, old);
	assert_int_equal(boot_word("ftrace_dump_on_oops", text), -EINVAL);
	assert_int_equal(boot_word("ftrace", NULL), -EINVAL);
	trace_buf_size = old;
}

static void comms_are_kept_for_128_pids(void **state)
{
	struct task_struct prev = { .pid = 0 }, next = { .comm = "worker" };
	char comm[TASK_COMM_LEN];

	tracing_start_cmdline_record(tr);
	assert_non_null(trace_sched_switch_hook);
	for (int pid = 1; pid <= 200; pid++) {
		next.pid = pid;
		trace_sched_switch_hook(&prev, &next);
	}
	trace_find_cmdline(200, comm);
	assert_string_equal(comm, "worker");
	trace_find_cmdline(73, comm);
	assert_string_equal(comm, "worker");
	trace_find_cmdline(72, comm);
	assert_string_equal(comm, "<...>");
	trace_find_cmdline(0, comm);
	assert_string_equal(comm, "<idle>");
	strscpy(next.comm, "renamed", sizeof(next.comm));
	trace_sched_switch_hook(&prev, &next);
	trace_find_cmdline(200, comm);
	assert_string_equal(comm, "renamed");
	tracing_stop_cmdline_record(tr);
	assert_null(trace_sched_switch_hook);
}

static void *let_go_of_cmdlines(void *unused)
{
	usleep(3000);
	cmdlines_unlock(0);
	return NULL;
}

/* A CPU of a virtual machine may stand still in the middle of anything. */
static void a_comm_is_waited_for_while_another_cpu_has_the_table(void **state)
{
	struct task_struct task = { .pid = 5, .comm = "worker" };
	char comm[TASK_COMM_LEN];
	unsigned long flags;
	pthread_t other;

	tracing_start_cmdline_record(tr);
	trace_sched_switch_hook(&task, &task);
	assert_true(cmdlines_trylock(&flags));
	pthread_create(&other, NULL, let_go_of_cmdlines, NULL);
	trace_find_cmdline(5, comm);
	pthread_join(other, NULL);
	local_irq_restore(flags);
	assert_string_equal(comm, "worker");
	tracing_stop_cmdline_record(tr);
}

static void a_comm_is_not_waited_for_for_ever(void **state)
{
	struct task_struct task = { .pid = 5, .comm = "worker" };
	char comm[TASK_COMM_LEN];
	unsigned long flags;
	u64 before;

	tracing_start_cmdline_record(tr);
	trace_sched_switch_hook(&task, &task);
	assert_true(cmdlines_trylock(&flags));
	/* The first time a while, then not at all: an oops prints many events. */
	for (int i = 0; i < 3; i++) {
		before = host_clock;
		trace_find_cmdline(5, comm);
		assert_string_equal(comm, "<...>");
		assert_in_range(host_clock - before, 0, i ? 10000 : 1000000000);
	}
	cmdlines_unlock(flags);
	trace_find_cmdline(5, comm);
	assert_string_equal(comm, "worker");
	tracing_stop_cmdline_record(tr);
}

static void printk_text_is_recorded_unless_switched_off(void **state)
{
	char off[] = "notrace_printk", on[] = "trace_printk";

	assert_int_equal(__trace_printk(host_site(0), "n = %d\n", 5), 6);
	assert_int_equal(trace_set_options(tr, off), 0);
	assert_int_equal(__trace_printk(host_site(0), "n = %d\n", 6), 0);
	assert_int_equal(trace_set_options(tr, on), 0);
	assert_int_equal(entries(), 1);
}

/* The first is written by the slow path (an empty page), the others by the fast one. */
static void function_callback_writes_the_documented_bytes(void **state)
{
	struct ftrace_ops ops = { .private = tr };
	const struct buffer_data_page *page = tr->buffer.buffers[0]->page;
	const u32 *word = (const u32 *)page->data;

	current->pid = 0x1234;
	for (int i = 0; i < 3; i++) {
		current->irqs_off = i == 1;
		current->preempt_count = i == 2 ? HARDIRQ_OFFSET + 5 : 0;
		current->need_resched = i == 2;
		function_trace_call(host_site(0), host_site(1), &ops, NULL);
		assert_int_equal(current->irqs_off, i == 1);
	}
	host_task = (struct task_struct){ .pid = 1 };
	assert_int_equal(page->commit, 96);
	assert_int_equal(word[0], 0);
	assert_int_equal(word[8] & 31, 0);
	assert_in_range(word[8] >> 5, 1, 5000);
	for (int i = 0; i < 3; i++) {
		static const u32 first[] = { 0x00000001, 0x00010001, 0x050c0001 };

		assert_int_equal(word[8 * i + 1], 28);
		assert_int_equal(word[8 * i + 2], first[i]);
		assert_int_equal(word[8 * i + 3], 0x1234);
		assert_true(*(const unsigned long *)&word[8 * i + 4] == host_site(0));
		assert_true(*(const unsigned long *)&word[8 * i + 6] == host_site(1));
	}
}

static void function_callback_survives_full_pages_pauses_and_off(void **state)
{
	struct ftrace_ops ops = { .private = tr };
	struct ring_buffer_stats stats;
	struct rb_event event;
	unsigned long lost, n = 0;
	u64 last = 0;

	for (int i = 0; i < 1000; i++) {
		if (i % 100 == 99)
			host_clock += 1ULL << 30;
		function_trace_call(host_site(0), host_site(1), &ops, NULL);
	}
	ring_buffer_record_off(&tr->buffer);
	function_trace_call(host_site(0), host_site(1), &ops, NULL);
	ring_buffer_record_on(&tr->buffer);
	function_trace_call_clock(host_site(0), host_site(1), &ops, NULL);
	ring_buffer_stats(&tr->buffer, 0, &stats);
	assert_int_equal(stats.entries + stats.overrun, 1001);
	ring_buffer_lock(&tr->buffer);
	for (; ring_buffer_peek(&tr->buffer, 0, &event, &lost); n++) {
		assert_true(event.ts > last);
		assert_int_equal(event.length, sizeof(struct ftrace_entry));
		last = event.ts;
		ring_buffer_consume(&tr->buffer, 0);
	}
	ring_buffer_unlock(&tr->buffer);
	assert_int_equal(n, stats.entries);
	assert_false(irqs_disabled());
}

static void print_60(void)
{
	for (int i = 0; i < 60; i++)
		__trace_printk(host_site(0), "x\n");
}

/* What the file's header says must be what its lines show, though opening it is traced, too. */
static void trace_header_counts_what_follows(void **state)
{
	struct inode inode = { .i_private = trace_cpu_file_data(tr, RING_BUFFER_ALL_CPUS) };
	struct file file = { .f_op = &tracing_fops, .f_inode = &inode, .f_mode = FMODE_READ };
	static char text[200000];
	unsigned long in_buffer, lines = 0;
	size_t len = 0;
	ssize_t n;

	host_alloc_hook = print_60;
	assert_int_equal(tracing_fops.open(&inode, &file), 0);
	host_alloc_hook = NULL;
	while ((n = tracing_fops.read(&file, text + len, 4096, &file.f_pos)) > 0)
		len += n;
	assert_int_equal(n, 0);
	text[len] = '\0';
	in_buffer = strtoul(strstr(text, "entries-written: ") + 17, NULL, 10);
	for (const char *p = text; (p = strstr(p, ": x\n")); p++)
		lines++;
	assert_int_not_equal(lines, 0);
	assert_int_equal(in_buffer, lines);
	assert_int_equal(tracing_fops.release(&inode, &file), 0);
}

static void oops_prints_the_buffer_only_when_asked(void **state)
{
	char all[] = "1", none[] = "0";

	__trace_printk(host_site(0), "last words\n");
	assert_int_equal(boot_word("ftrace_dump_on_oops", none), 0);
	oops_enter_hook();
	assert_int_equal(__trace_printk(host_site(0), "the oops itself\n"), 0);
	oops_dump_hook();
	assert_string_equal(host_log, "");
	assert_int_equal(boot_word("ftrace_dump_on_oops", all), 0);
	oops_dump_hook();
	assert_non_null(strstr(host_log, "Dumping ftrace buffer:\n"));
	assert_non_null(strstr(host_log, ": vfs_read: last words\n"));
	assert_null(strstr(host_log, "the oops itself"));
	assert_int_equal(__trace_printk(host_site(0), "too late\n"), 0); /* recording stays off */
	ring_buffer_record_enable(&tr->buffer);
}

/* The last event in the buffer, which is read empty. */
static const struct stack_entry *last_stack(void)
{
	static union {
		struct stack_entry entry;
		char room[BUF_PAGE_SIZE];
	} last;
	struct rb_event event;

	last.entry.size = -1;
	ring_buffer_lock(&tr->buffer);
	for (; ring_buffer_peek(&tr->buffer, 0, &event, NULL); ring_buffer_consume(&tr->buffer, 0))
		memcpy(&last, event.data, event.length);
	ring_buffer_unlock(&tr->buffer);
	assert_int_equal(last.entry.ent.type, TRACE_STACK);
	return &last.entry;
}

static void stacks_begin_with_the_traced_function(void **state)
{
	struct ftrace_ops ops = { .private = tr };
	unsigned long frames[] = { 111, 222, host_site(0) + 4, host_site(1) + 20, 333, 0 };
	const struct stack_entry *stack;

	host_stack = frames;
	current->preempt_count = 3;
	function_stack_trace_call(host_site(0), host_site(1), &ops, NULL);
	assert_false(irqs_disabled());
	stack = last_stack();
	assert_int_equal(stack->size, 3);
	assert_memory_equal(stack->caller, frames + 2, 3 * sizeof(long));
	assert_int_equal(stack->ent.preempt_count, 3);
	/* A probe's caller has taken preemption off once more than the traced function. */
	trace_stack(tr, host_site(0));
	stack = last_stack();
	assert_int_equal(stack->size, 3);
	assert_int_equal(stack->ent.preempt_count, 2);
	/* Whose frame is not there is shown with everything. */
	trace_stack(tr, host_site(2));
	assert_int_equal(last_stack()->size, 5);
	current->preempt_count = 0;
}

static void stacks_that_are_too_long_are_cut(void **state)
{
	static unsigned long frames[1000];
	const struct stack_entry *stack;

	for (int i = 0; i < 999; i++)
		frames[i] = 4 * i + 4;
	host_stack = frames;
	current->preempt_count = 1;
	trace_stack(tr, host_site(0));
	stack = last_stack();
	assert_int_equal(stack->size, 256);
	assert_int_equal(stack->caller[255], 1024);
	ring_buffer_record_off(&tr->buffer);
	trace_stack(tr, host_site(0));
	ring_buffer_record_on(&tr->buffer);
	assert_false(irqs_disabled());
	current->preempt_count = 0;
}

static void options_of_a_tracer_are_known_while_it_is_current(void **state)
{
	char on[] = "func_stack_trace", off[] = "nofunc_stack_trace";

	assert_int_equal(trace_set_options(tr, on), -EINVAL);
	assert_int_equal(tracing_set_tracer(tr, "function"), 0);
	assert_ptr_equal(tr->ops->func, function_trace_call);
	assert_int_equal(trace_set_options(tr, on), 0);
	assert_ptr_equal(tr->ops->func, function_stack_trace_call);
	assert_int_equal(trace_set_options(tr, off), 0);
	assert_ptr_equal(tr->ops->func, function_trace_call);
	assert_int_equal(tracing_set_tracer(tr, "nop"), 0);
}

/* ---- the snapshot ---- */

static int write_snapshot(const char *text)
{
	struct inode inode = { .i_private = trace_cpu_file_data(tr, RING_BUFFER_ALL_CPUS) };
	struct file file = { .f_inode = &inode, .f_mode = FMODE_WRITE };
	ssize_t n = tracing_snapshot_fops.write(&file, text, strlen(text), &file.f_pos);

	return n < 0 ? n : 0;
}

static unsigned long spare_entries(void)
{
	struct ring_buffer_stats stats;

	ring_buffer_stats(&tr->max_buffer, 0, &stats);
	return stats.entries;
}

static void a_snapshot_exchanges_the_buffers(void **state)
{
	__trace_printk(host_site(0), "one\n");
	assert_int_equal(write_snapshot("1\n"), 0);
	assert_int_equal(entries(), 0);
	assert_int_equal(spare_entries(), 1);
	__trace_printk(host_site(0), "two\n");
	__trace_printk(host_site(0), "three\n");
	tracing_snapshot(tr);
	assert_int_equal(entries(), 1);
	assert_int_equal(spare_entries(), 2);
	assert_int_equal(write_snapshot("2\n"), 0);
	assert_int_equal(entries(), 1);
	assert_int_equal(spare_entries(), 0);
	assert_int_equal(write_snapshot("0\n"), 0);
	assert_false(tr->allocated_snapshot);
	assert_null(tr->max_buffer.buffers[0]);
	assert_int_equal(entries(), 1);
}

static void a_snapshot_without_memory_for_it_stops_recording(void **state)
{
	tracing_snapshot(tr);
	assert_int_equal(entries(), 2);
	assert_false(tracing_is_on());
	tracing_on();
	assert_int_equal(write_snapshot("1\n"), 0);
	assert_int_equal(write_snapshot("0\n"), 0);
	/* The ring's pages are the most of it. */
	for (unsigned long n = 1; n <= ring_buffer_size(&tr->buffer, 0) / BUF_PAGE_SIZE; n += 7) {
		host_fail_alloc(n, true);
		assert_int_equal(write_snapshot("1\n"), -ENOMEM);
		host_fail_alloc(0, false);
		assert_false(tr->allocated_snapshot);
	}
	assert_int_equal(write_snapshot("1\n"), 0);
	assert_int_equal(write_snapshot("0\n"), 0);
}

static void both_buffers_have_one_size(void **state)
{
	const unsigned long size = 3 * BUF_PAGE_SIZE;

	assert_int_equal(write_snapshot("1\n"), 0);
	assert_int_equal(ring_buffer_size(&tr->max_buffer, 0), ring_buffer_size(&tr->buffer, 0));
	mutex_lock(&trace_types_lock);
	assert_int_equal(trace_resize_buffers(tr, size, RING_BUFFER_ALL_CPUS), 0);
	assert_int_equal(ring_buffer_size(&tr->buffer, 0), size);
	assert_int_equal(ring_buffer_size(&tr->max_buffer, 0), size);
	/* The first allocations are the spare buffer's, the last ones the other's. */
	for (int n = 1; n < 12; n++) {
		host_fail_alloc(n, false);
		assert_int_equal(trace_resize_buffers(tr, 2 * size, RING_BUFFER_ALL_CPUS), n < 9 ? -ENOMEM : 0);
		host_fail_alloc(0, false);
		assert_int_equal(ring_buffer_size(&tr->max_buffer, 0), ring_buffer_size(&tr->buffer, 0));
		if (n >= 9)
			break;
		assert_int_equal(ring_buffer_size(&tr->buffer, 0), size);
	}
	mutex_unlock(&trace_types_lock);
	assert_int_equal(write_snapshot("0\n"), 0);
}

static void no_snapshot_is_taken_while_rings_change(void **state)
{
	assert_int_equal(write_snapshot("1\n"), 0);
	__trace_printk(host_site(0), "x\n");
	tr->snapshot_busy = true;
	tracing_snapshot(tr);
	tr->snapshot_busy = false;
	assert_int_equal(entries(), 1);
	assert_true(tracing_is_on());
	assert_int_equal(write_snapshot("0\n"), 0);
}

/* ---- CPUs ---- */

static void cpus_out_of_the_mask_record_nothing(void **state)
{
	assert_int_equal(tracing_set_cpumask(tr, 2), -EOVERFLOW);
	assert_int_equal(tracing_set_cpumask(tr, 0), 0);
	assert_int_equal(__trace_printk(host_site(0), "x\n"), 0);
	/* Both buffers, however often they change places. */
	assert_int_equal(write_snapshot("1\n"), 0);
	assert_int_equal(__trace_printk(host_site(0), "x\n"), 0);
	tracing_snapshot(tr);
	assert_int_equal(__trace_printk(host_site(0), "x\n"), 0);
	assert_int_equal(tracing_set_cpumask(tr, 1), 0);
	assert_int_equal(tracing_set_cpumask(tr, 1), 0);
	assert_int_equal(__trace_printk(host_site(0), "x\n"), 2);
	tracing_snapshot(tr);
	assert_int_equal(__trace_printk(host_site(0), "x\n"), 2);
	assert_int_equal(write_snapshot("0\n"), 0);
}

/* ---- a dump that is not an oops ---- */

static void what_was_dumped_is_not_dumped_again(void **state)
{
	const char *again;

	__trace_printk(host_site(0), "first\n");
	ftrace_dump(tr, DUMP_ORIG);
	assert_non_null(strstr(host_log, ": vfs_read: first\n"));
	assert_false(tracing_is_on());
	again = host_log + strlen(host_log);
	ftrace_dump(tr, DUMP_ALL);
	assert_null(strstr(again, "first"));
	assert_non_null(strstr(again, "(ftrace buffer empty)"));
	tracing_on();
	__trace_printk(host_site(0), "second\n");
	ftrace_dump(tr, DUMP_ALL);
	assert_non_null(strstr(host_log, ": vfs_read: second\n"));
	tracing_on();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unknown_names_are_refused),
		TEST(tracer_cannot_change_while_a_pipe_is_open),
		TEST(buffer_grows_at_first_use_or_not_at_all),
		TEST(changing_the_clock_empties_the_buffer),
		TEST(boot_words_take_only_what_makes_sense),
		TEST(comms_are_kept_for_128_pids),
		TEST(a_comm_is_waited_for_while_another_cpu_has_the_table),
		TEST(a_comm_is_not_waited_for_for_ever),
		TEST(printk_text_is_recorded_unless_switched_off),
		TEST(function_callback_writes_the_documented_bytes),
		TEST(function_callback_survives_full_pages_pauses_and_off),
		TEST(stacks_begin_with_the_traced_function),
		TEST(stacks_that_are_too_long_are_cut),
		TEST(options_of_a_tracer_are_known_while_it_is_current),
		TEST(a_snapshot_exchanges_the_buffers),
		TEST(a_snapshot_without_memory_for_it_stops_recording),
		TEST(both_buffers_have_one_size),
		TEST(no_snapshot_is_taken_while_rings_change),
		TEST(cpus_out_of_the_mask_record_nothing),
		TEST(what_was_dumped_is_not_dumped_again),
		TEST(trace_header_counts_what_follows),
		TEST(oops_prints_the_buffer_only_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
