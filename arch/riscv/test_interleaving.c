/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_interleaving.c - a hart in front of each instruction of a site while the site changes (tests/ktest/interleaving.h).
 *
 * The hart is played by the CPU itself.  Its registers are in il_hart, a struct pt_regs; il_run() puts those of the
 * kernel aside and loads the hart's, and it runs until it comes to one of three stubs, which does the reverse.  The hart's
 * stack is il_stack.  Interrupts are off while it runs, so that sscratch is free for the stubs.
 *
 * Before it begins, t0 points into il_catch: whoever jumps there through a t0 that no auipc has set is lost.
 */
#include "arch/riscv/insn.h"
#include "arch/riscv/patch.h"
#include "kernel/mm/mm.h"
#include "kernel/printk.h"
#include "tests/ktest/interleaving.h"
#include "tests/ktest/ktest.h"

/* A jump that keeps every register; the place may be copied anywhere.  16 bytes and the address. */
#define STUB(name, target)                      \
	".balign 8\n"                           \
	name ": csrw sscratch, t6\n"            \
	"auipc t6, 0\n"                         \
	"ld t6, 12(t6)\n"                       \
	"jr t6\n"                               \
	".dword " target "\n"

/* Where a stub leads: the hart's registers go to il_hart, the kernel's come back, il_run() returns the event. */
#define ARRIVE(name, event)                     \
	name ": la t6, il_hart\n"               \
	".irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30\n" \
	"sd x\\n, 8 * \\n(t6)\n"                \
	".endr\n"                               \
	"csrr t5, sscratch\n"                   \
	"sd t5, 8 * 31(t6)\n"                   \
	"li a0, " event "\n"                    \
	"j il_return\n"

__asm__(".text\n.balign 16\n"
	".option push\n.option norvc\n"
	"il_function: nop\nnop\nnop\nnop\n"
	STUB("il_body", "il_in_body")
	STUB("il_park", "il_parked")
	"il_function_end:\n"
	STUB("il_lost_stub", "il_lost")
	/* jalr reaches 2 KiB on either side of what t0 holds. */
	"il_catch: .rept 1024\nj il_lost_stub\n.endr\n"
	ARRIVE("il_parked", "0")
	ARRIVE("il_in_body", "1")
	ARRIVE("il_lost", "2")
	"il_return: la t6, il_kernel\n"
	"ld ra, 0(t6)\nld sp, 8(t6)\nld gp, 16(t6)\nld tp, 24(t6)\n"
	".irp n, 0,1,2,3,4,5,6,7,8,9,10,11\nld s\\n, 32 + 8 * \\n(t6)\n.endr\n"
	"ret\n"
	".globl il_run\nil_run: la t6, il_kernel\n"
	"sd ra, 0(t6)\nsd sp, 8(t6)\nsd gp, 16(t6)\nsd tp, 24(t6)\n"
	".irp n, 0,1,2,3,4,5,6,7,8,9,10,11\nsd s\\n, 32 + 8 * \\n(t6)\n.endr\n"
	"la t6, il_hart\n"
	"ld t5, 0(t6)\n"
	"csrw sepc, t5\n"
	"li t5, " __stringify(SR_SPIE) "\ncsrc sstatus, t5\n"
	"li t5, " __stringify(SR_SPP) "\ncsrs sstatus, t5\n"
	".irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
	"ld x\\n, 8 * \\n(t6)\n"
	".endr\n"
	"sret\n"
	".option pop\n"
	".bss\n.balign 16\n"
	".globl il_hart\nil_hart: .skip 288\n"
	"il_kernel: .skip 128\n"
	"il_stack: .skip 4096\n"
	".previous\n");

extern u32 il_function[], il_park[], il_function_end[], il_catch[];
extern char il_stack[];
extern char ftrace_far_caller[], ftrace_far_regs_caller[];

static_assert(PT_SIZE == 288 && PT_X(31) == 8 * 31 && PT_EPC == 0, "il_hart is a struct pt_regs");

/* ---- the hart ---- */

#define MAGIC(n) (0x5eed0000UL + (n))	/* what register n holds before */

void hart_init(struct pt_regs *hart, const u32 *site)
{
	unsigned long *x = (unsigned long *)hart;

	for (int n = 0; n < 32; n++)
		x[n] = MAGIC(n);
	hart->epc = (unsigned long)site;
	hart->sp = (unsigned long)il_stack + 4096;
	hart->t0 = (unsigned long)il_catch + 2048;
	__asm__ volatile("mv %0, gp\n\tmv %1, tp" : "=r"(hart->gp), "=r"(hart->tp));
}

/* All but t0 .. t6, which nobody passes anything in. */
bool hart_is_intact(const struct pt_regs *hart)
{
	const unsigned long *x = (const unsigned long *)hart;

	for (int n = 1; n < 32; n++) {
		bool scratch = (n >= 5 && n <= 7) || n >= 28;

		if (n == 2 ? x[n] != (unsigned long)il_stack + 4096 : n != 3 && n != 4 && !scratch && x[n] != MAGIC(n))
			return false;
	}
	return true;
}

unsigned long hart_parent(void)
{
	return MAGIC(1);
}

unsigned long hart_arg0(void)
{
	return MAGIC(10);
}

void hart_write_word(const u32 *site, int word, u32 value)
{
	patch_word((unsigned long)(site + word), value);
}

void hart_write_park(const u32 *site, int park)
{
	unsigned long from = (unsigned long)(site + park);

	hart_write_word(site, park, insn_jal(0, from, (unsigned long)site + ((unsigned long)il_park - (unsigned long)il_function)));
}

const u32 *hart_trampoline(const u32 *site, const u32 *words)
{
	const unsigned long near[] = { FTRACE_ADDR, FTRACE_REGS_ADDR };
	const unsigned long far[] = { (unsigned long)ftrace_far_caller, (unsigned long)ftrace_far_regs_caller };
	unsigned long ip = (unsigned long)site;

	for (int i = 0; i < 2; i++) {
		if (words[0] == insn_jal(REG_T0, ip, near[i]))
			return (const u32 *)near[i];
		if (words[0] == insn_auipc(REG_T0, ip, far[i]) && words[1] == insn_jalr(REG_T0, REG_T0, ip, far[i]))
			return (const u32 *)far[i];
	}
	return NULL;
}

void hart_write_park_in_trampoline(const u32 *entry)
{
	hart_write_word(entry, 0, insn_jal(0, (unsigned long)entry, (unsigned long)il_park));
}

/* The last two words do nothing but tell the trampoline something. */
int hart_stop_at(const u32 *words, int park)
{
	return park < SITE_PAYLOAD_OFFSET / 4 ? park : FTRACE_SITE_WORDS;
}

/* No instruction has a delay slot. */
void hart_in_slot(struct pt_regs *hart, const u32 *site, const u32 *words, int park)
{
}

/* ---- what changes ---- */

static const struct interleaving_rules one_word;	/* none are needed */

#define HINT(n) insn_payload(NOTE_INDEX(n))

static void near_changes(struct interleaving_totals *totals)
{
	unsigned long ip = (unsigned long)il_function;
	u32 jal = insn_jal(REG_T0, ip, FTRACE_ADDR), jal_regs = insn_jal(REG_T0, ip, FTRACE_REGS_ADDR);
	const struct interleaving changes[] = {
		{ "near", "on", il_function, { INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP },
		  2, { { 2, HINT(0) }, { 0, jal } },
		  0, FTRACE_ADDR, NOTE_INDEX(0) },
		{ "near", "off", il_function, { jal, INSN_NOP, HINT(0), INSN_NOP },
		  2, { { 0, INSN_NOP }, { 2, INSN_NOP } },
		  FTRACE_ADDR, 0, 0 },
		{ "near", "another payload", il_function, { jal, INSN_NOP, HINT(0), INSN_NOP },
		  1, { { 2, HINT(1) } },
		  FTRACE_ADDR, FTRACE_ADDR, NOTE_INDEX(1) },
		{ "near", "to the list", il_function, { jal, INSN_NOP, HINT(0), INSN_NOP },
		  1, { { 2, INSN_NOP } },
		  FTRACE_ADDR, FTRACE_ADDR, 0 },
		{ "near", "another trampoline", il_function, { jal, INSN_NOP, HINT(0), INSN_NOP },
		  2, { { 2, HINT(1) }, { 0, jal_regs } },
		  FTRACE_ADDR, FTRACE_REGS_ADDR, NOTE_INDEX(1) },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(changes); i++)
		interleave(&changes[i], &one_word, totals);
}

/* What a hart makes of a store that it reads the first half of before, and the second after. */
#define TORN(old, new) (((new) & 0xffff0000) | (u16)(old))

/* With several CPUs: the words that decide, and in between what such a hart makes of each store. */
static void near_halves(struct interleaving_totals *totals)
{
	unsigned long ip = (unsigned long)il_function;
	u32 jal = insn_jal(REG_T0, ip, FTRACE_ADDR), jal_regs = insn_jal(REG_T0, ip, FTRACE_REGS_ADDR);
	u32 half_nop = TORN(INSN_NOP, jal);
	const struct interleaving changes[] = {
		{ "near, halves", "on", il_function, { INSN_NOP, INSN_NOP, HINT(0), INSN_NOP },
		  2, { { 0, TORN(INSN_NOP, jal) }, { 0, jal } }, PLAYED_ONLY },
		{ "near, halves", "off", il_function, { jal, INSN_NOP, HINT(0), INSN_NOP },
		  4, { { 0, TORN(jal, half_nop) }, { 0, half_nop }, { 0, TORN(half_nop, INSN_NOP) }, { 0, INSN_NOP } },
		  PLAYED_ONLY },
		{ "near, halves", "another trampoline", il_function, { jal, INSN_NOP, HINT(0), INSN_NOP },
		  2, { { 0, TORN(jal, jal_regs) }, { 0, jal_regs } }, PLAYED_ONLY },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(changes); i++)
		interleave(&changes[i], &one_word, totals);
}

static void far_halves(u32 *site, struct interleaving_totals *totals)
{
	unsigned long ip = (unsigned long)site, entry = (unsigned long)ftrace_far_caller;
	u32 auipc = insn_auipc(REG_T0, ip, entry), jalr = insn_jalr(REG_T0, REG_T0, ip, entry);
	u32 half_nop = TORN(INSN_NOP, jalr);
	const struct interleaving changes[] = {
		{ "far, halves", "on", site, { auipc, INSN_NOP, HINT(0), INSN_NOP },
		  2, { { 1, TORN(INSN_NOP, jalr) }, { 1, jalr } }, PLAYED_ONLY },
		{ "far, halves", "off", site, { auipc, jalr, HINT(0), INSN_NOP },
		  4, { { 1, TORN(jalr, half_nop) }, { 1, half_nop }, { 1, TORN(half_nop, INSN_NOP) }, { 1, INSN_NOP } },
		  PLAYED_ONLY },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(changes); i++)
		interleave(&changes[i], &one_word, totals);
}

static void far_changes(u32 *site, struct interleaving_totals *totals)
{
	unsigned long ip = (unsigned long)site, entry = (unsigned long)ftrace_far_caller;
	u32 auipc = insn_auipc(REG_T0, ip, entry), jalr = insn_jalr(REG_T0, REG_T0, ip, entry);
	const struct interleaving changes[] = {
		{ "far", "on", site, { auipc, INSN_NOP, INSN_NOP, INSN_NOP },
		  2, { { 2, HINT(0) }, { 1, jalr } },
		  0, FTRACE_ADDR, NOTE_INDEX(0) },
		{ "far", "off", site, { auipc, jalr, HINT(0), INSN_NOP },
		  2, { { 1, INSN_NOP }, { 2, INSN_NOP } },
		  FTRACE_ADDR, 0, 0 },
		{ "far", "another payload", site, { auipc, jalr, HINT(0), INSN_NOP },
		  1, { { 2, HINT(1) } },
		  FTRACE_ADDR, FTRACE_ADDR, NOTE_INDEX(1) },
		{ "far", "another trampoline", site, { auipc, jalr, HINT(0), INSN_NOP },
		  2, { { 2, HINT(1) }, { 3, insn_payload(1) } },
		  FTRACE_ADDR, FTRACE_REGS_ADDR, NOTE_INDEX(1) },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(changes); i++)
		interleave(&changes[i], &one_word, totals);
}

static void two_word_changes(const char *form, const struct interleaving_rules *rules,
			     struct interleaving_totals *totals)
{
	unsigned long ip = (unsigned long)il_function, entry = (unsigned long)ftrace_far_caller;
	unsigned long regs_entry = (unsigned long)ftrace_far_regs_caller;
	u32 auipc = insn_auipc(REG_T0, ip, entry), jalr = insn_jalr(REG_T0, REG_T0, ip, entry);
	u32 auipc_regs = insn_auipc(REG_T0, ip, regs_entry), jalr_regs = insn_jalr(REG_T0, REG_T0, ip, regs_entry);
	const struct interleaving changes[] = {
		{ form, "on", il_function, { INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP },
		  2, { { 0, auipc }, { 1, jalr } }, PLAYED_ONLY },
		{ form, "on, the other way round", il_function, { INSN_NOP, INSN_NOP, INSN_NOP, INSN_NOP },
		  2, { { 1, jalr }, { 0, auipc } }, PLAYED_ONLY },
		{ form, "off", il_function, { auipc, jalr, INSN_NOP, INSN_NOP },
		  2, { { 1, INSN_NOP }, { 0, INSN_NOP } }, PLAYED_ONLY },
		{ form, "off, the other way round", il_function, { auipc, jalr, INSN_NOP, INSN_NOP },
		  2, { { 0, INSN_NOP }, { 1, INSN_NOP } }, PLAYED_ONLY },
		{ form, "another trampoline", il_function, { auipc, jalr, INSN_NOP, INSN_NOP },
		  2, { { 0, auipc_regs }, { 1, jalr_regs } }, PLAYED_ONLY },
	};

	/* The last one can only be played with the rules that make it safe: else harts go to the midst of a trampoline. */
	for (unsigned int i = 0; i < ARRAY_SIZE(changes) - !rules->leave_trap; i++)
		interleave(&changes[i], rules, totals);
}

static void report(const char *form, const struct interleaving_totals *totals)
{
	pr_info("interleaving: %s: %u cases, %u unsafe\n", form, totals->cases, totals->unsafe);
}

KTEST(interleaving_near_sites_are_safe_always)
{
	struct interleaving_totals totals = { 0, 0 };

	near_changes(&totals);
	report("near", &totals);
	KTEST_EXPECT(totals.cases >= 50);
	KTEST_EXPECT_EQ(totals.unsafe, 0);
	totals = (struct interleaving_totals){ 0, 0 };
	near_halves(&totals);
	report("near, halves", &totals);
	KTEST_EXPECT_EQ(totals.unsafe, 0);
}

#define FAR_TEXT 0x7f010000UL	/* nothing is there, and auipc reaches the kernel */

KTEST(interleaving_far_sites_are_safe_always)
{
	struct interleaving_totals totals = { 0, 0 }, halves = { 0, 0 };
	void *page = __get_free_pages(GFP_KERNEL, 0);

	KTEST_EXPECT(page != NULL);
	memcpy(page, il_function, (char *)il_function_end - (char *)il_function);
	KTEST_EXPECT_EQ(arch_map_page(FAR_TEXT, __pa(page), PAGE_KERNEL_RX), 0);
	KTEST_EXPECT_EQ(patch_set_far_text(FAR_TEXT, FAR_TEXT + PAGE_SIZE), 0);
	arch_sync_instruction_streams();
	far_changes((u32 *)FAR_TEXT, &totals);
	far_halves((u32 *)FAR_TEXT, &halves);
	patch_set_far_text(0, 0);
	arch_unmap_page(FAR_TEXT);
	free_pages(page, 0);
	report("far", &totals);
	report("far, halves", &halves);
	KTEST_EXPECT_EQ(halves.unsafe, 0);
	KTEST_EXPECT(totals.cases >= 50);
	KTEST_EXPECT_EQ(totals.unsafe, 0);
}

/* What one word is for: with two, some harts are lost. */
KTEST(interleaving_two_words_are_unsafe)
{
	struct interleaving_totals totals = { 0, 0 };

	two_word_changes("two words", &one_word, &totals);
	report("two words", &totals);
	KTEST_EXPECT(totals.unsafe > 0);
}

/* It is not enough that all others stand still: one may stand between the words. */
KTEST(interleaving_two_words_are_unsafe_even_when_all_stand_still)
{
	static const struct interleaving_rules stopped = { .stopped = true };
	struct interleaving_totals totals = { 0, 0 };

	two_word_changes("two words, stopped", &stopped, &totals);
	report("two words, stopped", &totals);
	KTEST_EXPECT(totals.unsafe > 0);
}

KTEST(interleaving_two_words_are_safe_when_all_stand_still_and_start_again)
{
	static const struct interleaving_rules restarted = { .stopped = true, .leave_trap = restart_site };
	struct interleaving_totals totals = { 0, 0 };

	two_word_changes("two words, stopped and restarted", &restarted, &totals);
	report("two words, stopped and restarted", &totals);
	KTEST_EXPECT(totals.cases >= 30);
	KTEST_EXPECT_EQ(totals.unsafe, 0);
}
