/* SPDX-License-Identifier: BSD-2-Clause */
/* textfile.h - `echo TEXT > FILE` from inside the kernel. */
#ifndef KERNEL_WORKLOAD_TEXTFILE_H
#define KERNEL_WORKLOAD_TEXTFILE_H

/*
 * Opens the file, truncating it, writes text in one go, closes it.  0, or -errno of the first step that failed;
 * closing is one.  Task context.
 */
int write_text_file(const char *path, const char *text);

#endif
