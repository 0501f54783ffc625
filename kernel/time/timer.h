/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - a function to be called once, at a given jiffy, in softirq context.
 *
 * A timer belongs to the CPU that set it up for all its life, whoever arms it later.
 */
#ifndef KERNEL_TIME_TIMER_H
#define KERNEL_TIME_TIMER_H

#include "kernel/time/time.h"
#include "lib/list.h"

struct timer_base;

struct timer_list {
	struct list_head entry; /* entry.next is NULL while the timer is not pending; under base->lock */
	unsigned long expires;	/* jiffies */
	void (*function)(struct timer_list *timer);
	struct timer_base *base;
};

#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, __typeof__(*var), timer_fieldname)

/* Needed once, before anything else; `flags` must be 0.  The timer is not pending afterwards. */
void timer_setup(struct timer_list *timer, void (*function)(struct timer_list *timer), unsigned int flags);
/* (Re)arms it.  Any context.  True when it was pending. */
bool mod_timer(struct timer_list *timer, unsigned long expires);
/* Arms it for timer->expires; it must not be pending. */
void add_timer(struct timer_list *timer);
/* Disarms it.  True when it was pending.  The function may be running on another CPU still. */
bool del_timer(struct timer_list *timer);
/* The same, and waits until the function is not running.  Not from the function, nor a hard interrupt. */
bool del_timer_sync(struct timer_list *timer);

static inline bool timer_pending(const struct timer_list *timer) { return READ_ONCE(timer->entry.next); }

/* For the tick: raises TIMER_SOFTIRQ when a timer of this CPU is due. */
void run_local_timers(void);
/* Interrupts off, boot, before time_init(). */
void init_timers(void);

#endif
