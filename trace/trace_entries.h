/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_entries.h - what each type of event carries, written down once.
 *
 * From the field lists below come the structs that writers fill in, the `format`
 * files that tools decode raw pages with, and so the meaning of every byte in the
 * ring buffer.  Names, ids and formats are Linux's: they are an interface.
 *
 * In a field list F(type, name) is a scalar and D(type, name), at the end only, as
 * many elements as the event has room for.  S(type, name, n) is the same, but the format file says n: tools that do
 * not know better see that many.
 */
#ifndef TRACE_TRACE_ENTRIES_H
#define TRACE_TRACE_ENTRIES_H

#include "lib/compiler.h"

enum trace_type {
	TRACE_FN = 1,
	TRACE_STACK = 4,
	TRACE_PRINT = 5,
	TRACE_RAW_DATA = 18,
};

/* What the format of a stack shows; events have as many as their field `size` says. */
#define FTRACE_STACK_ENTRIES 8

#define TRACE_COMMON_FIELDS(F)           \
	F(unsigned short, type)        \
	F(unsigned char, flags)        \
	F(unsigned char, preempt_count) \
	F(int, pid)

#define TRACE_FIELDS_function(F, D, S) \
	F(unsigned long, ip)           \
	F(unsigned long, parent_ip)

#define TRACE_FIELDS_kernel_stack(F, D, S) \
	F(int, size)                       \
	S(unsigned long, caller, FTRACE_STACK_ENTRIES)

#define TRACE_FIELDS_print(F, D, S) \
	F(unsigned long, ip)        \
	D(char, buf)

#define TRACE_FIELDS_raw_data(F, D, S) \
	F(unsigned int, id)            \
	D(char, buf)

/* E(event, struct, id, print format as a string, its arguments as a string) */
#define TRACE_EVENTS(E)                                                                              \
	E(function, ftrace_entry, TRACE_FN, "\" %ps <-- %ps\"",                                      \
	  "(void *)REC->ip, (void *)REC->parent_ip")                                                 \
	E(kernel_stack, stack_entry, TRACE_STACK,                                                    \
	  "\"\\t=> %ps\\n\\t=> %ps\\n\\t=> %ps\\n\" "                                                 \
	  "\"\\t=> %ps\\n\\t=> %ps\\n\\t=> %ps\\n\" \"\\t=> %ps\\n\\t=> %ps\\n\"",                        \
	  "(void *)REC->caller[0], (void *)REC->caller[1], (void *)REC->caller[2], "                 \
	  "(void *)REC->caller[3], (void *)REC->caller[4], (void *)REC->caller[5], "                 \
	  "(void *)REC->caller[6], (void *)REC->caller[7]")                                          \
	E(print, print_entry, TRACE_PRINT, "\"%ps: %s\"", "(void *)REC->ip, REC->buf")               \
	E(raw_data, raw_data_entry, TRACE_RAW_DATA, "\"id:%04x %08x\"", "REC->id, (int)REC->buf[0]")

/* The structs: struct trace_entry begins every event. */
#define TRACE_STRUCT_F(type, name) type name;
#define TRACE_STRUCT_D(type, name) type name[];
#define TRACE_STRUCT_S(type, name, n) type name[];

struct trace_entry {
	TRACE_COMMON_FIELDS(TRACE_STRUCT_F)
};

#define TRACE_STRUCT(event, struct_name, id, fmt, args)                                              \
	struct struct_name {                                                                         \
		struct trace_entry ent;                                                              \
		TRACE_FIELDS_##event(TRACE_STRUCT_F, TRACE_STRUCT_D, TRACE_STRUCT_S)                 \
	};
TRACE_EVENTS(TRACE_STRUCT)

static_assert(sizeof(struct trace_entry) == 8, "the common fields are part of the binary interface");

/* trace_entry.flags */
#define TRACE_FLAG_IRQS_OFF 0x01
#define TRACE_FLAG_NEED_RESCHED 0x04
#define TRACE_FLAG_HARDIRQ 0x08
#define TRACE_FLAG_SOFTIRQ 0x10
#define TRACE_FLAG_NMI 0x40
#define TRACE_FLAG_BH_OFF 0x80

#endif
