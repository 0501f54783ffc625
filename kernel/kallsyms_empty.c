/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kallsyms_empty.c - the symbol table of the first link, when there is no image yet to take one from.
 *
 * Weak, so that the real table replaces it; in a file of its own, so that the compiler
 * cannot see here how small it is.
 */
#include "kernel/kallsyms.h"

__weak const u32 kallsyms_num_syms = 0;
__weak const u32 kallsyms_offsets[1];
__weak const u32 kallsyms_name_offsets[1];
__weak const char kallsyms_names[1];
