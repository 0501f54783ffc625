/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_system.c - commands about the machine as a whole: help ps taskset dmesg uname clear reboot poweroff. */
#include "arch/arch.h"
#include "kernel/mm/slab.h"
#include "kernel/printk.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/shell.h"
#include "kernel/time/time.h"
#include "kernel/version.h"
#include "lib/kstrtox.h"
#include "lib/math64.h"
#include "lib/string.h"

/* --- help --- */

static int help_all(void)
{
	const struct shell_command *const *c;
	struct words names = { 0 };
	int err = 0;

	registry_for_each(commands, c)
		if (!err)
			err = words_add(&names, (*c)->name, strlen((*c)->name));
	words_sort(&names, 0);
	for (int i = 0; i < names.nr && !err; i++) {
		const char *help = find_command(names.v[i])->help;

		err = sh_printf("%-10s %.*s\n", names.v[i], (int)strcspn(help, "\n"), help);
	}
	words_free(&names);
	return err ? sh_fail("help", NULL, err) : 0;
}

static int help_one(const char *name)
{
	const struct shell_command *c = find_command(name);

	if (!c) {
		sh_error("help: %s: no such command\n", name);
		return 1;
	}
	return sh_printf("usage: %s %s\n%s\n", c->name, c->usage, c->help) ? 1 : 0;
}

static int cmd_help(int argc, char **argv)
{
	int status = 0;

	if (argc == 1)
		return help_all();
	for (int i = 1; i < argc; i++)
		status |= help_one(argv[i]);
	return status;
}
SHELL_COMMAND(help, cmd_help, 0, "[COMMAND]...", "lists the commands, or explains some");

/* --- ps --- */

static pid_t parent_pid(const struct task_struct *p)
{
	unsigned long flags;
	pid_t pid;

	spin_lock_irqsave(&tasklist_lock, flags);
	pid = p->parent ? p->parent->pid : 0;
	spin_unlock_irqrestore(&tasklist_lock, flags);
	return pid;
}

static int print_task(struct task_struct *p)
{
	u32 ns, s = div_u64_rem(READ_ONCE(p->sum_exec_runtime), NSEC_PER_SEC, &ns);
	bool kthread = p->flags & PF_KTHREAD;

	return sh_printf("%5d %5d %4d %c %6u.%03u %s%s%s\n", p->pid, parent_pid(p), p->cpu, task_state_to_char(p),
			 s, (u32)(ns / NSEC_PER_MSEC), kthread ? "[" : "", p->comm, kthread ? "]" : "");
}

static int cmd_ps(int argc, char **argv)
{
	struct task_struct *p;
	int err = sh_printf("  PID  PPID  CPU S       TIME COMMAND\n");

	for_each_task_get(p) {
		err = print_task(p);
		if (err) {
			put_task_struct(p);
			break;
		}
	}
	return err ? sh_fail("ps", NULL, err) : 0;
}
SHELL_COMMAND(ps, cmd_ps, 0, "", "lists the tasks; TIME is seconds of CPU; [kernel threads] in brackets");

/* --- taskset --- */

static int cmd_taskset(int argc, char **argv)
{
	unsigned long mask, old = current->cpus_mask;
	int status, err;

	if (argc < 3)
		return sh_usage("taskset");
	err = kstrtoul(argv[1], 16, &mask);
	if (!err)
		err = set_cpus_allowed(current, mask);
	if (err)
		return sh_fail("taskset", argv[1], err);
	status = shell_run_argv(argc - 2, argv + 2);
	set_cpus_allowed(current, old);
	return status;
}
SHELL_COMMAND(taskset, cmd_taskset, 0, "MASK COMMAND [ARGUMENT]...",
	      "runs COMMAND on the CPUs of MASK only, a hexadecimal number: 5 is CPUs 0 and 2");

/* --- dmesg --- */

#define RECORD_SIZE 1024

static int cmd_dmesg(int argc, char **argv)
{
	char *record = kmalloc(RECORD_SIZE, GFP_KERNEL);
	u64 seq = 0;
	int n, err = record ? 0 : -ENOMEM;

	while (!err && (n = kmsg_read(&seq, record, RECORD_SIZE)) > 0)
		err = sh_write(record, n);
	kfree(record);
	return err ? sh_fail("dmesg", NULL, err) : 0;
}
SHELL_COMMAND(dmesg, cmd_dmesg, 0, "", "prints the kernel's log");

/* --- uname --- */

static const struct uname_part {
	char option;
	const char *value;
} uname_parts[] = {
	/* In the order in which -a prints them. */
	{ 's', "patchbay" },
	{ 'n', "patchbay" },
	{ 'r', patchbay_version },
	{ 'v', patchbay_banner },
	{ 'm', patchbay_machine },
};

static int cmd_uname(int argc, char **argv)
{
	struct sh_getopt o = { 0 };
	unsigned int wanted = 0;
	char line[512];
	int c, len = 0;

	while ((c = sh_getopt(&o, argc, argv, "asnrvm")) >= 0) {
		if (c == '?')
			return 2;
		for (size_t i = 0; i < ARRAY_SIZE(uname_parts); i++)
			if (c == 'a' || c == uname_parts[i].option)
				wanted |= BIT(i);
	}
	if (!wanted)
		wanted = BIT(0);
	for (size_t i = 0; i < ARRAY_SIZE(uname_parts); i++)
		if (wanted & BIT(i))
			len += scnprintf(line + len, sizeof(line) - len, "%s%s", len ? " " : "", uname_parts[i].value);
	return sh_printf("%s\n", line) ? 1 : 0;
}
SHELL_COMMAND(uname, cmd_uname, 0, "[-asnrvm]",
	      "prints what runs here\n-s  the kernel's name   -n  the machine's   -r  the version\n"
	      "-v  more about it       -m  the processor       -a  all");

static int cmd_clear(int argc, char **argv)
{
	return sh_printf("\033[H\033[2J") ? 1 : 0;
}
SHELL_COMMAND(clear, cmd_clear, SHELL_BUILTIN, "", "clears the screen");

/* --- The end --- */

static int cmd_reboot(int argc, char **argv)
{
	pr_notice("reboot: Restarting system\n");
	arch_reboot();
}
SHELL_COMMAND(reboot, cmd_reboot, 0, "", "starts the machine again");

static int cmd_poweroff(int argc, char **argv)
{
	int status = 0;

	if (argc > 2)
		return sh_usage("poweroff");
	if (argc == 2 && (kstrtoint(argv[1], 10, &status) || status < 0 || status > 255))
		return sh_fail("poweroff", argv[1], -EINVAL);
	pr_notice("reboot: Power down\n");
	arch_power_off(status);
}
SHELL_COMMAND(poweroff, cmd_poweroff, 0, "[STATUS]",
	      "ends the machine; on riscv64 STATUS is QEMU's exit status");
