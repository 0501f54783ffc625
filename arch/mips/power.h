/* SPDX-License-Identifier: BSD-2-Clause */
/* power.h - private to arch/mips. */
#ifndef ARCH_MIPS_POWER_H
#define ARCH_MIPS_POWER_H

/* The Malta's software reset: the same magic word whatever comes after it. */
#define SOFT_RESET_REGISTER 0x1f000500	/* physical */
#define SOFT_RESET_MAGIC 0x42

#endif
