/* SPDX-License-Identifier: BSD-2-Clause */
/* version.c - see version.h. */
#include "kernel/version.h"

const char patchbay_version[] = PATCHBAY_VERSION;
const char patchbay_machine[] = PATCHBAY_MACHINE;
const char patchbay_banner[] = "patchbay version " PATCHBAY_VERSION " (" PATCHBAY_MACHINE ", " PATCHBAY_COMPILER ")";
