/* SPDX-License-Identifier: BSD-2-Clause */
/* expand.h - what the words of a command stand for: quotes, $? $$ $! and globs. */
#ifndef KERNEL_SHELL_EXPAND_H
#define KERNEL_SHELL_EXPAND_H

#include "kernel/shell/words.h"

struct sh_vars {
	int status;	/* $? */
	int pid;	/* $$ */
	int background;	/* $!: the last task put into the background, or 0 */
};

/*
 * Appends to out what `word` (as it was typed) stands for: nothing for a word of
 * only unset variables, several strings for a glob with several matches, else one.  0 or
 * -ENOMEM.  May sleep.
 */
int expand_word(const char *word, const struct sh_vars *vars, struct words *out);

/*
 * The same without globs, for a redirection: always one string, kmalloc'ed.  NULL
 * when out of memory.
 */
char *expand_filename(const char *word, const struct sh_vars *vars);

/* The byte after the backslash at *s inside double quotes keeps its meaning only for these. */
#define SH_DQUOTE_ESCAPES "$`\"\\"

/*
 * glob.c: appends, sorted, the paths that match `pattern`, in which a backslash takes the
 * meaning from the byte after it.  Returns how many, or -ENOMEM.  May sleep.
 */
int glob_path(const char *pattern, struct words *out);

#endif
