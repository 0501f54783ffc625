/* SPDX-License-Identifier: BSD-2-Clause */
/* host_os.c - see host_os.h.  Uses libc for what it stands for, and lib/ for the rest. */
#include "tests/unit/host_os.h"
#include "tests/unit/host_arch.h"
#include <stdio.h>
#include <stdlib.h>

#define HOST_MAX_SYMBOLS (HOST_MAX_SITES + 64)

_Thread_local struct task_struct host_task = { .pid = 1, .comm = "test" };
bool host_rcu_watching = true;
u64 host_clock, host_clock_step = 1000;
unsigned int host_nr_cpus = 1;
int host_rcu_waits, host_rcu_tasks_waits, host_wakeups, host_warnings;
char host_log[16384];
void (*oops_enter_hook)(void);
void (*oops_dump_hook)(void);
void (*trace_sched_switch_hook)(struct task_struct *prev, struct task_struct *next);
void (*trace_sched_process_fork_hook)(struct task_struct *parent, struct task_struct *child);
void (*trace_sched_process_exit_hook)(struct task_struct *task);
bool host_threads;
void (*host_alloc_hook)(void);
void (*host_event_hook)(const char *what);
pthread_mutex_t host_cpu_lock[NR_CPUS] = { [0 ... NR_CPUS - 1] = PTHREAD_MUTEX_INITIALIZER };
unsigned int host_sleeps;
unsigned long *__start_mcount_loc, *__stop_mcount_loc;
char *__init_begin, *__init_end;
unsigned long host_untraced_from = ~0UL;

static size_t log_len;
static int alloc_countdown;
static bool alloc_fails_on;
static unsigned long alloc_count;
long host_live_allocs;
static struct rcu_head *rcu_queue;
static const void *unpublished[4096];
static int nr_unpublished;
static struct {
	unsigned long addr;
	const char *name;
	char type;
} symbols[HOST_MAX_SYMBOLS];
u32 kallsyms_num_syms;

void host_reset(void)
{
	synchronize_rcu();
	host_rcu_watching = true;
	host_clock = 0;
	host_clock_step = 1000;
	host_threads = false;
	host_sleeps = 0;
	host_nr_cpus = 1;
	host_rcu_waits = host_rcu_tasks_waits = host_wakeups = host_warnings = 0;
	log_len = 0;
	host_log[0] = '\0';
	alloc_countdown = 0;
	alloc_fails_on = false;
	alloc_count = 0;
	host_alloc_hook = NULL;
	kallsyms_num_syms = 0;
	host_untraced_from = ~0UL;
	host_task = (struct task_struct){ .pid = 1, .comm = "test" };
}

/* ---- Memory ---- */

static void must(int err, const char *what)
{
	if (err) {
		fprintf(stderr, "%s: error %d\n", what, err);
		abort();
	}
}

void host_fail_alloc(int n, bool lasting)
{
	alloc_countdown = n;
	alloc_fails_on = lasting;
}

unsigned long host_alloc_count(void)
{
	return alloc_count;
}

static bool alloc_fails(void)
{
	alloc_count++;
	if (host_alloc_hook)
		host_alloc_hook();
	if (!alloc_countdown || --alloc_countdown) {
		host_live_allocs++;
		return false;
	}
	if (alloc_fails_on)
		alloc_countdown = 1;
	return true;
}

void *kmalloc(size_t size, gfp_t gfp)
{
	if (alloc_fails())
		return NULL;
	return gfp & __GFP_ZERO ? calloc(1, size) : malloc(size);
}

void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return alloc_fails() ? NULL : calloc(n, size);
}

char *kstrdup(const char *s, gfp_t gfp)
{
	char *copy = kmalloc(strlen(s) + 1, gfp);

	return copy ? strcpy(copy, s) : NULL;
}

static void free_one(void *ptr)
{
	host_live_allocs -= ptr != NULL;
	free(ptr);
}

void kfree(const void *ptr)
{
	must(host_has_readers(ptr), "kfree: nobody waited for its readers");
	free_one((void *)ptr);
}

void *__get_free_pages(gfp_t gfp, unsigned int order)
{
	size_t size = PAGE_SIZE << order;
	void *pages;

	if (alloc_fails() || posix_memalign(&pages, size, size))
		return NULL;
	return memset(pages, gfp & __GFP_ZERO ? 0 : 0x6b, size);
}

void free_pages(void *pages, unsigned int order)
{
	free_one(pages);
}

void *get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

void free_page(void *page)
{
	free_one(page);
}

/* ---- Locks ---- */

void mutex_init(struct mutex *lock)
{
	struct mutex fresh = __MUTEX_INITIALIZER(fresh);

	*lock = fresh;
}

void mutex_lock(struct mutex *lock)
{
	must(READ_ONCE(lock->owner) == current, "mutex_lock: held already");
	must(pthread_mutex_lock(&lock->mutex), "mutex_lock");
	WRITE_ONCE(lock->owner, current);
}

int mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

bool mutex_trylock(struct mutex *lock)
{
	if (pthread_mutex_trylock(&lock->mutex))
		return false;
	WRITE_ONCE(lock->owner, current);
	return true;
}

void mutex_unlock(struct mutex *lock)
{
	must(READ_ONCE(lock->owner) != current, "mutex_unlock: not the owner");
	WRITE_ONCE(lock->owner, NULL);
	must(pthread_mutex_unlock(&lock->mutex), "mutex_unlock");
}

bool mutex_is_locked(const struct mutex *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}

/* ---- CPUs, time, quiescence ---- */

bool host_preemptible(void)
{
	return !preempt_count();
}

void host_set_cpu(int cpu)
{
	current->cpu = cpu;
	current->percpu_offset = cpu;
}

u64 sched_clock(void)
{
	return host_clock += host_clock_step;
}

static void call_on(int cpu, smp_call_func_t func, void *info)
{
	bool irqs_off = current->irqs_off;
	bool locks = host_threads && (cpu != current->cpu || !irqs_off);
	int old = current->cpu;

	if (locks)
		pthread_mutex_lock(&host_cpu_lock[cpu]);
	current->irqs_off = true;
	host_set_cpu(cpu);
	func(info);
	host_set_cpu(old);
	current->irqs_off = irqs_off;
	if (locks)
		pthread_mutex_unlock(&host_cpu_lock[cpu]);
}

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	if (!cpu_online(cpu))
		return -ENXIO;
	call_on(cpu, func, info);
	return 0;
}

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	for (int cpu = 0; cpu < (int)host_nr_cpus; cpu++)
		if (cpu != current->cpu)
			call_on(cpu, func, info);
}

void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	for (int cpu = 0; cpu < (int)host_nr_cpus; cpu++)
		call_on(cpu, func, info);
}

void host_unpublish(const void *old, const void *new)
{
	if (host_threads || !old || old == new || host_has_readers(old))
		return;
	must(nr_unpublished == ARRAY_SIZE(unpublished), "host_unpublish: the table is full");
	unpublished[nr_unpublished++] = old;
}

bool host_has_readers(const void *ptr)
{
	for (int i = 0; i < nr_unpublished; i++)
		if (unpublished[i] == ptr)
			return true;
	return false;
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	head->next = rcu_queue;
	rcu_queue = head;
}

void synchronize_rcu(void)
{
	host_rcu_waits++;
	nr_unpublished = 0;
	while (rcu_queue) {
		struct rcu_head *head = rcu_queue;

		rcu_queue = head->next;
		head->func(head);
	}
}

void synchronize_rcu_tasks(void)
{
	host_event("wait");
	host_rcu_tasks_waits++;
	synchronize_rcu();
}

unsigned long msleep_interruptible(unsigned int ms)
{
	host_sleeps++;
	return 0;
}

/* ---- Files: none are kept ---- */

struct dentry *tracefs_create_file(const char *name, umode_t mode, struct dentry *parent, void *data,
				   const struct file_operations *fops)
{
	return (struct dentry *)1;
}

struct dentry *tracefs_create_dir(const char *name, struct dentry *parent)
{
	return (struct dentry *)1;
}

/* ---- Text and symbols ---- */

bool kernel_text_address(unsigned long addr)
{
	return addr >= (unsigned long)host_text && addr < host_site(HOST_MAX_SITES);
}

bool core_kernel_data(unsigned long addr)
{
	extern char __data_start[], _end[];

	return addr >= (unsigned long)__data_start && addr < (unsigned long)_end;
}

void host_add_symbol(unsigned long addr, const char *name)
{
	must(kallsyms_num_syms == HOST_MAX_SYMBOLS, "host_add_symbol: too many");
	must(kallsyms_num_syms && symbols[kallsyms_num_syms - 1].addr > addr, "host_add_symbol: not ascending");
	symbols[kallsyms_num_syms].addr = addr;
	symbols[kallsyms_num_syms].name = name;
	symbols[kallsyms_num_syms].type = 'T';
	kallsyms_num_syms++;
}

unsigned long kallsyms_sym_address(unsigned int i)
{
	return symbols[i].addr;
}

const char *kallsyms_sym_name(unsigned int i)
{
	return symbols[i].name;
}

char kallsyms_sym_type(unsigned int i)
{
	return symbols[i].type;
}

void host_set_symbol_type(char type)
{
	symbols[kallsyms_num_syms - 1].type = type;
}

const char *untraced_folder(unsigned long addr)
{
	return addr >= host_untraced_from ? "lib" : NULL;
}

static int find_symbol(unsigned long addr)
{
	int found = -1;

	for (int i = 0; i < (int)kallsyms_num_syms && symbols[i].addr <= addr; i++)
		if (found < 0 || symbols[i].addr != symbols[found].addr)
			found = i;
	return found;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset, const char **modname,
			    char *namebuf)
{
	int i = find_symbol(addr), next;

	if (i < 0)
		return NULL;
	for (next = i; next < (int)kallsyms_num_syms && symbols[next].addr == symbols[i].addr; next++)
		;
	if (size)
		*size = (next < (int)kallsyms_num_syms ? symbols[next].addr : addr + HOST_FUNC_SIZE) - symbols[i].addr;
	if (offset)
		*offset = addr - symbols[i].addr;
	if (modname)
		*modname = NULL;
	return symbols[i].name;
}

unsigned long kallsyms_lookup_name(const char *name)
{
	for (u32 i = 0; i < kallsyms_num_syms; i++)
		if (!strcmp(symbols[i].name, name))
			return symbols[i].addr;
	return 0;
}

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	int i = find_symbol(address);

	if (i < 0)
		return snprintf(buffer, KSYM_SYMBOL_LEN, "0x%lx", address);
	return snprintf(buffer, KSYM_SYMBOL_LEN, "%s", symbols[i].name);
}

int sprint_symbol(char *buffer, unsigned long address)
{
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address, &size, &offset, NULL, NULL);

	if (!name)
		return snprintf(buffer, KSYM_SYMBOL_LEN, "0x%lx", address);
	return snprintf(buffer, KSYM_SYMBOL_LEN, "%s+0x%lx/0x%lx", name, offset, size);
}

void ksym_walk_start(struct ksym_walk *walk)
{
	walk->last = 0;
}

const char *ksym_walk_to(struct ksym_walk *walk, unsigned long addr, size_t *len)
{
	int i = find_symbol(addr);

	must(addr < walk->last, "ksym_walk_to: addresses do not ascend");
	walk->last = addr;
	if (i < 0)
		return NULL;
	*len = strlen(symbols[i].name);
	return symbols[i].name;
}

/* ---- Messages ---- */

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	if (fmt[0] == KERN_SOH[0])
		fmt += 2;
	va_start(args, fmt);
	len = vscnprintf(host_log + log_len, sizeof(host_log) - log_len, fmt, args);
	va_end(args);
	log_len += len;
	return len;
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(host_log, sizeof(host_log), fmt, args);
	va_end(args);
	fprintf(stderr, "panic: %s\n", host_log);
	abort();
}
