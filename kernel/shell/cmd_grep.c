/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_grep.c - grep: the lines that match a pattern of regex.h.  $? is 0, 1 (none) or 2 (error), as everywhere. */
#include "kernel/shell/regex.h"
#include "kernel/shell/shell.h"
#include "lib/errno.h"
#include "lib/string.h"

struct grep {
	const char *pattern;
	unsigned int flags;		/* REGEX_* */
	bool invert, count, numbers, quiet;
	bool names;			/* several files: say which */
	bool found;
};

static int print_match(const struct grep *g, const char *name, unsigned long number, const char *line)
{
	if (g->numbers)
		return sh_printf("%s%s%lu:%s\n", g->names ? name : "", g->names ? ":" : "", number, line);
	return sh_printf("%s%s%s\n", g->names ? name : "", g->names ? ":" : "", line);
}

/* -errno of a write. */
static int grep_lines(struct grep *g, struct sh_reader *reader, const char *name)
{
	unsigned long number = 0, matches = 0;
	char *line;
	int err = 0;

	while (!err && (line = sh_getline(reader, NULL))) {
		number++;
		if (regex_search(g->pattern, line, g->flags) == g->invert)
			continue;
		matches++;
		g->found = true;
		if (g->quiet)
			return 0;
		if (!g->count)
			err = print_match(g, name, number, line);
	}
	if (!err && g->count && !g->quiet)
		err = sh_printf("%s%s%lu\n", g->names ? name : "", g->names ? ":" : "", matches);
	return err;
}

static int grep_file(int fd, const char *name, void *arg)
{
	struct grep *g = arg;
	struct sh_reader reader;
	int err;

	if (!strcmp(name, "-"))
		name = "(standard input)";
	sh_reader_init(&reader, fd);
	err = grep_lines(g, &reader, name);
	sh_reader_exit(&reader);
	if (err) {
		sh_fail("grep", "write error", err);
		return 2 | SH_STOP;
	}
	if (reader.err) {
		sh_fail("grep", name, reader.err);
		return 2;
	}
	return g->quiet && g->found ? SH_STOP : 0;
}

static int cmd_grep(int argc, char **argv)
{
	struct sh_getopt o = { 0 };
	struct grep g = { 0 };
	const char *wrong;
	int c, status;

	while ((c = sh_getopt(&o, argc, argv, "vcinqEFe:")) >= 0) {
		switch (c) {
		case 'v': g.invert = true; break;
		case 'c': g.count = true; break;
		case 'i': g.flags |= REGEX_IGNORE_CASE; break;
		case 'n': g.numbers = true; break;
		case 'q': g.quiet = true; break;
		case 'E': g.flags |= REGEX_EXTENDED; break;
		case 'F': g.flags |= REGEX_FIXED; break;
		case 'e': g.pattern = o.value; break;
		default: return 2;
		}
	}
	if (!g.pattern && o.index < argc)
		g.pattern = argv[o.index++];
	if (!g.pattern)
		return sh_usage("grep");
	wrong = regex_check(g.pattern, g.flags);
	if (wrong) {
		sh_error("grep: bad regex '%s': %s\n", g.pattern, wrong);
		return 2;
	}
	g.names = argc - o.index > 1;
	status = sh_each_file(argc, argv, o.index, grep_file, &g);
	if (g.quiet && g.found)
		return 0;
	return status ? 2 : !g.found;
}
SHELL_COMMAND(grep, cmd_grep, 0, "[-vcinqEF] PATTERN [FILE]...",
	      "prints the lines that match PATTERN: c . [a-z] [^a-z] x* ^ $ \\c\n"
	      "-v  that do not       -c  only how many     -i  upper and lower case are the same\n"
	      "-n  with numbers      -q  only $?           -F  no byte of PATTERN is special\n"
	      "-E  also x+ x? a|b    -e PATTERN  that may begin with a dash");
