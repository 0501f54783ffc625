/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kallsyms.c - looks things up in the symbol table.
 *
 * The table is read-only data made after the link (kernel/kallsyms.h describes it), so
 * there is no lock and no initialisation.
 */
#include "kernel/kallsyms.h"
#include "kernel/mm/mm.h"
#include "lib/stdio.h"
#include "lib/string.h"

extern char _text[], _end[], _stext[], _etext[], _sinittext[], _einittext[];

/* These four are notrace because backtraces come here, also those that a tracer's callback takes. */
unsigned long notrace kallsyms_sym_address(unsigned int i)
{
	return (unsigned long)_text + kallsyms_offsets[i];
}

const char *kallsyms_sym_name(unsigned int i)
{
	return kallsyms_names + kallsyms_name_offsets[i] + 1;
}

char kallsyms_sym_type(unsigned int i)
{
	return kallsyms_names[kallsyms_name_offsets[i]];
}

/* How many symbols start at or before this distance from _text. */
static notrace u32 symbols_up_to(unsigned long offset)
{
	u32 low = 0, high = kallsyms_num_syms;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (kallsyms_offsets[middle] <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int notrace kallsyms_find(unsigned long addr)
{
	int i;

	if (addr < (unsigned long)_text || addr >= (unsigned long)_end)
		return -1;
	i = (int)symbols_up_to(addr - (unsigned long)_text) - 1;
	while (i > 0 && kallsyms_offsets[i - 1] == kallsyms_offsets[i])
		i--;
	return i;
}

/* Where symbol i ends: at the next one that starts elsewhere, or at the end of the image. */
static unsigned long symbol_end(unsigned int i)
{
	u32 after = symbols_up_to(kallsyms_offsets[i]);

	return after < kallsyms_num_syms ? kallsyms_sym_address(after) : (unsigned long)_end;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			    const char **modname, char *namebuf)
{
	int i = kallsyms_find(addr);

	if (i < 0)
		return NULL;
	if (size)
		*size = symbol_end((unsigned int)i) - kallsyms_sym_address((unsigned int)i);
	if (offset)
		*offset = addr - kallsyms_sym_address((unsigned int)i);
	if (modname)
		*modname = NULL;
	return kallsyms_sym_name((unsigned int)i);
}

unsigned long kallsyms_lookup_name(const char *name)
{
	u32 i;

	for (i = 0; i < kallsyms_num_syms; i++)
		if (!strcmp(kallsyms_sym_name(i), name))
			return kallsyms_sym_address(i);
	return 0;
}

/* The symbol around address - back, with offsets counted to `address`. */
static int sprint_offset(char *buffer, unsigned long address, unsigned long back)
{
	char namebuf[KSYM_NAME_LEN];
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address - back, &size, &offset, NULL, namebuf);

	if (!name)
		return scnprintf(buffer, KSYM_SYMBOL_LEN, "0x%lx", address);
	return scnprintf(buffer, KSYM_SYMBOL_LEN, "%.*s+0x%lx/0x%lx", KSYM_NAME_LEN - 1, name, offset + back, size);
}

int sprint_symbol(char *buffer, unsigned long address)
{
	return sprint_offset(buffer, address, 0);
}

int sprint_backtrace(char *buffer, unsigned long address)
{
	return sprint_offset(buffer, address, 1);
}

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	char namebuf[KSYM_NAME_LEN];
	const char *name = kallsyms_lookup(address, NULL, NULL, NULL, namebuf);

	if (!name)
		return scnprintf(buffer, KSYM_SYMBOL_LEN, "0x%lx", address);
	return scnprintf(buffer, KSYM_SYMBOL_LEN, "%.*s", KSYM_NAME_LEN - 1, name);
}

static bool within(unsigned long addr, const char *start, const char *end)
{
	return addr >= (unsigned long)start && addr < (unsigned long)end;
}

bool notrace kernel_text_address(unsigned long addr)
{
	return within(addr, _stext, _etext) || (!initmem_freed && within(addr, _sinittext, _einittext));
}
