/* SPDX-License-Identifier: BSD-2-Clause */
/* test_printk.c - kernel/printk.c: stamps, levels, continued lines, the ring, and the console's lines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/compiler.h"
#include "lib/string.h"

/* In place of the headers that printk.c includes. */
#define KERNEL_SPINLOCK_H
typedef int spinlock_t;
#define DEFINE_SPINLOCK(name) spinlock_t name
#define spin_lock_init(lock) (*(lock) = 0)
#define spin_trylock(lock) (*(lock) ? false : (*(lock))++ == 0)
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), assert_int_equal(--(*(lock)), 0))
#define local_irq_save(flags) ((void)((flags) = 1))
#define local_irq_restore(flags) ((void)(flags))
#define cpu_relax() ((void)0)
#define KERNEL_SMP_H
#define smp_processor_id() 0
#define KERNEL_TIME_TIME_H
#define NSEC_PER_SEC 1000000000L
#define NSEC_PER_USEC 1000L

static u64 now;
static u64 sched_clock(void)
{
	return now;
}

#include "kernel/printk.c"

static char shown[1 << 20];
static size_t shown_len;
static bool uart_there;
static void (*on_putc)(void);

bool serial8250_present(void)
{
	return uart_there;
}

void serial8250_putc(char c)
{
	void (*hook)(void) = on_putc;

	on_putc = NULL;
	if (hook)
		hook();
	if (shown_len + 1 < sizeof(shown))
		shown[shown_len++] = c;
	shown[shown_len] = '\0';
}

static void forget_shown(void)
{
	shown_len = 0;
	shown[0] = '\0';
}

static int setup(void **state)
{
	memset(&first, 0, sizeof(first));
	next = console = reader_hint = first;
	console_off = 0;
	line = LINE_START;
	oopsing = false;
	log_owner = NO_CPU;
	log_lock = 0;
	console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;
	uart_there = true;
	now = 1234567890;
	forget_shown();
	return 0;
}

#define S "[    1.234567] "

static void expect_shown(const char *want)
{
	assert_string_equal(shown, want);
	forget_shown();
}

/* What dmesg prints. */
static void expect_log(const char *want)
{
	static char all[1 << 18];
	size_t len = 0;
	u64 seq = 0;
	int n;

	all[0] = '\0';
	while ((n = kmsg_read(&seq, all + len, 2048)))
		len += (size_t)n;
	assert_string_equal(all, want);
}

static void a_message_has_a_stamp_on_console_and_in_the_log(void **state)
{
	printk(KERN_INFO "hello %d\n", 5);
	expect_shown(S "hello 5\r\n");
	now = 98765432100000ull;
	pr_err("late\n");
	expect_shown("[98765.432100] late\r\n");
	expect_log(S "hello 5\n[98765.432100] late\n");
}

static void every_line_of_a_message_has_a_stamp(void **state)
{
	pr_info("a\n\nb\n");
	expect_shown(S "a\r\n" S "\r\n" S "b\r\n");
	pr_info("\n");
	expect_shown(S "\r\n");
	expect_log(S "a\n" S "\n" S "b\n" S "\n");
}

static void the_level_hides_from_the_console_only(void **state)
{
	console_loglevel = 4;
	pr_info("hidden\n");
	pr_warn("hidden too\n");
	printk("no level is a warning\n");
	pr_err("seen\n");
	expect_shown(S "seen\r\n");
	expect_log(S "hidden\n" S "hidden too\n" S "no level is a warning\n" S "seen\n");
}

static void a_line_can_be_continued(void **state)
{
	pr_info("one");
	expect_shown(S "one");
	pr_cont(" two");
	pr_cont(" three\n");
	expect_shown(" two three\r\n");
	expect_log(S "one two three\n");
}

static void a_continuation_of_nothing_is_a_message(void **state)
{
	pr_cont("first\n");
	pr_cont("second\n");
	expect_shown(S "first\r\n" S "second\r\n");
}

static void another_message_ends_an_unfinished_line(void **state)
{
	pr_info("one");
	pr_info("two\n");
	pr_cont("three\n");
	expect_shown(S "one\r\n" S "two\r\n" S "three\r\n");
	expect_log(S "one\n" S "two\n" S "three\n");
}

static void hidden_lines_stay_hidden_when_continued(void **state)
{
	pr_debug("quiet");
	pr_cont(" please\n");
	pr_info("loud\n");
	expect_shown(S "loud\r\n");
}

static void messages_before_the_uart_appear_once_it_is_there(void **state)
{
	uart_there = false;
	pr_info("early\n");
	console_write("lost", 4);
	uart_there = true;
	pr_info("later\n");
	expect_shown(S "early\r\n" S "later\r\n");
}

static void terminal_output_and_messages_keep_to_their_own_lines(void **state)
{
	console_write("/ # ", 4);
	pr_info("message\n");
	expect_shown("/ # \r\n" S "message\r\n");
	console_write("out\r\n", 5);
	pr_info("two\n");
	expect_shown("out\r\n" S "two\r\n");

	pr_info("half");
	console_write("tty", 3);
	pr_cont(" rest\n");
	expect_shown(S "half\r\ntty\r\n" S " rest\r\n");

	pr_info("half");
	console_write("tty\r\n", 5);
	pr_cont("\n");
	pr_info("next\n");
	expect_shown(S "half\r\ntty\r\n" S "next\r\n");
}

static void the_ring_forgets_the_oldest_and_only_whole_records(void **state)
{
	char buf[256], want[256], dots[90];
	u64 seq = 0;
	int n, i;

	memset(dots, '.', sizeof(dots));
	for (i = 0; i < 20000; i++)
		printk(KERN_DEBUG "record %d %.*s\n", i, i % 90, dots);
	n = kmsg_read(&seq, buf, sizeof(buf));
	assert_true(seq > 15000);
	for (i = (int)seq - 1; n; i++, n = kmsg_read(&seq, buf, sizeof(buf))) {
		snprintf(want, sizeof(want), S "record %d %.*s\n", i, i % 90, dots);
		assert_string_equal(buf, want);
		assert_int_equal(n, strlen(want));
		assert_int_equal(seq, i + 1);
	}
	assert_int_equal(i, 20000);
	assert_true(next.pos - first.pos <= LOG_SIZE);
	assert_true(next.pos - first.pos > LOG_SIZE - 256);
}

static void a_reader_that_fell_behind_goes_on_with_the_oldest(void **state)
{
	char buf[128];
	u64 seq = 0;

	pr_debug("zero\n");
	kmsg_read(&seq, buf, sizeof(buf));
	for (int i = 1; i < 10000; i++)
		pr_debug("%d\n", i);
	assert_true(kmsg_read(&seq, buf, sizeof(buf)) > 0);
	assert_true(seq > 5000);
	/* And one that starts again finds the same. */
	seq = 0;
	assert_true(kmsg_read(&seq, buf, sizeof(buf)) > 0);
	assert_true(seq > 5000);
}

static void a_short_buffer_cuts_the_text(void **state)
{
	char buf[20];
	u64 seq = 0;

	pr_info("abcdefghijkl\n");
	assert_int_equal(kmsg_read(&seq, buf, sizeof(buf)), 19);
	assert_string_equal(buf, S "abcd");
	assert_int_equal(kmsg_read(&seq, buf, sizeof(buf)), 0);
}

static void a_message_longer_than_the_limit_is_cut(void **state)
{
	static char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	pr_info("%s\n", text);
	assert_int_equal(shown_len, strlen(S) + LOG_TEXT_MAX - 1 - 2);
	pr_info("next\n");
	assert_string_equal(shown + shown_len - strlen("\r\n" S "next\r\n"), "\r\n" S "next\r\n");
}

static void print_inside(void)
{
	pr_err("inside\n");
}

static void a_message_from_inside_printk_does_not_wait_for_itself(void **state)
{
	on_putc = print_inside;
	pr_info("ab\n");
	expect_shown("\r\ninside\r\n" S "ab\r\n");
	expect_log(S "ab\n");
}

static void an_oops_shows_everything_and_breaks_the_lock(void **state)
{
	console_loglevel = 1;
	log_lock = 1;
	log_owner = 0;
	printk_enter_oops();
	pr_debug("dying\n");
	expect_shown(S "dying\r\n");
	/* Held by a CPU that is gone. */
	log_lock = 1;
	log_owner = 3;
	pr_debug("still here\n");
	expect_shown(S "still here\r\n");
}

static void options_set_the_level(void **state)
{
	assert_int_equal(loglevel("3"), 0);
	assert_int_equal(console_loglevel, 3);
	assert_int_equal(loglevel("x"), -EINVAL);
	assert_int_equal(loglevel(NULL), -EINVAL);
	assert_int_equal(console_loglevel, 3);
	assert_int_equal(quiet(NULL), 0);
	assert_int_equal(console_loglevel, 4);
	assert_int_equal(debug(NULL), 0);
	assert_int_equal(console_loglevel, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_message_has_a_stamp_on_console_and_in_the_log, setup),
		cmocka_unit_test_setup(every_line_of_a_message_has_a_stamp, setup),
		cmocka_unit_test_setup(the_level_hides_from_the_console_only, setup),
		cmocka_unit_test_setup(a_line_can_be_continued, setup),
		cmocka_unit_test_setup(a_continuation_of_nothing_is_a_message, setup),
		cmocka_unit_test_setup(another_message_ends_an_unfinished_line, setup),
		cmocka_unit_test_setup(hidden_lines_stay_hidden_when_continued, setup),
		cmocka_unit_test_setup(messages_before_the_uart_appear_once_it_is_there, setup),
		cmocka_unit_test_setup(terminal_output_and_messages_keep_to_their_own_lines, setup),
		cmocka_unit_test_setup(the_ring_forgets_the_oldest_and_only_whole_records, setup),
		cmocka_unit_test_setup(a_reader_that_fell_behind_goes_on_with_the_oldest, setup),
		cmocka_unit_test_setup(a_short_buffer_cuts_the_text, setup),
		cmocka_unit_test_setup(a_message_longer_than_the_limit_is_cut, setup),
		cmocka_unit_test_setup(a_message_from_inside_printk_does_not_wait_for_itself, setup),
		cmocka_unit_test_setup(an_oops_shows_everything_and_breaks_the_lock, setup),
		cmocka_unit_test_setup(options_set_the_level, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
