/* SPDX-License-Identifier: BSD-2-Clause */
/* The same machine as mips, with wider registers. */
#include "linker/mips.lds.S"
