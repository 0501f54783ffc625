/* SPDX-License-Identifier: BSD-2-Clause */
/* power.h - private to arch/riscv. */
#ifndef ARCH_RISCV_POWER_H
#define ARCH_RISCV_POWER_H

/* Where the device that ends QEMU is; boot, once. */
void power_set_test_device(unsigned long base);

#endif
