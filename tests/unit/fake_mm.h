/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_mm.h - the world around kernel/mm/page_alloc.c and slab.c, for tests that include those files.
 *
 * "Physical" memory is an arena of the host's; what a test calls an address is an offset
 * in it.  panic() comes back to expect_panic(), which checks its message.
 */
#ifndef UNIT_FAKE_MM_H
#define UNIT_FAKE_MM_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "lib/compiler.h"
#include "lib/stdio.h"
#include "lib/string.h"

/* In place of arch/arch.h. */
#define ARCH_ARCH_H
#define PAGE_SHIFT 12
#define PAGE_SIZE (1 << PAGE_SHIFT)
#define PAGE_MASK (~((unsigned long)PAGE_SIZE - 1))
#define MACHINE_MAX_RANGES 8
#define ARENA_SIZE (32ul << 20)
#define ARENA_ALIGN (4ul << 20)

struct mem_range {
	unsigned long base, size;
};

static struct {
	struct mem_range mem[MACHINE_MAX_RANGES];
	int nr_mem;
	struct mem_range reserved[MACHINE_MAX_RANGES];
	int nr_reserved;
} machine;

static char arena[ARENA_SIZE] __aligned(ARENA_ALIGN);

#define __va(pa) ((void *)(arena + (pa)))
#define __pa(va) ((unsigned long)((const char *)(va) - arena))

static inline void arch_free_initmem(unsigned long start, unsigned long end)
{
}

/* In place of kernel/spinlock.h: one thread, but what is locked must be unlocked. */
#define KERNEL_SPINLOCK_H
typedef int spinlock_t;
#define DEFINE_SPINLOCK(name) spinlock_t name
#define spin_lock_init(lock) (*(lock) = 0)
#define spin_lock_irqsave(lock, flags) ((void)((flags) = 0), assert_int_equal((*(lock))++, 0))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), assert_int_equal(--(*(lock)), 0))

/* In place of kernel/fault_inject.h: memory runs out, and nothing fails otherwise. */
#define KERNEL_FAULT_INJECT_H
#define should_fail(kind) 0

/* In place of kernel/printk.h and kernel/panic.h. */
#define KERNEL_PRINTK_H
#define pr_info(...) ((void)snprintf(NULL, 0, __VA_ARGS__))
#define pr_warn(...) pr_info(__VA_ARGS__)
#define KERNEL_PANIC_H
#define BUG_ON(cond) ((cond) ? panic("BUG: %s", #cond) : (void)0)
#define WARN(cond, ...) ({ bool _c = (cond); warnings += _c; _c; })

static int warnings __maybe_unused;
static jmp_buf panic_return;
static char panic_message[256];

static void __noreturn __printf(1, 2) panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	kern_vsnprintf(panic_message, sizeof(panic_message), fmt, args);
	va_end(args);
	longjmp(panic_return, 1);
}

/* `statement` must panic with a message that contains `text`. */
#define expect_panic(statement, text)                                                          \
	do {                                                                                   \
		if (!setjmp(panic_return)) {                                                   \
			statement;                                                             \
			fail_msg("no panic from %s", #statement);                              \
		}                                                                              \
		if (!strstr(panic_message, text))                                              \
			fail_msg("%s panics with \"%s\", not \"%s\"", #statement, panic_message, text); \
	} while (0)

#include "kernel/mm/page_alloc.c"

char __init_begin[1], __init_text_end[1], __end_rodata[1], __init_end[1];

static void add(struct mem_range *ranges, int *nr, unsigned long base, unsigned long size)
{
	ranges[(*nr)++] = (struct mem_range){ base, size };
}

/* Boots mm with the machine's ranges as they are now, as if for the first time. */
static void boot_mm(void)
{
	nr_ram = nr_busy = 0;
	memset(&zone_info, 0, sizeof(zone_info));
	zone_lock = 0;
	warnings = 0;
	panic_message[0] = '\0';
	mm_init();
}

static void clear_machine(void)
{
	memset(&machine, 0, sizeof(machine));
}

static unsigned long free_now(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return info.freeram;
}

#endif
