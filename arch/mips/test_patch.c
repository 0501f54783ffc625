/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_patch.c - in-kernel tests of the encoders against words that the assembler
 * made, of every state of a site, near and far, as it is in memory, of every way in which a
 * site can refuse to be patched, and of what happens when a trap hits one.
 */
#include "arch/arch.h"
#include "arch/mips/insn.h"
#include "arch/mips/patch.h"
#include "kernel/irqflags.h"
#include "kernel/kthread.h"
#include "kernel/mm/vmalloc.h"
#include "kernel/sched/sched.h"
#include "kernel/time/time.h"
#include "kernel/time/timer.h"
#include "lib/err.h"
#include "lib/errno.h"
#include "tests/ktest/ktest.h"
#include "tests/ktest/site_calls.h"

extern char ftrace_far_caller[], ftrace_far_regs_caller[], ftrace_regs_call[];

/* Assembled, never executed. */
__asm__(".section .rodata\n"
	".balign 8\n"
	".set push\n.set noreorder\n.set noat\n"
	"insn_samples:\n"
	"nop\n"
	"move $1, $31\n"
	"jalr $3\n"
	"jr $31\n"
	"1: b 1b + 32\n"
	"2: b 2b - 4\n"
	"lui $3, 0x8012\n"
	"addiu $3, $3, -0x7ff0\n"
	"lui $0, 0x0001\n"
	"lui $0, 0xffff\n"
	"jal 0x802e7fc8 & 0x0ffffffc\n"
	"addiu $29, $29, -48\n"
	".set pop\n"
	".previous\n");
extern const u32 insn_samples[];

KTEST(patch_jal_encodes_as_the_assembler)
{
	KTEST_EXPECT_EQ(INSN_JAL(0x802e7fc8), 0x0c0b9ff2);
	KTEST_EXPECT_EQ(INSN_JAL(0x802e7fc8), insn_samples[10]);
	KTEST_EXPECT_EQ(INSN_JAL(SEGMENT_ADDR(0x802e7fc8)), insn_samples[10]);
}

KTEST(patch_instructions_encode_as_the_assembler)
{
	unsigned long addr = SEGMENT_ADDR(0x80118010);

	KTEST_EXPECT_EQ(INSN_NOP, insn_samples[0]);
	KTEST_EXPECT_EQ(INSN_MOVE_AT_RA, insn_samples[1]);
	KTEST_EXPECT_EQ(INSN_JALR_V1, insn_samples[2]);
	KTEST_EXPECT_EQ(INSN_JR_RA, insn_samples[3]);
	KTEST_EXPECT_EQ(insn_b(32), insn_samples[4]);
	KTEST_EXPECT_EQ(insn_b(-4), insn_samples[5]);
	KTEST_EXPECT_EQ(insn_lui(REG_V1, insn_hi16(addr)), insn_samples[6]);
	KTEST_EXPECT_EQ(insn_addiu(REG_V1, REG_V1, insn_lo16(addr)), insn_samples[7]);
}

KTEST(patch_jal_knows_its_reach)
{
	unsigned long from = SEGMENT_ADDR(0x80200000);

	KTEST_EXPECT(insn_jal_reaches(from, SEGMENT_ADDR(0x8ffffffc)));
	KTEST_EXPECT(!insn_jal_reaches(from, SEGMENT_ADDR(0x90000000)));
	KTEST_EXPECT(insn_jal_reaches(from, SEGMENT_ADDR(0x80000000)));
	KTEST_EXPECT(!insn_jal_reaches(from, SEGMENT_ADDR(0x7ffffffc)));
	KTEST_EXPECT(!insn_jal_reaches(from, SEGMENT_ADDR(0xc0200000)));
	KTEST_EXPECT(!insn_jal_reaches(from, from + 2));
	/* The delay slot's region counts: the last word of one region jumps into the next. */
	KTEST_EXPECT(insn_jal_reaches(SEGMENT_ADDR(0x8ffffffc), SEGMENT_ADDR(0x90000000)));
	KTEST_EXPECT(!insn_jal_reaches(SEGMENT_ADDR(0x8ffffffc), SEGMENT_ADDR(0x8ffffff8)));
}

KTEST(patch_payload_is_a_hint_that_carries_an_index)
{
	KTEST_EXPECT_EQ(insn_payload(1), insn_samples[8]);
	KTEST_EXPECT_EQ(insn_payload(0xffff), insn_samples[9]);
	KTEST_EXPECT_EQ(insn_payload(0), insn_samples[0]);
	for (u32 i = 0; i <= FTRACE_MAX_PAYLOAD; i += 0x101)
		KTEST_EXPECT_EQ(insn_payload_of(insn_payload(i)), i);
	KTEST_EXPECT_EQ(insn_payload_of(insn_samples[6]), 0);	/* lui v1: a real instruction */
}

KTEST(patch_prologue_is_recognised)
{
	int n = 0;

	KTEST_EXPECT(insn_is_sp_adjust(insn_samples[11], &n));
	KTEST_EXPECT_EQ(n, -48);
	KTEST_EXPECT(!insn_is_sp_adjust(insn_samples[7], &n));
	KTEST_EXPECT(insn_is_jump(insn_samples[2]) && insn_is_jump(insn_samples[3]) && insn_is_jump(insn_samples[4]));
	KTEST_EXPECT(insn_is_jump(insn_samples[10]) && !insn_is_jump(insn_samples[1]) && !insn_is_jump(insn_samples[0]));
}

/*
 * Functions of our own in text, each laid out as a site (MCOUNT=pg: one of three words, with NOPs behind it):
 * patch_test_site is off, patch_test_raw is as compiled (pg: when write_compiled() has been there).  Behind the site, patch_test_site(u32 *at) stores `at`, as it finds it there.
 */
__asm__(".text\n.balign 32\n"
	".set push\n.set noreorder\n.set noat\n"
	".globl patch_test_site\n"
	"patch_test_site: move $1, $31\nnop\nnop\nnop\nnop\nnop\nnop\nnop\n"
	"jr $31\n"
	"sw $1, 0($4)\n"
	".globl patch_test_raw\n"
	".balign 32\n"
	"patch_test_raw: nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\n"
	"jr $31\n"
	"sw $1, 0($4)\n"
	".globl patch_test_raw_end\n"
	"patch_test_raw_end:\n"
	".set pop\n.previous\n");
extern const u32 patch_test_site[], patch_test_raw[], patch_test_raw_end[];

static int in_batch(int (*change)(unsigned long, unsigned long), unsigned long ip, unsigned long arg)
{
	int err;

	patch_begin();
	err = change(ip, arg);
	patch_end();
	return err;
}

static int init_nop(unsigned long ip, unsigned long unused) { return ftrace_init_nop(ip); }
static int call_7(unsigned long ip, unsigned long addr) { return ftrace_make_call(ip, addr, 7); }
static int modify_9(unsigned long ip, unsigned long addr) { return ftrace_modify_call(ip, addr, addr, 9); }
static int to_regs(unsigned long ip, unsigned long old) { return ftrace_modify_call(ip, old, FTRACE_REGS_ADDR, 9); }
static int store(unsigned long ip, unsigned long word) { return patch_word(ip, (u32)word); }

static const u32 near_off[FTRACE_SITE_WORDS] = { INSN_MOVE_AT_RA };

/* The site's words are a, b, c, d, e and then NOPs. */
static bool site_is(const u32 *site, u32 a, u32 b, u32 c, u32 d, u32 e)
{
	const u32 words[8] = { a, b, c, d, e };

	return !memcmp(site, words, sizeof(words));
}

KTEST(patch_site_goes_through_its_forms)
{
	unsigned long ip = (unsigned long)patch_test_site;
	u32 jal = 0x0c000000 | (FTRACE_ADDR >> 2 & 0x3ffffff);
	u32 jal_regs = 0x0c000000 | (FTRACE_REGS_ADDR >> 2 & 0x3ffffff);
	u32 words[FTRACE_SITE_WORDS];

	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, 0x03e00825, jal, 0x3c000007, 0, 0));
	KTEST_EXPECT_EQ(in_batch(modify_9, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, 0x03e00825, jal, 0x3c000009, 0, 0));
	ftrace_expected_site(ip, FTRACE_ADDR, 9, words);
	KTEST_EXPECT(!memcmp(words, patch_test_site, sizeof(words)));
	KTEST_EXPECT_EQ(in_batch(to_regs, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, 0x03e00825, jal_regs, 0x3c000009, 0, 0));
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_REGS_ADDR), 0);
	KTEST_EXPECT(site_is(patch_test_site, 0x03e00825, 0, 0, 0, 0));
}

KTEST(patch_site_with_other_words_is_refused_unchanged)
{
	unsigned long ip = (unsigned long)patch_test_site;

	/* On when it should be off, off when it should be on. */
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR + 8), -EINVAL);
	KTEST_EXPECT_EQ(insn_payload_of(patch_test_site[2]), 7);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(modify_9, ip, FTRACE_ADDR), -EINVAL);

	/* Any of its words. */
	for (int i = 0; i < FTRACE_SITE_WORDS; i++) {
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, 0x24840001), 0);
		KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
		KTEST_EXPECT_EQ(patch_test_site[i], 0x24840001);
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, near_off[i]), 0);
	}
	KTEST_EXPECT(!memcmp(patch_test_site, near_off, sizeof(near_off)));
}

/* A call of _mcount in the image would count as a site. */
static int write_compiled(unsigned long raw, unsigned long unused)
{
#ifdef CONFIG_MCOUNT_PG
	patch_store(raw, INSN_MOVE_AT_RA);
	patch_store(raw + 4, INSN_JAL((unsigned long)_mcount));
	patch_store(raw + 8, SZREG == 8 ? INSN_NOP : 0x27bdfff8);
#endif
	return 0;
}

KTEST(patch_init_nop_takes_only_what_the_compiler_leaves)
{
	unsigned long raw = (unsigned long)patch_test_raw;
	u32 compiled[FTRACE_SITE_WORDS];

	in_batch(write_compiled, raw, 0);
	memcpy(compiled, patch_test_raw, sizeof(compiled));
	KTEST_EXPECT_EQ(in_batch(store, raw + 8, 0x24840001), 0);
	KTEST_EXPECT_EQ(in_batch(init_nop, raw, 0), -EINVAL);
	KTEST_EXPECT_EQ(patch_test_raw[0], compiled[0]);
	KTEST_EXPECT_EQ(in_batch(store, raw + 8, compiled[2]), 0);
	KTEST_EXPECT_EQ(in_batch(init_nop, raw, 0), 0);
	KTEST_EXPECT(!memcmp(patch_test_raw, near_off, sizeof(near_off)));
	KTEST_EXPECT_EQ(in_batch(init_nop, raw, 0), -EINVAL);
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		KTEST_EXPECT_EQ(in_batch(store, raw + 4 * i, compiled[i]), 0);
}

KTEST(patch_outside_text_is_refused)
{
	static u32 data[FTRACE_SITE_WORDS];
	u32 words[FTRACE_SITE_WORDS];

	KTEST_EXPECT_EQ(in_batch(call_7, (unsigned long)data, FTRACE_ADDR), -EFAULT);
	KTEST_EXPECT_EQ(in_batch(store, (unsigned long)data, 1), -EFAULT);
	KTEST_EXPECT_EQ(in_batch(store, 0, 1), -EFAULT);
	KTEST_EXPECT_EQ(in_batch(store, (unsigned long)patch_test_site + 2, 1), -EFAULT);
	KTEST_EXPECT_EQ(ftrace_read_site((unsigned long)data, words), -EFAULT);
	KTEST_EXPECT_EQ(ftrace_read_site((unsigned long)patch_test_site, words), 0);
	KTEST_EXPECT_EQ(data[0], 0);
}

KTEST(patch_call_out_of_reach_is_refused_unchanged)
{
	unsigned long ip = (unsigned long)patch_test_site;

	KTEST_EXPECT_EQ(in_batch(call_7, ip, ip + INSN_JAL_REGION), -EINVAL);
	KTEST_EXPECT(!memcmp(patch_test_site, near_off, sizeof(near_off)));
}

/* ---- what is called through a site ---- */

KTEST(patch_slots_of_both_trampolines_are_patched)
{
	note_calls(true);
	KTEST_EXPECT_EQ(*(u32 *)ftrace_call, INSN_JAL((unsigned long)note_ops[0].func));
	KTEST_EXPECT_EQ(*(u32 *)ftrace_regs_call, INSN_JAL((unsigned long)note_ops[0].func));
	note_calls(false);
	KTEST_EXPECT_EQ(*(u32 *)ftrace_call, INSN_JAL((unsigned long)ftrace_slot_func));
}

KTEST(patch_near_site_calls_with_and_without_index_and_registers)
{
	expect_site_calls_in_all_ways(patch_test_site);
}

#if FTRACE_HAS_FAR_SITES
/* ---- the far form: in memory that no jal reaches from, where modules will be ---- */

/* A copy of patch_test_raw in kseg2, as compiled. */
static u32 *make_far_function(void)
{
	unsigned long size = (unsigned long)patch_test_raw_end - (unsigned long)patch_test_raw;
	u32 *copy = vmalloc(PAGE_SIZE);

	if (copy) {
		memcpy(copy, patch_test_raw, size);
		patch_flush((unsigned long)copy, size);
		patch_hazard();
		patch_set_far_text((unsigned long)copy, (unsigned long)copy + PAGE_SIZE);
	}
	return copy;
}

static void free_far_function(u32 *copy)
{
	patch_set_far_text(0, 0);
	vfree(copy);
}

static void expect_far_forms(const u32 *site)
{
	unsigned long ip = (unsigned long)site, far = (unsigned long)ftrace_far_caller;
	unsigned long far_regs = (unsigned long)ftrace_far_regs_caller;
	u32 lui = 0x3c030000 | (u32)(far + 0x8000) >> 16, addiu = 0x24630000 | (far & 0xffff);
	u32 addiu_regs = 0x24630000 | (far_regs & 0xffff), words[FTRACE_SITE_WORDS];

	KTEST_EXPECT(!insn_jal_reaches(ip, FTRACE_ADDR));
	KTEST_EXPECT_EQ(in_batch(init_nop, ip, 0), 0);
	KTEST_EXPECT(site_is(site, 0x10000007, 0x03e00825, addiu, 0x0060f809, 0));
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(site, lui, 0x03e00825, addiu, 0x0060f809, 0x3c000007));
	KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(modify_9, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(site, lui, 0x03e00825, addiu, 0x0060f809, 0x3c000009));
	ftrace_expected_site(ip, FTRACE_ADDR, 9, words);
	KTEST_EXPECT(!memcmp(words, site, sizeof(words)));
	KTEST_EXPECT_EQ(in_batch(to_regs, ip, FTRACE_ADDR), 0);
	KTEST_EXPECT(site_is(site, lui, 0x03e00825, addiu_regs, 0x0060f809, 0x3c000009));
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), -EINVAL);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_REGS_ADDR), 0);
	KTEST_EXPECT(site_is(site, 0x10000007, 0x03e00825, addiu, 0x0060f809, 0));
	ftrace_expected_site(ip, 0, 0, words);
	KTEST_EXPECT(!memcmp(words, site, sizeof(words)));
	/* Only trampolines with a far entry can be called. */
	KTEST_EXPECT_EQ(in_batch(call_7, ip, (unsigned long)ftrace_stub), -EINVAL);
	for (int i = 0; i < FTRACE_SITE_WORDS; i++) {
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, 0x24840001), 0);
		KTEST_EXPECT_EQ(in_batch(call_7, ip, FTRACE_ADDR), -EINVAL);
		KTEST_EXPECT_EQ(site[i], 0x24840001);
		KTEST_EXPECT_EQ(in_batch(store, ip + 4 * i, words[i]), 0);
	}
}

KTEST(patch_far_site_goes_through_its_forms)
{
	u32 *site = make_far_function();

	KTEST_EXPECT(site != NULL);
	expect_far_forms(site);
	free_far_function(site);
}

KTEST(patch_far_site_calls_with_and_without_index_and_registers)
{
	u32 *site = make_far_function();

	KTEST_EXPECT(site != NULL);
	if (in_batch(init_nop, (unsigned long)site, 0) == 0)
		expect_site_calls_in_all_ways(site);
	free_far_function(site);
	KTEST_EXPECT(seen.hits == 1 && seen.ip == (unsigned long)site);
}

#endif

/* ---- a trap at each instruction of a site ---- */

/*
 * patch_test_enter(where, result, at, v1): goes on at `where` inside a site, with interrupts on from exactly there:
 * as if it returned from an exception.  `at`: what the register holds then; 0: the return address, as if
 * `move at, ra` had been executed.  v1: what that holds.  Called with interrupts off; returns from the site's function.
 */
__asm__(".text\n"
	".set push\n.set noreorder\n.set noat\n"
	"patch_test_enter:\n"
	"mtc0 $4, " __stringify(CP0_EPC) "\n"
	"mfc0 $2, " __stringify(CP0_STATUS) "\n"
	"ori $2, $2, " __stringify(ST_EXL) " | " __stringify(ST_IE) "\n"
	"mtc0 $2, " __stringify(CP0_STATUS) "\n"
	"ehb\n"
	"move $4, $5\n"
	"move $3, $7\n"
	"move $1, $31\n"
	"movn $1, $6, $6\n"
	"eret\n"
	".set pop\n.previous\n");
void patch_test_enter(const u32 *where, u32 *result, unsigned long at, unsigned long v1);

static const u32 *interrupted_at;	/* where the trap is expected */
static bool was_there;
static struct task_struct *clobberer;

static bool is_there(void *unused, unsigned long pc)
{
	was_there |= pc == (unsigned long)interrupted_at;
	return !was_there;
}

/* In the interrupt: it did come there?  Then have the task switched away from before it goes on. */
static void in_interrupt_at_site(struct timer_list *timer)
{
	arch_stack_walk(is_there, NULL, NULL, NULL);
	wake_up_process(clobberer);
}

/* Runs in between, and has `at` and all else that a task may use in its hands. */
static int clobber_registers(void *unused)
{
	while (!kthread_should_stop()) {
		__asm__ volatile(".set push\n\t.set noat\n\tli $1, 0x0bad\n\t.set pop"
				 ::: "$1", "$2", "$3", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo");
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

/* Enters the site at `where` with the timer's interrupt waiting to strike there. */
static noinline void enter_at_tick(const u32 *where, u32 *result, unsigned long at, unsigned long v1)
{
	static struct timer_list timer;
	u64 start;

	timer_setup(&timer, in_interrupt_at_site, 0);
	interrupted_at = where;
	was_there = false;
	yield();		/* to the end of the line, so that whoever wakes up preempts us */
	local_irq_disable();
	mod_timer(&timer, jiffies);
	/* And a tick is due: on a busy host QEMU now and then raises the line a second time for one that was served. */
	start = ktime_get_ns();
	while (!(cp0_read(CP0_CAUSE) & CAUSE_IP(7)) || ktime_get_ns() - start <= TICK_NSEC)
		;
	patch_test_enter(where, result, at, v1);
	del_timer_sync(&timer);
}

/*
 * Enters the site at `where`, and is interrupted and preempted there.  Again when another interrupt came first, and the tick on
 * top of it, or behind.  Returns how often the task was preempted the last time.
 */
static unsigned long enter_interrupted(const u32 *where, u32 *result, unsigned long at, unsigned long v1)
{
	unsigned long switches;
	int tries = 0;

	do {
		switches = current->nivcsw;
		*result = 0;
		memset(&seen, 0, sizeof(seen));
		enter_at_tick(where, result, at, v1);
	} while (!was_there && ++tries < 20);
	return current->nivcsw - switches;
}

#define MARK 0x5eed

/* Words first..last of the site can be executed one by one; at each, what is in `at` is still there afterwards. */
static void expect_at_survives(const u32 *site, int first, int last)
{
	for (int i = first; i <= last; i++) {
		u32 result;

		KTEST_EXPECT_EQ(enter_interrupted(site + i, &result, MARK, 0), 1);
		KTEST_EXPECT(was_there);
		KTEST_EXPECT_EQ(result, MARK);
	}
}

/* Words 0..last of a site that is on: whatever is interrupted, the call is the same.  v1: by word, what it holds there. */
static void expect_call_survives(const u32 *site, int last, const unsigned long v1[])
{
	for (int i = 0; i <= last; i++) {
		u32 result;

		enter_interrupted(site + i, &result, 0, v1[i]);
		KTEST_EXPECT(was_there);
		KTEST_EXPECT_EQ(seen.hits, 1);
		KTEST_EXPECT_EQ(seen.ip, (unsigned long)site);
		KTEST_EXPECT(seen.parent_ip > (unsigned long)enter_at_tick);
		KTEST_EXPECT(seen.parent_ip < (unsigned long)enter_at_tick + 512);
	}
}

static bool start_clobberer(void)
{
	clobberer = kthread_run(clobber_registers, NULL, "clobber");
	return !IS_ERR(clobberer);
}

KTEST(patch_at_survives_a_trap_and_a_switch_at_each_instruction)
{
	unsigned long ip = (unsigned long)patch_test_site;

	KTEST_EXPECT(start_clobberer());
	expect_at_survives(patch_test_site, 1, 7);
	note_calls(true);
	KTEST_EXPECT_EQ(change_test_site(patch_test_site, 0, FTRACE_ADDR, NOTE_INDEX(0)), 0);
	expect_call_survives(patch_test_site, 1, (unsigned long[2]){ 0 });	/* word 2 is the delay slot */
	expect_at_survives(patch_test_site, 3, 7);
	KTEST_EXPECT_EQ(in_batch(ftrace_make_nop, ip, FTRACE_ADDR), 0);
	note_calls(false);
	kthread_stop(clobberer);
}

#if FTRACE_HAS_FAR_SITES
/* v1 has to survive as well, or the call would go elsewhere. */
KTEST(patch_far_call_survives_a_trap_and_a_switch_at_each_instruction)
{
	const unsigned long far = (unsigned long)ftrace_far_caller, hi = SEGMENT_ADDR((u32)insn_hi16(far) << 16);
	u32 *site = make_far_function();

	KTEST_EXPECT(site && start_clobberer());
	note_calls(true);
	if (!in_batch(init_nop, (unsigned long)site, 0) && !change_test_site(site, 0, FTRACE_ADDR, NOTE_INDEX(0)))
		expect_call_survives(site, 3, (unsigned long[]){ 0, hi, hi, far });	/* word 4 is the delay slot */
	note_calls(false);
	free_far_function(site);
	kthread_stop(clobberer);
	KTEST_EXPECT_EQ(seen.hits, 1);
}

#endif

/* QEMU never stops between a jump and its delay slot; a real CPU does, and this is what its trap finds. */
KTEST(patch_trap_in_the_delay_slot_takes_the_link_back)
{
	const unsigned long parent = 0x1234, site = (unsigned long)patch_test_site;
	struct pt_regs regs = { .epc = site + 4, .cause = CAUSE_BD };

	regs.regs[REG_AT] = parent;
	regs.regs[REG_RA] = site + 12;
	undo_site_link(&regs);
	KTEST_EXPECT_EQ(regs.regs[REG_RA], parent);

	/* Not in a delay slot; and in that of another branch. */
	regs.regs[REG_RA] = site + 12;
	regs.cause = 0;
	undo_site_link(&regs);
	KTEST_EXPECT_EQ(regs.regs[REG_RA], site + 12);
	regs.cause = CAUSE_BD;
	regs.epc = site + 32;
	undo_site_link(&regs);
	KTEST_EXPECT_EQ(regs.regs[REG_RA], site + 12);
}
