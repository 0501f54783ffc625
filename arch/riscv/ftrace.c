/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.c - turns patch sites on and off.
 *
 * Near: one jal reaches the trampolines, within 1 MiB.  The word at ip+0 decides.
 *
 *            off               on
 *   ip+0     nop               jal  t0, ftrace_caller      t0 := ip + 4
 *   ip+4     nop               nop
 *   ip+8     nop               slti zero, ..., payload     does nothing, carries the dispatch index
 *   ip+12    nop               nop
 *
 * Far: anywhere within 2 GiB (modules, large images).  The word at ip+4 decides.
 *
 *            off               on
 *   ip+0     auipc t0, hi      auipc t0, hi
 *   ip+4     nop               jalr  t0, lo(t0)            t0 := ip + 8
 *   ip+8     nop               slti zero, ..., payload
 *   ip+12    nop               nop; slti zero, ..., 1: the trampoline is to save all registers
 *
 * hi and lo make the address of ftrace_far_caller, which knows that its site is 8 bytes before t0 and not 4, and looks at
 * the last word.  One entry for both trampolines, since auipc must not change while the site can be executed, and
 * jalr reaches 2 KiB around what auipc made: for any two addresses there is a site that cannot reach both.
 * t0 is dead at a function's entry, so that auipc may stay when the site is off.
 *
 * The order of stores, and why a hart in the middle is safe.  On: first the payload (far: and the last word),
 * no-ops with any value; then the word that decides.  Off: in the reverse order.  A
 * hart at the deciding word executes the old or the new one, whole.  At a word behind it, or about to
 * come back there from a trampoline, it executes no-ops whatever the state.  At a far site's auipc, or
 * interrupted behind it with t0 set, it comes to the deciding word next, and for each of the two t0 is right.
 * So nobody need be stopped.
 *
 * Classic (ftrace_patch=stop_machine), anywhere within 2 GiB.  Two words decide, so both are written while all other
 * harts stand still.
 *
 *            off               on
 *   ip+0     nop               auipc t0, hi
 *   ip+4     nop               jalr  t0, lo(t0)            t0 := ip + 8
 *   ip+8     nop               nop
 *   ip+12    nop               nop
 *
 * hi and lo make the address of ftrace_far_caller or ftrace_far_regs_caller, or of a direct call.  Standing still is not
 * enough: a hart may stand between the two words, and so may any task that was preempted there.  It executed a nop, and will execute a jalr with
 * a t0 that nobody set.  (Linux has this protocol only in kernels that do not preempt, and stops its harts at places of
 * their own choice.)  So on the way out of every trap, restart_site() looks whether it goes back to the second
 * word of a call, and goes back to the first instead: auipc can be executed twice.
 *
 * A trampoline that was entered through the old word may read the new payload, or the new last word: it is
 * right for it, too.  A dispatch entry outlives every hart that can hold its index
 * (trace/ waits before it frees one), and index 0 leads to the slot, behind which the
 * list function asks each ops whether it wants this site.
 *
 * Callers hold the text lock (ftrace_arch_code_modify_prepare).
 */
#include "arch/arch.h"
#include "arch/riscv/firmware.h"
#include "arch/riscv/insn.h"
#include "arch/riscv/patch.h"
#include "kernel/smp.h"
#include "lib/atomic.h"
#include "lib/errno.h"
#include "lib/string.h"

/* Words of a site. */
enum { NEAR_CALL = 0, FAR_AUIPC = 0, FAR_CALL = 1, SITE_PAYLOAD = 2, FAR_TRAMPOLINE = 3 };

extern char ftrace_far_caller[], ftrace_far_regs_caller[];

int ftrace_arch_code_modify_prepare(void)
{
	patch_begin();
	return 0;
}

int ftrace_arch_code_modify_post_process(void)
{
	patch_end();
	return 0;
}

int ftrace_arch_code_modify_stopped(int (*fn)(void *), void *data)
{
	return patch_stopped(fn, data);
}

void arch_sync_instruction_streams(void)
{
	__asm__ volatile("fence.i" ::: "memory");
	sbi_remote_fence_i();
}

/* Does jal reach every trampoline from all of [ip, ip + size]? */
static inline bool is_near(unsigned long ip, unsigned long size)
{
	const unsigned long start = (unsigned long)ftrace_trampolines_end - INSN_JAL_REACH;
	const unsigned long last = (unsigned long)ftrace_caller + INSN_JAL_REACH;

	return ip - start < last - start - size;
}

static __always_inline bool is_trampoline(unsigned long addr)
{
	return addr == FTRACE_ADDR || addr == FTRACE_REGS_ADDR;
}

int ftrace_read_site(unsigned long ip, u32 words[FTRACE_SITE_WORDS])
{
	if ((ip & 3) || !patch_is_text(ip, FTRACE_SITE_SIZE))
		return -EFAULT;
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		words[i] = READ_ONCE(((const u32 *)ip)[i]);
	return 0;
}

static void expected_near(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	words[NEAR_CALL] = addr ? insn_jal(REG_T0, ip, addr) : INSN_NOP;
	words[1] = words[3] = INSN_NOP;
	words[SITE_PAYLOAD] = insn_payload(payload);
}

static void expected_far(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	unsigned long entry = (unsigned long)ftrace_far_caller;

	words[FAR_AUIPC] = insn_auipc(REG_T0, ip, entry);
	words[FAR_CALL] = addr ? insn_jalr(REG_T0, REG_T0, ip, entry) : INSN_NOP;
	words[SITE_PAYLOAD] = insn_payload(payload);
	words[FAR_TRAMPOLINE] = addr == FTRACE_REGS_ADDR ? insn_payload(1) : INSN_NOP;
}

static void expected_classic(unsigned long ip, unsigned long addr, u32 words[FTRACE_SITE_WORDS])
{
	unsigned long entry = addr;

	if (is_trampoline(addr))
		entry = (unsigned long)(addr == FTRACE_ADDR ? ftrace_far_caller : ftrace_far_regs_caller);
	words[FAR_AUIPC] = addr ? insn_auipc(REG_T0, ip, entry) : INSN_NOP;
	words[FAR_CALL] = addr ? insn_jalr(REG_T0, REG_T0, ip, entry) : INSN_NOP;
	words[2] = words[3] = INSN_NOP;
}

void ftrace_expected_site(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	if (ftrace_patch_stopped)
		expected_classic(ip, addr, words);
	else if (is_near(ip, 0))
		expected_near(ip, addr, addr ? payload : 0, words);
	else
		expected_far(ip, addr, addr ? payload : 0, words);
}

/* A far site cannot call what its auipc is not for. */
bool ftrace_site_reaches(unsigned long ip, unsigned long addr)
{
	if (ftrace_patch_stopped)
		return insn_auipc_reaches(ip, addr);
	return is_near(ip, 0) ? insn_jal_reaches(ip, addr) : is_trampoline(addr);
}

/* A site that is about to change. */
struct site {
	unsigned long ip;
	unsigned long delta;	/* from a word of it to where it can be written */
};

static __always_inline void write_word(struct site s, int i, u32 word)
{
	WRITE_ONCE(((u32 *)(s.ip + s.delta))[i], word);
}

/* ---- near sites: every instruction counts ---- */

/* Plain loads: nobody else writes text. */
static __always_inline u32 site_word(struct site s, int i)
{
	return ((const u32 *)s.ip)[i];
}

/* Two aligned words at once, the first in the low half. */
static __always_inline u64 site_words(struct site s, int i)
{
	return *(const u64 *)((const u32 *)s.ip + i);
}

#define TWO_NOPS ((u64)INSN_NOP << 32 | INSN_NOP)

static __always_inline bool near_is_off(struct site s)
{
	return site_words(s, 0) == TWO_NOPS && site_words(s, 2) == TWO_NOPS;
}

/* With any payload. */
static __always_inline bool near_calls(struct site s, unsigned long addr)
{
	u32 payload = site_word(s, SITE_PAYLOAD);

	return site_word(s, NEAR_CALL) == insn_jal(REG_T0, s.ip, addr) && site_word(s, 1) == INSN_NOP &&
	       (likely(insn_is_payload(payload)) || payload == INSN_NOP) && site_word(s, 3) == INSN_NOP;
}

static __always_inline void near_write_call(struct site s, unsigned long addr, u32 payload)
{
	write_word(s, SITE_PAYLOAD, payload);
	smp_wmb();	/* before the jump that makes it count */
	write_word(s, NEAR_CALL, insn_jal(REG_T0, s.ip, addr));
}

static __always_inline int near_make_call(struct site s, unsigned long old_addr, unsigned long addr, u32 payload)
{
	if (unlikely(!near_is_off(s)))
		return -EINVAL;
	near_write_call(s, addr, payload);
	return 0;
}

static __always_inline int near_make_nop(struct site s, unsigned long old_addr, unsigned long addr, u32 payload)
{
	if (unlikely(!near_calls(s, old_addr)))
		return -EINVAL;
	write_word(s, NEAR_CALL, INSN_NOP);
	write_word(s, SITE_PAYLOAD, INSN_NOP);	/* no barrier: 0 is right for a call that still comes */
	return 0;
}

/* With several CPUs: see patch_switch(), which this is; patch_finish() completes it. */
static __always_inline int near_make_half_nop(struct site s, unsigned long old_addr, unsigned long addr, u32 payload)
{
	if (unlikely(!near_calls(s, old_addr)))
		return -EINVAL;
	write_word(s, NEAR_CALL, (site_word(s, NEAR_CALL) & 0xffff0000) | INSN_NOP);
	write_word(s, SITE_PAYLOAD, INSN_NOP);
	return 0;
}

/* At once for any hart: the trampolines are 64 KiB apart (see patch_switch()). */
static __always_inline int near_modify_call(struct site s, unsigned long old_addr, unsigned long addr, u32 payload)
{
	if (unlikely(!near_calls(s, old_addr)))
		return -EINVAL;
	near_write_call(s, addr, payload);
	return 0;
}

/* ---- any site ---- */

/*
 * The deciding word of a site is first when it is switched off, last otherwise; all others do nothing, whatever they are.
 * For a classic site, whose others do something, nobody is there to see the order.
 */
static noinline int change_site(struct site s, unsigned long old_addr, unsigned long addr, u32 payload)
{
	u32 words[FTRACE_SITE_WORDS], old[FTRACE_SITE_WORDS], new[FTRACE_SITE_WORDS];
	int decides = !ftrace_patch_stopped && is_near(s.ip, 0) ? NEAR_CALL : FAR_CALL;
	int err = ftrace_read_site(s.ip, words);

	ftrace_expected_site(s.ip, old_addr, insn_payload_of(words[SITE_PAYLOAD]), old);
	ftrace_expected_site(s.ip, addr, insn_payload_of(payload), new);
	if (err)
		return err;
	if (memcmp(words, old, sizeof(words)) || (addr && !ftrace_site_reaches(s.ip, addr)))
		return -EINVAL;
	if (!addr)
		patch_switch(s.ip + 4 * decides, new[decides]);
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		if (i != decides && new[i] != old[i])
			write_word(s, i, new[i]);
	smp_wmb();
	if (addr)
		patch_switch(s.ip + 4 * decides, new[decides]);
	return 0;
}

/* ---- runs ---- */

typedef int (*change_t)(struct site s, unsigned long old_addr, unsigned long addr, u32 payload);

static const struct patch_window no_window = { .start = NO_WINDOW };

/* Is it a change that the near sites' functions can make?  They do not ask whether addr is in reach. */
static bool is_fast(unsigned long old_addr, unsigned long addr)
{
	return !ftrace_patch_stopped && (!old_addr || is_trampoline(old_addr)) && (!addr || is_trampoline(addr));
}

/* The window, if every site in it is near and the change a fast one. */
static struct patch_window near_window(bool fast)
{
	return fast && is_near(patch_window.start, PATCH_WINDOW_SIZE) ? patch_window : no_window;
}

/* The loop of ftrace_change_sites(), made once for each kind of change. */
static __always_inline struct dyn_ftrace *
change_run(struct dyn_ftrace *rec, const struct dyn_ftrace *end, const struct ftrace_change *change, int *err,
	   change_t near_change, const bool noted)
{
	const unsigned long base = change->base, old_addr = change->old_addr, addr = change->addr;
	const u32 payload = insn_payload(change->payload), flags = change->flags, new_flags = change->new_flags;
	const bool fast = is_fast(old_addr, addr);
	struct patch_window window = near_window(fast);
	int ret = 0;

	while (rec != end && rec->flags == flags) {
		unsigned long ip = base + (long)rec->ip_offset;

		if (likely(patch_window_has(window, ip, sizeof(u64)))) {
			ret = near_change((struct site){ ip, window.delta }, old_addr, addr, payload);
		} else if (patch_window_has(patch_window, ip, sizeof(u64))) {
			ret = change_site((struct site){ ip, patch_window.delta }, old_addr, addr, payload);
		} else {
			ret = patch_move_window(ip, sizeof(u64));
			window = near_window(fast);
			if (!ret)
				continue;
		}
		if (unlikely(ret))
			break;
		if (noted)
			patch_note(ip);
		rec->flags = new_flags;
		rec++;
	}
	*err = ret;
	return rec;
}

struct dyn_ftrace *ftrace_change_sites(struct dyn_ftrace *rec, const struct dyn_ftrace *end,
				       const struct ftrace_change *change, int *err)
{
	if (unlikely(change->payload > FTRACE_MAX_PAYLOAD)) {
		*err = -EINVAL;
		return rec;
	}
	if (num_online_cpus() > 1) {
		if (!change->old_addr)
			return change_run(rec, end, change, err, near_make_call, true);
		if (!change->addr)
			return change_run(rec, end, change, err, near_make_half_nop, true);
		return change_run(rec, end, change, err, near_modify_call, true);
	}
	if (!change->old_addr)
		return change_run(rec, end, change, err, near_make_call, false);
	if (!change->addr)
		return change_run(rec, end, change, err, near_make_nop, false);
	return change_run(rec, end, change, err, near_modify_call, false);
}

/* ---- classic sites ---- */

void restart_site(struct pt_regs *regs)
{
	const u32 *words = (const u32 *)regs->epc - 1;

	__asm__ volatile("fence.i" ::: "memory");	/* this hart may have stood still while sites changed */
	if (!(regs->epc & 3) && patch_is_text(regs->epc - 4, 8) && insn_is_auipc(words[FAR_AUIPC], REG_T0) &&
	    insn_is_jalr(words[FAR_CALL], REG_T0, REG_T0))
		regs->epc -= 4;
}

/* ---- boot, and the slot ---- */

int ftrace_init_nop(unsigned long ip)
{
	u32 words[FTRACE_SITE_WORDS], off[FTRACE_SITE_WORDS];
	int err = ftrace_read_site(ip, words);

	for (int i = 0; !err && i < FTRACE_SITE_WORDS; i++)
		if (words[i] != INSN_C_NOP2)
			err = -EINVAL;
	if (!err && (ftrace_patch_stopped || !is_near(ip, 0)) && !insn_auipc_reaches(ip, (unsigned long)ftrace_far_caller))
		err = -EINVAL;
	ftrace_expected_site(ip, 0, 0, off);
	for (int i = 0; !err && i < FTRACE_SITE_WORDS; i++)
		err = patch_word(ip + 4 * i, off[i]);
	return err;
}

/* One slot in each trampoline. */
static char *const slots[] = { ftrace_call, ftrace_regs_call };

int ftrace_update_ftrace_func(ftrace_func_t func)
{
	int err = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(slots) && !err; i++) {
		unsigned long slot = (unsigned long)slots[i];

		err = insn_jal_reaches(slot, (unsigned long)func) ?
		      patch_switch(slot, insn_jal(REG_RA, slot, (unsigned long)func)) : -EINVAL;
	}
	return err;
}

int ftrace_check_ftrace_func(ftrace_func_t func, u32 *expected, u32 *found)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(slots); i++) {
		*expected = insn_jal(REG_RA, (unsigned long)slots[i], (unsigned long)func);
		*found = READ_ONCE(*(const u32 *)slots[i]);
		if (*found != *expected)
			return -EINVAL;
	}
	return 0;
}
