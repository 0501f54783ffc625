/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdio.c - vsnprintf and its variants.
 *
 * A format is a row of literal runs and conversions; parse_spec() reads one
 * conversion, format_one() fetches its argument and prints it.  All output goes
 * through put() and friends, which count every character and store those that fit,
 * so that no conversion has to think about the end of the buffer.
 */
#include "lib/stdio.h"
#include "lib/ctype.h"
#include "lib/math64.h"
#include "lib/string.h"

/*
 * The symbol table's (kernel/kallsyms.h).  The weak ones here are for programs
 * without a symbol table: the address in hex, whatever the form asked for.
 */
#define SYMBOL_MAX 256
int sprint_symbol(char *buffer, unsigned long address);
int sprint_symbol_no_offset(char *buffer, unsigned long address);
int sprint_backtrace(char *buffer, unsigned long address);

struct out {
	char *buf;
	size_t size; /* of buf, with the NUL */
	size_t len;  /* of the text so far, stored or not */
};

enum {
	LEFT = 1,    /* '-' */
	PLUS = 2,    /* '+' */
	BLANK = 4,   /* ' ' */
	PREFIX = 8,  /* '#' */
	ZERO = 16,   /* '0' */
	UPPER = 32,  /* X */
	SIGNED = 64, /* d, i */
};

struct spec {
	int flags;
	int width;
	int precision; /* -1: none given */
	int length;    /* bytes of an integer argument */
	char conversion;
};

static void put(struct out *out, char c)
{
	if (out->len + 1 < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static void put_block(struct out *out, const char *s, size_t n)
{
	if (out->len + 1 < out->size)
		memcpy(out->buf + out->len, s, min(n, out->size - 1 - out->len));
	out->len += n;
}

static void put_fill(struct out *out, char c, int n)
{
	while (n-- > 0)
		put(out, c);
}

/* `len` characters in a field of spec->width. */
static void put_field(struct out *out, const char *s, size_t len, const struct spec *spec)
{
	int pad = len < (size_t)spec->width ? spec->width - (int)len : 0;

	if (!(spec->flags & LEFT))
		put_fill(out, ' ', pad);
	put_block(out, s, len);
	if (spec->flags & LEFT)
		put_fill(out, ' ', pad);
}

static void put_string(struct out *out, const char *s, const struct spec *spec)
{
	if (!s)
		s = "(null)";
	put_field(out, s, spec->precision < 0 ? strlen(s) : strnlen(s, (size_t)spec->precision), spec);
}

/* The digits of v, written backwards so that they end before `end`.  Returns the first; "" for 0. */
static char *digits(char *end, u64 v, unsigned int base, const char *alphabet)
{
	unsigned long low;

	/* 64-bit division is slow where the machine has none: only until the rest fits a word. */
	while (v > (u64)~0UL) {
		u32 digit;

		v = div_u64_rem(v, base, &digit);
		*--end = alphabet[digit];
	}
	for (low = (unsigned long)v; low; low /= base)
		*--end = alphabet[low % base];
	return end;
}

static void put_number(struct out *out, u64 v, unsigned int base, const struct spec *spec)
{
	char buf[24]; /* 22 octal digits */
	char *end = buf + sizeof(buf), *s;
	const char *sign = "", *prefix = "";
	int flags = spec->flags, len, zeros, pad;

	if (flags & SIGNED) {
		sign = flags & PLUS ? "+" : flags & BLANK ? " " : "";
		if ((s64)v < 0) {
			sign = "-";
			v = -v;
		}
	}
	if ((flags & PREFIX) && base == 16 && v)
		prefix = flags & UPPER ? "0X" : "0x";

	s = digits(end, v, base, flags & UPPER ? "0123456789ABCDEF" : "0123456789abcdef");
	len = (int)(end - s);
	zeros = max(spec->precision < 0 ? 1 - len : spec->precision - len, 0);
	if ((flags & PREFIX) && base == 8 && !zeros)
		zeros = 1;
	pad = spec->width - (int)strlen(sign) - (int)strlen(prefix) - zeros - len;
	if ((flags & ZERO) && !(flags & LEFT) && spec->precision < 0 && pad > 0) {
		zeros += pad;
		pad = 0;
	}

	if (!(flags & LEFT))
		put_fill(out, ' ', pad);
	put_block(out, sign, strlen(sign));
	put_block(out, prefix, strlen(prefix));
	put_fill(out, '0', zeros);
	put_block(out, s, (size_t)len);
	if (flags & LEFT)
		put_fill(out, ' ', pad);
}

static void vprint(struct out *out, const char *fmt, va_list *args);

/* %p and what may follow it.  Returns the format behind the extension letter. */
static const char *put_pointer(struct out *out, const char *fmt, void *ptr, struct spec *spec)
{
	char symbol[SYMBOL_MAX];
	struct va_format *vaf = ptr;
	va_list copy;

	switch (*fmt) {
	case 'S':
		sprint_symbol(symbol, (unsigned long)ptr);
		break;
	case 's':
		sprint_symbol_no_offset(symbol, (unsigned long)ptr);
		break;
	case 'B':
		sprint_backtrace(symbol, (unsigned long)ptr);
		break;
	case 'V':
		va_copy(copy, *vaf->va);
		vprint(out, vaf->fmt, &copy);
		va_end(copy);
		return fmt + 1;
	default:
		if (spec->precision < 0)
			spec->precision = 2 * (int)sizeof(ptr);
		put_number(out, (unsigned long)ptr, 16, spec);
		return *fmt == 'x' ? fmt + 1 : fmt;
	}
	put_string(out, symbol, spec);
	return fmt + 1;
}

static int parse_number(const char **fmt)
{
	int n = 0;

	while (isdigit((unsigned char)**fmt))
		n = n * 10 + *(*fmt)++ - '0';
	return n;
}

static int length_modifier(const char **fmt)
{
	char c = **fmt;

	switch (c) {
	case 'h':
	case 'l':
		if (*++*fmt != c)
			return c == 'h' ? sizeof(short) : sizeof(long);
		++*fmt;
		return c == 'h' ? sizeof(char) : sizeof(long long);
	case 'z':
	case 't':
		++*fmt;
		return sizeof(size_t);
	case 'j':
		++*fmt;
		return sizeof(intmax_t);
	}
	return sizeof(int);
}

/* Reads a conversion from behind its '%'; arguments given by '*' are consumed.  Returns what follows it. */
static const char *parse_spec(const char *fmt, struct spec *spec, va_list *args)
{
	static const char flag_chars[] = "-+ #0"; /* in the order of LEFT, PLUS, ... */
	const char *flag;

	*spec = (struct spec){ .precision = -1 };
	for (; *fmt && (flag = strchr(flag_chars, *fmt)); fmt++)
		spec->flags |= 1 << (flag - flag_chars);

	if (*fmt == '*') {
		fmt++;
		spec->width = va_arg(*args, int);
		if (spec->width < 0) {
			spec->flags |= LEFT;
			spec->width = -spec->width;
		}
	} else {
		spec->width = parse_number(&fmt);
	}

	if (*fmt == '.') {
		fmt++;
		if (*fmt == '*') {
			fmt++;
			spec->precision = max(va_arg(*args, int), -1);
		} else {
			spec->precision = parse_number(&fmt);
		}
	}

	spec->length = length_modifier(&fmt);
	spec->conversion = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

/* The next argument, an integer of spec->length bytes, extended to 64 bits by its sign or by zeros. */
static u64 integer_argument(const struct spec *spec, va_list *args)
{
	int unused_bits = 64 - 8 * spec->length;
	u64 v;

	v = spec->length > (int)sizeof(int) ? va_arg(*args, unsigned long long) : va_arg(*args, unsigned int);
	v <<= unused_bits;
	return spec->flags & SIGNED ? (u64)((s64)v >> unused_bits) : v >> unused_bits;
}

/* Prints the conversion from `start` to `fmt`.  Returns where the format goes on. */
static const char *format_one(struct out *out, const char *start, const char *fmt, struct spec *spec,
			      va_list *args)
{
	char c;

	switch (spec->conversion) {
	case 'd':
	case 'i':
		spec->flags |= SIGNED;
		/* fall through */
	case 'u':
		put_number(out, integer_argument(spec, args), 10, spec);
		return fmt;
	case 'X':
		spec->flags |= UPPER;
		/* fall through */
	case 'x':
		put_number(out, integer_argument(spec, args), 16, spec);
		return fmt;
	case 'o':
		put_number(out, integer_argument(spec, args), 8, spec);
		return fmt;
	case 's':
		put_string(out, va_arg(*args, const char *), spec);
		return fmt;
	case 'p':
		return put_pointer(out, fmt, va_arg(*args, void *), spec);
	case 'c':
		c = (char)va_arg(*args, int);
		put_field(out, &c, 1, spec);
		return fmt;
	case '%':
		put(out, '%');
		return fmt;
	}
	/* Not a conversion: show it as it was written. */
	put_block(out, start, (size_t)(fmt - start));
	return fmt;
}

static void vprint(struct out *out, const char *fmt, va_list *args)
{
	while (*fmt) {
		const char *percent = strchrnul(fmt, '%');
		struct spec spec;

		put_block(out, fmt, (size_t)(percent - fmt));
		if (!*percent)
			return;
		fmt = parse_spec(percent + 1, &spec, args);
		fmt = format_one(out, percent, fmt, &spec, args);
	}
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = { .buf = buf, .size = size };
	va_list copy;

	/* A va_list parameter may be an array that decayed: only a copy has an address to pass on. */
	va_copy(copy, args);
	vprint(&out, fmt, &copy);
	va_end(copy);
	if (size)
		buf[min(out.len, size - 1)] = '\0';
	return (int)out.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len;

	if (!size)
		return 0;
	len = vsnprintf(buf, size, fmt, args);
	return (size_t)len < size ? len : (int)size - 1;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

__weak int sprint_symbol(char *buffer, unsigned long address)
{
	return snprintf(buffer, SYMBOL_MAX, "0x%lx", address);
}

__weak int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	return sprint_symbol(buffer, address);
}

__weak int sprint_backtrace(char *buffer, unsigned long address)
{
	return sprint_symbol(buffer, address);
}
