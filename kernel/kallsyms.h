/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kallsyms.h - the kernel's own symbol table: addresses to names and back.
 *
 * Symbols are numbered 0 .. kallsyms_num_syms - 1 in order of address.  The table is
 * constant, so any context may ask, from the first instruction of C on.
 */
#ifndef KERNEL_KALLSYMS_H
#define KERNEL_KALLSYMS_H

#include "lib/compiler.h"

#define KSYM_NAME_LEN 128			/* longest name, with its NUL */
#define KSYM_SYMBOL_LEN (KSYM_NAME_LEN + 64)	/* longest "name+0xoffset/0xsize [module]" */

/*
 * The table itself, written by tools/kallsyms from the linked image: addresses as distances from
 * _text; names as positions in kallsyms_names, where each is one type character (as nm prints it)
 * and the NUL-terminated name.  Use the functions below unless every instruction counts.
 */
extern const u32 kallsyms_num_syms;
extern const u32 kallsyms_offsets[];
extern const u32 kallsyms_name_offsets[];
extern const char kallsyms_names[];

/* Of symbol `i` (< kallsyms_num_syms): no copies are made. */
unsigned long kallsyms_sym_address(unsigned int i);
const char *kallsyms_sym_name(unsigned int i);
char kallsyms_sym_type(unsigned int i); /* as nm prints it: 't' local text, 'T' global text, ... */

/*
 * Index of the symbol that `addr` lies in: the last one that starts at or before it, and of
 * several that start there the first.  -1 if `addr` is outside the kernel image.
 */
int kallsyms_find(unsigned long addr);

/*
 * Name of the symbol that `addr` lies in, or NULL.  *size and *offset (either pointer may be
 * NULL) are in bytes; a symbol ends where the next one starts.  *modname, unless modname is
 * NULL, is set to NULL for the kernel itself.  namebuf: KSYM_NAME_LEN bytes; the result may
 * point there or at the table.
 */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			    const char **modname, char *namebuf);

/* The address of a symbol, 0 if there is none of that name; the lowest if there are several. */
unsigned long kallsyms_lookup_name(const char *name);

/*
 * "name+0xoffset/0xsize" or, when there is no symbol, "0xaddress" into KSYM_SYMBOL_LEN bytes.
 * Returns the length.  The _backtrace form takes a return address, which after a call of a
 * __noreturn function may already lie in the next symbol.
 */
int sprint_symbol(char *buffer, unsigned long address);
int sprint_symbol_no_offset(char *buffer, unsigned long address);
int sprint_backtrace(char *buffer, unsigned long address);

/* Whether `addr` is in the kernel's code (.text, or .init.text while that exists). */
bool kernel_text_address(unsigned long addr);

#endif
