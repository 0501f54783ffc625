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
#include "lib/atomic.h"
#include "lib/errno.h"
#include "lib/string.h"

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

int ftrace_arch_code_modify_stopped(int (*fn)(void *), void *data)
{
	return patch_stopped(fn, data);
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
	words[NEAR_PAYLOAD] = insn_payload(payload);
	for (int i = NEAR_PAYLOAD + 1; i < FTRACE_SITE_WORDS; i++)
		words[i] = INSN_NOP;
}

#if FTRACE_HAS_FAR_SITES
/* Off, lo is that of ftrace_far_caller. */
static void expected_far(unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	unsigned long entry = addr == FTRACE_REGS_ADDR ? (unsigned long)ftrace_far_regs_caller :
							 (unsigned long)ftrace_far_caller;

	words[FAR_SWITCH] = addr ? insn_lui(REG_V1, insn_hi16(entry)) : insn_b(FTRACE_SITE_SIZE);
	words[FAR_MOVE] = INSN_MOVE_AT_RA;
	words[FAR_ADDIU] = insn_addiu(REG_V1, REG_V1, insn_lo16(entry));
	words[FAR_JALR] = INSN_JALR_V1;
	words[FAR_PAYLOAD] = insn_payload(payload);
	words[5] = words[6] = words[7] = INSN_NOP;
}
#else
/* No site is far. */
static void expected_far(unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
}
#endif

void ftrace_expected_site(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	if (site_is_far(ip))
		expected_far(addr, addr ? payload : 0, words);
	else
		expected_near(addr, addr ? payload : 0, words);
}

static inline bool is_trampoline(unsigned long addr)
{
	return addr == FTRACE_ADDR || addr == FTRACE_REGS_ADDR;
}

/* Far sites can only call what has an entry for them. */
bool ftrace_site_reaches(unsigned long ip, unsigned long addr)
{
	return site_is_far(ip) ? is_trampoline(addr) : insn_jal_reaches(ip + 4 * NEAR_CALL, addr);
}

/* ---- near sites: every instruction counts ---- */

/*
 * Do the words from ip on say `move, call, payload` and then NOPs?  The bits of `any` may be anything in the payload's word.
 * Where sites are aligned to registers, a register at a time.
 */
#if SZREG == 8 && FTRACE_SITE_ALIGN == 8
#ifdef __MIPSEB__
#define TWO_WORDS(first, second) ((u64)(first) << 32 | (second))
#else
#define TWO_WORDS(first, second) ((u64)(second) << 32 | (first))
#endif

static __always_inline bool near_is(unsigned long ip, u32 call, u32 payload, u32 any)
{
	const u64 *words = (const u64 *)ip;

	return words[0] == TWO_WORDS(INSN_MOVE_AT_RA, call) &&
	       !(((words[1] ^ TWO_WORDS(payload, INSN_NOP)) & ~TWO_WORDS(any, 0)) | words[2] | words[3]);
}
#else
static __always_inline bool near_is(unsigned long ip, u32 call, u32 payload, u32 any)
{
	const u32 *words = (const u32 *)ip;
#if FTRACE_SITE_WORDS == 8
	u32 rest = words[3] | words[4] | words[5] | words[6] | words[7];
#else
	u32 rest = 0;
#endif

	return !((words[NEAR_MOVE] ^ INSN_MOVE_AT_RA) | (words[NEAR_CALL] ^ call) |
		 ((words[NEAR_PAYLOAD] ^ payload) & ~any) | rest);
}
#endif

static __always_inline bool near_calls(unsigned long ip, unsigned long addr)
{
	return likely(near_is(ip, INSN_JAL(addr), INSN_LUI_ZERO, 0xffff)) || near_is(ip, INSN_JAL(addr), INSN_NOP, 0);
}

/* Both words that change: the payload, before it counts or when it does not any more, and the one that decides. */
static __always_inline void near_write(unsigned long ip, u32 call, u32 payload, bool payload_first)
{
	u32 *words = (u32 *)ip;

	if (payload_first) {
		WRITE_ONCE(words[NEAR_PAYLOAD], payload);
		smp_wmb();
	}
	WRITE_ONCE(words[NEAR_CALL], call);
	if (!payload_first)
		WRITE_ONCE(words[NEAR_PAYLOAD], payload);
	patch_synci(ip + 4 * NEAR_CALL);
	patch_synci(ip + 4 * NEAR_PAYLOAD);
}

static __always_inline int near_make_call(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	if (unlikely(!near_is(ip, INSN_NOP, INSN_NOP, 0)))
		return -EINVAL;
	near_write(ip, INSN_JAL(addr), payload, true);
	return 0;
}

static __always_inline int near_make_nop(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	if (unlikely(!near_calls(ip, old_addr)))
		return -EINVAL;
	near_write(ip, INSN_NOP, INSN_NOP, false);
	return 0;
}

static __always_inline int near_modify_call(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	if (unlikely(!near_calls(ip, old_addr)))
		return -EINVAL;
	near_write(ip, INSN_JAL(addr), payload, true);
	return 0;
}

/* ---- any site ---- */

/* The deciding word is first when the site is switched off, last otherwise; the others do nothing before it is on. */
static noinline int change_site(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	u32 words[FTRACE_SITE_WORDS], old[FTRACE_SITE_WORDS], new[FTRACE_SITE_WORDS];
	bool far = site_is_far(ip);
	int decides = far ? FAR_SWITCH : NEAR_CALL;
	int err = ftrace_read_site(ip, words);

	if (err)
		return err;
	ftrace_expected_site(ip, old_addr, insn_payload_of(words[far ? FAR_PAYLOAD : NEAR_PAYLOAD]), old);
	ftrace_expected_site(ip, addr, insn_payload_of(payload), new);
	if (memcmp(words, old, sizeof(words)) || (addr && !ftrace_site_reaches(ip, addr)))
		return -EINVAL;
	if (!addr)
		patch_store(ip + 4 * decides, new[decides]);
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		if (i != decides && new[i] != old[i])
			patch_store(ip + 4 * i, new[i]);
	smp_wmb();
	if (addr)
		patch_store(ip + 4 * decides, new[decides]);
	return 0;
}

/* ---- runs ---- */

typedef int (*change_t)(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload);

/* A piece of the address space is all in one region of jal's, and here is found to have text. */
#define PIECE_SIZE 0x10000UL
#define NO_PIECE 1UL	/* no multiple of anything, so no address is found to be in it */

static __always_inline bool piece_has(unsigned long piece, unsigned long ip)
{
	return (ip & (~(PIECE_SIZE - 1) | 3)) == piece;
}

/* The piece of ip, if its sites are near, that is, in the trampolines' region, and synci does for them. */
static unsigned long near_piece(unsigned long ip)
{
	if ((ip & 3) || !patch_is_text(ip, FTRACE_SITE_SIZE) || site_is_far(ip) || !patch_has_synci())
		return NO_PIECE;
	return ip & ~(PIECE_SIZE - 1);
}

/* The loop of ftrace_change_sites(), made once for each kind of change. */
static __always_inline struct dyn_ftrace *
change_run(struct dyn_ftrace *rec, const struct dyn_ftrace *end, const struct ftrace_change *change, int *err,
	   change_t near_change)
{
	const unsigned long base = change->base, old_addr = change->old_addr, addr = change->addr;
	const u32 payload = insn_payload(change->payload), flags = change->flags, new_flags = change->new_flags;
	const bool trampolines = (!old_addr || is_trampoline(old_addr)) && (!addr || is_trampoline(addr));
	unsigned long piece = NO_PIECE;
	int ret = 0;

	while (rec != end && rec->flags == flags) {
		unsigned long ip = base + (long)rec->ip_offset;

		if (likely(piece_has(piece, ip))) {
			ret = near_change(ip, old_addr, addr, payload);
		} else {
			piece = trampolines ? near_piece(ip) : NO_PIECE;
			if (piece != NO_PIECE)
				continue;
			ret = change_site(ip, old_addr, addr, payload);
		}
		if (unlikely(ret))
			break;
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
	if (!change->old_addr)
		return change_run(rec, end, change, err, near_make_call);
	if (!change->addr)
		return change_run(rec, end, change, err, near_make_nop);
	return change_run(rec, end, change, err, near_modify_call);
}

/* ---- boot, and the slot ---- */

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
