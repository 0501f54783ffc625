/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * firmware.c - see firmware.h.
 *
 * The monitor is a 32-bit program: its tables are arrays of 32-bit pointers, which a
 * 64-bit kernel sign-extends.
 */
#include "arch/mips/firmware.h"
#include "lib/compiler.h"
#include "lib/string.h"
#include <asm/page.h>

u32 boot_args[3];	/* head.S: a0 .. a2 as the firmware left them: argc, argv, environment */

static const char *string_at(u32 table, unsigned int index)
{
	u32 pointer = ((const u32 *)SEGMENT_ADDR(table))[index];

	return pointer ? (const char *)SEGMENT_ADDR(pointer) : NULL;
}

const char *firmware_argument(unsigned int n)
{
	return n < boot_args[0] ? string_at(boot_args[1], n) : NULL;
}

const char *firmware_getenv(const char *name)
{
	const char *key;

	if (!boot_args[2])
		return NULL;
	for (unsigned int i = 0; (key = string_at(boot_args[2], i)); i += 2)
		if (!strcmp(key, name))
			return string_at(boot_args[2], i + 1);
	return NULL;
}

u32 firmware_number(const char *text)
{
	u32 value = 0, base = 10, digit;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	for (;; text++) {
		if (*text >= '0' && *text <= '9')
			digit = *text - '0';
		else if (base == 16 && (*text | 0x20) >= 'a' && (*text | 0x20) <= 'f')
			digit = (*text | 0x20) - 'a' + 10;
		else
			return value;
		value = value * base + digit;
	}
}
