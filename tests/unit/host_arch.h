/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_arch.h - the machine of the unit tests: patch sites in an array, and every way they can fail.
 *
 * The form of a site is in asm/ftrace.h.  Like a real machine this one
 * verifies all words of a site before it changes any, and refuses text outside of
 * the array.  Unlike a real one it counts, remembers the order of its
 * visits, fails when told to, and "executes" sites.
 */
#ifndef UNIT_HOST_ARCH_H
#define UNIT_HOST_ARCH_H

#include "arch/arch.h"

#define HOST_MAX_SITES 4096
/* Bytes from one site to the next: a site and the body of its function. */
#define HOST_FUNC_SIZE 48

/* The kernel's "text": site i is at host_site(i). */
extern char host_text[HOST_MAX_SITES * HOST_FUNC_SIZE];

static inline unsigned long host_site(int i)
{
	return (unsigned long)host_text + (unsigned long)i * HOST_FUNC_SIZE;
}

/* What has been done to the text since host_arch_reset(). */
struct host_arch_stats {
	int init_nop, make_call, make_nop, modify_call; /* successful changes */
	int runs;		/* calls of ftrace_change_sites() */
	int batches;		/* prepare/post_process pairs */
	int slot_updates;	/* changes of the slot ftrace_call */
	int order_errors;	/* a site visited at a lower address than the one before it in its batch */
	int context_errors;	/* a change outside of a batch */
};

extern struct host_arch_stats host_arch_stats;

/* All sites back to the compiler's NOPs, the slot to ftrace_stub, counts and orders for failure to none. */
void host_arch_reset(void);
/* The counts alone. */
void host_arch_clear_stats(void);

/*
 * The change number n from now on (1: the next; 0: none), of a site or of the slot, fails with `error` and writes nothing.
 * Returns how many were missing to the failure that was asked for before; 0: it has happened.
 */
int host_arch_fail_at(int n, int error);

/* What arch_stack_walk() says the stack is, the newest frame first; ends with a 0. */
extern const unsigned long *host_stack;
/* Called before each change of a site, if not NULL; host_arch_reset() makes it that. */
extern void (*host_arch_change_hook)(unsigned long ip);

/* What the slot calls now. */
extern ftrace_func_t host_slot;

/*
 * Calls the site as a CPU would: nothing when it is off, else through payload or slot.  Returns the trampoline
 * that a direct call leads to in the end, 0 when there is none.
 */
unsigned long host_call(unsigned long ip, unsigned long parent_ip);
/* Is the site on, and with which payload? */
bool host_site_is_on(unsigned long ip);
u32 host_site_payload(unsigned long ip);
bool host_site_has_regs(unsigned long ip);
/* The trampoline of a direct call that the site itself calls, or 0. */
unsigned long host_site_direct(unsigned long ip);

#endif
