/* SPDX-License-Identifier: BSD-2-Clause */
/* test_trace_output.c - events as text, byte for byte; the expectations are what Linux 6.12 prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/host_arch.h"
#include "trace/trace.h"

static struct trace_array *const tr = &global_trace;
static struct trace_iterator iter;
static char text[TRACE_SEQ_SIZE];
static u32 default_flags;

static int setup(void **state)
{
	host_reset();
	host_add_symbol(host_site(0), "vfs_read");
	host_add_symbol(host_site(1), "ksys_read");
	default_flags = default_flags ?: tr->trace_flags;
	tr->trace_flags = default_flags;
	tr->clock_id = 0;
	iter = (struct trace_iterator){ .tr = tr, .cpu = 0 };
	trace_seq_init(&iter.seq, text, sizeof(text));
	return 0;
}

static const char *print_function(unsigned int flags, unsigned int depth, u64 ts)
{
	static struct ftrace_entry entry;

	entry = (struct ftrace_entry){ { TRACE_FN, flags, depth, 42 }, host_site(0), host_site(1) + 20 };
	iter.ent = &entry.ent;
	iter.ent_size = sizeof(entry);
	iter.ts = ts;
	trace_seq_reset(&iter.seq);
	print_trace_line(&iter);
	return text;
}

static void function_line_has_linux_columns(void **state)
{
	assert_string_equal(print_function(TRACE_FLAG_IRQS_OFF, 2, 123456789012345),
			    "           <...>-42      [000] d..2. 123456.789012: vfs_read <-ksys_read\n");
}

static void context_columns_tell_every_state(void **state)
{
	static const struct {
		unsigned int flags, depth;
		const char *columns;
	} cases[] = {
		{ 0, 0, "....." },
		{ TRACE_FLAG_BH_OFF, 0, "b...." },
		{ TRACE_FLAG_BH_OFF | TRACE_FLAG_IRQS_OFF, 0, "D...." },
		{ TRACE_FLAG_NEED_RESCHED, 0, ".n..." },
		{ TRACE_FLAG_HARDIRQ, 1, "..h1." },
		{ TRACE_FLAG_SOFTIRQ, 15, "..sf." },
		{ TRACE_FLAG_HARDIRQ | TRACE_FLAG_SOFTIRQ, 0x21, "..H12" },
		{ TRACE_FLAG_NMI, 0, "..z.." },
		{ TRACE_FLAG_NMI | TRACE_FLAG_HARDIRQ, 0, "..Z.." },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *line = print_function(cases[i].flags, cases[i].depth, 0);

		assert_memory_equal(strchr(line, ']') + 2, cases[i].columns, 5);
	}
}

static void time_is_rounded_to_microseconds(void **state)
{
	assert_non_null(strstr(print_function(0, 0, 1499), "     0.000001: "));
	assert_non_null(strstr(print_function(0, 0, 1500), "     0.000002: "));
	assert_non_null(strstr(print_function(0, 0, 999999500), "     1.000000: "));
}

static void plain_counts_have_twelve_columns(void **state)
{
	tr->clock_id = 2;
	assert_string_equal(print_function(0, 0, 3),
			    "           <...>-42      [000] .....            3: vfs_read <-ksys_read\n");
}

static void options_change_the_line(void **state)
{
	char expected[200];

	tr->trace_flags = default_flags & ~(TRACE_ITER_PRINT_PARENT | TRACE_ITER_IRQ_INFO);
	assert_string_equal(print_function(0, 0, 0), "           <...>-42      [000]      0.000000: vfs_read\n");
	tr->trace_flags = (default_flags & ~TRACE_ITER_CONTEXT_INFO) | TRACE_ITER_SYM_OFFSET;
	assert_string_equal(print_function(0, 0, 0), "vfs_read+0x0/0x30 <-ksys_read+0x14/0x44\n");
	tr->trace_flags = (default_flags & ~TRACE_ITER_CONTEXT_INFO) | TRACE_ITER_SYM_ADDR;
	snprintf(expected, sizeof(expected), "vfs_read <%016lx> <-ksys_read <%016lx>\n", host_site(0), host_site(1) + 20);
	assert_string_equal(print_function(0, 0, 0), expected);
}

static void lost_events_are_announced(void **state)
{
	iter.lost_events = 254;
	iter.cpu = 1;
	assert_non_null(strstr(print_function(0, 0, 0), "CPU:1 [LOST 254 EVENTS]\n           <...>-42      [001] "));
}

static void a_cpu_that_starts_late_is_annotated(void **state)
{
	iter.annotate = true;
	iter.idx = 5;
	assert_int_equal(strncmp(print_function(0, 0, 0), "##### CPU 0 buffer started ####\n", 32), 0);
	iter.started = 1;
	assert_null(strstr(print_function(0, 0, 0), "started"));
}

static void print_event_is_never_read_beyond_its_end(void **state)
{
	struct {
		struct print_entry entry;
		char buf[8];
	} event = { { { TRACE_PRINT, 0, 0, 1 }, host_site(0) }, "12345678" };

	tr->trace_flags = default_flags & ~TRACE_ITER_CONTEXT_INFO;
	iter.ent = &event.entry.ent;
	iter.ent_size = sizeof(event);
	print_trace_line(&iter);
	assert_string_equal(text, "vfs_read: 12345678");
}

static void unknown_type_and_damaged_size_are_said_so(void **state)
{
	struct ftrace_entry entry = { { 77, 0, 0, 1 }, 0, 0 };

	tr->trace_flags = default_flags & ~TRACE_ITER_CONTEXT_INFO;
	iter.ent = &entry.ent;
	iter.ent_size = sizeof(entry);
	print_trace_line(&iter);
	assert_string_equal(text, "Unknown type 77\n");
	entry.ent.type = TRACE_FN;
	iter.ent_size = 16;
	trace_seq_reset(&iter.seq);
	print_trace_line(&iter);
	assert_string_equal(text, "Unknown type 1\n");
}

static void context_of_every_preempt_count(void **state)
{
	assert_int_equal(tracing_gen_ctx(0, false, false), 0);
	assert_int_equal(tracing_gen_ctx(0, true, true), TRACE_FLAG_NEED_RESCHED | TRACE_FLAG_IRQS_OFF);
	assert_int_equal(tracing_gen_ctx(3, false, false), 3 << 8);
	assert_int_equal(tracing_gen_ctx(200, false, false), 15 << 8);
	assert_int_equal(tracing_gen_ctx(SOFTIRQ_OFFSET, false, false), TRACE_FLAG_SOFTIRQ);
	assert_int_equal(tracing_gen_ctx(2 * SOFTIRQ_OFFSET, false, false), TRACE_FLAG_BH_OFF);
	assert_int_equal(tracing_gen_ctx(3 * SOFTIRQ_OFFSET, false, false), TRACE_FLAG_SOFTIRQ | TRACE_FLAG_BH_OFF);
	assert_int_equal(tracing_gen_ctx(HARDIRQ_OFFSET + 1, false, true),
			 TRACE_FLAG_HARDIRQ | TRACE_FLAG_IRQS_OFF | 1 << 8);
	assert_int_equal(tracing_gen_ctx(NMI_OFFSET, false, false), TRACE_FLAG_NMI);
}

static void line_buffer_cuts_and_remembers(void **state)
{
	struct trace_seq s;
	char buf[8];

	trace_seq_init(&s, buf, sizeof(buf));
	trace_seq_printf(&s, "%d", 1234);
	assert_false(s.full);
	trace_seq_puts(&s, "567");
	assert_false(s.full);
	trace_seq_putc(&s, '8');
	assert_true(s.full);
	assert_string_equal(buf, "1234567");
	trace_seq_trim(&s, 2);
	trace_seq_printf(&s, "%s", "abcdefgh");
	assert_true(s.full);
	assert_string_equal(buf, "12abcde");
}

static const char *print_stack(int size, unsigned int longs)
{
	static struct {
		struct stack_entry entry;
		unsigned long caller[3];
	} event;

	event.entry = (struct stack_entry){ { TRACE_STACK, 0, 0, 42 }, size };
	event.entry.caller[0] = host_site(0);
	event.entry.caller[1] = host_site(1) + 20;
	event.entry.caller[2] = 1;
	iter.ent = &event.entry.ent;
	iter.ent_size = offsetof(struct stack_entry, caller) + longs * sizeof(long);
	iter.ts = 0;
	trace_seq_reset(&iter.seq);
	print_trace_line(&iter);
	return strstr(text, "0.000000: ") + 10;
}

static void stacks_print_a_line_for_each_frame(void **state)
{
	assert_string_equal(print_stack(2, 2), "<stack trace>\n => vfs_read\n => ksys_read\n");
	assert_string_equal(print_stack(1, 2), "<stack trace>\n => vfs_read\n");
	assert_string_equal(print_stack(0, 2), "<stack trace>\n");
}

static void stacks_that_lie_about_their_size_end_with_the_event(void **state)
{
	assert_string_equal(print_stack(1000, 2), "<stack trace>\n => vfs_read\n => ksys_read\n");
	assert_string_equal(print_stack(-1, 2), "<stack trace>\n");
	assert_string_equal(print_stack(8, 0), "<stack trace>\n");
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(function_line_has_linux_columns),
		TEST(context_columns_tell_every_state),
		TEST(time_is_rounded_to_microseconds),
		TEST(plain_counts_have_twelve_columns),
		TEST(options_change_the_line),
		TEST(lost_events_are_announced),
		TEST(a_cpu_that_starts_late_is_annotated),
		TEST(print_event_is_never_read_beyond_its_end),
		TEST(unknown_type_and_damaged_size_are_said_so),
		TEST(context_of_every_preempt_count),
		TEST(line_buffer_cuts_and_remembers),
		TEST(stacks_print_a_line_for_each_frame),
		TEST(stacks_that_lie_about_their_size_end_with_the_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
