/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expand.c - from a word as typed to the strings a command gets.
 *
 * One pass over the word builds two texts: the literal one, and the pattern, which is
 * the same with a backslash before each quoted byte that a glob would take for
 * its own.  If an unquoted glob byte was met the pattern goes to glob_path(); when
 * nothing matches, or there was none, the literal text is the result.
 *
 * Nothing here grows a value: $?, $$ and $! are at most 11 digits, so the texts' sizes
 * are known before the pass.  Pure but for kmalloc: runs in the host's unit tests.
 */
#include "kernel/shell/expand.h"
#include "kernel/mm/slab.h"
#include "lib/ctype.h"
#include "lib/errno.h"
#include "lib/stdio.h"
#include "lib/string.h"

struct expansion {
	const struct sh_vars *vars;
	char *literal, *pattern;	/* where the next byte goes */
	bool quoted;			/* there was a quote: an empty result counts */
	bool glob;			/* there was an unquoted glob byte */
};

/* Room for a value in place of "$?", the shortest way to ask for one. */
#define VALUE_MAX 12

static void put_byte(struct expansion *x, char c, bool quoted)
{
	if (strchr("*?[", c) && !quoted)
		x->glob = true;
	if (strchr("*?[]\\", c) && quoted)
		*x->pattern++ = '\\';
	*x->pattern++ = c;
	*x->literal++ = c;
}

static void put_number(struct expansion *x, int value)
{
	char text[VALUE_MAX];

	snprintf(text, sizeof(text), "%d", value);
	for (const char *s = text; *s; s++)
		put_byte(x, *s, true);
}

/* s is behind the '$'.  Returns what is behind the variable's name. */
static const char *expand_variable(struct expansion *x, const char *s)
{
	bool braces = *s == '{' && strchr(s, '}');
	const char *name = s + braces, *end = name;

	if (*end && (strchr("?$!", *end) || isdigit(*end)))
		end++;
	else
		while (isalnum(*end) || *end == '_')
			end++;
	if (end == name || (braces && *end != '}')) {
		put_byte(x, '$', true);
		return s;
	}
	if (*name == '?')
		put_number(x, x->vars->status);
	else if (*name == '$')
		put_number(x, x->vars->pid);
	else if (*name == '!' && x->vars->background)
		put_number(x, x->vars->background);
	return end + braces;
}

static const char *expand_double_quotes(struct expansion *x, const char *s)
{
	while (*s && *s != '"') {
		if (*s == '$') {
			s = expand_variable(x, s + 1);
			continue;
		}
		if (*s == '\\' && s[1] && strchr(SH_DQUOTE_ESCAPES, s[1]))
			s++;
		put_byte(x, *s++, true);
	}
	return *s ? s + 1 : s;
}

static void expand_text(struct expansion *x, const char *s)
{
	while (*s) {
		switch (*s) {
		case '\'':
			x->quoted = true;
			for (s++; *s && *s != '\''; s++)
				put_byte(x, *s, true);
			s += *s != '\0';
			break;
		case '"':
			x->quoted = true;
			s = expand_double_quotes(x, s + 1);
			break;
		case '\\':
			/* The last byte of the line escapes nothing: it is itself. */
			s += s[1] != '\0';
			x->quoted = true;
			put_byte(x, *s++, true);
			break;
		case '$':
			s = expand_variable(x, s + 1);
			break;
		default:
			put_byte(x, *s++, false);
		}
	}
	*x->literal = '\0';
	*x->pattern = '\0';
}

/* One allocation holds both texts: the literal one first. */
static char *expand(struct expansion *x, const char *word, char **pattern)
{
	size_t size = 1;
	char *texts;

	for (const char *s = word; *s; s++)
		size += *s == '$' ? VALUE_MAX : 1;
	texts = kmalloc(3 * size, GFP_KERNEL);
	if (!texts)
		return NULL;
	x->literal = texts;
	x->pattern = *pattern = texts + size;
	expand_text(x, word);
	return texts;
}

int expand_word(const char *word, const struct sh_vars *vars, struct words *out)
{
	struct expansion x = { .vars = vars };
	char *pattern, *literal = expand(&x, word, &pattern);
	int matches = 0;

	if (!literal)
		return -ENOMEM;
	if (x.glob)
		matches = glob_path(pattern, out);
	if (!matches && (*literal || x.quoted))
		matches = words_add(out, literal, strlen(literal));
	kfree(literal);
	return min(matches, 0);
}

char *expand_filename(const char *word, const struct sh_vars *vars)
{
	struct expansion x = { .vars = vars };
	char *pattern;

	return expand(&x, word, &pattern);
}
