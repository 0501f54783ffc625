/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * firmware.h - calls into the supervisor execution environment (SBI specification 1.0).
 * Any context.  Extensions by number: TIME, IPI, HSM, RFENCE, SRST; the hart mask is that of the online CPUs.
 */
#ifndef ARCH_RISCV_FIRMWARE_H
#define ARCH_RISCV_FIRMWARE_H

#include "lib/types.h"

/* Raises the supervisor timer interrupt on this hart once `time` >= ticks; clears a pending one. */
void sbi_set_timer(u64 ticks);
/* Raises the supervisor software interrupt of a hart. */
void sbi_send_ipi(unsigned long hart);
/* A stopped hart enters `start` (physical) with a0 = hart, a1 = opaque, the MMU and interrupts off.  0, or the SBI's error. */
long sbi_hart_start(unsigned long hart, unsigned long start, unsigned long opaque);
/* The same fences as the instructions, on all other online harts; returns when they have executed them. */
void sbi_remote_fence_i(void);
extern unsigned long sbi_remote_fences_i;	/* how many there were, for tests; of batches, so under their lock */
void sbi_remote_sfence_vma(unsigned long start, unsigned long size);
/* Returns only when the environment cannot. */
void sbi_system_reset(bool reboot, bool failure);

#endif
