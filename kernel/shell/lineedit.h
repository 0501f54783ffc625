/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lineedit.h - a line of input, edited on a VT100-like terminal.
 *
 * A state machine: bytes from the terminal go in one at a time, bytes for
 * the terminal come out through ops->output.
 *
 *   ^A Home  start   ^E End  end       ^B left   ^F right   arrows
 *   Backspace ^H     Delete ^D         delete before, at the cursor (^D does nothing on an empty line)
 *   ^U ^K ^W         delete to the start, to the end, the word before the cursor
 *   ^P up  ^N down   history           ^L        clear the screen
 *   Tab              complete; again: list   ^C  give the line up   Enter  done
 */
#ifndef KERNEL_SHELL_LINEEDIT_H
#define KERNEL_SHELL_LINEEDIT_H

#include "kernel/shell/words.h"

#define LINE_SIZE 4096		/* with the final NUL */
#define PROMPT_SIZE 300
#define HISTORY_SIZE 64		/* lines */

struct line_editor_ops {
	void (*output)(const char *s, size_t len);
	/*
	 * Appends what the text before line[pos] could be completed to: each a whole name,
	 * with the '/' or ' ' that belongs behind it.  Returns how many bytes before pos the names begin with.
	 */
	size_t (*complete)(const char *line, size_t pos, struct words *names);
};

struct line_editor {
	const struct line_editor_ops *ops;

	char line[LINE_SIZE];	/* NUL-terminated */
	size_t len, pos;	/* pos: the cursor */

	char prompt[PROMPT_SIZE];
	enum line_view {
		VIEW_WHOLE,	/* prompt and line are on one row */
		VIEW_WRAPPED,	/* typed past the end of the row; the cursor is at the end */
		VIEW_WINDOW,	/* one row shows the part around the cursor */
	} view;

	enum { KEY_PLAIN, KEY_ESC, KEY_CSI } key_state;
	int csi_number;		/* of ESC [ number ~ */
	char last;		/* the byte before this one */

	char *history[HISTORY_SIZE];	/* oldest first */
	int nr_history;
	int browsing;		/* the line shown: an index of history, or nr_history for the new one */
	char *new_line;		/* what was typed before browsing began */
};

enum line_event { LINE_MORE, LINE_DONE, LINE_INTERRUPTED };

/* An editor is all zeroes but for ops.  Prints the prompt and begins an empty line. */
void line_begin(struct line_editor *e, const char *prompt);

/* One byte from the terminal.  After LINE_DONE the line is e->line; the caller prints the newline.  May sleep. */
enum line_event line_feed(struct line_editor *e, char c);

/* Remembers a line, unless it is empty or the same as the last one. */
void line_history_add(struct line_editor *e, const char *line);

void line_history_free(struct line_editor *e);

#endif
