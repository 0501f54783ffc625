/* SPDX-License-Identifier: BSD-2-Clause */
/* current.h - the running task lives in tp; entry.S and switch code keep it there. */
#ifndef ASM_CURRENT_H
#define ASM_CURRENT_H

struct task_struct;
register struct task_struct *riscv_current __asm__("tp");
#define current riscv_current

#endif
