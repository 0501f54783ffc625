/* SPDX-License-Identifier: BSD-2-Clause */
/* cmdline.c - see cmdline.h.  No state, any context. */
#include "lib/cmdline.h"
#include "lib/ctype.h"
#include "lib/string.h"

/* Removes a quote from the front of *s and, if there was one, from its end. */
static void unquote(char **s, size_t len)
{
	if (**s != '"')
		return;
	if (len > 1 && (*s)[len - 1] == '"')
		(*s)[len - 1] = '\0';
	(*s)++;
}

char *next_arg(char *args, char **param, char **val)
{
	bool quoted = false;
	char *equals = NULL, *end;

	args = skip_spaces(args);
	for (end = args; *end && (quoted || !isspace(*end)); end++) {
		if (*end == '"')
			quoted = !quoted;
		else if (*end == '=' && !equals)
			equals = end;
	}
	*param = args;
	*val = NULL;
	args = *end ? end + 1 : end;
	*end = '\0';
	unquote(param, end - *param);
	if (equals) {
		*equals = '\0';
		*val = equals + 1;
		unquote(val, strlen(*val));
	}
	return skip_spaces(args);
}

static char dash_to_underscore(char c)
{
	return c == '-' ? '_' : c;
}

bool parameqn(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (dash_to_underscore(*a) != dash_to_underscore(*b))
			return false;
		if (!*a)
			break;
	}
	return true;
}

bool parameq(const char *a, const char *b)
{
	return parameqn(a, b, (size_t)-1);
}
