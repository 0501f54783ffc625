/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lineedit.c - the line editor's state machine: keys in, screen updates out.
 *
 * The terminal's width is not known (a serial line cannot tell), only that it is at
 * least COLUMNS.  So a byte typed at the end of the line is simply echoed and wraps
 * where the terminal wants; everything else redraws, and redrawing never uses more than one
 * row: a line that does not fit is shown through a window that follows the
 * cursor.  A row that has wrapped is left behind and the window opens below it.
 *
 * The caller owns the editor: no lock.  Pure but for kmalloc and ops: runs in the
 * host's unit tests.
 */
#include "kernel/shell/lineedit.h"
#include "kernel/mm/slab.h"
#include "lib/ctype.h"
#include "lib/stdio.h"
#include "lib/string.h"

#define COLUMNS 80
#define CTRL(c) ((c) - '@')
#define KEY_DELETE 127

static void put(struct line_editor *e, const char *s, size_t len)
{
	if (len)
		e->ops->output(s, len);
}

static void put_string(struct line_editor *e, const char *s)
{
	put(e, s, strlen(s));
}

/* Redraws on the cursor's row, or below a row that has wrapped. */
static void refresh(struct line_editor *e)
{
	const char *prompt = e->prompt;
	size_t prompt_len = strlen(prompt), room, first = 0;
	char move[16];

	put_string(e, e->view == VIEW_WRAPPED ? "\n" : "\r");
	e->view = prompt_len + e->len < COLUMNS ? VIEW_WHOLE : VIEW_WINDOW;
	if (e->view == VIEW_WINDOW && prompt_len > COLUMNS / 2) {
		prompt += prompt_len - COLUMNS / 2;
		prompt_len = COLUMNS / 2;
	}
	room = COLUMNS - 1 - prompt_len;
	if (e->view == VIEW_WINDOW && e->pos > room)
		first = e->pos - room;
	put(e, prompt, prompt_len);
	put(e, e->line + first, min(e->len - first, room));
	put_string(e, "\033[K");
	if (e->pos - first < min(e->len - first, room)) {
		put_string(e, "\r");
		if (prompt_len + e->pos - first) {
			snprintf(move, sizeof(move), "\033[%uC", (unsigned int)(prompt_len + e->pos - first));
			put_string(e, move);
		}
	}
}

static void insert(struct line_editor *e, const char *s, size_t len)
{
	bool at_end = e->pos == e->len;

	if (e->len + len >= LINE_SIZE) {
		put_string(e, "\a");
		return;
	}
	memmove(e->line + e->pos + len, e->line + e->pos, e->len - e->pos + 1);
	memcpy(e->line + e->pos, s, len);
	e->len += len;
	e->pos += len;
	if (!at_end || e->view == VIEW_WINDOW) {
		refresh(e);
		return;
	}
	put(e, s, len);
	if (strlen(e->prompt) + e->len >= COLUMNS)
		e->view = VIEW_WRAPPED;
}

/* Deletes line[from, to) and leaves the cursor there. */
static void delete_range(struct line_editor *e, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(e->line + from, e->line + to, e->len - to + 1);
	e->len -= to - from;
	e->pos = from;
	refresh(e);
}

static void move_to(struct line_editor *e, size_t pos)
{
	if (pos == e->pos)
		return;
	e->pos = pos;
	refresh(e);
}

static size_t word_start(const struct line_editor *e)
{
	size_t pos = e->pos;

	while (pos && e->line[pos - 1] == ' ')
		pos--;
	while (pos && e->line[pos - 1] != ' ')
		pos--;
	return pos;
}

/* --- History --- */

void line_history_add(struct line_editor *e, const char *line)
{
	char *copy;

	if (!*line || (e->nr_history && !strcmp(e->history[e->nr_history - 1], line)))
		return;
	copy = kstrdup(line, GFP_KERNEL);
	if (!copy)
		return;
	if (e->nr_history == HISTORY_SIZE) {
		kfree(e->history[0]);
		memmove(e->history, e->history + 1, sizeof(e->history) - sizeof(e->history[0]));
		e->nr_history--;
	}
	e->history[e->nr_history++] = copy;
}

void line_history_free(struct line_editor *e)
{
	while (e->nr_history)
		kfree(e->history[--e->nr_history]);
	kfree(e->new_line);
	e->new_line = NULL;
}

static void browse(struct line_editor *e, int step)
{
	int to = e->browsing + step;

	if (to < 0 || to > e->nr_history)
		return;
	if (e->browsing == e->nr_history) {
		kfree(e->new_line);
		e->new_line = kstrdup(e->line, GFP_KERNEL);
	}
	e->browsing = to;
	if (to < e->nr_history)
		strscpy(e->line, e->history[to], LINE_SIZE);
	else
		strscpy(e->line, e->new_line ? e->new_line : "", LINE_SIZE);
	e->len = e->pos = strlen(e->line);
	refresh(e);
}

/* --- Completion --- */

static size_t common_prefix(const struct words *names)
{
	size_t len = strlen(names->v[0]);

	for (int i = 1; i < names->nr; i++)
		for (size_t n = 0; n < len; n++)
			if (names->v[i][n] != names->v[0][n])
				len = n;
	return len;
}

/* Columns of names under the line, then the line again. */
static void list_names(struct line_editor *e, const struct words *names)
{
	size_t width = 0, per_row, len;

	for (int i = 0; i < names->nr; i++)
		width = max(width, strlen(names->v[i]) + 2);
	per_row = max((size_t)COLUMNS / width, (size_t)1);
	put_string(e, "\n");
	for (int i = 0; i < names->nr; i++) {
		len = strlen(names->v[i]);
		if (names->v[i][len - 1] == ' ')
			len--;
		put(e, names->v[i], len);
		if (i + 1 == names->nr || (i + 1) % per_row == 0)
			put_string(e, "\n");
		else
			for (; len < width; len++)
				put(e, " ", 1);
	}
	e->view = VIEW_WHOLE;
	refresh(e);
}

static void complete(struct line_editor *e)
{
	struct words names = { 0 };
	size_t typed = e->ops->complete(e->line, e->pos, &names);

	if (names.nr) {
		size_t common = common_prefix(&names);

		if (common > typed)
			insert(e, names.v[0] + typed, common - typed);
		else if (names.nr > 1 && e->last == '\t')
			list_names(e, &names);
	}
	words_free(&names);
}

/* --- Keys --- */

static void backspace(struct line_editor *e)
{
	if (e->pos)
		delete_range(e, e->pos - 1, e->pos);
}

static void delete_at_cursor(struct line_editor *e)
{
	if (e->pos < e->len)
		delete_range(e, e->pos, e->pos + 1);
}

static void left(struct line_editor *e)
{
	move_to(e, e->pos ? e->pos - 1 : 0);
}

static void right(struct line_editor *e)
{
	move_to(e, min(e->pos + 1, e->len));
}

/* The last byte of ESC [ number; `ESC O x` (application mode) means the same as `ESC [ x`. */
static void escape_key(struct line_editor *e, char final)
{
	switch (final) {
	case 'A': browse(e, -1); break;
	case 'B': browse(e, 1); break;
	case 'C': right(e); break;
	case 'D': left(e); break;
	case 'H': move_to(e, 0); break;
	case 'F': move_to(e, e->len); break;
	case '~':
		if (e->csi_number == 1 || e->csi_number == 7)
			move_to(e, 0);
		else if (e->csi_number == 4 || e->csi_number == 8)
			move_to(e, e->len);
		else if (e->csi_number == 3)
			delete_at_cursor(e);
		break;
	}
}

/* True if c was part of an escape sequence. */
static bool feed_escape(struct line_editor *e, char c)
{
	switch (e->key_state) {
	case KEY_PLAIN:
		if (c != '\033')
			return false;
		e->key_state = KEY_ESC;
		return true;
	case KEY_ESC:
		e->csi_number = 0;
		e->key_state = c == '[' || c == 'O' ? KEY_CSI : KEY_PLAIN;
		return true;
	case KEY_CSI:
		if (isdigit(c) && e->csi_number < 100)
			e->csi_number = e->csi_number * 10 + c - '0';
		if (c >= '@' && c <= '~') {
			e->key_state = KEY_PLAIN;
			escape_key(e, c);
		}
		return true;
	}
	return false;
}

static enum line_event feed_key(struct line_editor *e, char c)
{
	switch (c) {
	case '\n':
		if (e->last == '\r')	/* the second half of a terminal's CR LF */
			break;
		/* fall through */
	case '\r':
		return LINE_DONE;
	case CTRL('C'):
		put_string(e, "^C\n");
		return LINE_INTERRUPTED;
	case CTRL('A'): move_to(e, 0); break;
	case CTRL('E'): move_to(e, e->len); break;
	case CTRL('B'): left(e); break;
	case CTRL('F'): right(e); break;
	case CTRL('P'): browse(e, -1); break;
	case CTRL('N'): browse(e, 1); break;
	case CTRL('H'):
	case KEY_DELETE: backspace(e); break;
	case CTRL('D'): delete_at_cursor(e); break;
	case CTRL('U'): delete_range(e, 0, e->pos); break;
	case CTRL('K'): delete_range(e, e->pos, e->len); break;
	case CTRL('W'): delete_range(e, word_start(e), e->pos); break;
	case CTRL('L'):
		put_string(e, "\033[H\033[2J");
		e->view = VIEW_WHOLE;
		refresh(e);
		break;
	case '\t': complete(e); break;
	default:
		if ((unsigned char)c >= ' ')
			insert(e, &c, 1);
	}
	return LINE_MORE;
}

enum line_event line_feed(struct line_editor *e, char c)
{
	enum line_event event = feed_escape(e, c) ? LINE_MORE : feed_key(e, c);

	e->last = c;
	return event;
}

void line_begin(struct line_editor *e, const char *prompt)
{
	strscpy(e->prompt, prompt, sizeof(e->prompt));
	e->line[0] = '\0';
	e->len = e->pos = 0;
	e->view = strlen(e->prompt) < COLUMNS ? VIEW_WHOLE : VIEW_WRAPPED;
	e->browsing = e->nr_history;
	put_string(e, e->prompt);
}
