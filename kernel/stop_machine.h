/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KERNEL_STOP_MACHINE_H
#define KERNEL_STOP_MACHINE_H

/*
 * Runs fn(data) on this CPU while every other one spins with interrupts off; returns what fn returns.
 * Task context, may sleep; fn runs with interrupts off and must not.
 */
int stop_machine(int (*fn)(void *), void *data);

#endif
