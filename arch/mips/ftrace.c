/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ftrace.c - turns patch sites on and off.
 *
 * Near: one jal reaches the trampoline, since both are in one 256 MiB region (the
 * kernel itself).  The word at ip+4 decides.
 *
 *            off               on
 *   ip+0     move at, ra       move at, ra           at := return address into the caller
 *   ip+4     nop               jal  ftrace_caller    ra := ip + 12
 *   ip+8     nop               lui  zero, payload    the delay slot: does nothing, carries the dispatch index
 *   ip+12    nop x 5           nop x 5
 *
 * Far: anywhere (modules).  The word at ip+0 decides.
 *
 *            off               on
 *   ip+0     b    ip+32        lui  v1, hi
 *   ip+4     move at, ra       move at, ra
 *   ip+8     addiu v1, v1, lo  addiu v1, v1, lo
 *   ip+12    jalr v1           jalr v1               ra := ip + 20
 *   ip+16    nop               lui  zero, payload
 *   ip+20    nop x 3           nop x 3
 *
 * hi and lo make the address of ftrace_far_caller, which knows that its site is 20 bytes and
 * not 12 before ra.  `at` and v1 are dead at a function's entry: the assembler uses the
 * one, results come in the other.  From the move on, `at` holds what the function will
 * return to, through traps and task switches: both save it like any register.
 *
 * With MCOUNT=pg, sites are the first three words of the near form, behind the prologue.  The compiler leaves
 *
 *   ip+0     move at, ra
 *   ip+4     jal  _mcount
 *   ip+8     nop, on o32 addiu sp, sp, -8: two words that _mcount pops
 *
 * and ftrace_init_nop() makes it the off form; nothing is pushed from then on.  ra still holds the return
 * address and the arguments are still in their registers: the compiler moves nothing out of the prologue past this.
 *
 * The order of stores, and why a CPU in the middle is safe.  On: the payload first, it is a no-op with any
 * value; then the word that decides.  Off: in the reverse order.  A CPU at the
 * deciding word executes the old or the new one, whole; at any other word of
 *
 * - the near form it executes no-ops and falls into the function, whatever the state.
 *   One moment is special: a trap in the delay slot, at ip+8 behind a jal that has been executed.
 *   ra is ip+12 already, yet EPC is the jal, to be executed again; and if that is a nop by then, the function
 *   would run with this ra and return into itself.  So do_trap() takes the link back: if a trap in
 *   a delay slot finds `move at, ra` before the branch, ra := at.  Then both words are right again.
 * - the far form it has come through a lui (b skips the rest), so v1 is whole, and it calls.
 *   `jalr` never changes, so to execute it again after a trap is the same again.
 *
 * From one trampoline to another: near, one store.  Far, only lo changes, since the linker script
 * makes sure that all far entries share hi: a CPU between the lui and the addiu gets one or the other, both right.
 *
 * A trampoline that was entered through the old word may read the new payload:
 * both payloads are right for it, since a dispatch entry outlives every CPU that
 * can hold its index (trace/ waits before it frees one), and 0 walks the list.
 *
 * Callers hold the text lock (ftrace_arch_code_modify_prepare).
 */
#include "arch/arch.h"
#include "arch/mips/insn.h"
#include "arch/mips/patch.h"
#include "lib/errno.h"

static_assert(INSN_JAL(0x802e7fc8) == 0x0c0b9ff2, "the address is cut to 26 bits of words");

/* Words of a site. */
enum {
	NEAR_MOVE = 0, NEAR_CALL = 1, NEAR_PAYLOAD = 2,
	FAR_SWITCH = 0, FAR_MOVE = 1, FAR_ADDIU = 2, FAR_JALR = 3, FAR_PAYLOAD = 4,
};

static_assert(SITE_NEAR_BEFORE_RA == 4 * (NEAR_PAYLOAD + 1), "ftrace.h");
static_assert(SITE_FAR_BEFORE_RA == 4 * (FAR_PAYLOAD + 1), "ftrace.h");

extern char ftrace_far_caller[], ftrace_far_regs_caller[], ftrace_regs_call[];

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

/* One CPU: its own pipeline is all there is. */
void arch_sync_instruction_streams(void)
{
	__asm__ volatile("sync" ::: "memory");
	patch_hazard();
}

static inline bool site_is_far(unsigned long ip)
{
	return FTRACE_HAS_FAR_SITES && !insn_jal_reaches(ip + 4 * NEAR_CALL, FTRACE_ADDR);
}

/* Where far sites enter the trampoline at addr; 0: it has no such entry. */
static unsigned long far_entry(unsigned long addr)
{
	if (addr == FTRACE_ADDR)
		return (unsigned long)ftrace_far_caller;
	return addr == FTRACE_REGS_ADDR ? (unsigned long)ftrace_far_regs_caller : 0;
}

int ftrace_read_site(unsigned long ip, u32 words[FTRACE_SITE_WORDS])
{
	if ((ip & 3) || !patch_is_text(ip, FTRACE_SITE_SIZE))
		return -EFAULT;
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		words[i] = READ_ONCE(((const u32 *)ip)[i]);
	return 0;
}

static void expected_near(unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	words[NEAR_MOVE] = INSN_MOVE_AT_RA;
	words[NEAR_CALL] = addr ? INSN_JAL(addr) : INSN_NOP;
	words[NEAR_PAYLOAD] = addr ? insn_payload(payload) : INSN_NOP;
	for (int i = NEAR_PAYLOAD + 1; i < FTRACE_SITE_WORDS; i++)
		words[i] = INSN_NOP;
}

#if FTRACE_HAS_FAR_SITES

/* Off, lo is that of ftrace_far_caller. */
static void expected_far(unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	unsigned long entry = far_entry(addr ? addr : FTRACE_ADDR);

	words[FAR_SWITCH] = addr ? insn_lui(REG_V1, insn_hi16(entry)) : insn_b(FTRACE_SITE_SIZE);
	words[FAR_MOVE] = INSN_MOVE_AT_RA;
	words[FAR_ADDIU] = insn_addiu(REG_V1, REG_V1, insn_lo16(entry));
	words[FAR_JALR] = INSN_JALR_V1;
	words[FAR_PAYLOAD] = addr ? insn_payload(payload) : INSN_NOP;
	words[5] = words[6] = words[7] = INSN_NOP;
}

/* As near_differs(). */
static u32 far_differs(const u32 *site, unsigned long addr)
{
	u32 words[FTRACE_SITE_WORDS];

	expected_far(addr, 0, words);
	return (site[FAR_SWITCH] ^ words[FAR_SWITCH]) | (site[FAR_MOVE] ^ words[FAR_MOVE]) |
	       (site[FAR_ADDIU] ^ words[FAR_ADDIU]) | (site[FAR_JALR] ^ words[FAR_JALR]) | site[5] | site[6] | site[7];
}

#else
/* No site is far. */
static void expected_far(unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
}

static u32 far_differs(const u32 *site, unsigned long addr)
{
	return 0;
}
#endif

void ftrace_expected_site(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	if (site_is_far(ip))
		expected_far(addr, payload, words);
	else
		expected_near(addr, payload, words);
}

/* The near form's NOPs behind the payload: any that is none? */
#if FTRACE_HAS_FAR_SITES
#define NEAR_REST(site) ((site)[3] | (site)[4] | (site)[5] | (site)[6] | (site)[7])
#else
#define NEAR_REST(site) 0
#endif

/* Any difference between a near site and its form; the payload aside, not 0 if there is one. */
static inline u32 near_differs(const u32 *site, unsigned long addr)
{
	u32 call = addr ? INSN_JAL(addr) : INSN_NOP;

	return (site[NEAR_MOVE] ^ INSN_MOVE_AT_RA) | (site[NEAR_CALL] ^ call) | NEAR_REST(site);
}

/* A site that is about to change, and is what it is thought to be. */
struct site {
	unsigned long ip;
	bool far;
	u32 payload;	/* that it carries now */
};

/*
 * Are the words at ip those of the off form (addr 0) or of a call to addr with
 * any payload?
 */
static inline int verify_site(struct site *s, unsigned long ip, unsigned long addr)
{
	const u32 *words = (const u32 *)ip;
	u32 carrier;

	if ((ip & 3) || !patch_is_text(ip, FTRACE_SITE_SIZE))
		return -EFAULT;
	s->ip = ip;
	s->far = site_is_far(ip);
	carrier = words[s->far ? FAR_PAYLOAD : NEAR_PAYLOAD];
	s->payload = insn_payload_of(carrier);
	if ((s->far ? far_differs(words, addr) : near_differs(words, addr)) ||
	    carrier != insn_payload(addr ? s->payload : 0))
		return -EINVAL;
	return 0;
}

bool ftrace_site_reaches(unsigned long ip, unsigned long addr)
{
	return site_is_far(ip) ? far_entry(addr) != 0 : insn_jal_reaches(ip + 4 * NEAR_CALL, addr);
}

/* ---- changing a verified site, one word at a time ---- */

static inline void write_payload(const struct site *s, u32 payload)
{
	if (payload != s->payload)
		patch_store(s->ip + 4 * (s->far ? FAR_PAYLOAD : NEAR_PAYLOAD), insn_payload(payload));
}

/* The word that decides: a call of addr. */
static inline void write_call(const struct site *s, unsigned long addr)
{
	if (s->far)
		patch_store(s->ip + 4 * FAR_SWITCH, insn_lui(REG_V1, insn_hi16(far_entry(addr))));
	else
		patch_store(s->ip + 4 * NEAR_CALL, INSN_JAL(addr));
}

/* The word that decides: off. */
static inline void write_off(const struct site *s)
{
	if (s->far)
		patch_store(s->ip + 4 * FAR_SWITCH, insn_b(FTRACE_SITE_SIZE));
	else
		patch_store(s->ip + 4 * NEAR_CALL, INSN_NOP);
}

/* Far: the lower half of the entry of addr.  Near: nothing, the jal has it all. */
static inline void write_far_target(const struct site *s, unsigned long addr)
{
	if (s->far)
		patch_store(s->ip + 4 * FAR_ADDIU, insn_addiu(REG_V1, REG_V1, insn_lo16(far_entry(addr))));
}

/* Word i of a site as it was compiled. */
#ifdef CONFIG_MCOUNT_PG
static u32 compiled_word(int i)
{
	const u32 slot = SZREG == 8 ? INSN_NOP : insn_addiu(REG_SP, REG_SP, insn_lo16(-8UL));

	return i == NEAR_MOVE ? INSN_MOVE_AT_RA : i == NEAR_CALL ? INSN_JAL((unsigned long)_mcount) : slot;
}
#else
static inline u32 compiled_word(int i)
{
	return INSN_NOP;
}
#endif

/* A CPU in the far site (there is none at boot) would have to find the branch before it finds the rest: ip+0 first. */
int ftrace_init_nop(unsigned long ip)
{
	u32 words[FTRACE_SITE_WORDS], off[FTRACE_SITE_WORDS];
	int err = ftrace_read_site(ip, words);

	for (int i = 0; !err && i < FTRACE_SITE_WORDS; i++)
		if (words[i] != compiled_word(i))
			err = -EINVAL;
	ftrace_expected_site(ip, 0, 0, off);
	for (int i = 0; !err && i < FTRACE_SITE_WORDS; i++)
		if (off[i] != words[i])
			err = patch_word(ip + 4 * i, off[i]);
	return err;
}

int ftrace_make_call(unsigned long ip, unsigned long addr, u32 payload)
{
	struct site s;
	int err = verify_site(&s, ip, 0);

	if (!err && (!ftrace_site_reaches(ip, addr) || payload > FTRACE_MAX_PAYLOAD))
		err = -EINVAL;
	if (err)
		return err;
	write_payload(&s, payload);
	write_far_target(&s, addr);
	write_call(&s, addr);
	return 0;
}

int ftrace_make_nop(unsigned long ip, unsigned long addr)
{
	struct site s;
	int err = verify_site(&s, ip, addr);

	if (err)
		return err;
	write_off(&s);
	write_far_target(&s, FTRACE_ADDR);
	write_payload(&s, 0);
	return 0;
}

int ftrace_modify_call(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	struct site s;
	int err = verify_site(&s, ip, old_addr);

	if (!err && (!ftrace_site_reaches(ip, addr) || payload > FTRACE_MAX_PAYLOAD))
		err = -EINVAL;
	if (err)
		return err;
	write_payload(&s, payload);
	if (addr != old_addr && s.far)
		write_far_target(&s, addr);
	else if (addr != old_addr)
		write_call(&s, addr);
	return 0;
}

/* One slot in each trampoline. */
static char *const slots[] = { ftrace_call, ftrace_regs_call };

int ftrace_update_ftrace_func(ftrace_func_t func)
{
	int err = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(slots) && !err; i++) {
		unsigned long slot = (unsigned long)slots[i];

		err = insn_jal_reaches(slot, (unsigned long)func) ?
		      patch_word(slot, INSN_JAL((unsigned long)func)) : -EINVAL;
	}
	return err;
}

int ftrace_check_ftrace_func(ftrace_func_t func, u32 *expected, u32 *found)
{
	*expected = INSN_JAL((unsigned long)func);
	for (unsigned int i = 0; i < ARRAY_SIZE(slots); i++) {
		*found = READ_ONCE(*(const u32 *)slots[i]);
		if (*found != *expected)
			return -EINVAL;
	}
	return 0;
}
