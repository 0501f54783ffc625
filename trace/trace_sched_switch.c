/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_sched_switch.c - which comm a pid had: an event carries only the pid.
 *
 * While somebody records events, every context switch notes both tasks' comms in a
 * small table; when it is full the oldest entry goes.  A pid that is not there
 * prints as "<...>".
 *
 * Lock: a flag that is only ever tried, never waited for, because the writer stands in
 * the scheduler with the run queue locked: a switch that finds it taken does not
 * record, a reader tries again.  Interrupts are off while it is held.
 */
#include "lib/string.h"
#include "trace/trace.h"

#define SAVED_CMDLINES 128
#define CMDLINE_BUCKETS 64
#define CMDLINES_WAIT_NSEC 100000000	/* its holder has far less to do, but a virtual CPU may stand still */
static_assert(SAVED_CMDLINES < 256, "slot + 1 must fit a byte");

static struct {
	u32 locked;
	u8 next_slot;		       /* the oldest entry, or an unused one */
	u8 head[CMDLINE_BUCKETS];      /* slot + 1 of the newest pid of the bucket; 0: none */
	struct {
		int pid;	       /* 0: unused */
		u8 next;	       /* as head */
		char comm[TASK_COMM_LEN];
	} slot[SAVED_CMDLINES];
} cmdlines;

static int cmdline_users; /* under trace_types_lock */

static bool cmdlines_trylock(unsigned long *flags)
{
	local_irq_save(*flags);
	if (!__atomic_exchange_n(&cmdlines.locked, 1, __ATOMIC_ACQUIRE))
		return true;
	local_irq_restore(*flags);
	return false;
}

static void cmdlines_unlock(unsigned long flags)
{
	__atomic_store_n(&cmdlines.locked, 0, __ATOMIC_RELEASE);
	local_irq_restore(flags);
}

static u8 *cmdline_bucket(int pid)
{
	return &cmdlines.head[(unsigned int)pid % CMDLINE_BUCKETS];
}

/* Slot + 1 of `pid`, 0: not there. */
static u8 cmdline_find(int pid)
{
	u8 i = *cmdline_bucket(pid);

	while (i && cmdlines.slot[i - 1].pid != pid)
		i = cmdlines.slot[i - 1].next;
	return i;
}

/* A slot for `pid`, taken from whoever has had it longest. */
static u8 cmdline_take_slot(int pid)
{
	u8 i = cmdlines.next_slot + 1;
	u8 *link;

	cmdlines.next_slot = i % SAVED_CMDLINES;
	if (cmdlines.slot[i - 1].pid) {
		for (link = cmdline_bucket(cmdlines.slot[i - 1].pid); *link != i;)
			link = &cmdlines.slot[*link - 1].next;
		*link = cmdlines.slot[i - 1].next;
	}
	cmdlines.slot[i - 1].pid = pid;
	cmdlines.slot[i - 1].next = *cmdline_bucket(pid);
	*cmdline_bucket(pid) = i;
	return i;
}

static void trace_save_cmdline(const struct task_struct *task)
{
	u8 i;

	if (!task->pid)
		return;
	i = cmdline_find(task->pid) ?: cmdline_take_slot(task->pid);
	memcpy(cmdlines.slot[i - 1].comm, task->comm, TASK_COMM_LEN);
}

/* From the scheduler: interrupts off, run queue locked. */
static void probe_sched_switch(struct task_struct *prev, struct task_struct *next)
{
	unsigned long flags;

	if (!cmdlines_trylock(&flags))
		return;
	trace_save_cmdline(prev);
	trace_save_cmdline(next);
	cmdlines_unlock(flags);
}

/* False: in an oops the holder may never let go.  Who gives up after a while is the last to wait, until it can be had again. */
static bool cmdlines_wait(unsigned long *flags)
{
	static bool given_up;
	u64 end = READ_ONCE(given_up) ? 0 : sched_clock() + CMDLINES_WAIT_NSEC;

	while (!cmdlines_trylock(flags)) {
		if (sched_clock() >= end) {
			WRITE_ONCE(given_up, true);
			return false;
		}
		cpu_relax();
	}
	WRITE_ONCE(given_up, false);
	return true;
}

void trace_find_cmdline(int pid, char comm[TASK_COMM_LEN])
{
	unsigned long flags;
	u8 i;

	strscpy(comm, pid ? "<...>" : "<idle>", TASK_COMM_LEN);
	if (!pid || !cmdlines_wait(&flags))
		return;
	i = cmdline_find(pid);
	if (i)
		strscpy(comm, cmdlines.slot[i - 1].comm, TASK_COMM_LEN);
	cmdlines_unlock(flags);
}

void tracing_update_cmdline_record(struct trace_array *tr)
{
	bool record = cmdline_users && (tr->trace_flags & TRACE_ITER_RECORD_CMD);

	WRITE_ONCE(trace_sched_switch_hook, record ? probe_sched_switch : NULL);
}

void tracing_start_cmdline_record(struct trace_array *tr)
{
	cmdline_users++;
	tracing_update_cmdline_record(tr);
	/* It may be a while until the task that runs now is switched away. */
	if (tr->trace_flags & TRACE_ITER_RECORD_CMD)
		probe_sched_switch(current, current);
}

void tracing_stop_cmdline_record(struct trace_array *tr)
{
	cmdline_users--;
	tracing_update_cmdline_record(tr);
}

/* ---- the file saved_cmdlines: "pid comm" a line ---- */

static int saved_cmdlines_show(struct seq_file *m, void *v)
{
	char comm[TASK_COMM_LEN];

	for (int i = 0; i < SAVED_CMDLINES; i++) {
		int pid = READ_ONCE(cmdlines.slot[i].pid);

		if (!pid)
			continue;
		trace_find_cmdline(pid, comm);
		seq_printf(m, "%d %s\n", pid, comm);
	}
	return 0;
}

static int saved_cmdlines_open(struct inode *inode, struct file *file)
{
	return single_open(file, saved_cmdlines_show, NULL);
}

static const struct file_operations saved_cmdlines_fops = {
	.open = saved_cmdlines_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
TRACEFS_FILE(saved_cmdlines, "saved_cmdlines", TRACE_MODE_READ, &saved_cmdlines_fops, NULL);
