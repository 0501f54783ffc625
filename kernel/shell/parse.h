/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parse.h - a line of shell text as a tree.
 *
 *   list      and_or { (";" | "&") and_or } [";" | "&"]
 *   and_or    pipeline { ("&&" | "||") pipeline }
 *   pipeline  command { "|" command }
 *   command   { word | redirection }, at least one
 *   redirection  [N] (">" | ">>" | "<") word  |  [N] (">&" | "<&") M
 *
 * Words keep their quotes: what they mean ($?, globs) is only known when the
 * command's turn comes, see expand.h.
 */
#ifndef KERNEL_SHELL_PARSE_H
#define KERNEL_SHELL_PARSE_H

#include "kernel/shell/words.h"

enum sh_redir_type { REDIR_IN, REDIR_OUT, REDIR_APPEND, REDIR_DUP };

struct sh_redir {
	struct sh_redir *next;
	enum sh_redir_type type;
	int fd;		/* the descriptor that changes, 0..9 */
	int from;	/* REDIR_DUP: the descriptor that it becomes a copy of, 0..9 */
	char *word;	/* otherwise: the file's name, with its quotes */
};

struct sh_command {
	struct sh_command *next;	/* the next stage of the pipe */
	struct words words;		/* with their quotes */
	struct sh_redir *redirs;	/* in the order written: `>x 2>&1` is not `2>&1 >x` */
};

struct sh_pipeline {
	struct sh_pipeline *next;
	enum { RUN_ALWAYS, RUN_IF_OK, RUN_IF_FAILED } when;	/* given the status of those before it */
	struct sh_command *commands;
};

struct sh_list {
	struct sh_list *next;
	struct sh_pipeline *pipelines;
	bool background;
	const char *text;	/* its source: points into the line that was parsed */
	size_t text_len;
};

/*
 * Parses a line.  0, with the tree in *list (NULL for a line of blanks or a
 * comment); -EINVAL, with what is wrong in error[size]; or -ENOMEM.  The tree points
 * into `line`, which must outlive it.  May sleep.
 */
int sh_parse(const char *line, struct sh_list **list, char *error, size_t size);

void sh_free_list(struct sh_list *list);
void sh_free_redirs(struct sh_redir *redirs);

#endif
