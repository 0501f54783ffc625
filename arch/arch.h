/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - the contract between the kernel and a machine.
 *
 * Every architecture's folder holds the same file names and gives everything
 * declared here and in its asm/ headers:
 *
 *   asm/page.h       page size, stack size, address conversion, protections
 *   asm/irqflags.h   interrupts of this CPU on and off (inline)
 *   asm/current.h    `current`, the running task (inline)
 *   asm/processor.h  struct thread_struct, cpu_relax, arch_cpu_idle (inline)
 *   asm/ptrace.h     struct pt_regs and its accessors; insn_unit_t, and how an oops shows code
 *   asm/timex.h      arch_clock_ns, and __arch_clock_ns for the trace hot path: interrupts are off (inline)
 *   asm/ftrace.h     the form of a patch site, struct ftrace_regs
 *
 * Nothing under arch/ is ever traced: it has no patch sites, so any of it may
 * run while a site is half way through a change.
 *
 * Each comment says what the function does, what it returns, and the context
 * its caller must be in.
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include "lib/compiler.h"
#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/ftrace.h>

struct task_struct;

/* ---- what the firmware says about the machine; filled by setup_arch(), constant afterwards ---- */

struct mem_range {
	unsigned long base, size;	/* physical, bytes */
};

#define MACHINE_MAX_RANGES 8
#define COMMAND_LINE_SIZE 2048

struct machine {
	const char *model;
	struct mem_range mem[MACHINE_MAX_RANGES];	/* RAM, sorted, not overlapping */
	int nr_mem;
	struct mem_range reserved[MACHINE_MAX_RANGES];	/* firmware, kernel image, initrd, device tree */
	int nr_reserved;
	unsigned long initrd_start, initrd_end;		/* virtual; 0, 0: none */
	int nr_cpus;
	unsigned long cpu_hwid[8];			/* hart id, indexed by CPU number */
	unsigned long timebase;				/* Hz of the clock that arch_clock_ns() reads */
	unsigned long uart_base;			/* virtual address of a 16550, byte-wide registers */
	int uart_shift;					/* register n is at uart_base + (n << uart_shift) */
	int uart_irq;					/* number for request_irq() */
	unsigned long irqchip_base;
	char cmdline[COMMAND_LINE_SIZE];
};

extern struct machine machine;

/* ---- boot: called once by start_kernel(), in this order, interrupts off, one CPU ---- */

/* Fills `machine`.  May not allocate and may not print: nothing is up yet. */
void setup_arch(void);
/* Switches to the final address space: text read-execute, rodata read-only, the rest not executable. */
void arch_mm_init(void);
/* Exception vectors of the boot CPU. */
void arch_trap_init(void);
/* Interrupt controller: registers its irq_chip, everything masked. */
void arch_irq_init(void);
/* Clock event device of this CPU; tick_handler() is called from then on once interrupts are on. */
void arch_timer_init(void);
/* Init memory [start, end) becomes ordinary data memory: writable, not executable. */
void arch_free_initmem(unsigned long start, unsigned long end);

/* ---- memory: process context or boot; the caller serialises changes of one address ---- */

/* Maps one page at `va` (page-aligned, in VMALLOC_START..VMALLOC_END).  0 or -ENOMEM. */
int arch_map_page(unsigned long va, unsigned long pa, pgprot_t prot);
/* Unmaps it and returns the physical address that was there (0: nothing). */
unsigned long arch_unmap_page(unsigned long va);
/* After either, for [start, start + size), whole pages: makes every CPU forget what was there.  Until then others may not. */
void arch_flush_tlb_range(unsigned long start, unsigned long size);

/* ---- tasks ---- */

/* Makes the first switch to `task` enter `entry` on its own stack, interrupts off. */
void arch_thread_init(struct task_struct *task, void (*entry)(void));
/* Saves callee-saved state of prev, loads next's; returns prev, on next's stack.  Interrupts off. */
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next);

/* ---- time ---- */

/* One-shot: tick_handler() runs on this CPU once arch_clock_ns() >= ns. */
void arch_timer_set_next(u64 ns);

/* ---- several CPUs ---- */

/*
 * Starts `cpu`, on its idle task, which arch_thread_init() has prepared: that is entered with the final address space,
 * exception vectors, and interrupts off.  0: it is on its way; -errno when the machine cannot.  Task context.
 */
int arch_cpu_up(int cpu, struct task_struct *idle);
/* First thing on a CPU so started, which is online already: forgets stale code and translations, lets its messages and
   interrupts through (once interrupts are on). */
void arch_cpu_init(void);
/* handle_IPI() runs on `cpu` soon.  Any context. */
void arch_send_ipi(int cpu);

/* Makes all other online CPUs execute an instruction-stream barrier before they run patched code.  Returns when they have. */
void arch_sync_instruction_streams(void);

/* ---- the end; interrupts in any state ---- */

/* status 0: success.  Where the machine can hand a status to its host, it does. */
void arch_power_off(int status) __noreturn;
void arch_reboot(void) __noreturn;

/* ---- diagnosis: any context, also in the middle of an oops; untraced, takes no lock ---- */

void show_regs(const struct pt_regs *regs);
/*
 * Calls fn(cookie, pc) for each frame from the newest to the oldest until it
 * returns false.  task NULL or current with regs NULL: from the caller on;
 * with regs: from the trapped instruction on; another task: from its switch.
 * Never faults on a broken chain: it stops.
 */
void arch_stack_walk(bool (*fn)(void *cookie, unsigned long pc), void *cookie,
		     struct task_struct *task, const struct pt_regs *regs);

/* ---- patch sites (see asm/ftrace.h for their form, patch.c for how text is written) ---- */

typedef void (*ftrace_func_t)(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			      struct ftrace_regs *fregs);

/*
 * The boot option ftrace_patch=stop_machine: sites change while all other CPUs stand still, and carry
 * no payload; a machine may give them another form, of several words that change together.  Written by trace/ before
 * ftrace_init(), constant afterwards.
 */
extern bool ftrace_patch_stopped;

/*
 * Brackets a batch of changes.  prepare: takes the text lock and returns 0;
 * from then on, until post_process, preemption is off and the functions below
 * may write text.  post_process: takes the writable alias away, makes every
 * CPU see the new instructions, returns 0.
 */
int ftrace_arch_code_modify_prepare(void);
int ftrace_arch_code_modify_post_process(void);

/*
 * In place of both, with ftrace_patch_stopped: returns fn(data), which is a batch, runs with interrupts off, and while it
 * does all other CPUs stand still.  The text lock is held around it.  Task context (or boot, one CPU).
 */
int ftrace_arch_code_modify_stopped(int (*fn)(void *), void *data);

/* A patch site as trace/ keeps it (trace/ftrace_records.c): 8 bytes. */
struct dyn_ftrace {
	s32 ip_offset;	/* from ftrace_change.base */
	u32 flags;	/* trace/'s */
};

/* One change, the same for many sites. */
struct ftrace_change {
	unsigned long base;		/* a record's site is at base + ip_offset */
	unsigned long old_addr, addr;	/* what it calls before and after; 0: the site is off */
	u32 payload;			/* afterwards; 0 where addr is 0 */
	u32 flags, new_flags;		/* of each record, before and after */
};

/*
 * Changes the sites of records from `rec` on, one by one, and gives each record new_flags once its site has changed.
 * Ends at `end`, at a record whose flags are not change->flags, or at a site that cannot be changed (*err), and
 * returns where.  *err: 0; -EFAULT when the site is not readable or writable text; -EINVAL when its words are not
 * those expected before the change (with any payload) or it does not reach `addr`: that site is as it was then.
 *
 * Each site's words are all compared first; then is written what cannot be executed to harm, then one aligned
 * word that decides.  Caller: between prepare and post_process.  Switching everything is made of this: every instruction
 * a site counts.
 */
struct dyn_ftrace *ftrace_change_sites(struct dyn_ftrace *rec, const struct dyn_ftrace *end,
				       const struct ftrace_change *change, int *err);

/* Whether the site at ip can call addr.  Pure. */
bool ftrace_site_reaches(unsigned long ip, unsigned long addr);

/* Makes a site of what the compiler left.  -EINVAL: something else is there.  Boot, else as above. */
int ftrace_init_nop(unsigned long ip);

/* Makes the slot `ftrace_call` in the trampolines call func.  0, -EFAULT or -EINVAL; between prepare and post_process. */
int ftrace_update_ftrace_func(ftrace_func_t func);
/*
 * Does the slot, in every trampoline that has one, call func?  0; -EINVAL: no, and the first word that does not is
 * *found instead of *expected.  Any context.
 */
int ftrace_check_ftrace_func(ftrace_func_t func, u32 *expected, u32 *found);

/* One word of a site, which is at addr, as assembly; into at most `size` bytes, terminated.  Pure. */
void ftrace_decode_word(unsigned long addr, u32 word, char *text, size_t size);

/* The words in memory now; -EFAULT when ip is not kernel text.  Any context. */
int ftrace_read_site(unsigned long ip, u32 words[FTRACE_SITE_WORDS]);
/* The words that belong there: addr 0 is the off form.  Pure. */
void ftrace_expected_site(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS]);

/* ---- single sites, under Linux's names ---- */

static inline int ftrace_change_site(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	const struct ftrace_change change = { .base = ip, .old_addr = old_addr, .addr = addr, .payload = payload };
	struct dyn_ftrace rec = { 0, 0 };
	int err = 0;

	ftrace_change_sites(&rec, &rec + 1, &change, &err);
	return err;
}

static inline int ftrace_make_call(unsigned long ip, unsigned long addr, u32 payload)
{
	return ftrace_change_site(ip, 0, addr, payload);
}

static inline int ftrace_make_nop(unsigned long ip, unsigned long addr)
{
	return ftrace_change_site(ip, addr, 0, 0);
}

static inline int ftrace_modify_call(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	return ftrace_change_site(ip, old_addr, addr, payload);
}

#endif
