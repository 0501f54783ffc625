/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_events.c - how tools learn to read raw pages: events/header_page, header_event, and a `format` file for each
 * type of event.
 *
 * Everything is printed from the structs that writers fill in (trace_entries.h,
 * ring_buffer_layout.h), so it is right for both word sizes.  The texts are an interface:
 * trace-cmd copies and parses them.  Constant; no locks.
 */
#include "lib/stdio.h"
#include "trace/trace.h"

struct trace_event_field {
	const char *type, *name;
	u16 offset, size;
	bool is_signed;
	const char *elements; /* "[8]": an array, "[]": of any length */
};

struct trace_event_type {
	const char *name;
	int id;
	const struct trace_event_field *fields; /* ends with an entry without a name */
	const char *print_fmt, *print_args;
};

#define TYPE_IS_SIGNED(type) ((type)-1 < (type)1)
#define FIELD_F(type_, name_)                                                                       \
	{ #type_, #name_, offsetof(struct FIELD_STRUCT, name_), sizeof(type_), TYPE_IS_SIGNED(type_), "" },
#define FIELD_COMMON_F(type_, name_)                                                                \
	{ #type_, "common_" #name_, offsetof(struct trace_entry, name_), sizeof(type_),              \
	  TYPE_IS_SIGNED(type_), "" },
#define FIELD_D(type_, name_) { #type_, #name_, offsetof(struct FIELD_STRUCT, name_), 0, false, "[]" },
#define FIELD_S(type_, name_, n) FIELD_S_(type_, name_, n)
#define FIELD_S_(type_, name_, n)                                                                   \
	{ #type_, #name_, offsetof(struct FIELD_STRUCT, name_), (n) * sizeof(type_), TYPE_IS_SIGNED(type_), "[" #n "]" },

static const struct trace_event_field common_fields[] = {
	TRACE_COMMON_FIELDS(FIELD_COMMON_F)
	{ 0 },
};

#define FIELD_STRUCT ftrace_entry
static const struct trace_event_field function_fields[] = { TRACE_FIELDS_function(FIELD_F, FIELD_D, FIELD_S) { 0 } };
#undef FIELD_STRUCT
#define FIELD_STRUCT stack_entry
static const struct trace_event_field kernel_stack_fields[] = {
	TRACE_FIELDS_kernel_stack(FIELD_F, FIELD_D, FIELD_S) { 0 }
};
#undef FIELD_STRUCT
#define FIELD_STRUCT print_entry
static const struct trace_event_field print_fields[] = { TRACE_FIELDS_print(FIELD_F, FIELD_D, FIELD_S) { 0 } };
#undef FIELD_STRUCT
#define FIELD_STRUCT raw_data_entry
static const struct trace_event_field raw_data_fields[] = { TRACE_FIELDS_raw_data(FIELD_F, FIELD_D, FIELD_S) { 0 } };
#undef FIELD_STRUCT

#define EVENT_TYPE(event, struct_name, id, fmt, args) { #event, id, event##_fields, fmt, args },
static const struct trace_event_type trace_event_types[] = { TRACE_EVENTS(EVENT_TYPE) };

static void show_fields(struct seq_file *m, const struct trace_event_field *field)
{
	for (; field->name; field++)
		seq_printf(m, "\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%d;\n", field->type, field->name,
			   field->elements, field->offset, field->size, field->is_signed);
}

static int event_format_show(struct seq_file *m, void *v)
{
	const struct trace_event_type *event = m->private;

	seq_printf(m, "name: %s\nID: %d\nformat:\n", event->name, event->id);
	show_fields(m, common_fields);
	seq_putc(m, '\n');
	show_fields(m, event->fields);
	seq_printf(m, "\nprint fmt: %s, %s\n", event->print_fmt, event->print_args);
	return 0;
}

static int event_format_open(struct inode *inode, struct file *file)
{
	return single_open(file, event_format_show, inode->i_private);
}

static const struct file_operations event_format_fops = {
	.open = event_format_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

int trace_create_event_files(void)
{
	char path[64];
	int ret = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(trace_event_types) && !ret; i++) {
		scnprintf(path, sizeof(path), "events/ftrace/%s/format", trace_event_types[i].name);
		ret = trace_create_file(path, TRACE_MODE_READ, (void *)&trace_event_types[i], &event_format_fops);
	}
	return ret;
}

/* ---- the page's and the event's header ---- */

static void show_page_field(struct seq_file *m, const char *field, unsigned long offset, unsigned long size,
			    bool is_signed)
{
	seq_printf(m, "\tfield: %s;\toffset:%lu;\tsize:%lu;\tsigned:%d;\n", field, offset, size, is_signed);
}

static int header_page_show(struct seq_file *m, void *v)
{
	const unsigned long commit = offsetof(struct buffer_data_page, commit);

	show_page_field(m, "u64 timestamp", offsetof(struct buffer_data_page, time_stamp), sizeof(u64), false);
	show_page_field(m, "local_t commit", commit, sizeof(unsigned long), true);
	/* Not a field: its presence tells readers that commit may carry the flag of missed events. */
	show_page_field(m, "int overwrite", commit, 1, true);
	show_page_field(m, "char data", BUF_PAGE_HDR_SIZE, BUF_PAGE_SIZE, TYPE_IS_SIGNED(char));
	return 0;
}

static int header_page_open(struct inode *inode, struct file *file)
{
	return single_open(file, header_page_show, NULL);
}

static const struct file_operations header_page_fops = {
	.open = header_page_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(header_page, "events/header_page", TRACE_MODE_READ, &header_page_fops, NULL);

static int header_event_show(struct seq_file *m, void *v)
{
	seq_puts(m, "# compressed entry header\n"
		    "\ttype_len    :    5 bits\n"
		    "\ttime_delta  :   27 bits\n"
		    "\tarray       :   32 bits\n"
		    "\n");
	seq_printf(m, "\tpadding     : type == %d\n", RINGBUF_TYPE_PADDING);
	seq_printf(m, "\ttime_extend : type == %d\n", RINGBUF_TYPE_TIME_EXTEND);
	seq_printf(m, "\ttime_stamp : type == %d\n", RINGBUF_TYPE_TIME_STAMP);
	seq_printf(m, "\tdata max type_len  == %d\n", RINGBUF_TYPE_DATA_TYPE_LEN_MAX);
	return 0;
}

static int header_event_open(struct inode *inode, struct file *file)
{
	return single_open(file, header_event_show, NULL);
}

static const struct file_operations header_event_fops = {
	.open = header_event_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(header_event, "events/header_event", TRACE_MODE_READ, &header_event_fops, NULL);
