/* SPDX-License-Identifier: BSD-2-Clause */
/* site_calls.c - see site_calls.h. */
#include "tests/ktest/site_calls.h"
#include "tests/ktest/ktest.h"

struct site_calls seen;

static void note_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
	seen.hits++;
	seen.ip = ip;
	seen.parent_ip = parent_ip;
	seen.op = op;
	seen.arg0 = ftrace_regs_get_argument(fregs, 0);
	seen.with_regs = ftrace_get_regs(fregs) != NULL;
}

struct ftrace_ops note_ops[2] = { { .func = note_call }, { .func = note_call } };

static void set_slot(ftrace_func_t func)
{
	ftrace_arch_code_modify_prepare();
	ftrace_update_ftrace_func(func);
	ftrace_arch_code_modify_post_process();
}

void note_calls(bool on)
{
	static struct ftrace_dispatch saved[ARRAY_SIZE(note_ops)];

	for (unsigned int i = 0; i < ARRAY_SIZE(note_ops); i++) {
		if (on)
			saved[i] = ftrace_dispatch[NOTE_INDEX(i)];
		ftrace_dispatch[NOTE_INDEX(i)] = on ? (struct ftrace_dispatch){ note_call, &note_ops[i] } : saved[i];
	}
	set_slot(on ? note_call : ftrace_slot_func);
}

int change_test_site(const u32 *site, unsigned long old_addr, unsigned long addr, u32 payload)
{
	int err;

	ftrace_arch_code_modify_prepare();
	err = ftrace_change_site((unsigned long)site, old_addr, addr, payload);
	ftrace_arch_code_modify_post_process();
	return err;
}

/* A call, not a jump: its parent is us. */
static noinline void call_site(const u32 *site, u32 *ran)
{
	((void (*)(u32 *))site)(ran);
	barrier();
}

static bool is_in_call_site(unsigned long addr)
{
	return addr > (unsigned long)call_site && addr <= (unsigned long)call_site + 64;
}

void expect_site_calls(const u32 *site, unsigned long addr, u32 index)
{
	u32 ran = 0;

	memset(&seen, 0, sizeof(seen));
	KTEST_EXPECT_EQ(change_test_site(site, 0, addr, index), 0);
	call_site(site, &ran);
	KTEST_EXPECT_EQ(change_test_site(site, addr, 0, 0), 0);
	KTEST_EXPECT_EQ(seen.hits, 1);
	KTEST_EXPECT_EQ(seen.ip, (unsigned long)site);
	KTEST_EXPECT(is_in_call_site(seen.parent_ip));
	KTEST_EXPECT_EQ(seen.arg0, (unsigned long)&ran);
	KTEST_EXPECT_EQ(seen.with_regs, addr == FTRACE_REGS_ADDR);
	KTEST_EXPECT(seen.op == (index ? &note_ops[NOTE_INDEX(0) - index] : function_trace_op));
	KTEST_EXPECT(ran != 0);
	ran = 0;
	call_site(site, &ran);
	KTEST_EXPECT(ran != 0);
	KTEST_EXPECT_EQ(seen.hits, 1);
}

void expect_site_calls_in_all_ways(const u32 *site)
{
	note_calls(true);
	expect_site_calls(site, FTRACE_ADDR, 0);
	expect_site_calls(site, FTRACE_ADDR, NOTE_INDEX(0));
	expect_site_calls(site, FTRACE_REGS_ADDR, 0);
	expect_site_calls(site, FTRACE_REGS_ADDR, NOTE_INDEX(0));
	note_calls(false);
}
