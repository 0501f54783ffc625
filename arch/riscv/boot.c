/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c - fills `machine` from the device tree that OpenSBI hands over.
 *
 * Runs first of all C code, with the MMU off: it may neither allocate nor print.
 * What is missing or malformed is left at zero; the boot then goes as far as it
 * can: without a console the run ends at once with a failing status.
 */
#include "arch/arch.h"
#include "arch/riscv/irqchip.h"
#include "arch/riscv/mm.h"
#include "arch/riscv/power.h"
#include "lib/fdt.h"
#include "lib/string.h"
#include <asm/timex.h>

#define DTB_MAX (2UL << 20)
#define PLIC_S_EXTERNAL 9	/* the interrupt of a hart's controller that a PLIC supervisor context drives */

struct machine machine;
unsigned long boot_hartid, boot_dtb;	/* head.S */

extern char _text[], _end[];

static u32 boot_cpu_intc;	/* phandle of the boot hart's interrupt controller */

static void add_range(struct mem_range *ranges, int *nr, u64 base, u64 size)
{
	int i = *nr;

	if (!size || i == MACHINE_MAX_RANGES)
		return;
	for (; i && ranges[i - 1].base > base; i--)
		ranges[i] = ranges[i - 1];
	ranges[i] = (struct mem_range){ base, size };
	(*nr)++;
}

static void reserve(u64 base, u64 size)
{
	add_range(machine.reserved, &machine.nr_reserved, base, size);
}

static void parse_chosen(const struct fdt *fdt, const struct fdt_node *node)
{
	const char *bootargs = fdt_prop_string(fdt, node, "bootargs");
	u64 start, end;

	if (bootargs)
		strscpy(machine.cmdline, bootargs, sizeof(machine.cmdline));
	if (fdt_prop_number(fdt, node, "linux,initrd-start", &start) &&
	    fdt_prop_number(fdt, node, "linux,initrd-end", &end) && start < end) {
		machine.initrd_start = (unsigned long)__va(start);
		machine.initrd_end = (unsigned long)__va(end);
		reserve(start, end - start);
	}
}

static void parse_memory(const struct fdt *fdt, const struct fdt_node *node)
{
	u64 base, size;

	for (unsigned int i = 0; fdt_reg(fdt, node, i, &base, &size); i++)
		add_range(machine.mem, &machine.nr_mem, base, size);
}

/* The boot hart is CPU 0, the others follow in the order of the tree. */
static void parse_cpu(const struct fdt *fdt, const struct fdt_node *node, bool *is_boot)
{
	u64 hart, size;
	const char *status = fdt_prop_string(fdt, node, "status");

	*is_boot = false;
	if (!fdt_reg(fdt, node, 0, &hart, &size) || (status && strcmp(status, "okay")))
		return;
	*is_boot = hart == boot_hartid;
	if (*is_boot)
		machine.cpu_hwid[0] = hart;
	else if (machine.nr_cpus < (int)ARRAY_SIZE(machine.cpu_hwid) - 1)
		machine.cpu_hwid[1 + machine.nr_cpus++] = hart;
}

static void parse_uart(const struct fdt *fdt, const struct fdt_node *node)
{
	u64 base, size, value;

	if (machine.uart_base || !fdt_reg(fdt, node, 0, &base, &size))
		return;
	machine.uart_base = base;
	if (fdt_prop_number(fdt, node, "reg-shift", &value))
		machine.uart_shift = (int)value;
	if (fdt_prop_number(fdt, node, "interrupts", &value))
		machine.uart_irq = (int)value;
	mm_add_device(base, size);
}

static void parse_plic(const struct fdt *fdt, const struct fdt_node *node)
{
	u64 base, size;
	u32 len;
	const void *contexts = fdt_prop(fdt, node, "interrupts-extended", &len);

	if (!contexts || !fdt_reg(fdt, node, 0, &base, &size))
		return;
	for (unsigned int i = 0; i < len / 8; i++)
		if (fdt_cell(contexts, 2 * i) == boot_cpu_intc && fdt_cell(contexts, 2 * i + 1) == PLIC_S_EXTERNAL) {
			plic_set_context((int)i);
			machine.irqchip_base = base;
			mm_add_device(base, size);
		}
}

/* First walk: the CPUs, which the interrupt controller's description refers to. */
static void parse_cpu_node(const struct fdt *fdt, const struct fdt_node *node)
{
	static bool in_boot_cpu;
	const char *type = fdt_prop_string(fdt, node, "device_type");
	u64 value;

	if (!strcmp(node->name, "cpus") && fdt_prop_number(fdt, node, "timebase-frequency", &value))
		machine.timebase = value;
	else if (type && !strcmp(type, "cpu"))
		parse_cpu(fdt, node, &in_boot_cpu);
	else if (in_boot_cpu && fdt_is_compatible(fdt, node, "riscv,cpu-intc") &&
		 fdt_prop_number(fdt, node, "phandle", &value))
		boot_cpu_intc = (u32)value;
}

/* Second walk: the rest.  The path to a node is not needed: what it is shows in its name or its type. */
static void parse_device_node(const struct fdt *fdt, const struct fdt_node *node)
{
	const char *type = fdt_prop_string(fdt, node, "device_type");
	u64 base, size;

	if (!*node->name)
		machine.model = fdt_prop_string(fdt, node, "model");
	else if (!strcmp(node->name, "chosen"))
		parse_chosen(fdt, node);
	else if (type && !strcmp(type, "memory"))
		parse_memory(fdt, node);
	else if (fdt_is_compatible(fdt, node, "ns16550a"))
		parse_uart(fdt, node);
	else if (fdt_is_compatible(fdt, node, "riscv,plic0") || fdt_is_compatible(fdt, node, "sifive,plic-1.0.0"))
		parse_plic(fdt, node);
	else if (fdt_is_compatible(fdt, node, "sifive,test0") && fdt_reg(fdt, node, 0, &base, &size)) {
		power_set_test_device(base);
		mm_add_device(base, size);
	}
}

static void walk_tree(const struct fdt *fdt, void (*parse)(const struct fdt *, const struct fdt_node *))
{
	struct fdt_node node = { 0 };

	while (fdt_next_node(fdt, &node))
		parse(fdt, &node);
}

void setup_arch(void)
{
	struct fdt fdt;

	if (fdt_open(&fdt, (const void *)boot_dtb, DTB_MAX) == 0) {
		walk_tree(&fdt, parse_cpu_node);
		walk_tree(&fdt, parse_device_node);
		reserve(boot_dtb, fdt.total_size);
	}
	machine.nr_cpus++;
	if (machine.timebase)
		riscv_clock_mult = (1000000000UL << CLOCK_SHIFT) / machine.timebase;
	/* The image, and below it the firmware: its memory is protected from us. */
	if (machine.nr_mem && machine.mem[0].base < (unsigned long)_text)
		reserve(machine.mem[0].base, (unsigned long)_text - machine.mem[0].base);
	reserve((unsigned long)_text, (unsigned long)(_end - _text));
}
