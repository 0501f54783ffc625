/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * firmware.h - what YAMON, the Malta's boot monitor, hands over (YAMON reference manual, "Booting an OS").
 *
 * Strings lie in the first megabyte of RAM, which stays reserved.  Boot; needs nothing but the vectors.
 */
#ifndef ARCH_MIPS_FIRMWARE_H
#define ARCH_MIPS_FIRMWARE_H

#include "lib/types.h"

/* Argument n of the kernel, NULL when there are not that many.  1 is the command line. */
const char *firmware_argument(unsigned int n);
/* The value of an environment variable, NULL when it is not set. */
const char *firmware_getenv(const char *name);
/* A number as the firmware writes it: decimal, or hexadecimal after 0x; 64-bit addresses are cut to 32 bits. */
u32 firmware_number(const char *text);

#endif
