/* SPDX-License-Identifier: BSD-2-Clause */
/* test_shell_parse.c - kernel/shell/parse.c: what lines mean, and which lines are refused with which words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "tests/unit/host_kmalloc.h"
#include "kernel/shell/words.c"
#include "kernel/shell/parse.c"

/* The tree as text in `out`: words in [], `>` redirections as FD>NAME, stages joined by |, lists ended by ; or &. */
static char out[1024];

#define emit(...) snprintf(out + strlen(out), sizeof(out) - strlen(out), __VA_ARGS__)

static void print_command(const struct sh_command *c)
{
	static const char *const signs[] = { "<", ">", ">>", ">&" };

	for (int i = 0; i < c->words.nr; i++)
		emit("[%s]", c->words.v[i]);
	for (const struct sh_redir *r = c->redirs; r; r = r->next) {
		if (r->type == REDIR_DUP)
			emit("%d>&%d", r->fd, r->from);
		else
			emit("%d%s%s", r->fd, signs[r->type], r->word);
	}
}

static const char *parsed(const char *line)
{
	static const char *const joins[] = { "", " && ", " || " };
	struct sh_list *list;
	char error[96];

	out[0] = '\0';
	if (sh_parse(line, &list, error, sizeof(error))) {
		emit("%s", error);
		return out;
	}
	for (const struct sh_list *item = list; item; item = item->next) {
		for (const struct sh_pipeline *pl = item->pipelines; pl; pl = pl->next) {
			emit("%s", joins[pl->when]);
			for (const struct sh_command *c = pl->commands; c; c = c->next) {
				print_command(c);
				emit("%s", c->next ? " | " : "");
			}
		}
		emit("%s", item->background ? " & " : " ; ");
	}
	sh_free_list(list);
	return out;
}

static void words_are_split_at_blanks(void **state)
{
	assert_string_equal(parsed("echo a  b\tc "), "[echo][a][b][c] ; ");
}

static void blank_lines_and_comments_are_empty(void **state)
{
	assert_string_equal(parsed(""), "");
	assert_string_equal(parsed("   \t"), "");
	assert_string_equal(parsed("# all of it"), "");
	assert_string_equal(parsed("echo a #b"), "[echo][a] ; ");
	assert_string_equal(parsed("echo a#b"), "[echo][a#b] ; ");
}

static void quotes_keep_blanks_and_operators_in_a_word(void **state)
{
	assert_string_equal(parsed("echo 'a; b' \"c | d\" e\\ f"), "[echo]['a; b'][\"c | d\"][e\\ f] ; ");
	assert_string_equal(parsed("echo a'b c'd\"e f\""), "[echo][a'b c'd\"e f\"] ; ");
	assert_string_equal(parsed("echo \"a\\\"b c\""), "[echo][\"a\\\"b c\"] ; ");
	assert_string_equal(parsed("echo '#' \\# "), "[echo]['#'][\\#] ; ");
	assert_string_equal(parsed("echo a\\"), "[echo][a\\] ; ");
}

static void operators_need_no_blanks(void **state)
{
	assert_string_equal(parsed("a;b&&c||d|e&f"), "[a] ; [b] && [c] || [d] | [e] & [f] ; ");
	assert_string_equal(parsed("a;"), "[a] ; ");
	assert_string_equal(parsed("a &"), "[a] & ");
}

static void redirections_are_kept_in_order(void **state)
{
	assert_string_equal(parsed("a >x 2>&1"), "[a]1>x2>&1 ; ");
	assert_string_equal(parsed("a 2>&1 >x"), "[a]2>&11>x ; ");
	assert_string_equal(parsed("a>>x<y 2>z"), "[a]1>>x0<y2>z ; ");
	assert_string_equal(parsed("> x"), "1>x ; ");
	assert_string_equal(parsed("a <&3 >&2 4<&5"), "[a]0>&31>&24>&5 ; ");
	assert_string_equal(parsed(">x echo a"), "[echo][a]1>x ; ");
	assert_string_equal(parsed("a >'b c'"), "[a]1>'b c' ; ");
}

static void a_number_is_a_descriptor_only_right_before_the_sign(void **state)
{
	assert_string_equal(parsed("echo 2 >x"), "[echo][2]1>x ; ");
	assert_string_equal(parsed("echo a2>x"), "[echo][a2]1>x ; ");
	assert_string_equal(parsed("echo 12>x"), "[echo][12]1>x ; ");
}

static void background_text_is_what_was_typed(void **state)
{
	struct sh_list *list;
	char error[96];

	assert_int_equal(sh_parse("true;  2>x sleep 1 && a  & b", &list, error, sizeof(error)), 0);
	assert_int_equal(list->next->text_len, strlen("2>x sleep 1 && a"));
	assert_memory_equal(list->next->text, "2>x sleep 1 && a", list->next->text_len);
	assert_true(list->next->background);
	sh_free_list(list);
}

static void operators_out_of_place_are_refused(void **state)
{
	assert_string_equal(parsed("; a"), "syntax error: unexpected \";\"");
	assert_string_equal(parsed("a ;; b"), "syntax error: unexpected \";\"");
	assert_string_equal(parsed("a && && b"), "syntax error: unexpected \"&&\"");
	assert_string_equal(parsed("a || | b"), "syntax error: unexpected \"|\"");
	assert_string_equal(parsed("| a"), "syntax error: unexpected \"|\"");
	assert_string_equal(parsed("& a"), "syntax error: unexpected \"&\"");
	assert_string_equal(parsed("echo a (b)"), "syntax error: unexpected \"(\"");
	assert_string_equal(parsed("echo `a`"), "syntax error: unexpected \"`\"");
}

static void a_line_that_ends_too_early_is_refused(void **state)
{
	assert_string_equal(parsed("a &&"), "syntax error: unexpected newline");
	assert_string_equal(parsed("a |"), "syntax error: unexpected newline");
	assert_string_equal(parsed("a >"), "syntax error: unexpected newline");
	assert_string_equal(parsed("a > # b"), "syntax error: unexpected newline");
}

static void quotes_left_open_are_refused(void **state)
{
	assert_string_equal(parsed("echo 'a"), "syntax error: unterminated quoted string");
	assert_string_equal(parsed("echo \"a'"), "syntax error: unterminated quoted string");
	assert_string_equal(parsed("echo \"a\\\""), "syntax error: unterminated quoted string");
	assert_string_equal(parsed("echo ok; echo '"), "syntax error: unterminated quoted string");
}

static void redirections_without_a_file_are_refused(void **state)
{
	assert_string_equal(parsed("a > ; b"), "syntax error: unexpected \";\"");
	assert_string_equal(parsed("a > > b"), "syntax error: unexpected \">\"");
	assert_string_equal(parsed("a > 2> b"), "syntax error: unexpected \"2>\"");
	assert_string_equal(parsed("a 2>&x"), "syntax error: bad fd number");
	assert_string_equal(parsed("a 2>&12"), "syntax error: bad fd number");
}

/* Every allocation fails once: -ENOMEM each time, and ASan finds no leak. */
static void running_out_of_memory_leaves_nothing_behind(void **state)
{
	struct sh_list *list;
	char error[96];
	int err, n = 0;

	do {
		kmalloc_fails_at = ++n;
		err = sh_parse("a 'b' >c | d && e & f", &list, error, sizeof(error));
		assert_true(err == 0 || (err == -ENOMEM && !list));
	} while (err);
	kmalloc_fails_at = 0;
	sh_free_list(list);
	assert_true(n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_at_blanks),
		cmocka_unit_test(blank_lines_and_comments_are_empty),
		cmocka_unit_test(quotes_keep_blanks_and_operators_in_a_word),
		cmocka_unit_test(operators_need_no_blanks),
		cmocka_unit_test(redirections_are_kept_in_order),
		cmocka_unit_test(a_number_is_a_descriptor_only_right_before_the_sign),
		cmocka_unit_test(background_text_is_what_was_typed),
		cmocka_unit_test(operators_out_of_place_are_refused),
		cmocka_unit_test(a_line_that_ends_too_early_is_refused),
		cmocka_unit_test(quotes_left_open_are_refused),
		cmocka_unit_test(redirections_without_a_file_are_refused),
		cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
