/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * os.h - this kernel's side of the contract in trace/os.h.
 *
 * Nearly everything has the right name already; what is left is what the linker
 * script knows about text and data, and a walk over the symbol table.
 */
#ifndef KERNEL_OS_H
#define KERNEL_OS_H

#include "init/initcall.h"
#include "init/params.h"
#include "kernel/fault_inject.h"
#include "kernel/fs/tracefs.h"
#include "kernel/kallsyms.h"
#include "kernel/mm/slab.h"
#include "kernel/mutex.h"
#include "kernel/panic.h"
#include "kernel/percpu.h"
#include "kernel/preempt.h"
#include "kernel/printk.h"
#include "kernel/rcu.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "kernel/smp.h"
#include "kernel/spinlock.h"
#include "kernel/time/time.h"
#include "kernel/wait.h"
#include "lib/string.h"

extern char _text[], _sdata[], _end[], __init_begin[], __init_end[];
extern unsigned long __start_mcount_loc[], __stop_mcount_loc[];

#define ftrace_text_base ((unsigned long)_text)

/* .data, per-CPU data and .bss; init data does not count, it is freed. */
static inline bool core_kernel_data(unsigned long addr)
{
	return addr >= (unsigned long)_sdata && addr < (unsigned long)_end;
}

/* The folder that the code at addr was compiled in, if nothing in it is ever traced, else NULL. */
const char *untraced_folder(unsigned long addr);

static inline unsigned long totalram_pages(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return info.totalram;
}

static __always_inline bool patch_failure_armed(void)
{
	return unlikely(atomic_long_read(&faults[FAULT_PATCH].left) > 0);
}

static __always_inline int should_fail_patch(void)
{
	return should_fail(FAULT_PATCH);
}

/* No part of this kernel runs where RCU does not look. */
static inline bool rcu_is_watching(void)
{
	return true;
}

/*
 * The walk reads the tables behind kernel/kallsyms.h itself: for a filter it is
 * asked once for every function of the kernel, and a call would cost more than
 * the answer.  A name is preceded by one type character and ends with a NUL, and
 * the next entry follows at once.
 */
extern const u32 kallsyms_offsets[], kallsyms_name_offsets[];
extern const char kallsyms_names[];

struct ksym_walk {
	const u32 *next;	/* the first symbol that starts beyond the last address */
	const u32 *at;		/* the symbol that address was in */
	u32 start;		/* where that starts */
};

static inline void ksym_walk_start(struct ksym_walk *walk)
{
	walk->next = walk->at = kallsyms_offsets;
	walk->start = ~0u;
}

static inline const char *ksym_walk_to(struct ksym_walk *walk, unsigned long addr, size_t *len)
{
	const u32 *next = walk->next, *end = kallsyms_offsets + kallsyms_num_syms, *name_offset;
	u32 offset = addr - (unsigned long)_text;
	const char *name;

	for (; next < end && *next <= offset; next++) {
		/* Another name of the same address: the first counts. */
		if (*next == walk->start)
			continue;
		walk->start = *next;
		walk->at = next;
	}
	walk->next = next;
	if (unlikely(next == kallsyms_offsets))
		return NULL;
	name_offset = kallsyms_name_offsets + (walk->at - kallsyms_offsets);
	name = kallsyms_names + name_offset[0] + 1;
	*len = likely(walk->at + 1 < end) ? (size_t)(name_offset[1] - name_offset[0]) - 2 : strlen(name);
	return name;
}

#endif
