/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_text.c - commands that print or count text: echo cat head tail wc xxd. */
#include "kernel/mm/slab.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/shell.h"
#include "lib/ctype.h"
#include "lib/kstrtox.h"
#include "lib/stdio.h"
#include "lib/string.h"

#define CHUNK_SIZE 4096

/* --- echo --- */

/* Appends one argument to `to`, with \n \t \r \\ replaced if `escapes`.  Returns the new end. */
static char *copy_argument(char *to, const char *s, bool escapes)
{
	static const char letters[] = "ntr\\", meanings[] = "\n\t\r\\";

	for (; *s; s++) {
		const char *escape = *s == '\\' && s[1] ? strchr(letters, s[1]) : NULL;

		if (escapes && escape) {
			*to++ = meanings[escape - letters];
			s++;
		} else {
			*to++ = *s;
		}
	}
	return to;
}

/* "-n", "-e", "-ne": anything else is text. */
static bool is_echo_option(const char *s)
{
	return s[0] == '-' && s[1] && !s[1 + strspn(s + 1, "ne")];
}

static int cmd_echo(int argc, char **argv)
{
	bool newline = true, escapes = false;
	size_t size = 1;
	char *text, *end;
	int i, err;

	for (i = 1; i < argc && is_echo_option(argv[i]); i++) {
		newline &= !strchr(argv[i], 'n');
		escapes |= strchr(argv[i], 'e') != NULL;
	}
	for (int k = i; k < argc; k++)
		size += strlen(argv[k]) + 1;
	text = end = kmalloc(size, GFP_KERNEL);
	if (!text)
		return sh_fail("echo", NULL, -ENOMEM);
	for (int k = i; k < argc; k++) {
		if (k > i)
			*end++ = ' ';
		end = copy_argument(end, argv[k], escapes);
	}
	if (newline)
		*end++ = '\n';
	/* In one piece: to a control file each write is a request of its own. */
	err = sh_write(text, end - text);
	kfree(text);
	return err ? sh_fail("echo", "write error", err) : 0;
}
SHELL_COMMAND(echo, cmd_echo, SHELL_BUILTIN, "[-ne] [WORD]...",
	      "prints its arguments, in one write\n-n  without a newline\n-e  \\n \\t \\r \\\\ are special");

/* --- cat --- */

static int cat_file(int fd, const char *name, void *buf)
{
	ssize_t n;

	while ((n = sh_read(fd, buf, CHUNK_SIZE)) > 0) {
		int err = sh_write(buf, n);

		if (err)
			return sh_fail("cat", "write error", err) | SH_STOP;
	}
	return n ? sh_fail("cat", name, n) : 0;
}

static int cmd_cat(int argc, char **argv)
{
	void *buf = kmalloc(CHUNK_SIZE, GFP_KERNEL);
	int status = buf ? sh_each_file(argc, argv, 1, cat_file, buf) : sh_fail("cat", NULL, -ENOMEM);

	kfree(buf);
	return status;
}
SHELL_COMMAND(cat, cmd_cat, 0, "[FILE]...", "prints files");

/* --- head and tail --- */

struct extract {
	const char *command;
	unsigned long lines, bytes;	/* bytes: head -c, 0 without */
	bool by_bytes;
	bool from_start;		/* tail -n +N: from line N on */
	bool headers, second;		/* several files: "==> NAME <==", from the second on after an empty line */
};

/* Leaves o->index at the first file.  0, or 2 after a message. */
static int parse_extract(struct extract *x, struct sh_getopt *o, int argc, char **argv, const char *options)
{
	unsigned long *value;
	const char *text;
	int c;

	x->command = argv[0];
	x->lines = 10;
	if (argc > 1 && argv[1][0] == '-' && isdigit(argv[1][1])) {
		o->index = 2;
		text = argv[1] + 1;
		if (kstrtoul(text, 10, &x->lines)) {
			sh_fail(argv[0], text, -EINVAL);
			return 2;
		}
	}
	while ((c = sh_getopt(o, argc, argv, options)) >= 0) {
		if (c == '?')
			return 2;
		x->by_bytes = c == 'c';
		x->from_start = *o->value == '+';
		value = x->by_bytes ? &x->bytes : &x->lines;
		if (kstrtoul(o->value, 10, value)) {
			sh_fail(argv[0], o->value, -EINVAL);
			return 2;
		}
	}
	x->headers = argc - o->index > 1;
	return 0;
}

static int print_header(struct extract *x, const char *name)
{
	int err = x->headers ? sh_printf("%s==> %s <==\n", x->second ? "\n" : "", name) : 0;

	x->second = true;
	return err;
}

/* How many of buf's n bytes belong to the head; counts x's limits down. */
static size_t head_part(unsigned long *left, bool by_bytes, const char *buf, size_t n)
{
	size_t i = 0;

	if (by_bytes) {
		n = min((unsigned long)n, *left);
		*left -= n;
		return n;
	}
	for (; i < n && *left; i++)
		*left -= buf[i] == '\n';
	return i;
}

static int head_file(int fd, const char *name, void *arg)
{
	struct extract *x = arg;
	unsigned long left = x->by_bytes ? x->bytes : x->lines;
	int err = print_header(x, name);
	ssize_t n = 0;
	char buf[256];

	/* Small reads, and none once there is enough: what comes next may be slow, or for others. */
	while (!err && left && (n = sh_read(fd, buf, sizeof(buf))) > 0)
		err = sh_write(buf, head_part(&left, x->by_bytes, buf, n));
	if (err)
		return sh_fail(x->command, "write error", err) | SH_STOP;
	return n < 0 ? sh_fail(x->command, name, n) : 0;
}

static int cmd_head(int argc, char **argv)
{
	struct extract x = { 0 };
	struct sh_getopt o = { 0 };

	return parse_extract(&x, &o, argc, argv, "n:c:") ? : sh_each_file(argc, argv, o.index, head_file, &x);
}
SHELL_COMMAND(head, cmd_head, 0, "[-n N | -N | -c N] [FILE]...",
	      "prints the first 10 (N) lines of files\n-c N  the first N bytes");

/* Keeps the last x->lines lines in a ring and prints them at the end. */
static int tail_lines(struct extract *x, struct sh_reader *reader)
{
	struct words ring = { 0 };
	unsigned long total = 0;
	char *line;
	size_t len;
	int err = 0;

	while (!err && (line = sh_getline(reader, &len))) {
		if (!x->lines)
			continue;
		if ((unsigned long)ring.nr < x->lines) {
			err = words_add(&ring, line, len);
		} else {
			char **slot = &ring.v[total % x->lines];
			char *copy = kmemdup(line, len + 1, GFP_KERNEL);

			err = copy ? 0 : -ENOMEM;
			if (copy) {
				kfree(*slot);
				*slot = copy;
			}
		}
		total++;
	}
	for (int i = 0; i < ring.nr && !err; i++) {
		unsigned long first = total > (unsigned long)ring.nr ? total : 0;

		err = sh_printf("%s\n", ring.v[(first + i) % ring.nr]);
	}
	words_free(&ring);
	return err;
}

/* Prints from line x->lines on. */
static int lines_from(struct extract *x, struct sh_reader *reader)
{
	unsigned long number = 0;
	char *line;
	int err = 0;

	while (!err && (line = sh_getline(reader, NULL)))
		if (++number >= x->lines)
			err = sh_printf("%s\n", line);
	return err;
}

static int tail_file(int fd, const char *name, void *arg)
{
	struct extract *x = arg;
	struct sh_reader reader;
	int err = print_header(x, name);

	sh_reader_init(&reader, fd);
	if (!err)
		err = x->from_start ? lines_from(x, &reader) : tail_lines(x, &reader);
	sh_reader_exit(&reader);
	if (err)
		return sh_fail(x->command, "write error", err) | SH_STOP;
	return reader.err ? sh_fail(x->command, name, reader.err) : 0;
}

static int cmd_tail(int argc, char **argv)
{
	struct extract x = { 0 };
	struct sh_getopt o = { 0 };

	return parse_extract(&x, &o, argc, argv, "n:") ? : sh_each_file(argc, argv, o.index, tail_file, &x);
}
SHELL_COMMAND(tail, cmd_tail, 0, "[-n N | -N | -n +N] [FILE]...",
	      "prints the last 10 (N) lines of files\n-n +N  from line N on");

/* --- wc --- */

struct counts {
	unsigned long lines, words, bytes;
};

struct wc {
	bool lines, words, bytes;	/* which to print */
	bool named;
	struct counts total;
};

static int print_counts(const struct wc *wc, const struct counts *c, const char *name)
{
	char text[80];
	int len = 0;

	if (wc->lines)
		len += scnprintf(text + len, sizeof(text) - len, "%lu ", c->lines);
	if (wc->words)
		len += scnprintf(text + len, sizeof(text) - len, "%lu ", c->words);
	if (wc->bytes)
		len += scnprintf(text + len, sizeof(text) - len, "%lu ", c->bytes);
	if (!wc->named)
		text[len - 1] = '\0';
	return sh_printf("%s%s\n", text, wc->named ? name : "");
}

static int wc_file(int fd, const char *name, void *arg)
{
	struct wc *wc = arg;
	struct counts c = { 0 };
	bool in_word = false;
	char buf[256];
	ssize_t n;
	int err;

	while ((n = sh_read(fd, buf, sizeof(buf))) > 0) {
		c.bytes += n;
		for (ssize_t i = 0; i < n; i++) {
			c.lines += buf[i] == '\n';
			c.words += !isspace(buf[i]) && !in_word;
			in_word = !isspace(buf[i]);
		}
	}
	if (n < 0)
		return sh_fail("wc", name, n);
	wc->total.lines += c.lines;
	wc->total.words += c.words;
	wc->total.bytes += c.bytes;
	err = print_counts(wc, &c, name);
	return err ? sh_fail("wc", "write error", err) | SH_STOP : 0;
}

static int cmd_wc(int argc, char **argv)
{
	struct sh_getopt o = { 0 };
	struct wc wc = { 0 };
	int c, status;

	while ((c = sh_getopt(&o, argc, argv, "lwc")) >= 0) {
		if (c == '?')
			return 2;
		wc.lines |= c == 'l';
		wc.words |= c == 'w';
		wc.bytes |= c == 'c';
	}
	if (!wc.lines && !wc.words && !wc.bytes)
		wc.lines = wc.words = wc.bytes = true;
	wc.named = o.index < argc;
	status = sh_each_file(argc, argv, o.index, wc_file, &wc);
	if (argc - o.index > 1 && print_counts(&wc, &wc.total, "total"))
		status = 1;
	return status;
}
SHELL_COMMAND(wc, cmd_wc, 0, "[-lwc] [FILE]...",
	      "counts lines, words and bytes\n-l -w -c  only lines, words, bytes");

/* --- xxd --- */

#define XXD_ROW 16

static int xxd_row(unsigned long offset, const unsigned char *row, size_t n)
{
	char hex[XXD_ROW / 2 * 5 + 1] = "", text[XXD_ROW + 1];
	int len = 0;

	for (size_t i = 0; i < n; i++) {
		len += scnprintf(hex + len, sizeof(hex) - len, i % 2 ? "%02x " : "%02x", row[i]);
		text[i] = isprint(row[i]) ? row[i] : '.';
	}
	text[n] = '\0';
	return sh_printf("%08lx: %-40s %s\n", offset, hex, text);
}

static int xxd_file(int fd, const char *name, void *arg)
{
	unsigned long offset = 0;
	unsigned char row[XXD_ROW];
	size_t have = 0;
	ssize_t n;
	int err = 0;

	while (!err && (n = sh_read(fd, row + have, sizeof(row) - have)) > 0) {
		have += n;
		if (have < sizeof(row))
			continue;
		err = xxd_row(offset, row, have);
		offset += have;
		have = 0;
	}
	if (!err && n < 0)
		return sh_fail("xxd", name, n);
	if (!err && have)
		err = xxd_row(offset, row, have);
	return err ? sh_fail("xxd", "write error", err) | SH_STOP : 0;
}

static int cmd_xxd(int argc, char **argv)
{
	return sh_each_file(argc, argv, 1, xxd_file, NULL);
}
SHELL_COMMAND(xxd, cmd_xxd, 0, "[FILE]...", "prints files in hex");
