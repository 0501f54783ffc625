/* SPDX-License-Identifier: BSD-2-Clause */
/* host_arch.c - see host_arch.h. */
#include "tests/unit/host_arch.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "tests/unit/host_os.h"
#include "trace/ftrace_internal.h"

char host_text[HOST_MAX_SITES * HOST_FUNC_SIZE] __aligned(16);
char ftrace_caller[16], ftrace_regs_caller[16];
struct host_arch_stats host_arch_stats;
ftrace_func_t host_slot = ftrace_stub;
void (*host_arch_change_hook)(unsigned long ip);

static bool in_batch, stopped;
static unsigned long last_ip;
static int fail_countdown, fail_error;

void ftrace_stub(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

void host_arch_clear_stats(void)
{
	memset(&host_arch_stats, 0, sizeof(host_arch_stats));
}

const unsigned long *host_stack;

void arch_stack_walk(bool (*fn)(void *cookie, unsigned long pc), void *cookie, struct task_struct *task,
		     const struct pt_regs *regs)
{
	for (const unsigned long *pc = host_stack; pc && *pc && fn(cookie, *pc); pc++)
		;
}

void host_arch_reset(void)
{
	u32 *word = (u32 *)host_text;

	for (size_t i = 0; i < sizeof(host_text) / sizeof(*word); i++)
		word[i] = HOST_COMPILER_NOP;
	host_arch_clear_stats();
	host_slot = ftrace_stub;
	in_batch = false;
	last_ip = 0;
	fail_countdown = 0;
	host_stack = NULL;
	host_arch_change_hook = NULL;
}

int host_arch_fail_at(int n, int error)
{
	int missing = fail_countdown;

	fail_countdown = n;
	fail_error = error;
	return missing;
}

static int injected_error(void)
{
	return fail_countdown && !--fail_countdown ? fail_error : 0;
}

static bool is_text(unsigned long ip)
{
	return ip >= (unsigned long)host_text && ip + FTRACE_SITE_SIZE <= (unsigned long)host_text + sizeof(host_text);
}

int ftrace_arch_code_modify_prepare(void)
{
	if (in_batch)
		host_arch_stats.context_errors++;
	in_batch = true;
	last_ip = 0;
	return 0;
}

int ftrace_arch_code_modify_post_process(void)
{
	in_batch = false;
	host_arch_stats.batches++;
	return 0;
}

int ftrace_arch_code_modify_stopped(int (*fn)(void *), void *data)
{
	unsigned long flags;
	int ret;

	host_event("stop");
	stopped = true;
	local_irq_save(flags);
	ftrace_arch_code_modify_prepare();
	ret = fn(data);
	ftrace_arch_code_modify_post_process();
	local_irq_restore(flags);
	stopped = false;
	host_event("go");
	return ret;
}

void arch_sync_instruction_streams(void)
{
	host_event("sync");
}

void ftrace_expected_site(unsigned long ip, unsigned long addr, u32 payload, u32 words[FTRACE_SITE_WORDS])
{
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		words[i] = HOST_NOP;
	if (!addr)
		return;
	words[0] = HOST_CALL;
	if (addr == FTRACE_ADDR || addr == FTRACE_REGS_ADDR)
		words[1] = addr == FTRACE_REGS_ADDR ? HOST_TO_REGS_CALLER : HOST_TO_CALLER;
	else
		words[1] = HOST_TO_DIRECT | (u32)(addr - (unsigned long)host_text);
	if (payload)
		words[2] = HOST_PAYLOAD | payload;
}

bool ftrace_site_reaches(unsigned long ip, unsigned long addr)
{
	if (addr == FTRACE_ADDR || addr == FTRACE_REGS_ADDR)
		return true;
	return is_text(addr) && addr - ip + HOST_REACH < 2 * HOST_REACH;
}

int ftrace_read_site(unsigned long ip, u32 words[FTRACE_SITE_WORDS])
{
	if (!is_text(ip))
		return -EFAULT;
	memcpy(words, (void *)ip, FTRACE_SITE_SIZE);
	return 0;
}

void ftrace_decode_word(unsigned long addr, u32 word, char *text, size_t size)
{
	snprintf(text, size, word == HOST_NOP ? "nop" : "word %08x", word);
}

/* Does the site hold the form for `addr`, whatever its payload? */
static bool site_is(unsigned long ip, unsigned long addr)
{
	u32 words[FTRACE_SITE_WORDS], expected[FTRACE_SITE_WORDS];
	u32 payload;

	memcpy(words, (void *)ip, sizeof(words));
	payload = (words[2] & 0xffff0000) == HOST_PAYLOAD ? words[2] & 0xffff : 0;
	ftrace_expected_site(ip, addr, addr ? payload : 0, expected);
	return !memcmp(words, expected, sizeof(words));
}

static int change_site(unsigned long ip, unsigned long old_addr, unsigned long addr, u32 payload)
{
	u32 words[FTRACE_SITE_WORDS];
	int err;

	if (!in_batch || stopped != ftrace_patch_stopped)
		host_arch_stats.context_errors++;
	if (host_arch_change_hook)
		host_arch_change_hook(ip);
	err = injected_error();
	if (err)
		return err;
	if (!is_text(ip))
		return -EFAULT;
	if (ip < last_ip)
		host_arch_stats.order_errors++;
	last_ip = ip;
	if (!site_is(ip, old_addr) || (addr && !ftrace_site_reaches(ip, addr)))
		return -EINVAL;
	ftrace_expected_site(ip, addr, payload, words);
	memcpy((void *)ip, words, sizeof(words));
	return 0;
}

struct dyn_ftrace *ftrace_change_sites(struct dyn_ftrace *rec, const struct dyn_ftrace *end,
				       const struct ftrace_change *change, int *err)
{
	int *counter = !change->old_addr ? &host_arch_stats.make_call :
		       !change->addr	 ? &host_arch_stats.make_nop :
					   &host_arch_stats.modify_call;

	host_arch_stats.runs++;
	host_event(!change->old_addr ? "on" : !change->addr ? "off" : "modify");
	for (; rec < end && rec->flags == change->flags; rec++) {
		*err = change_site(change->base + (long)rec->ip_offset, change->old_addr, change->addr, change->payload);
		if (*err)
			break;
		rec->flags = change->new_flags;
		(*counter)++;
	}
	return rec;
}

int ftrace_init_nop(unsigned long ip)
{
	u32 words[FTRACE_SITE_WORDS];

	if (ftrace_read_site(ip, words))
		return -EFAULT;
	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		if (words[i] != HOST_COMPILER_NOP)
			return -EINVAL;
	ftrace_expected_site(ip, 0, 0, words);
	memcpy((void *)ip, words, sizeof(words));
	host_arch_stats.init_nop++;
	return change_site(ip, 0, 0, 0);
}

int ftrace_update_ftrace_func(ftrace_func_t func)
{
	int err = injected_error();

	if (!in_batch)
		host_arch_stats.context_errors++;
	if (err)
		return err;
	host_arch_stats.slot_updates++;
	host_slot = func;
	host_event(func == ftrace_stub ? "slot:stub" : func == ftrace_ops_list_func ? "slot:list" : "slot:callback");
	return 0;
}

int ftrace_check_ftrace_func(ftrace_func_t func, u32 *expected, u32 *found)
{
	*expected = (u32)(unsigned long)func;
	*found = (u32)(unsigned long)host_slot;
	return host_slot == func ? 0 : -EINVAL;
}

bool host_site_is_on(unsigned long ip)
{
	return *(u32 *)ip == HOST_CALL;
}

bool host_site_has_regs(unsigned long ip)
{
	return ((u32 *)ip)[1] == HOST_TO_REGS_CALLER;
}

u32 host_site_payload(unsigned long ip)
{
	u32 word = ((u32 *)ip)[2];

	return (word & 0xffff0000) == HOST_PAYLOAD ? word & 0xffff : 0;
}

unsigned long host_site_direct(unsigned long ip)
{
	u32 word = ((u32 *)ip)[1];

	return (word & 0xff000000) == HOST_TO_DIRECT ? (unsigned long)host_text + (word & 0xffffff) : 0;
}

unsigned long host_call(unsigned long ip, unsigned long parent_ip)
{
	struct pt_regs regs = { .pc = ip };
	struct ftrace_regs fregs = { .pc = ip + FTRACE_SITE_SIZE, .ra = parent_ip };
	u32 index = host_site_payload(ip);

	if (!host_site_is_on(ip))
		return 0;
	if (host_site_direct(ip))
		return host_site_direct(ip);
	if (host_site_has_regs(ip))
		fregs.regs = &regs;
	if (index)
		ftrace_dispatch[index].func(ip, parent_ip, ftrace_dispatch[index].ops, &fregs);
	else
		host_slot(ip, parent_ip, function_trace_op, &fregs);
	return regs.direct;
}
