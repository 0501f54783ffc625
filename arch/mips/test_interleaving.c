/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_interleaving.c - a hart in front of each instruction of a site while the site changes (tests/ktest/interleaving.h).
 *
 * The hart is played by the CPU itself.  Its registers are in il_hart, a struct pt_regs; il_run() puts those of the
 * kernel aside and loads the hart's, and it runs until it comes to one of two stubs, which does the reverse.  The hart's
 * stack is il_stack.  Interrupts are off while it runs, so that k0 and k1 are free for the stubs.
 *
 * QEMU never stops between a jump and its delay slot; a CPU does, and its trap says that the jump is to be executed
 * again.  hart_in_slot() does to the hart what both have done then.
 */
#include "arch/mips/insn.h"
#include "arch/mips/patch.h"
#include "kernel/mm/vmalloc.h"
#include "kernel/printk.h"
#include "tests/ktest/interleaving.h"
#include "tests/ktest/ktest.h"

#if SZREG == 8
#define LOAD "ld "
#define STORE "sd "
#else
#define LOAD "lw "
#define STORE "sw "
#endif

#define ADDRESS(reg, symbol) "lui " reg ", %hi(" symbol ")\naddiu " reg ", " reg ", %lo(" symbol ")\n"

/* A jump that keeps every register but k0; the place may be copied anywhere. */
#define STUB(name, target) name ": " ADDRESS("$26", target) "jr $26\nnop\n"

/* All registers but k0 and k1, to or from where k1 points to. */
#define ALL_REGISTERS(op) \
	".irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,28,29,30,31\n" \
	op "$\\n, " __stringify(SZREG) " * \\n($27)\n.endr\n"
/* What a callee keeps, and where to return to. */
#define CALLEE_SAVED(op) \
	".irp n, 16,17,18,19,20,21,22,23,28,29,30,31\n" op "$\\n, " __stringify(SZREG) " * \\n($27)\n.endr\n"

/* Where a stub leads: the hart's registers go to il_hart, the kernel's come back, il_run() returns the event. */
#define ARRIVE(name, event)                             \
	name ": " ADDRESS("$27", "il_hart")             \
	ALL_REGISTERS(STORE)                            \
	"li $2, " event "\n"                            \
	ADDRESS("$27", "il_kernel")                     \
	CALLEE_SAVED(LOAD)                              \
	"jr $31\nnop\n"

__asm__(".text\n.balign 32\n"
	".set push\n.set noreorder\n.set noat\n"
	"il_function: move $1, $31\nnop\nnop\nnop\nnop\nnop\nnop\nnop\n"
	"nop\n"		/* the delay slot of a branch in the last word */
	STUB("il_body", "il_in_body")
	STUB("il_park", "il_parked")
	"il_function_end:\n"
	ARRIVE("il_parked", "0")
	ARRIVE("il_in_body", "1")
	".globl il_run\nil_run: " ADDRESS("$27", "il_kernel")
	CALLEE_SAVED(STORE)
	ADDRESS("$27", "il_hart")
	LOAD "$26, " __stringify(PT_EPC) "($27)\n"
#if SZREG == 8
	"d"
#endif
	"mtc0 $26, " __stringify(CP0_EPC) "\n"
	"mfc0 $26, " __stringify(CP0_STATUS) "\n"
	"ori $26, $26, " __stringify(ST_EXL) "\n"	/* eret clears it; IE is 0 */
	"mtc0 $26, " __stringify(CP0_STATUS) "\n"
	"ehb\n"
	ALL_REGISTERS(LOAD)
	"eret\n"
	".set pop\n"
	".bss\n.balign 16\n"
	".globl il_hart\nil_hart: .skip " __stringify(PT_SIZE) "\n"
	"il_kernel: .skip " __stringify(PT_SIZE) "\n"
	"il_stack: .skip 4096\n"
	".previous\n");

extern u32 il_function[], il_park[], il_function_end[];
extern char il_stack[];
extern char ftrace_far_caller[], ftrace_far_regs_caller[];

/* ---- the hart ---- */

#define MAGIC(n) (0x5eed0000UL + (n))	/* what register n holds before */
#define STACK ((unsigned long)il_stack + 4096 - 64)	/* o32: callees may store their arguments above */

void hart_init(struct pt_regs *hart, const u32 *site)
{
	memset(hart, 0, sizeof(*hart));
	for (int n = 1; n < 32; n++)
		hart->regs[n] = MAGIC(n);
	hart->regs[REG_SP] = STACK;
	hart->epc = (unsigned long)site;
	__asm__ volatile("move %0, $28" : "=r"(hart->regs[REG_GP]));
}

/* What arguments come in, what callees keep, and where to return to. */
bool hart_is_intact(const struct pt_regs *hart)
{
	for (int n = REG_A0; n < REG_A0 + FTRACE_REGS_ARGS; n++)
		if (hart->regs[n] != MAGIC(n))
			return false;
	for (int n = 16; n < 24; n++)
		if (hart->regs[n] != MAGIC(n))
			return false;
	return hart->regs[REG_SP] == STACK && hart->regs[REG_FP] == MAGIC(REG_FP) && hart->regs[REG_RA] == MAGIC(REG_RA);
}

unsigned long hart_parent(void)
{
	return MAGIC(REG_RA);
}

unsigned long hart_arg0(void)
{
	return MAGIC(REG_A0);
}

void hart_write_word(const u32 *site, int word, u32 value)
{
	patch_word((unsigned long)(site + word), value);
}

/* A branch to the stub behind the function, and nothing in its delay slot. */
void hart_write_park(const u32 *site, int park)
{
	hart_write_word(site, park, insn_b((char *)il_park - (char *)(il_function + park)));
	if (park + 1 < FTRACE_SITE_WORDS)
		hart_write_word(site, park + 1, INSN_NOP);
}

#define INSN_J(addr) (INSN_JAL(addr) ^ 0x04000000)	/* links no register */

const u32 *hart_trampoline(const u32 *site, const u32 *words)
{
	const unsigned long near[] = { FTRACE_ADDR, FTRACE_REGS_ADDR };

	for (int i = 0; i < 2; i++)
		if (words[1] == INSN_JAL(near[i]))
			return (const u32 *)near[i];
#if FTRACE_HAS_FAR_SITES
	const unsigned long far[] = { (unsigned long)ftrace_far_caller, (unsigned long)ftrace_far_regs_caller };

	for (int i = 0; i < 2; i++)
		if (words[0] == insn_lui(REG_V1, insn_hi16(far[i])) && words[2] == insn_addiu(REG_V1, REG_V1, insn_lo16(far[i])))
			return (const u32 *)far[i];
#endif
	return NULL;
}

void hart_write_park_in_trampoline(const u32 *entry)
{
	hart_write_word(entry, 0, INSN_J((unsigned long)il_park));
	hart_write_word(entry, 1, INSN_NOP);
}

int hart_stop_at(const u32 *words, int park)
{
	return park && insn_is_jump(words[park - 1]) ? park - 1 : park;
}

void hart_in_slot(struct pt_regs *hart, const u32 *site, const u32 *words, int park)
{
	u32 jump = words[park - 1];

	if (jump == INSN_JALR_V1 || INSN_OP(jump) == INSN_OP(INSN_JAL(0)))
		hart->regs[REG_RA] = (unsigned long)(site + park + 1);
	hart->cause = CAUSE_BD;
	undo_site_link(hart);
}

/* ---- what changes ---- */

static const struct interleaving_rules one_word;	/* none are needed */

#define HINT(n) insn_payload(NOTE_INDEX(n))

static void play_all(const struct interleaving *changes, unsigned int n, struct interleaving_totals *totals)
{
	for (unsigned int i = 0; i < n; i++)
		interleave(&changes[i], &one_word, totals);
}

KTEST(interleaving_near_sites_are_safe_always)
{
	u32 move = INSN_MOVE_AT_RA, jal = INSN_JAL(FTRACE_ADDR), jal_regs = INSN_JAL(FTRACE_REGS_ADDR);
	const struct interleaving changes[] = {
		{ "near", "on", il_function, { move }, 2, { { 2, HINT(0) }, { 1, jal } },
		  0, FTRACE_ADDR, NOTE_INDEX(0) },
		{ "near", "off", il_function, { move, jal, HINT(0) }, 2, { { 1, INSN_NOP }, { 2, INSN_NOP } },
		  FTRACE_ADDR, 0, 0 },
		{ "near", "another payload", il_function, { move, jal, HINT(0) }, 1, { { 2, HINT(1) } },
		  FTRACE_ADDR, FTRACE_ADDR, NOTE_INDEX(1) },
		{ "near", "to the list", il_function, { move, jal, HINT(0) }, 1, { { 2, INSN_NOP } },
		  FTRACE_ADDR, FTRACE_ADDR, 0 },
		{ "near", "another trampoline", il_function, { move, jal, HINT(0) },
		  2, { { 2, HINT(1) }, { 1, jal_regs } },
		  FTRACE_ADDR, FTRACE_REGS_ADDR, NOTE_INDEX(1) },
	};
	struct interleaving_totals totals = { 0, 0 };

	play_all(changes, ARRAY_SIZE(changes), &totals);
	pr_info("interleaving: near: %u cases, %u unsafe\n", totals.cases, totals.unsafe);
	KTEST_EXPECT(totals.cases >= 50);
	KTEST_EXPECT_EQ(totals.unsafe, 0);
}

#if FTRACE_HAS_FAR_SITES
static void far_changes(u32 *site, struct interleaving_totals *totals)
{
	unsigned long far = (unsigned long)ftrace_far_caller, far_regs = (unsigned long)ftrace_far_regs_caller;
	u32 b = insn_b(FTRACE_SITE_SIZE), lui = insn_lui(REG_V1, insn_hi16(far));
	u32 addiu = insn_addiu(REG_V1, REG_V1, insn_lo16(far)), addiu_regs = insn_addiu(REG_V1, REG_V1, insn_lo16(far_regs));
	u32 move = INSN_MOVE_AT_RA, jalr = INSN_JALR_V1;
	const struct interleaving changes[] = {
		{ "far", "on", site, { b, move, addiu, jalr }, 2, { { 4, HINT(0) }, { 0, lui } },
		  0, FTRACE_ADDR, NOTE_INDEX(0) },
		{ "far", "on, all registers", site, { b, move, addiu, jalr },
		  3, { { 2, addiu_regs }, { 4, HINT(0) }, { 0, lui } },
		  0, FTRACE_REGS_ADDR, NOTE_INDEX(0) },
		{ "far", "off", site, { lui, move, addiu, jalr, HINT(0) }, 2, { { 0, b }, { 4, INSN_NOP } },
		  FTRACE_ADDR, 0, 0 },
		{ "far", "off, all registers", site, { lui, move, addiu_regs, jalr, HINT(0) },
		  3, { { 0, b }, { 2, addiu }, { 4, INSN_NOP } },
		  FTRACE_REGS_ADDR, 0, 0 },
		{ "far", "another payload", site, { lui, move, addiu, jalr, HINT(0) }, 1, { { 4, HINT(1) } },
		  FTRACE_ADDR, FTRACE_ADDR, NOTE_INDEX(1) },
		{ "far", "another trampoline", site, { lui, move, addiu, jalr, HINT(0) },
		  2, { { 2, addiu_regs }, { 4, HINT(1) } },
		  FTRACE_ADDR, FTRACE_REGS_ADDR, NOTE_INDEX(1) },
	};

	play_all(changes, ARRAY_SIZE(changes), totals);
}

KTEST(interleaving_far_sites_are_safe_always)
{
	unsigned long size = (char *)il_function_end - (char *)il_function;
	struct interleaving_totals totals = { 0, 0 };
	u32 *copy = vmalloc(PAGE_SIZE);

	KTEST_EXPECT(copy != NULL);
	memcpy(copy, il_function, size);
	patch_flush((unsigned long)copy, size);
	patch_hazard();
	patch_set_far_text((unsigned long)copy, (unsigned long)copy + PAGE_SIZE);
	far_changes(copy, &totals);
	patch_set_far_text(0, 0);
	vfree(copy);
	pr_info("interleaving: far: %u cases, %u unsafe\n", totals.cases, totals.unsafe);
	KTEST_EXPECT(totals.cases >= 50);
	KTEST_EXPECT_EQ(totals.unsafe, 0);
}
#endif
