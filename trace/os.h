/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * os.h - the contract between trace/ and the kernel it is put into.
 *
 * trace/ is a library.  It includes lib/ (pure code), arch/arch.h (what a CPU must
 * give), and this file (what a kernel must give), and nothing else.  To put it into
 * another kernel, write one header that gives everything named below, as
 * function, inline function or macro, and compile with -DOS_HEADER='"that/header.h"'.
 * Names and meanings are Linux's where Linux has the thing.
 *
 * Two kernels exist: kernel/os.h is this one, tests/unit/host_os.h is a process on
 * the build machine.
 *
 * TRACED tells whether the function may itself have a patch site.  "no" means it must not:
 * it is called on the way from a site to a callback, and would call itself.
 * Everything else may be traced; a callback that is called because of it runs
 * like any other.
 *
 * ---- Memory -------------------------------------------------- any context after boot's mm_init
 *
 * void *kmalloc(size_t size, gfp_t), kzalloc(size, gfp_t) (zeroed), kcalloc(n, size, gfp_t) (zeroed, NULL
 * when n * size overflows), void kfree(const void *) (NULL is ignored)
 *	At least 8-byte aligned; NULL when memory is out, never an end of the world.  GFP_KERNEL and GFP_ATOMIC
 *	are given.  Called without locks held but mutexes; interrupts may be off at boot.
 * void *__get_free_pages(gfp_t, unsigned order), void free_pages(void *, unsigned order), void *get_zeroed_page(gfp_t),
 * void free_page(void *); PAGE_SIZE comes from <asm/page.h>
 *	2^order pages, aligned to their size; NULL when there are none.
 * unsigned long totalram_pages()
 *	How many there were, before any was given out.
 *
 * ---- Locks
 *
 * struct mutex, DEFINE_MUTEX(name), mutex_init(m), mutex_lock(m), mutex_unlock(m)
 *	Task context (or boot, one CPU); sleeps; not recursive.
 * raw_spinlock_t, DEFINE_RAW_SPINLOCK(name), raw_spin_lock_irqsave(l, flags), raw_spin_unlock_irqrestore(l, flags)
 *	Any context.
 * local_irq_save(flags), local_irq_restore(flags), irqs_disabled()			TRACED: no
 *	Interrupts of this CPU.
 *
 * ---- This CPU, this task ------------------------------------------------------ TRACED: no
 *
 * preempt_disable_notrace(), preempt_enable_notrace()
 *	Nest.  In between, the task stays on its CPU and no other task runs there.  Any context.
 * preempt_count(), and its fields NMI_MASK, HARDIRQ_MASK, SOFTIRQ_OFFSET (set while a softirq is served),
 * PREEMPT_MASK, SOFTIRQ_MASK
 *	What the CPU is in the middle of: 0 outside of interrupts with preemption on.
 * need_resched()
 *	The scheduler wants this CPU.
 * cpu_relax()
 *	In a loop that waits for another CPU.
 * struct task_struct *current
 *	Never NULL.  trace/ reads ->pid (0: idle; below PID_MAX), ->comm (TASK_COMM_LEN bytes, terminated) and owns
 *	->trace_recursion (unsigned long, 0 in a new task) and ->trace_priv (void *[2], NULL in a new task).
 * int smp_processor_id(), NR_CPUS
 * DEFINE_PER_CPU(type, name), DECLARE_PER_CPU, per_cpu(name, cpu), per_cpu_ptr(ptr, cpu), this_cpu_ptr(ptr)
 *	One copy a CPU; this_cpu_ptr is stable while preemption is off.
 * bool rcu_is_watching()
 *	false where the kernel does not count this CPU as an RCU reader (idle, some entry code).
 * u64 sched_clock()
 *	Nanoseconds since some fixed moment, monotonic on one CPU; the same origin on all.
 *
 * ---- All CPUs
 *
 * num_online_cpus(), for_each_possible_cpu(cpu), for_each_online_cpu(cpu)
 * int smp_call_function_single(cpu, fn, arg, wait) (0 or -ENXIO)
 *	fn runs on `cpu` with interrupts off; wait: until it has.  Interrupts on.
 *
 * ---- Quiescence ------------------------------------------------ task context, may sleep
 *
 * synchronize_rcu()		every code that was running with preemption off has left it
 * synchronize_rcu_tasks()	and every task has switched away by its own will, or runs outside of the
 *				kernel: none stands, preempted, between a site and the end of a callback
 * struct rcu_head, call_rcu(head, fn)
 *	fn(head) runs after such a synchronize_rcu(); any context.
 * cond_resched()		lets others run; no lock held
 *
 * ---- Sleeping readers and messages to them
 *
 * wait_queue_head_t, DECLARE_WAIT_QUEUE_HEAD(name), init_waitqueue_head(wq), wait_event_interruptible(wq, condition)
 *	0, or -EINTR when a signal came first.
 * waitqueue_active(wq), wake_up_all(wq)
 *	Interrupt context is fine for waking; it takes run-queue locks, so a callback may not do it.
 * signal_pending(task)
 *
 * ---- Text and symbols ---------------------------------------------------- any context
 *
 * ftrace_text_base
 *	unsigned long, constant: records hold 32-bit offsets from it.
 * unsigned long __start_mcount_loc[], __stop_mcount_loc[]
 *	The table of site addresses, writable until ftrace_init() is done with it.  Arrays or pointers.
 * bool kernel_text_address(addr)
 *	Is there code of the kernel (also of boot)?
 * bool core_kernel_data(addr)
 *	Is it static data of the kernel image, which nobody ever frees?
 * const char *untraced_folder(addr)
 *	The folder that the code at addr comes from, if nothing in it is ever traced, else NULL.
 * __init_begin, __init_end
 *	char[]: bounds of the memory that ftrace_free_init_mem() is about.
 * kallsyms_lookup(addr, &size, &offset, &modname, namebuf), kallsyms_num_syms, kallsyms_sym_address(i),
 * kallsyms_sym_name(i), kallsyms_sym_type(i), KSYM_NAME_LEN, KSYM_SYMBOL_LEN
 *	Symbols by number 0 .. kallsyms_num_syms - 1, in order of address.  The type is nm's letter: code is 't' or 'T'.
 * struct ksym_walk, ksym_walk_start(walk)
 * const char *ksym_walk_to(walk, addr, &len)
 *	The name of the symbol that addr lies in (of several that start at the same address, the first; NULL: none)
 *	and its strlen (size_t), for one addr after another in ascending order.  Called once for each record when a filter
 *	is written: inline, a few instructions.
 *
 * ---- Messages
 *
 * printk(), pr_info(), pr_warn(), pr_err(), pr_cont() with %pS and %ps; WARN_ON(), WARN_ON_ONCE(), WARN(); panic()
 *	Any context but a callback.
 *
 * ---- Failures on purpose
 *
 * bool patch_failure_armed(void)
 *	should_fail_patch() counts, and will fail: sites are changed one by one meanwhile.  Inline.
 * int should_fail_patch(void)
 *	0; or -errno (EFAULT, EINVAL, EPERM): the change of a site or slot that is about to be made shall fail with it, for
 *	tests.  Called before each with preemption off: inline, a load.  A kernel that has no such thing gives 0.
 *
 * ---- Boot options
 *
 * early_param("name", fn), __setup("name=", fn)
 *	As in init/params.h: early ones run before ftrace_init() and get a value that must be copied.
 *
 * ---- Files -------------------------------------------------------------------- task context
 *
 * struct dentry *tracefs_create_file(name, mode, parent, data, fops), *tracefs_create_dir(name, parent)
 *	A file or directory in `parent` (NULL: the tracing directory); data becomes inode->i_private.  NULL: it failed.
 * fs_initcall(fn)
 *	fn() runs once at boot, when files can be created and none can be opened yet.
 *
 * ---- What the tracers need besides
 *
 * unsigned long arch_local_irq_save(), arch_local_irq_restore(flags), bool arch_irqs_disabled_flags(flags)
 *	TRACED: no.  As local_irq_save and so on; inline: the function tracer's hot path is made of them.
 * u64 __arch_clock_ns()
 *	TRACED: no.  What sched_clock() returns, inline, for the same reason.  Interrupts are off.
 * struct task_struct, the hot path's share: `int preempt_count` and `u32 need_resched` side by side at an 8-byte boundary
 *	(one load tells that both are 0), `int cpu`, `pid`.
 * bool cpu_online(cpu), cpu_possible(cpu)
 *	A CPU that is possible but not online runs nothing.
 * unsigned long msleep_interruptible(ms)
 *	Task context; sleeps; a signal ends it early.
 * void (*trace_sched_switch_hook)(prev, next)
 *	The scheduler calls it at each switch, interrupts off; trace/ sets it, NULL: nobody wants to know.
 * void (*trace_sched_process_fork_hook)(parent, child)
 *	Called for each new task before it first runs, in its parent's context; trace/ sets it, as the next one.
 * void (*trace_sched_process_exit_hook)(task)
 *	Called when a task has ended, while its pid is still its own; interrupts may be off.
 * void (*oops_enter_hook)(void), (*oops_dump_hook)(void)
 *	Called once when the kernel oopses, before anything and after everything else was printed; trace/ sets them at boot.
 * int sprint_symbol(buf, addr), sprint_symbol_no_offset(buf, addr)
 *	"name+0xoffset/0xsize", "name" (or "0xaddr"), into KSYM_SYMBOL_LEN bytes; the length.
 */
#ifndef TRACE_OS_H
#define TRACE_OS_H

#include "lib/atomic.h"
#include "lib/compiler.h"
#include "lib/errno.h"

#ifndef OS_HEADER
#error "-DOS_HEADER='\"...\"' must name the kernel's side of trace/os.h"
#endif
#include OS_HEADER

#endif
