/* SPDX-License-Identifier: BSD-2-Clause */
/* autorun.h - what pid 1 does for the rest of its life, once the kernel is up. */
#ifndef INIT_AUTORUN_H
#define INIT_AUTORUN_H

#include "lib/compiler.h"

/*
 * The end of kernel_init(): runs the in-kernel tests and powers off if ktest[=GLOB]
 * asked for that; else starts the shell `sh` on the console (which runs the lines of
 * autorun= before its first prompt), reaps orphans, and starts it again should it
 * exit.  Task context, pid 1, init memory already freed.
 */
void __noreturn run_init_process(void);

/* The value of autorun=, or NULL. */
const char *autorun_lines(void);

#endif
