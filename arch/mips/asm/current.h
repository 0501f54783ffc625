/* SPDX-License-Identifier: BSD-2-Clause */
/* current.h - the running task lives in gp ($28): nothing is addressed relative to it (-G0 -mno-abicalls). */
#ifndef ASM_CURRENT_H
#define ASM_CURRENT_H

struct task_struct;
register struct task_struct *mips_current __asm__("$28");
#define current mips_current

#endif
