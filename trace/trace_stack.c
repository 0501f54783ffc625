/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_stack.c - the calls that led somewhere, as an event.
 *
 * The frames are collected in memory of this CPU first, since only then is known how long the event is.
 * Interrupts are off from the first frame to the commit, so nobody else on this CPU uses that memory.
 * Nothing that walks a stack is traced.
 *
 * Any context.
 */
#include "lib/string.h"
#include "trace/trace.h"

#define FTRACE_KSTACK_ENTRIES 256 /* a longer stack is cut */

struct ftrace_stack {
	unsigned long calls[FTRACE_KSTACK_ENTRIES];
};

static DEFINE_PER_CPU(struct ftrace_stack, ftrace_stack);

struct stack_walk {
	unsigned long *calls;
	unsigned int nr;
	unsigned long site; /* whose frame is still to come; 0: nobody's */
};

static bool take_frame(void *cookie, unsigned long pc)
{
	struct stack_walk *walk = cookie;

	/* A traced function goes on behind its site: what came before this frame is the tracer's. */
	if (walk->site && pc - walk->site - 1 < FTRACE_SITE_SIZE) {
		walk->site = 0;
		walk->nr = 0;
	}
	walk->calls[walk->nr++] = pc;
	return walk->nr < FTRACE_KSTACK_ENTRIES;
}

void __trace_stack(struct ring_buffer_per_cpu *cpu_buffer, unsigned long ip, unsigned long ctx)
{
	struct stack_walk walk = { .calls = this_cpu_ptr(&ftrace_stack)->calls, .site = ip };
	struct stack_entry *entry;

	arch_stack_walk(take_frame, &walk, NULL, NULL);
	entry = rb_reserve(cpu_buffer, cpu_buffer->buffer->clock(), sizeof(*entry) + walk.nr * sizeof(long));
	if (!entry)
		return;
	trace_entry_init(&entry->ent, TRACE_STACK, ctx);
	entry->size = walk.nr;
	memcpy(entry->caller, walk.calls, walk.nr * sizeof(long));
	rb_commit(cpu_buffer);
}

/*
 * The callback of the function tracer with func_stack_trace.  Here because the file of the others keeps no frame
 * pointers, which would end a walk there.
 */
void function_stack_trace_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			       struct ftrace_regs *fregs)
{
	struct trace_array *tr = op->private;
	unsigned long flags = arch_local_irq_save();
	unsigned long ctx = tracing_gen_ctx(preempt_count(), need_resched(), arch_irqs_disabled_flags(flags));
	struct ring_buffer_per_cpu *cpu_buffer = tr->buffer.buffers[raw_smp_processor_id()];

	function_trace_event(ip, parent_ip, cpu_buffer, flags);
	__trace_stack(cpu_buffer, ip, ctx);
	arch_local_irq_restore(flags);
}

void trace_stack(struct trace_array *tr, unsigned long ip)
{
	unsigned long flags = arch_local_irq_save();
	/* Calling a probe took preemption off once more. */
	unsigned long ctx = tracing_gen_ctx(preempt_count() - 1, need_resched(), arch_irqs_disabled_flags(flags));

	__trace_stack(tr->buffer.buffers[raw_smp_processor_id()], ip, ctx);
	arch_local_irq_restore(flags);
}
