/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_shell_lineedit.c - kernel/shell/lineedit.c against a terminal that draws what it is told.
 *
 * The terminal here is a grid with a cursor, wraps at its width, and knows the few
 * sequences the editor uses; any other fails the test.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "tests/unit/host_kmalloc.h"
#include "kernel/shell/words.c"
#include "kernel/shell/lineedit.c"

#define ROWS 200
#define MAX_WIDTH 200

static struct {
	char cell[ROWS][MAX_WIDTH + 1];
	int row, column, width, bells;
} screen;

static struct line_editor editor;

static void screen_reset(int width)
{
	memset(&screen, 0, sizeof(screen));
	memset(screen.cell, ' ', sizeof(screen.cell));
	screen.width = width;
}

static const char *screen_escape(const char *s)
{
	int n = 0;

	assert_int_equal(*s++, '[');
	for (; isdigit(*s); s++)
		n = n * 10 + *s - '0';
	if (*s == 'K')
		memset(screen.cell[screen.row] + screen.column, ' ', MAX_WIDTH - screen.column);
	else if (*s == 'C')
		screen.column += n;
	else if (*s == 'H')
		screen.row = screen.column = 0;
	else if (*s == 'J')
		memset(screen.cell, ' ', sizeof(screen.cell));
	else
		fail_msg("unknown escape sequence ESC [ %d %c", n, *s);
	assert_true(screen.column < screen.width);
	return s + 1;
}

static void screen_output(const char *text, size_t len)
{
	char copy[LINE_SIZE + 64];
	const char *s = copy;

	memcpy(copy, text, len);
	copy[len] = '\0';
	while (*s) {
		char c = *s++;

		if (c == '\033') {
			s = screen_escape(s);
		} else if (c == '\n') {
			screen.row++;
			screen.column = 0;
		} else if (c == '\r') {
			screen.column = 0;
		} else if (c == '\a') {
			screen.bells++;
		} else {
			if (screen.column == screen.width) {
				screen.row++;
				screen.column = 0;
			}
			screen.cell[screen.row][screen.column++] = c;
		}
		assert_true(screen.row < ROWS);
	}
}

/* The text of a row without its final blanks. */
static const char *row(int n)
{
	static char text[MAX_WIDTH + 1];
	int len = MAX_WIDTH;

	memcpy(text, screen.cell[n], MAX_WIDTH);
	while (len && text[len - 1] == ' ')
		len--;
	text[len] = '\0';
	return text;
}

static size_t fake_complete(const char *line, size_t pos, struct words *names)
{
	static const char *const all[] = { "cat ", "clear ", "cd ", "trace ", "trace_pipe ", "trace_options/" };
	size_t start = pos;

	while (start && line[start - 1] != ' ')
		start--;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (!strncmp(all[i], line + start, pos - start))
			words_add(names, all[i], strlen(all[i]));
	return pos - start;
}

static const struct line_editor_ops ops = { screen_output, fake_complete };

static int start(void **state)
{
	memset(&editor, 0, sizeof(editor));
	editor.ops = &ops;
	screen_reset(80);
	line_begin(&editor, "/ # ");
	return 0;
}

static int stop(void **state)
{
	line_history_free(&editor);
	return 0;
}

static enum line_event type(const char *keys)
{
	enum line_event event = LINE_MORE;

	for (; *keys; keys++)
		event = line_feed(&editor, *keys);
	return event;
}

/* What the caller does after LINE_DONE. */
static void next_line(void)
{
	screen_output("\n", 1);
	line_begin(&editor, "/ # ");
}

/* The line is so, it is what the screen shows on the cursor's row, and the cursor is where it should be. */
static void assert_line(const char *line, size_t pos)
{
	char shown[256];

	assert_string_equal(editor.line, line);
	assert_int_equal(editor.len, strlen(line));
	assert_int_equal(editor.pos, pos);
	snprintf(shown, sizeof(shown), "/ # %s", line);
	for (size_t n = strlen(shown); n && shown[n - 1] == ' '; n--)
		shown[n - 1] = '\0';
	assert_string_equal(row(screen.row), shown);
	assert_int_equal(screen.column, 4 + pos);
}

#define UP "\033[A"
#define DOWN "\033[B"
#define RIGHT "\033[C"
#define LEFT "\033[D"
#define HOME "\033[H"
#define END "\033[F"
#define DELETE "\033[3~"

static void typing_echoes_and_enter_ends(void **state)
{
	assert_int_equal(type("echo hi"), LINE_MORE);
	assert_line("echo hi", 7);
	assert_int_equal(type("\r"), LINE_DONE);
	assert_string_equal(editor.line, "echo hi");
}

static void line_feed_ends_a_line_and_cr_lf_is_one_end(void **state)
{
	assert_int_equal(type("a\n"), LINE_DONE);
	next_line();
	assert_int_equal(type("b\r"), LINE_DONE);
	next_line();
	assert_int_equal(type("\n"), LINE_MORE);
	assert_line("", 0);
	assert_int_equal(type("\n"), LINE_DONE);
}

static void arrows_move_and_typing_inserts(void **state)
{
	type("ehco" LEFT LEFT LEFT);
	assert_line("ehco", 1);
	type(DELETE RIGHT "h");
	assert_line("echo", 3);
	type(LEFT LEFT LEFT LEFT LEFT "x");
	assert_line("xecho", 1);
	type(END RIGHT RIGHT "y");
	assert_line("xechoy", 6);
}

static void home_and_end_come_in_many_forms(void **state)
{
	static const char *const homes[] = { HOME, "\033OH", "\033[1~", "\033[7~", "\001" };
	static const char *const ends[] = { END, "\033OF", "\033[4~", "\033[8~", "\005" };

	type("abc");
	for (size_t i = 0; i < ARRAY_SIZE(homes); i++) {
		type(homes[i]);
		assert_line("abc", 0);
		type(ends[i]);
		assert_line("abc", 3);
	}
}

static void backspace_and_delete_remove_one_byte(void **state)
{
	type("abcd\177");
	assert_line("abc", 3);
	type(LEFT "\b");
	assert_line("ac", 1);
	type("\004");
	assert_line("a", 1);
	type("\004" DELETE);
	assert_line("a", 1);
	type("\177\177\177");
	assert_line("", 0);
}

static void control_keys_delete_parts(void **state)
{
	type("one two  three");
	type("\027");
	assert_line("one two  ", 9);
	type("\027");
	assert_line("one ", 4);
	type("two\002\002\013");
	assert_line("one t", 5);
	type("\002\025");
	assert_line("t", 0);
}

static void ctrl_d_on_an_empty_line_does_nothing(void **state)
{
	assert_int_equal(type("\004"), LINE_MORE);
	assert_line("", 0);
}

static void ctrl_c_gives_the_line_up(void **state)
{
	assert_int_equal(type("rm x\003"), LINE_INTERRUPTED);
	assert_string_equal(row(0), "/ # rm x^C");
	assert_int_equal(screen.row, 1);
}

static void ctrl_l_redraws_on_a_clear_screen(void **state)
{
	type("abc" LEFT "\014");
	assert_int_equal(screen.row, 0);
	assert_line("abc", 2);
}

static void unknown_keys_do_nothing(void **state)
{
	type("a\033[5~\033[1;5Q\033x\001\005\007\030");
	assert_line("a", 1);
}

static void history_goes_up_and_down(void **state)
{
	line_history_add(&editor, "first");
	line_history_add(&editor, "second");
	next_line();
	type("new" UP);
	assert_line("second", 6);
	type(UP UP UP);
	assert_line("first", 5);
	type("x" DOWN);
	assert_line("second", 6);
	type(DOWN);
	assert_line("new", 3);
	type(DOWN);
	assert_line("new", 3);
}

static void history_skips_empty_and_repeated_lines(void **state)
{
	line_history_add(&editor, "");
	line_history_add(&editor, "a");
	line_history_add(&editor, "a");
	line_history_add(&editor, "b");
	line_history_add(&editor, "a");
	assert_int_equal(editor.nr_history, 3);
}

static void history_forgets_the_oldest(void **state)
{
	char line[16];

	for (int i = 0; i < HISTORY_SIZE + 5; i++) {
		snprintf(line, sizeof(line), "line %d", i);
		line_history_add(&editor, line);
	}
	assert_int_equal(editor.nr_history, HISTORY_SIZE);
	assert_string_equal(editor.history[0], "line 5");
}

static void history_without_any_lines_changes_nothing(void **state)
{
	type("abc" UP DOWN);
	assert_line("abc", 3);
}

static void tab_completes_a_single_name(void **state)
{
	type("cat x" HOME RIGHT RIGHT);
	type("\t");
	assert_string_equal(editor.line, "cat t x");
	stop(state);
	start(state);
	type("cle\t");
	assert_line("clear ", 6);
	type("trace_o\t");
	assert_line("clear trace_options/", 20);
}

static void tab_inserts_the_common_part_then_lists(void **state)
{
	type("t\t");
	assert_line("trace", 5);
	assert_int_equal(screen.row, 0);
	type("\t");
	assert_string_equal(row(1), "trace           trace_pipe      trace_options/");
	assert_int_equal(screen.row, 2);
	assert_line("trace", 5);
}

static void tab_without_names_does_nothing(void **state)
{
	type("zz\t\t");
	assert_line("zz", 2);
	assert_int_equal(screen.row, 0);
}

static void a_long_line_wraps_where_the_terminal_does(void **state)
{
	char line[201] = "";

	for (int i = 0; i < 200; i++)
		line[i] = 'a' + i % 26;
	type(line);
	assert_string_equal(editor.line, line);
	assert_int_equal(screen.row, (4 + 200 - 1) / 80);
	assert_memory_equal(screen.cell[0] + 4, line, 76);
	assert_memory_equal(screen.cell[1], line + 76, 80);
}

/* Whatever the terminal's real width, an edit shows what is around the cursor, on one row. */
static void a_long_line_is_edited_through_a_window(void **state)
{
	static const int widths[] = { 80, 132, 200 };
	char line[201] = "";

	for (int i = 0; i < 200; i++)
		line[i] = 'a' + i % 26;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		int last;

		stop(state);
		start(state);
		screen.width = widths[i];
		type(line);
		last = screen.row;
		type(LEFT);
		assert_int_equal(screen.row, last + 1);
		assert_int_equal(screen.cell[screen.row][screen.column - 1], line[198]);
		type("X");
		assert_int_equal(screen.row, last + 1);
		assert_int_equal(screen.cell[screen.row][screen.column - 1], 'X');
		type(HOME "Y");
		assert_int_equal(screen.row, last + 1);
		assert_memory_equal(screen.cell[screen.row], "/ # Yabcdef", 11);
		assert_int_equal(editor.len, 202);
		type(END "Z");
		assert_int_equal(screen.row, last + 1);
		assert_int_equal(screen.cell[screen.row][screen.column - 1], 'Z');
		type("\025short");
		assert_line("short", 5);
	}
}

static void a_line_that_fills_the_row_exactly_survives_editing(void **state)
{
	for (int len = 74; len < 79; len++) {
		char line[100] = "";

		stop(state);
		start(state);
		memset(line, 'x', len);
		type(line);
		type("\177");
		line[len - 1] = '\0';
		assert_string_equal(editor.line, line);
		assert_true(screen.column <= 80);
		assert_memory_equal(screen.cell[screen.row], "/ # xxx", 7);
	}
}

static void a_prompt_longer_than_the_row_is_cut_only_in_the_window(void **state)
{
	char prompt[121] = "";

	memset(prompt, 'p', 120);
	line_begin(&editor, prompt);
	type("abc" LEFT);
	assert_string_equal(row(screen.row) + COLUMNS / 2, "abc");
	assert_int_equal(screen.column, COLUMNS / 2 + 2);
}

static void a_full_line_rings_the_bell(void **state)
{
	char fill[LINE_SIZE];

	memset(fill, 'x', LINE_SIZE - 1);
	fill[LINE_SIZE - 1] = '\0';
	type(fill);
	assert_int_equal(editor.len, LINE_SIZE - 1);
	assert_int_equal(screen.bells, 0);
	type("y");
	assert_int_equal(screen.bells, 1);
	assert_int_equal(editor.len, LINE_SIZE - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(typing_echoes_and_enter_ends),
		TEST(line_feed_ends_a_line_and_cr_lf_is_one_end),
		TEST(arrows_move_and_typing_inserts),
		TEST(home_and_end_come_in_many_forms),
		TEST(backspace_and_delete_remove_one_byte),
		TEST(control_keys_delete_parts),
		TEST(ctrl_d_on_an_empty_line_does_nothing),
		TEST(ctrl_c_gives_the_line_up),
		TEST(ctrl_l_redraws_on_a_clear_screen),
		TEST(unknown_keys_do_nothing),
		TEST(history_goes_up_and_down),
		TEST(history_skips_empty_and_repeated_lines),
		TEST(history_forgets_the_oldest),
		TEST(history_without_any_lines_changes_nothing),
		TEST(tab_completes_a_single_name),
		TEST(tab_inserts_the_common_part_then_lists),
		TEST(tab_without_names_does_nothing),
		TEST(a_long_line_wraps_where_the_terminal_does),
		TEST(a_long_line_is_edited_through_a_window),
		TEST(a_line_that_fills_the_row_exactly_survives_editing),
		TEST(a_prompt_longer_than_the_row_is_cut_only_in_the_window),
		TEST(a_full_line_rings_the_bell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
