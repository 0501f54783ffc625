/* SPDX-License-Identifier: BSD-2-Clause */
/* pid.h - the task list, for those who add to it and take away: fork.c and exit.c.  Under tasklist_lock. */
#ifndef KERNEL_PID_H
#define KERNEL_PID_H

#include "kernel/sched/sched.h"

/* Gives p a pid and puts it on the task list.  0, or -EAGAIN when all numbers are taken. */
int attach_pid(struct task_struct *p);
void detach_pid(struct task_struct *p);

#endif
