/* SPDX-License-Identifier: BSD-2-Clause */
/* version.h - what this image is; the build gives version, machine and compiler. */
#ifndef KERNEL_VERSION_H
#define KERNEL_VERSION_H

extern const char patchbay_version[];	/* "0.1" */
extern const char patchbay_machine[];	/* "riscv64" */
extern const char patchbay_banner[];	/* "patchbay version 0.1 (riscv64, gcc ...)" */

#endif
