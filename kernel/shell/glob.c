/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glob.c - the paths that match a pattern such as /sys/k*nel/tracing/trace_[a-p]*.
 *
 * Walks the pattern component by component with one path buffer for all levels: a
 * component without glob bytes is appended as it is; one with them is compared
 * with each name in the directory so far, and a match goes one level deeper.
 * As in sh, `*` does not match a leading dot, and only paths that exist count.
 * Task context, no lock.
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/expand.h"
#include "lib/glob.h"
#include "lib/string.h"

/* Components with glob bytes in one pattern: each is a level of recursion on a small stack. */
#define GLOB_LEVELS 16

struct glob {
	char *path;		/* PATH_MAX bytes: the part decided so far */
	struct words *out;
	int level;
	int err;
};

static void match_rest(struct glob *g, size_t len, const char *pattern);

static bool has_glob_byte(const char *s)
{
	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (strchr("*?[", *s))
			return true;
	}
	return false;
}

static void remove_backslashes(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		*to++ = *s;
	}
	*to = '\0';
}

/* The new length, or 0 if it gets too long: such a path does not exist. */
static size_t append_name(struct glob *g, size_t len, const char *name)
{
	size_t n = strlen(name);

	if (len + n + 2 > PATH_MAX)
		return 0;
	memcpy(g->path + len, name, n + 1);
	return len + n;
}

static void match_names(struct glob *g, size_t len, const char *component, const char *rest)
{
	struct words names = { 0 };

	if (g->level == GLOB_LEVELS)
		return;
	g->level++;
	/* A directory that cannot be read has no matches. */
	if (read_directory(len ? g->path : ".", &names) == -ENOMEM)
		g->err = -ENOMEM;
	for (int i = 0; i < names.nr && !g->err; i++) {
		size_t new_len;

		if ((names.v[i][0] == '.' && component[0] != '.') || !glob_match(component, names.v[i]))
			continue;
		new_len = append_name(g, len, names.v[i]);
		if (new_len)
			match_rest(g, new_len, rest);
	}
	words_free(&names);
	g->level--;
}

/* pattern: what is left, from a '/' or from the start of the first component. */
static void match_rest(struct glob *g, size_t len, const char *pattern)
{
	struct kstat stat;

	while (*pattern) {
		const char *end = strchrnul(pattern, '/');
		char *component;

		if (*pattern == '/') {
			len = append_name(g, len, "/");
			if (!len)
				return;
			pattern++;
			continue;
		}
		component = kmemdup(pattern, end - pattern + 1, GFP_KERNEL);
		if (!component) {
			g->err = -ENOMEM;
			return;
		}
		component[end - pattern] = '\0';
		if (has_glob_byte(component)) {
			match_names(g, len, component, end);
			len = 0;
		} else {
			remove_backslashes(component);
			len = append_name(g, len, component);
		}
		kfree(component);
		if (!len)
			return;
		pattern = end;
	}
	if (!vfs_stat(g->path, &stat))
		g->err = words_add(g->out, g->path, len);
}

int glob_path(const char *pattern, struct words *out)
{
	struct glob g = { .out = out };
	int first = out->nr;

	g.path = kzalloc(PATH_MAX, GFP_KERNEL);
	if (!g.path)
		return -ENOMEM;
	match_rest(&g, 0, pattern);
	kfree(g.path);
	words_sort(out, first);
	return g.err ? g.err : out->nr - first;
}
