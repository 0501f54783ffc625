/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_os.h - the second kernel that trace/ runs in: a process on the build machine.
 *
 * Everything trace/os.h asks for, over libc and pthreads.  A thread is a task
 * on CPU 0 unless it says otherwise (host_set_cpu).  Interrupts and preemption are only
 * counted: a test that wants to be interrupted calls the handler itself, between
 * host_irq_enter() and host_irq_exit().  Where a kernel could fail or
 * must wait, the host can be told to fail, and counts.
 *
 *	host_reset()	first thing in a test's setup: no symbols, no log, no failures, no warnings
 */
#ifndef UNIT_HOST_OS_H
#define UNIT_HOST_OS_H

#include "init/params.h"
#include "lib/atomic.h"
#include "lib/compiler.h"
#include "lib/errno.h"
#include "lib/list.h"
#include "lib/stdio.h"
#include "lib/string.h"
#include <asm/page.h>
#include <pthread.h>
#include <sched.h>

void host_reset(void);

/* ---- Memory.  Also freed at exit: ASan reports what is not. ---- */

#define GFP_KERNEL 1u
#define GFP_ATOMIC 2u
#define __GFP_ZERO 4u

void *kmalloc(size_t size, gfp_t gfp);
void *kzalloc(size_t size, gfp_t gfp);
void *kcalloc(size_t n, size_t size, gfp_t gfp);
char *kstrdup(const char *s, gfp_t gfp);
void kfree(const void *ptr);
void *__get_free_pages(gfp_t gfp, unsigned int order);
static inline unsigned long totalram_pages(void) { return (128UL << 20) / PAGE_SIZE; }
void free_pages(void *pages, unsigned int order);
void *get_zeroed_page(gfp_t gfp);
void free_page(void *page);

/* The allocation number n from now on (1: the next) returns NULL; with `lasting` all after it too.  0: none. */
void host_fail_alloc(int n, bool lasting);
/* Called within every allocation, as callbacks are where the allocator is traced.  NULL after host_reset(). */
extern void (*host_alloc_hook)(void);
/* How many allocations there were since host_reset(), failed ones too. */
unsigned long host_alloc_count(void);
/* How many have not been freed, since ever. */
extern long host_live_allocs;

/* The machine of the tests fails by itself: host_arch_fail_at(). */
static inline int should_fail_patch(void) { return 0; }
static inline bool patch_failure_armed(void) { return false; }

/* ---- Locks ---- */

struct task_struct;

/* Taking it twice, or giving back what another task holds, aborts. */
struct mutex {
	pthread_mutex_t mutex;
	const struct task_struct *owner;
};

#define __MUTEX_INITIALIZER(name) { PTHREAD_MUTEX_INITIALIZER, NULL }
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)

void mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
bool mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(const struct mutex *lock);

typedef struct { struct mutex mutex; } raw_spinlock_t;
typedef raw_spinlock_t spinlock_t;

#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name = { __MUTEX_INITIALIZER(name) }
#define DEFINE_SPINLOCK(name) DEFINE_RAW_SPINLOCK(name)
#define raw_spin_lock_init(lock) mutex_init(&(lock)->mutex)
#define raw_spin_lock(lock) (preempt_disable_notrace(), mutex_lock(&(lock)->mutex))
#define raw_spin_trylock(lock) mutex_trylock(&(lock)->mutex)
#define raw_spin_unlock(lock) (mutex_unlock(&(lock)->mutex), preempt_enable_notrace())
#define raw_spin_lock_irqsave(lock, flags) ({ local_irq_save(flags); raw_spin_lock(lock); })
#define raw_spin_unlock_irqrestore(lock, flags) ({ raw_spin_unlock(lock); local_irq_restore(flags); })
#define spin_lock_init raw_spin_lock_init
#define spin_lock raw_spin_lock
#define spin_unlock raw_spin_unlock
#define spin_lock_irqsave raw_spin_lock_irqsave
#define spin_unlock_irqrestore raw_spin_unlock_irqrestore

/* ---- This task, this CPU ---- */

#define NR_CPUS 8
#define TASK_COMM_LEN 16
#define PID_MAX 32768

struct task_struct {
	int preempt_count;
	u32 need_resched;
	unsigned long percpu_offset;	/* the CPU number: per-CPU variables are arrays here */
	int cpu;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	bool irqs_off;
	bool sigpending;
	unsigned long trace_recursion;
	void *trace_priv[2];
};

extern _Thread_local struct task_struct host_task;
#define current (&host_task)

void host_set_cpu(int cpu);	/* the calling thread runs there from now on */

#define PREEMPT_OFFSET 0x1
#define SOFTIRQ_OFFSET 0x100
#define HARDIRQ_OFFSET 0x10000
#define NMI_OFFSET 0x100000
#define PREEMPT_MASK 0x000000ff
#define SOFTIRQ_MASK 0x0000ff00
#define HARDIRQ_MASK 0x000f0000
#define NMI_MASK 0x00f00000

static inline int preempt_count(void) { return current->preempt_count; }
static inline void preempt_disable_notrace(void) { current->preempt_count += PREEMPT_OFFSET; }
static inline void preempt_enable_notrace(void) { current->preempt_count -= PREEMPT_OFFSET; }
#define preempt_disable preempt_disable_notrace
#define preempt_enable preempt_enable_notrace
static inline void cpu_relax(void) { sched_yield(); }
static inline bool need_resched(void) { return current->need_resched; }
static inline bool irqs_disabled(void) { return current->irqs_off; }
/*
 * host_threads: CPUs are threads that call host_set_cpu(), and a cross-call waits, as the real one does, until the
 * CPU that it is for has its interrupts on.
 */
extern bool host_threads;
extern pthread_mutex_t host_cpu_lock[NR_CPUS];	/* held while that CPU's interrupts are off */
static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = current->irqs_off;

	if (host_threads && !flags)
		pthread_mutex_lock(&host_cpu_lock[current->cpu]);
	current->irqs_off = true;
	return flags;
}
static inline void arch_local_irq_restore(unsigned long flags)
{
	if (host_threads && !flags && current->irqs_off)
		pthread_mutex_unlock(&host_cpu_lock[current->cpu]);
	current->irqs_off = flags;
}
#define local_irq_save(flags) ((void)((flags) = arch_local_irq_save()))
#define local_irq_restore(flags) arch_local_irq_restore(flags)
static inline bool arch_irqs_disabled_flags(unsigned long flags) { return flags; }
static inline void local_irq_disable(void) { current->irqs_off = true; }
static inline void local_irq_enable(void) { current->irqs_off = false; }

/* What is between the two runs as a hard interrupt, as far as anybody can tell. */
static inline void host_irq_enter(void) { current->preempt_count += HARDIRQ_OFFSET; }
static inline void host_irq_exit(void) { current->preempt_count -= HARDIRQ_OFFSET; }

static inline int smp_processor_id(void) { return current->cpu; }
#define raw_smp_processor_id() smp_processor_id()

/* All per-CPU variables are arrays with a place a CPU. */
#define DEFINE_PER_CPU(type, name) __typeof__(type) name[NR_CPUS]
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name[NR_CPUS]
#define per_cpu(name, cpu) (name[cpu])
#define per_cpu_ptr(ptr, cpu) (&(*(ptr))[cpu])
#define this_cpu_ptr(ptr) per_cpu_ptr(ptr, smp_processor_id())

extern bool host_rcu_watching;
static inline bool rcu_is_watching(void) { return host_rcu_watching; }

/* Nanoseconds: a counter that each call moves on by host_clock_step (default 1000). */
u64 sched_clock(void);
#define __arch_clock_ns() sched_clock()
extern u64 host_clock, host_clock_step;

/* ---- All CPUs: they are the calling thread ---- */

extern unsigned int host_nr_cpus;	/* 1 after host_reset() */
#define num_online_cpus() host_nr_cpus
#define num_possible_cpus() host_nr_cpus
#define nr_cpu_ids host_nr_cpus
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < (__typeof__(cpu))host_nr_cpus; (cpu)++)
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
static inline bool cpu_online(int cpu) { return cpu >= 0 && cpu < (int)host_nr_cpus; }
#define cpu_possible(cpu) cpu_online(cpu)

typedef void (*smp_call_func_t)(void *info);
int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait);
void smp_call_function(smp_call_func_t func, void *info, int wait);
void on_each_cpu(smp_call_func_t func, void *info, int wait);

/* ---- Quiescence ---- */

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

/* The callbacks queued so far run in here. */
void synchronize_rcu(void);
void synchronize_rcu_tasks(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
static inline void cond_resched(void) {}

/*
 * A pointer that was overwritten with WRITE_ONCE() or smp_store_release() was what readers could find: until the next
 * synchronize_ one of them may still have it, and kfree() of it aborts the test.  Not while host_threads is set.
 */
void host_unpublish(const void *old, const void *new);
bool host_has_readers(const void *ptr);

#define HOST_POINTER(p) \
	__builtin_choose_expr(__builtin_classify_type(*(p)) == __builtin_classify_type((void *)0), (const void *)(unsigned long)*(p), NULL)

#undef WRITE_ONCE
#define WRITE_ONCE(x, val) host_store(&(x), val, __ATOMIC_RELAXED)
#undef smp_store_release
#define smp_store_release(p, v) host_store(p, v, __ATOMIC_RELEASE)
#define host_store(p, v, order) do {						\
	__typeof__(p) host_at = (p);						\
	__typeof__(*host_at) host_new = (v);					\
	host_unpublish(HOST_POINTER(host_at), HOST_POINTER(&host_new));		\
	__atomic_store_n(host_at, host_new, order);				\
} while (0)

extern int host_rcu_waits;	/* calls of the two synchronize_ */
extern int host_rcu_tasks_waits;	/* of synchronize_rcu_tasks() alone */

/* Called with a word for each step of a switch: what host_arch.c does, stop, go, wait (synchronize_rcu_tasks()). */
extern void (*host_event_hook)(const char *what);
static inline void host_event(const char *what)
{
	if (host_event_hook)
		host_event_hook(what);
}

/* ---- Sleeping readers ---- */

typedef struct { int sleepers; } wait_queue_head_t;

#define DECLARE_WAIT_QUEUE_HEAD(name) wait_queue_head_t name
static inline void init_waitqueue_head(wait_queue_head_t *wq) { wq->sleepers = 0; }
static inline bool waitqueue_active(wait_queue_head_t *wq) { return wq->sleepers; }
static inline bool signal_pending(const struct task_struct *task) { return task->sigpending; }

extern int host_wakeups;
#define wake_up(wq) ((void)(wq), (void)host_wakeups++)
#define wake_up_all(wq) wake_up(wq)
#define wake_up_interruptible(wq) wake_up(wq)

/* Nothing can come true while the only thread sleeps: waiting for what is not is a signal. */
#define wait_event_interruptible(wq, condition) ((void)(wq), (condition) ? 0 : -EINTR)

extern unsigned int host_sleeps;	/* calls of msleep_interruptible() */
unsigned long msleep_interruptible(unsigned int ms);

/* ---- Files: creating one succeeds, and that is all ---- */

struct dentry;
struct file_operations;
struct dentry *tracefs_create_file(const char *name, umode_t mode, struct dentry *parent, void *data,
				   const struct file_operations *fops);
struct dentry *tracefs_create_dir(const char *name, struct dentry *parent);
#define fs_initcall(fn) extern int (*const host_initcall_##fn)(void)

/* ---- Text and symbols ---- */

extern char host_text[];
#define ftrace_text_base ((unsigned long)host_text)

extern unsigned long *__start_mcount_loc, *__stop_mcount_loc;
extern char *__init_begin, *__init_end;

bool kernel_text_address(unsigned long addr);
/* Static data of the test program: an ops on the heap or the stack is DYNAMIC. */
bool core_kernel_data(unsigned long addr);

#define KSYM_NAME_LEN 128
#define KSYM_SYMBOL_LEN (KSYM_NAME_LEN + 64)

/* Symbols must be added in ascending order of address; `name` is not copied. */
void host_add_symbol(unsigned long addr, const char *name);

/* What kallsyms_sym_type() says of the symbol added last; else it is 'T'. */
void host_set_symbol_type(char type);

/* From this address on, code belongs to a folder "lib" that is never traced; host_reset(): nothing does. */
extern unsigned long host_untraced_from;
const char *untraced_folder(unsigned long addr);

extern u32 kallsyms_num_syms;
unsigned long kallsyms_sym_address(unsigned int i);
const char *kallsyms_sym_name(unsigned int i);
char kallsyms_sym_type(unsigned int i);
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset, const char **modname,
			    char *namebuf);
unsigned long kallsyms_lookup_name(const char *name);
int sprint_symbol(char *buffer, unsigned long address);
int sprint_symbol_no_offset(char *buffer, unsigned long address);

struct ksym_walk {
	unsigned long last;
};

void ksym_walk_start(struct ksym_walk *walk);
/* Aborts when addresses do not ascend. */
const char *ksym_walk_to(struct ksym_walk *walk, unsigned long addr, size_t *len);

/* ---- Messages: kept, not printed ---- */

#define KERN_SOH "\001"
#define KERN_EMERG KERN_SOH "0"
#define KERN_ERR KERN_SOH "3"
#define KERN_WARNING KERN_SOH "4"
#define KERN_INFO KERN_SOH "6"
#define KERN_CONT KERN_SOH "c"

int printk(const char *fmt, ...) __printf(1, 2);
#define pr_emerg(fmt, ...) printk(KERN_EMERG fmt, ##__VA_ARGS__)
#define pr_err(fmt, ...) printk(KERN_ERR fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...) printk(KERN_WARNING fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...) printk(KERN_INFO fmt, ##__VA_ARGS__)
#define pr_cont(fmt, ...) printk(KERN_CONT fmt, ##__VA_ARGS__)

extern char host_log[16384];	/* everything printed since host_reset(), without levels */
extern int host_warnings;	/* WARN_ON()s that held */

void panic(const char *fmt, ...) __printf(1, 2) __noreturn;
extern void (*oops_enter_hook)(void);
extern void (*oops_dump_hook)(void);
extern void (*trace_sched_switch_hook)(struct task_struct *prev, struct task_struct *next);
extern void (*trace_sched_process_fork_hook)(struct task_struct *parent, struct task_struct *child);
extern void (*trace_sched_process_exit_hook)(struct task_struct *task);

#define WARN_ON(cond)                         \
	({                                    \
		bool _warn = !!(cond);        \
		host_warnings += _warn;       \
		_warn;                        \
	})
#define WARN_ON_ONCE(cond) WARN_ON(cond)
#define WARN(cond, fmt, ...) ({ bool _w = WARN_ON(cond); if (_w) printk(fmt, ##__VA_ARGS__); _w; })

#endif
