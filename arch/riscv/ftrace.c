/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.c - turns patch sites on and off; <asm/ftrace.h> draws their two forms.
 *
 * The order of stores, and why a hart in the middle is safe: the payload at ip+8
 * is a no-op with any value, so it is written while the site is off (or, with
 * the site on, as the one store that is the change).  Then the word at ip+0
 * decides.  A hart at ip+0 executes either word whole.  A hart at ip+4..ip+12
 * (or about to come back there from a trampoline) executes no-ops either way.
 * Nothing else at the site ever changes, so nobody need be stopped.
 *
 * A trampoline that was entered through the old word may read the new payload: it is
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
#include "lib/atomic.h"
#include "lib/errno.h"
#include "lib/string.h"

#define SITE_CALL 0
#define SITE_PAYLOAD 2

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

void arch_sync_instruction_streams(void)
{
	__asm__ volatile("fence.i" ::: "memory");
	sbi_remote_fence_i();
}

int ftrace_read_site(unsigned long ip, u32 words[FTRACE_SITE_WORDS])
{
	if ((ip & 3) || !patch_is_text(ip, FTRACE_SITE_SIZE))
		return -EFAULT;
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		words[i] = READ_ONCE(((const u32 *)ip)[i]);
	return 0;
}

void ftrace_expected_site(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		words[i] = INSN_NOP;
	if (addr) {
		words[SITE_CALL] = insn_jal(REG_T0, ip, addr);
		words[SITE_PAYLOAD] = insn_payload(payload);
	}
}

/* The site as two aligned doublewords: {call, nop} and {payload, nop}, the first in the low half. */
struct site {
	u64 call, payload;
};

#define TWO_WORDS(first, second) ((u64)(second) << 32 | (first))
#define TWO_NOPS TWO_WORDS(INSN_NOP, INSN_NOP)

/* Opens the page for writing and reads the site. */
static __always_inline int open_site(unsigned long ip, struct site *site)
{
	int err = patch_open(ip, sizeof(u64));

	if (likely(!err))
		*site = *(const struct site *)ip;
	return err;
}

/* Is it a call to addr, with any payload? */
static __always_inline bool site_calls(const struct site *site, unsigned long ip, unsigned long addr)
{
	return site->call == TWO_WORDS(insn_jal(REG_T0, ip, addr), INSN_NOP) && site->payload >> 32 == INSN_NOP &&
	       ((u32)site->payload == INSN_NOP || insn_payload_of((u32)site->payload));
}

bool ftrace_site_reaches(unsigned long ip, unsigned long addr)
{
	return insn_jal_reaches(ip, addr);
}

static __always_inline int write_word(unsigned long ip, int index, u32 word)
{
	return patch_word(ip + 4 * index, word);
}

int ftrace_init_nop(unsigned long ip)
{
	struct site site;
	int err = open_site(ip, &site);

	if (!err && (site.call != TWO_WORDS(INSN_C_NOP2, INSN_C_NOP2) || site.payload != site.call))
		err = -EINVAL;
	for (int i = 0; !err && i < FTRACE_SITE_WORDS; i++)
		err = write_word(ip, i, INSN_NOP);
	return err;
}

int ftrace_make_call(unsigned long ip, unsigned long addr, u32 payload)
{
	struct site site;
	int err = open_site(ip, &site);

	if (unlikely(err))
		return err;
	if (unlikely(site.call != TWO_NOPS || site.payload != TWO_NOPS || !insn_jal_reaches(ip, addr) ||
		     payload > FTRACE_MAX_PAYLOAD))
		return -EINVAL;
	if (payload) {
		err = write_word(ip, SITE_PAYLOAD, insn_payload(payload));
		smp_wmb();	/* the payload before the jump that makes it count */
	}
	return err ? err : write_word(ip, SITE_CALL, insn_jal(REG_T0, ip, addr));
}

int ftrace_make_nop(unsigned long ip, unsigned long addr)
{
	struct site site;
	int err = open_site(ip, &site);

	if (unlikely(err))
		return err;
	if (unlikely(!site_calls(&site, ip, addr)))
		return -EINVAL;
	err = write_word(ip, SITE_CALL, INSN_NOP);
	if (!err && site.payload != TWO_NOPS)
		err = write_word(ip, SITE_PAYLOAD, INSN_NOP);
	return err;
}

int ftrace_modify_call(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	struct site site;
	int err = open_site(ip, &site);

	if (unlikely(err))
		return err;
	if (unlikely(!site_calls(&site, ip, old_addr) || !insn_jal_reaches(ip, addr) || payload > FTRACE_MAX_PAYLOAD))
		return -EINVAL;
	if ((u32)site.payload != insn_payload(payload))
		err = write_word(ip, SITE_PAYLOAD, insn_payload(payload));
	if (!err && addr != old_addr)
		err = write_word(ip, SITE_CALL, insn_jal(REG_T0, ip, addr));
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
		      patch_word(slot, insn_jal(REG_RA, slot, (unsigned long)func)) : -EINVAL;
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
