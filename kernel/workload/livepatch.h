/* SPDX-License-Identifier: BSD-2-Clause */
/* livepatch.h - the function that the livepatch workload patches. */
#ifndef KERNEL_WORKLOAD_LIVEPATCH_H
#define KERNEL_WORKLOAD_LIVEPATCH_H

/* 1; while it is patched, another number.  Any context. */
unsigned int livepatch_target(void);

#endif
