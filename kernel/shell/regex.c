/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regex.c - a matcher that walks the pattern itself: no compiled form, no memory.
 *
 * A pattern is alternatives, an alternative a sequence of atoms: a byte, a dot, a
 * class, or a group, which is alternatives again.  What has to match behind a group is
 * a chain of `struct rest` on the stack.  The functions recurse only where several ways
 * have to be tried, at a repeat and at a group; regex_check() limits how many there are,
 * and refuses repeated groups, so the stack stays small.  Greedy with backtracking.
 */
#include "kernel/shell/regex.h"
#include "lib/compiler.h"
#include "lib/ctype.h"
#include "lib/string.h"

#define MAX_CHOICES 16

struct matcher {
	const char *text_start;
	unsigned int flags;
};

/* A piece of the pattern that follows, up to `end`, and what follows that. */
struct rest {
	const char *p, *end;
	const struct rest *next;
};

static bool is_extended(char c, char special, unsigned int flags)
{
	return c == special && (flags & REGEX_EXTENDED);
}

/* The first byte behind the atom at p; NULL for a class or a group that is not closed. */
static const char *atom_end(const char *p, unsigned int flags)
{
	int depth = 0;

	do {
		if (!*p)
			return NULL;
		if (*p == '\\' && p[1]) {
			p += 2;
		} else if (*p == '[') {
			p += p[1] == '^' ? 2 : 1;
			/* A ']' that comes first stands for itself. */
			p = *p ? strchr(p + 1, ']') : NULL;
			if (!p)
				return NULL;
			p++;
		} else {
			depth += is_extended(*p, '(', flags) - (depth && is_extended(*p, ')', flags));
			p++;
		}
	} while (depth);
	return p;
}

/* The repeat behind an atom, or 0. */
static char repeat_at(const char *p, unsigned int flags)
{
	return *p == '*' || is_extended(*p, '+', flags) || is_extended(*p, '?', flags) ? *p : 0;
}

/* The '|' that ends the alternative at p, or `end`. */
static const char *alternative_end(const char *p, const char *end, unsigned int flags)
{
	while (p < end && !is_extended(*p, '|', flags))
		p = atom_end(p, flags);
	return p;
}

const char *regex_check(const char *pattern, unsigned int flags)
{
	int depth = 0, choices = 0;

	if (flags & REGEX_FIXED)
		return NULL;
	for (const char *p = pattern; *p;) {
		bool open = is_extended(*p, '(', flags), close = is_extended(*p, ')', flags);

		if (*p == '\\' && !p[1])
			return "trailing backslash";
		if (*p == '[' && !atom_end(p, flags))
			return "unmatched [";
		depth += open - close;
		if (depth < 0)
			return "unmatched )";
		/* Inside of a group as well: only whole groups are skipped by atom_end(). */
		p = open || close ? p + 1 : atom_end(p, flags);
		if (close && repeat_at(p, flags))
			return "a group cannot be repeated";
		choices += open || (!close && repeat_at(p, flags));
	}
	if (depth)
		return "unmatched (";
	return choices > MAX_CHOICES ? "too many repeats and groups" : NULL;
}

static bool same_byte(char a, char b, unsigned int flags)
{
	return a == b || ((flags & REGEX_IGNORE_CASE) && tolower(a) == tolower(b));
}

/* Is c one of the bytes and ranges in [p, end)? */
static bool in_ranges(const char *p, const char *end, char c)
{
	for (; p < end; p++) {
		if (p[1] == '-' && p + 2 < end) {
			if ((unsigned char)p[0] <= (unsigned char)c && (unsigned char)c <= (unsigned char)p[2])
				return true;
			p += 2;
		} else if (*p == c) {
			return true;
		}
	}
	return false;
}

/* The class at p, which begins with '[' and ends before `end`. */
static bool match_class(const char *p, const char *end, char c, unsigned int flags)
{
	bool negated = p[1] == '^', in;

	p += 1 + negated;
	end--;
	in = in_ranges(p, end, c);
	if (flags & REGEX_IGNORE_CASE)
		in |= in_ranges(p, end, tolower(c)) || in_ranges(p, end, toupper(c));
	return in != negated;
}

/* Does the atom [p, end) match the byte c of the text? */
static bool match_atom(const char *p, const char *end, char c, unsigned int flags)
{
	if (!c)
		return false;
	if (*p == '.')
		return true;
	if (*p == '\\')
		return same_byte(p[1], c, flags);
	return *p == '[' ? match_class(p, end, c, flags) : same_byte(*p, c, flags);
}

static bool match_alternatives(const struct matcher *m, const char *p, const char *end, const char *text,
			       const struct rest *rest);

/* The atom [atom, sign), repeated as the byte at `sign` says, then rest: tries the longest run first. */
static bool match_repeat(const struct matcher *m, const char *atom, const char *sign, const char *text,
			 const struct rest *rest);

/* One alternative: [p, end), then rest. */
static bool match_here(const struct matcher *m, const char *p, const char *end, const char *text,
		       const struct rest *rest)
{
	for (;;) {
		const char *next;

		if (p == end) {
			if (!rest)
				return true;
			p = rest->p;
			end = rest->end;
			rest = rest->next;
			continue;
		}
		next = atom_end(p, m->flags);
		if (is_extended(*p, '(', m->flags)) {
			struct rest behind = { next, end, rest };

			return match_alternatives(m, p + 1, next - 1, text, &behind);
		}
		if (next < end && repeat_at(next, m->flags)) {
			struct rest behind = { next + 1, end, rest };

			return match_repeat(m, p, next, text, &behind);
		}
		if (*p == '^' && text == m->text_start) {
			p = next;
		} else if (*p == '$' && next == end) {
			if (*text)
				return false;
			p = next;
		} else if (match_atom(p, next, *text, m->flags)) {
			p = next;
			text++;
		} else {
			return false;
		}
	}
}

static bool match_repeat(const struct matcher *m, const char *atom, const char *sign, const char *text,
			 const struct rest *rest)
{
	size_t least = *sign == '+', most = *sign == '?' ? 1 : (size_t)-1, n = 0;

	while (n < most && match_atom(atom, sign, text[n], m->flags))
		n++;
	for (; n >= least; n--) {
		if (match_here(m, rest->p, rest->end, text + n, rest->next))
			return true;
		if (!n)
			break;
	}
	return false;
}

static bool match_alternatives(const struct matcher *m, const char *p, const char *end, const char *text,
			       const struct rest *rest)
{
	for (;;) {
		const char *stop = alternative_end(p, end, m->flags);

		if (match_here(m, p, stop, text, rest))
			return true;
		if (stop == end)
			return false;
		p = stop + 1;
	}
}

static bool search_fixed(const char *pattern, const char *text, unsigned int flags)
{
	size_t len = strlen(pattern);

	if (!(flags & REGEX_IGNORE_CASE))
		return strstr(text, pattern);
	do {
		if (!strncasecmp(text, pattern, len))
			return true;
	} while (*text++);
	return false;
}

bool regex_search(const char *pattern, const char *text, unsigned int flags)
{
	struct matcher m = { text, flags };
	const char *end = pattern + strlen(pattern);

	if (flags & REGEX_FIXED)
		return search_fixed(pattern, text, flags);
	do {
		if (match_alternatives(&m, pattern, end, text, NULL))
			return true;
	} while (*text++);
	return false;
}
