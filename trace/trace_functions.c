/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_functions.c - the function tracer: an event for every call of a traced function.
 *
 * function_trace_call() is the hot path of the whole project: the trampoline calls
 * it for every traced call, so its cost is the cost of tracing.  It is one function
 * that calls nothing:
 *
 *   interrupts off                     nothing comes in between, and nobody moves us off this CPU
 *   time                               first: a narrow machine needs all its registers for that
 *   page, commit, limit                this CPU's buffer (trace/ring_buffer.h)
 *   commit + size > limit?             page full, recording off, no time stamp yet: slow
 *   delta needs more than 27 bits?     slow
 *   store header, context, ip, parent  nobody sees them yet
 *   store stamp, count, commit         the event exists from here on
 *   interrupts as before
 *
 * It needs no guard against recursion: what it calls on the slow path lies in trace/ and
 * lib/, which are not traced, and interrupts are off.  It does not touch the
 * preempt count, so what an event shows is what the traced function had.
 *
 * A clock other than the default one selects function_trace_call_clock(), the option func_stack_trace
 * function_stack_trace_call(), so the default pays nothing for there being others.
 */
#include "trace/trace.h"

/* The event's first word: type, flags, preempt_count. */
static __always_inline u32 entry_word(unsigned long ctx)
{
	return RB_BIG_ENDIAN ? TRACE_FN << 16 | (ctx & 0xff) << 8 | ctx >> 8 : ctx << 16 | TRACE_FN;
}

/*
 * It, and the pid.  Two words, and a barrier to keep them two: putting them together in a register first
 * costs more than the second store.
 */
static __always_inline void store_entry(struct trace_entry *entry, u32 first, int pid)
{
	u32 *word = (u32 *)entry;

	word[0] = first;
	barrier();
	word[1] = pid;
}

/* The first word for what this CPU is in the middle of.  Nearly always nothing, which one load tells, or two narrow ones. */
static __always_inline u32 function_entry_word(unsigned long flags)
{
	unsigned long irqs = arch_irqs_disabled_flags(flags) ? TRACE_FLAG_IRQS_OFF : 0;
	u64 busy = RB_WIDE ? *(const u64 *)&current->preempt_count : current->preempt_count | current->need_resched;

	if (unlikely(busy))
		return entry_word(tracing_gen_ctx(current->preempt_count, current->need_resched, irqs));
	return entry_word(irqs);
}

/* The event where time does not count: see trace.h. */
noinline void function_trace_event(unsigned long ip, unsigned long parent_ip,
				   struct ring_buffer_per_cpu *cpu_buffer, unsigned long flags)
{
	struct ftrace_entry *entry = rb_reserve(cpu_buffer, cpu_buffer->buffer->clock(), sizeof(*entry));

	if (entry) {
		store_entry(&entry->ent, function_entry_word(flags), current->pid);
		entry->ip = ip;
		entry->parent_ip = parent_ip;
		rb_commit(cpu_buffer);
	}
}

/* Everything that is rare, and interrupts become what they were. */
static noinline void function_trace_slow(unsigned long ip, unsigned long parent_ip,
					 struct ring_buffer_per_cpu *cpu_buffer, unsigned long flags)
{
	function_trace_event(ip, parent_ip, cpu_buffer, flags);
	arch_local_irq_restore(flags);
}

static __always_inline struct ring_buffer_per_cpu *function_cpu_buffer(struct ftrace_ops *op)
{
	struct trace_array *tr = op->private;

	return tr->buffer.buffers[raw_smp_processor_id()];
}

/* The callback of the function tracer with the default clock. */
static void function_trace_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
				struct ftrace_regs *fregs)
{
	const unsigned int size = rb_event_size(RB_WIDE, sizeof(struct ftrace_entry));
	const unsigned int payload = rb_payload_offset(RB_WIDE, sizeof(struct ftrace_entry));
	unsigned long flags = arch_local_irq_save();
	u64 ts = __arch_clock_ns();
	struct ring_buffer_per_cpu *cpu_buffer = function_cpu_buffer(op);
	struct buffer_data_page *page = cpu_buffer->page;
	u64 delta = ts - cpu_buffer->write_stamp;
	unsigned long commit = page->commit;
	/* Not the event's address, but the page's header length before it: the compiler folds that into each store. */
	char *at = (char *)page + commit;
	struct ftrace_entry *entry = (void *)(at + BUF_PAGE_HDR_SIZE + payload);

	if (unlikely(commit + size > cpu_buffer->limit || !rb_delta_fits(RB_WIDE, delta))) {
		function_trace_slow(ip, parent_ip, cpu_buffer, flags);
		return;
	}
	rb_encode_header(RB_BIG_ENDIAN, RB_WIDE, (u32 *)(at + BUF_PAGE_HDR_SIZE), delta, sizeof(*entry));
	store_entry(&entry->ent, function_entry_word(flags), current->pid);
	entry->ip = ip;
	entry->parent_ip = parent_ip;
	cpu_buffer->write_stamp = ts;
	cpu_buffer->written++;
	barrier();
	page->commit = commit + size;
	arch_local_irq_restore(flags);
}

/* The same with any other clock. */
static void function_trace_call_clock(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
				      struct ftrace_regs *fregs)
{
	unsigned long flags = arch_local_irq_save();

	function_trace_slow(ip, parent_ip, function_cpu_buffer(op), flags);
}

/* ---- the tracer ---- */

#define TRACE_FUNC_OPT_STACK 1

static const struct tracer_opt func_opts[] = {
	{ "func_stack_trace", TRACE_FUNC_OPT_STACK },
	{ 0 },
};

static struct tracer_flags func_flags = { .opts = func_opts };

static ftrace_func_t function_callback(const struct trace_array *tr)
{
	if (func_flags.val & TRACE_FUNC_OPT_STACK)
		return function_stack_trace_call;
	return trace_clocks[tr->clock_id].func == trace_clock_local ? function_trace_call : function_trace_call_clock;
}

/* For another clock or option, perhaps another callback. */
static void function_update_callback(struct trace_array *tr)
{
	ftrace_ops_set_func(tr->ops, function_callback(tr));
}

static int function_trace_init(struct trace_array *tr)
{
	int ret;

	function_update_callback(tr);
	tracing_start_cmdline_record(tr);
	ret = register_ftrace_function(tr->ops);
	if (ret)
		tracing_stop_cmdline_record(tr);
	return ret;
}

static void function_trace_reset(struct trace_array *tr)
{
	unregister_ftrace_function(tr->ops);
	tracing_stop_cmdline_record(tr);
}

TRACER(function_trace) = {
	.name = "function",
	.init = function_trace_init,
	.reset = function_trace_reset,
	.clock_changed = function_update_callback,
	.flags = &func_flags,
	.flags_changed = function_update_callback,
};
