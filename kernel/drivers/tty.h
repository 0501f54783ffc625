/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tty.h - the console as a terminal file.
 *
 * Raw: read returns the bytes typed so far, at least one, unedited and not echoed
 * (the shell edits its own lines); it blocks, interruptibly (-EINTR), or gives
 * -EAGAIN with O_NONBLOCK.  write turns \n into \r\n.
 */
#ifndef KERNEL_DRIVERS_TTY_H
#define KERNEL_DRIVERS_TTY_H

#include "lib/file.h"

extern const struct file_operations tty_fops;

/*
 * While pgrp is not 0, Ctrl-C sends that process group SIGINT instead of being read as
 * a character, and throws away what was typed before it.  Any context.
 */
void tty_set_foreground(pid_t pgrp);

/* One byte came in: called by the UART's interrupt handler. */
void tty_receive(char c);

#endif
