/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace.h - trace arrays, tracers, and how events become text.
 *
 *   trace array   a ring buffer, its options and its current tracer (there is one: global_trace)
 *   tracer        what fills the buffer when it is the current one: "function", "nop"
 *   iterator      somebody reading: merges the CPUs' events by time and prints them
 *
 * Locks, outermost first: trace_types_lock (tracers, options, clock, sizes, who has a
 * pipe open), a pipe's own mutex, the ring buffer's mutex.  Nothing here is taken by
 * a writer.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "lib/file.h"
#include "lib/registry.h"
#include "lib/seq_file.h"
#include "trace/ftrace.h"
#include "trace/ring_buffer.h"
#include "trace/trace_entries.h"
#include "trace/trace_seq.h"
#include "trace/tracefs.h"

/* ---- options: one table for names, bits and defaults ---- */

/* O(bit name, text, default).  The order is that of the file trace_options. */
#define TRACE_OPTIONS(O)                           \
	O(PRINT_PARENT, "print-parent", 1)         \
	O(SYM_OFFSET, "sym-offset", 0)             \
	O(SYM_ADDR, "sym-addr", 0)                 \
	O(PRINTK, "trace_printk", 1)               \
	O(ANNOTATE, "annotate", 1)                 \
	O(PRINTK_MSGONLY, "printk-msg-only", 0)    \
	O(CONTEXT_INFO, "context-info", 1)         \
	O(RECORD_CMD, "record-cmd", 1)             \
	O(OVERWRITE, "overwrite", 1)               \
	O(IRQ_INFO, "irq-info", 1)                 \
	O(MARKERS, "markers", 1)                   \
	O(PAUSE_ON_TRACE, "pause-on-trace", 0)     \
	O(FUNC_FORK, "function-fork", 0)

enum trace_iterator_bits {
#define TRACE_OPTION_BIT(name, text, on) TRACE_ITER_##name##_BIT,
	TRACE_OPTIONS(TRACE_OPTION_BIT)
#undef TRACE_OPTION_BIT
	TRACE_ITER_BITS
};

enum trace_iterator_flags {
#define TRACE_OPTION_FLAG(name, text, on) TRACE_ITER_##name = 1 << TRACE_ITER_##name##_BIT,
	TRACE_OPTIONS(TRACE_OPTION_FLAG)
#undef TRACE_OPTION_FLAG
};

/* ---- options of one tracer: listed in trace_options while it is the current one, in options/ always ---- */

struct tracer_opt {
	const char *name; /* NULL: the end */
	u32 bit;
};

struct tracer_flags {
	u32 val; /* under trace_types_lock; read without */
	const struct tracer_opt *opts;
};

/* ---- trace arrays and tracers ---- */

struct trace_array {
	struct trace_buffer buffer; /* first: the function tracer gets here with one load */
	struct ftrace_ops *ops;	    /* what the function tracer registers */

	/* The spare buffer, for snapshots; its `lock` is that of `buffer`.  trace_snapshot.c */
	struct trace_buffer max_buffer;
	u32 snapshot_busy;	    /* set by who swaps, or changes a ring or the next one */
	bool allocated_snapshot;    /* max_buffer has memory */

	/* Under trace_types_lock; read without. */
	const struct tracer *current_trace;
	u32 trace_flags; /* TRACE_ITER_* */
	unsigned int clock_id;
	bool buffer_expanded;	    /* false: the buffer has its smallest size until it is first used */
	int trace_ref;		    /* open pipes: the tracer may not change */
	unsigned long pipe_cpumask; /* CPUs that somebody has a pipe open for */
	unsigned long tracing_cpumask; /* CPUs that record */

	/* Under ftrace_lock; read without.  NULL: no such list.  ftrace_pid.c */
	struct trace_pid_list *function_pids;	 /* only these tasks are traced */
	struct trace_pid_list *function_no_pids; /* these never */
};

extern struct trace_array global_trace;
extern struct mutex trace_types_lock;

struct tracer {
	const char *name;
	/* Starts tracing into tr (the buffer is empty); 0 or -errno.  Task context, under trace_types_lock, as all. */
	int (*init)(struct trace_array *tr);
	/* Undoes init. */
	void (*reset)(struct trace_array *tr);
	/* The clock of tr has changed; may be NULL. */
	void (*clock_changed)(struct trace_array *tr);
	/* Its options; may be NULL. */
	struct tracer_flags *flags;
	/* It is the current one, and flags->val has changed; may be NULL. */
	void (*flags_changed)(struct trace_array *tr);
	/* The column titles; NULL: the usual ones. */
	void (*print_header)(struct seq_file *m, const struct trace_array *tr);
};

REGISTRY_DECLARE(tracers, struct tracer);
#define TRACER(ident) REGISTRY_ENTRY(tracers, struct tracer, ident)

/* Makes `name` the current tracer.  -EINVAL no such tracer, -EBUSY a pipe is open, or what its init returned. */
int tracing_set_tracer(struct trace_array *tr, const char *name);
/* Gives the buffer its full size if nobody has used it yet.  Under trace_types_lock.  0 or -ENOMEM. */
int tracing_update_buffers(struct trace_array *tr);
/* Empties the buffer.  Under trace_types_lock. */
void tracing_reset_online_cpus(struct trace_array *tr);

/* The user's switch tracing_on.  Any context. */
void tracing_on(void);
void tracing_off(void);
bool tracing_is_on(void);

/* Boot, once, after ftrace_init(): the smallest buffer, the command line's words, the tracer that it asks for. */
void trace_init(void);

/* ---- clocks (trace_clock.c) ---- */

struct trace_clock {
	const char *name;
	u64 (*func)(void);
	bool in_ns; /* else a plain count */
};

extern const struct trace_clock trace_clocks[];
u64 trace_clock_local(void);
u64 trace_clock_global(void);
u64 trace_clock_counter(void);
u64 trace_clock_jiffies(void);
/* -EINVAL: no such clock.  The buffer is emptied: times of two clocks cannot be compared. */
int tracing_set_clock(struct trace_array *tr, const char *name);

static inline bool trace_clock_in_ns(const struct trace_array *tr)
{
	return trace_clocks[tr->clock_id].in_ns;
}

/* ---- comms (trace_sched_switch.c) ---- */

/* Between start and stop, which nest, the comm of every task that is switched to or from is kept, if record-cmd is set. */
void tracing_start_cmdline_record(struct trace_array *tr);
void tracing_stop_cmdline_record(struct trace_array *tr);
/* After a change of record-cmd. */
void tracing_update_cmdline_record(struct trace_array *tr);
/* The comm that `pid` had; "<idle>" for 0, "<...>" when it is not known.  Any context. */
void trace_find_cmdline(int pid, char comm[TASK_COMM_LEN]);

/* Children of tasks in function_pids and function_no_pids are put there, too; tasks that go are taken out (ftrace_pid.c). */
void ftrace_pid_follow_fork(bool enable);

/* ---- writing events (trace_printk.c) ---- */

/*
 * The flags and preempt_count bytes of an event, as bits 31:16 of its first word would hold them:
 * low byte flags, high byte depth.  irqs_off: what interrupts were before the writer turned them off.
 */
static __always_inline unsigned long tracing_gen_ctx(unsigned int count, bool resched, bool irqs_off)
{
	unsigned long flags = irqs_off ? TRACE_FLAG_IRQS_OFF : 0;

	if (count & NMI_MASK)
		flags |= TRACE_FLAG_NMI;
	if (count & HARDIRQ_MASK)
		flags |= TRACE_FLAG_HARDIRQ;
	if (count & SOFTIRQ_OFFSET)
		flags |= TRACE_FLAG_SOFTIRQ;
	/* Beyond the bit of a softirq being served: somebody holds softirqs off. */
	if (count & SOFTIRQ_MASK & ~SOFTIRQ_OFFSET)
		flags |= TRACE_FLAG_BH_OFF;
	if (resched)
		flags |= TRACE_FLAG_NEED_RESCHED;
	return flags | min(count & PREEMPT_MASK, 15U) << 8;
}

/* Fills in the fields that every event begins with. */
void trace_entry_init(struct trace_entry *entry, unsigned short type, unsigned long ctx);
/* The same for here; interrupts are off, irqs_off says whether they were before. */
void tracing_generic_entry_update(struct trace_entry *entry, unsigned short type, bool irqs_off);

/*
 * Text into the trace buffer, as if from the function that `ip` lies in.  Returns the bytes taken, 0 when
 * it was not recorded.  Any context but a callback.
 */
int trace_vprintk(unsigned long ip, const char *fmt, va_list args) __printf(2, 0);
/* The same without formatting, whatever the option trace_printk says; a callback may use it. */
int trace_array_puts(struct trace_array *tr, unsigned long ip, const char *text);
int __trace_printk(unsigned long ip, const char *fmt, ...) __printf(2, 3);
#define trace_printk(fmt, ...) \
	__trace_printk(({ __label__ _here; _here: (unsigned long)&&_here; }), fmt, ##__VA_ARGS__)

/* ---- stacks as events (trace_stack.c) ---- */

/*
 * Records the calls that led to the traced function whose site is `ip`, that one first: what the tracer itself put on
 * top is left out.  0: all of it.  `ctx` is as tracing_gen_ctx() makes it.  Interrupts are off.
 */
void __trace_stack(struct ring_buffer_per_cpu *cpu_buffer, unsigned long ip, unsigned long ctx);
/* From a probe of tr for `ip`. */
void trace_stack(struct trace_array *tr, unsigned long ip);
/* A callback of the function tracer: its event, and the stack behind it. */
void function_stack_trace_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			       struct ftrace_regs *fregs);
/* The function tracer's event, with any clock (trace_functions.c).  Interrupts off; `flags` is what they were. */
void function_trace_event(unsigned long ip, unsigned long parent_ip, struct ring_buffer_per_cpu *cpu_buffer,
			  unsigned long flags);

/* ---- reading and printing (trace_output.c, trace_iterator.c) ---- */

#define TRACE_SEQ_SIZE 8192 /* longest text that is printed in one go; longer than any event's line */

struct trace_iterator {
	struct trace_array *tr;
	struct trace_buffer *buffer; /* tr's, or its spare one */
	int cpu_file; /* RING_BUFFER_ALL_CPUS, or the one CPU */
	struct trace_seq seq;

	/* The current event: what trace_find_next_entry() found. */
	const struct trace_entry *ent;
	unsigned int ent_size;
	u64 ts;
	int cpu;
	unsigned long lost_events; /* on that CPU, before it */

	unsigned long idx;     /* events handed out so far */
	unsigned long started; /* CPUs that have had an event printed */
	bool annotate;	       /* something was overwritten: say where a CPU's events begin */
	struct ring_buffer_iter *iter; /* one a CPU; NULL: consume */
	unsigned long entries, written; /* of a snapshot, when it was made */
};

/*
 * The next event of all CPUs (or the one) in order of time, into iter->ent and so on; false: none.
 * Consuming, under ring_buffer_lock().
 */
bool trace_find_next_entry(struct trace_iterator *iter);
/* Past it.  Same lock. */
void trace_iterator_advance(struct trace_iterator *iter);
bool trace_iterator_has_cpu(const struct trace_iterator *iter, int cpu);
/* iter->ent as a line (or several) into iter->seq. */
void print_trace_line(struct trace_iterator *iter);
/* What is at the top of the file `trace`, and of `snapshot` when there is one. */
void print_trace_header(struct seq_file *m, const struct trace_iterator *iter);
/* Its first lines. */
void print_tracer_name(struct seq_file *m, const struct trace_array *tr);

/* For f_op->open, read, llseek, release of a file that shows a buffer as it is now.  open: 0 or -ENOMEM. */
int trace_open_buffer(struct file *file, struct trace_array *tr, struct trace_buffer *buffer, int cpu_file);
int tracing_release(struct inode *inode, struct file *file);
loff_t tracing_lseek(struct file *file, loff_t offset, int whence);

/* ---- the snapshot (trace_snapshot.c) ---- */

/*
 * What is in the buffer goes into the spare one, and the buffer goes on with what was there.  Without a spare
 * buffer: says so in the trace, and stops recording.  False: neither, somebody is just taking one, or changing a ring.
 * Any context.
 */
bool tracing_snapshot(struct trace_array *tr);
/* Makes sure that there is a spare buffer, of the buffer's size.  Task context.  0 or -ENOMEM. */
int tracing_alloc_snapshot(struct trace_array *tr);
/* In between nobody takes one: each buffer keeps its rings.  Under trace_types_lock, task context. */
void trace_snapshot_lock(struct trace_array *tr);
void trace_snapshot_unlock(struct trace_array *tr);
/* ring_buffer_resize() for the buffer, and the spare one if there is.  Under trace_types_lock. */
int trace_resize_buffers(struct trace_array *tr, unsigned long size, int cpu);
/* Empties the spare buffer, if there is one, or one CPU's part.  Under trace_types_lock. */
void trace_reset_snapshot(struct trace_array *tr, int cpu_file);
/* The top of the file when it shows no events. */
void print_snapshot_help(struct seq_file *m, const struct trace_iterator *iter);

/* ---- the buffer on the console (trace_dump.c) ---- */

enum ftrace_dump_mode {
	DUMP_NONE,
	DUMP_ALL,  /* all CPUs */
	DUMP_ORIG, /* the one that asks */
};

/* Stops recording, and prints what was not printed so before.  Any context. */
void ftrace_dump(struct trace_array *tr, enum ftrace_dump_mode mode);
/* "name", by the options also "+0xoffset/0xsize" and " <address>". */
void seq_print_ip_sym(struct trace_seq *s, unsigned long ip, u32 trace_flags);
/* Microseconds, rounded; *rest gets what is beyond full seconds, the seconds are returned. */
u64 trace_ns_to_secs(u64 ns, u32 *usec);

/*
 * What was written to a control file, as a string without white space around it: in `word` (size bytes), which
 * the result points into.  NULL when it is too long.
 */
char *trace_write_word(char *word, size_t size, const char *buf, size_t count);
/* The same as a decimal number.  0, -EINVAL or -ERANGE. */
int trace_write_number(const char *buf, size_t count, unsigned long *value);

/* Boot, once: the commands of set_ftrace_filter (trace_commands.c). */
int trace_init_commands(void);

/* ---- CPUs (trace_cpumask.c) ---- */

/* A bit for each possible CPU. */
unsigned long trace_possible_cpus(void);
/* Only the CPUs in `mask` record from now on.  -EOVERFLOW: there is one in it that is not possible. */
int tracing_set_cpumask(struct trace_array *tr, unsigned long mask);

/* ---- control files (trace_options.c, trace_events.c, trace_buffer_files.c) ---- */

int trace_set_options(struct trace_array *tr, char *option);
int trace_create_option_files(struct trace_array *tr);
int trace_create_event_files(void);
int trace_create_cpu_files(struct trace_array *tr);
/* Boot options that set the buffer's size: what it grows to when first used, bytes. */
extern unsigned long trace_buf_size;

extern const struct file_operations tracing_fops, tracing_pipe_fops, tracing_snapshot_fops;

/* A file per CPU keeps both in i_private: the array is aligned, so its low bits are free for the CPU. */
static inline void *trace_cpu_file_data(struct trace_array *tr, int cpu)
{
	return (char *)tr + cpu + 1;
}
static inline struct trace_array *trace_file_array(const struct inode *inode)
{
	return (void *)ALIGN_DOWN((unsigned long)inode->i_private, 64UL);
}
static inline int trace_file_cpu(const struct inode *inode)
{
	return (int)((unsigned long)inode->i_private & 63) - 1;
}
static_assert(RING_BUFFER_ALL_CPUS == -1 && NR_CPUS < 63, "a CPU must fit beside the array");

#endif
