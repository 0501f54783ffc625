/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * io.c - reading and writing for commands: the helpers of shell.h.
 *
 * All state is the caller's or belongs to the current task's descriptors: no lock.
 * Task context.
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "lib/stdio.h"
#include "lib/string.h"

ssize_t sh_read(int fd, void *buf, size_t size)
{
	if (signal_pending(current))
		return -EINTR;
	return ksys_read(fd, buf, size);
}

static int write_all(int fd, const char *buf, size_t size)
{
	while (size) {
		ssize_t n = ksys_write(fd, buf, size);

		if (n <= 0)
			return n ? n : -EIO;
		buf += n;
		size -= n;
	}
	return 0;
}

int sh_write(const void *buf, size_t size)
{
	if (signal_pending(current))
		return -EINTR;
	return write_all(1, buf, size);
}

static int __printf(2, 0) write_formatted(int fd, const char *fmt, va_list args)
{
	char small[160], *text = small;
	va_list again;
	int len, err;

	va_copy(again, args);
	len = vsnprintf(small, sizeof(small), fmt, args);
	if ((size_t)len >= sizeof(small)) {
		text = kmalloc(len + 1, GFP_KERNEL);
		if (text)
			vsnprintf(text, len + 1, fmt, again);
	}
	va_end(again);
	if (!text)
		return -ENOMEM;
	err = write_all(fd, text, len);
	if (text != small)
		kfree(text);
	return err;
}

int sh_printf(const char *fmt, ...)
{
	va_list args;
	int err;

	if (signal_pending(current))
		return -EINTR;
	va_start(args, fmt);
	err = write_formatted(1, fmt, args);
	va_end(args);
	return err;
}

void sh_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_formatted(2, fmt, args);
	va_end(args);
}

int sh_fail(const char *name, const char *what, int err)
{
	if (err == -EPIPE || err == -EINTR)
		return 1;
	if (what)
		sh_error("%s: %s: %s\n", name, what, errno_text(-err));
	else
		sh_error("%s: %s\n", name, errno_text(-err));
	return 1;
}

int sh_usage(const char *name)
{
	const struct shell_command *command = find_command(name);

	sh_error("usage: %s %s\n", name, command ? command->usage : "");
	return 2;
}

/* --- Lines --- */

void sh_reader_init(struct sh_reader *r, int fd)
{
	r->fd = fd;
	r->err = 0;
	r->pos = r->len = 0;
	r->line = NULL;
	r->line_size = 0;
}

void sh_reader_exit(struct sh_reader *r)
{
	kfree(r->line);
	r->line = NULL;
}

/* Appends to the line, which stays NUL-terminated. */
static int append(struct sh_reader *r, size_t *len, const char *s, size_t n)
{
	if (*len + n + 1 > r->line_size) {
		size_t size = max(2 * r->line_size, *len + n + 1);
		char *line = krealloc(r->line, size, GFP_KERNEL);

		if (!line)
			return -ENOMEM;
		r->line = line;
		r->line_size = size;
	}
	memcpy(r->line + *len, s, n);
	*len += n;
	r->line[*len] = '\0';
	return 0;
}

char *sh_getline(struct sh_reader *r, size_t *line_len)
{
	size_t len = 0;
	bool any = false, whole = false;

	while (!whole) {
		const char *newline;
		size_t n;

		if (r->pos == r->len) {
			ssize_t got = sh_read(r->fd, r->buf, sizeof(r->buf));

			r->err = min(got, (ssize_t)0);
			if (got <= 0)
				break;
			r->pos = 0;
			r->len = got;
		}
		newline = memchr(r->buf + r->pos, '\n', r->len - r->pos);
		n = newline ? (size_t)(newline - r->buf) - r->pos : r->len - r->pos;
		r->err = append(r, &len, r->buf + r->pos, n);
		if (r->err)
			return NULL;
		r->pos += n + (newline != NULL);
		any = true;
		whole = newline;
	}
	if (line_len)
		*line_len = len;
	return any && !r->err ? r->line : NULL;
}

/* --- Arguments --- */

int sh_getopt(struct sh_getopt *o, int argc, char **argv, const char *options)
{
	const char *option;
	char c;

	if (!o->index)
		o->index = 1;
	if (!o->next || !*o->next) {
		if (o->index >= argc || argv[o->index][0] != '-' || !argv[o->index][1])
			return -1;
		o->next = argv[o->index++] + 1;
		if (!strcmp(o->next, "-")) {
			o->next = NULL;
			return -1;
		}
	}
	c = *o->next++;
	option = c == ':' ? NULL : strchr(options, c);
	if (!option) {
		sh_error("%s: invalid option -- '%c'\n", argv[0], c);
		sh_usage(argv[0]);
		return '?';
	}
	if (option[1] == ':') {
		o->value = *o->next ? o->next : o->index < argc ? argv[o->index++] : NULL;
		o->next = NULL;
		if (!o->value) {
			sh_error("%s: option requires an argument -- '%c'\n", argv[0], c);
			sh_usage(argv[0]);
			return '?';
		}
	}
	return c;
}

int sh_each_file(int argc, char **argv, int first, int (*fn)(int fd, const char *name, void *arg), void *arg)
{
	int status = 0, result;

	if (first >= argc)
		return fn(0, "-", arg) & ~SH_STOP;
	for (int i = first; i < argc; i++) {
		bool is_stdin = !strcmp(argv[i], "-");
		int fd = is_stdin ? 0 : do_sys_open(argv[i], O_RDONLY, 0);

		if (fd < 0) {
			status = max(status, sh_fail(argv[0], argv[i], fd));
			continue;
		}
		result = fn(fd, argv[i], arg);
		if (!is_stdin)
			close_fd(fd);
		status = max(status, result & ~SH_STOP);
		if (result & SH_STOP)
			break;
	}
	return status;
}
