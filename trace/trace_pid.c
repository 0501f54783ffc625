/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_pid.c - see trace_pid.h. */
#include "trace/trace_pid.h"
#include "lib/kstrtox.h"
#include "trace/trace_parser.h"

#define PID_WORD_SIZE 128 /* of a number, with what ends it: as in Linux */

struct trace_pid_list *trace_pid_list_alloc(void)
{
	return kzalloc(sizeof(struct trace_pid_list), GFP_KERNEL);
}

void trace_pid_list_set(struct trace_pid_list *list, int pid)
{
	__atomic_fetch_or(&list->bits[pid / BITS_PER_LONG], BIT(pid % BITS_PER_LONG), __ATOMIC_RELAXED);
}

void trace_pid_list_clear(struct trace_pid_list *list, int pid)
{
	__atomic_fetch_and(&list->bits[pid / BITS_PER_LONG], ~BIT(pid % BITS_PER_LONG), __ATOMIC_RELAXED);
}

void trace_pid_list_add(struct trace_pid_list *list, const struct trace_pid_list *more)
{
	for (int i = 0; i < (int)PID_LONGS; i++)
		if (more->bits[i])
			__atomic_fetch_or(&list->bits[i], more->bits[i], __ATOMIC_RELAXED);
}

int trace_pid_list_next(const struct trace_pid_list *list, int pid)
{
	for (; pid < PID_MAX; pid++) {
		if (trace_pid_list_is_set(list, pid))
			return pid;
		/* The rest of a long that is empty need not be looked at. */
		if (!READ_ONCE(list->bits[pid / BITS_PER_LONG]))
			pid |= BITS_PER_LONG - 1;
	}
	return -1;
}

int trace_pid_list_parse(struct trace_pid_list *list, const char *buf, size_t cnt)
{
	struct trace_parser parser;
	int nr = 0, ret = trace_parser_get_init(&parser, PID_WORD_SIZE);

	while (!ret && cnt) {
		loff_t pos = 0;
		ssize_t used = trace_get_user(&parser, buf, cnt, &pos);
		unsigned long pid;

		if (used < 0 || !trace_parser_loaded(&parser)) {
			ret = min(used, (ssize_t)0);
			break;
		}
		if (kstrtoul(parser.buffer, 0, &pid) || pid >= PID_MAX) {
			ret = -EINVAL;
			break;
		}
		trace_pid_list_set(list, pid);
		nr++;
		buf += used;
		cnt -= used;
	}
	trace_parser_put(&parser);
	return ret ? ret : nr;
}
