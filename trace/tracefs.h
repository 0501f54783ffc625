/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracefs.h - the registry of the tracing directory's files.
 *
 * A file that owns a control file says so beside its file_operations:
 *
 *	TRACEFS_FILE(current_tracer, "current_tracer", 0644, &set_tracer_fops, &global_trace);
 *
 * The name may be a path below the tracing directory
 * ("events/ftrace/function/format"); missing folders are made on the way.
 * tracer_init_tracefs() creates them all once the file system is there.
 * `data` becomes inode->i_private.
 */
#ifndef TRACE_TRACEFS_H
#define TRACE_TRACEFS_H

#include "lib/file.h"
#include "lib/registry.h"

#define TRACE_MODE_READ 0444
#define TRACE_MODE_WRITE 0644
#define TRACE_MODE_WRITE_ONLY 0200

struct tracefs_file {
	const char *name; /* path below the tracing directory */
	umode_t mode;	  /* permission bits */
	const struct file_operations *fops;
	void *data; /* inode->i_private */
};

REGISTRY_DECLARE(tracefs_files, struct tracefs_file);

/* Registers one file.  `ident` need only be unique in its source file. */
#define TRACEFS_FILE(ident, name_, mode_, fops_, data_)                      \
	REGISTRY_ENTRY(tracefs_files, struct tracefs_file, tracefs_##ident) = { \
		.name = (name_),                                             \
		.mode = (mode_),                                             \
		.fops = (fops_),                                             \
		.data = (data_),                                             \
	}

/*
 * Creates one file; `path` is relative to the tracing directory and its folders
 * are made when missing.  Returns 0 or -errno.  Task context.
 */
int trace_create_file(const char *path, umode_t mode, void *data, const struct file_operations *fops);

/*
 * Creates every registered file and the per-CPU ones.  Called once, when tracefs
 * is mounted and before anything can open it.  Returns 0 or the first -errno; -ENOMEM
 * without any file when there is no trace buffer.
 */
int tracer_init_tracefs(void);

#endif
