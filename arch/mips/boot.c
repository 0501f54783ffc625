/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c - fills `machine` from what YAMON hands over; the rest a Malta has always had.
 *
 * Runs first of all C code: it may neither allocate nor print.
 *
 *   argv[1]      the command line; in front of it, when there is an initial RAM disk,
 *                rd_start=0x... rd_size=..., which users do not see
 *   memsize      bytes of RAM, decimal; what lies beyond kseg0's first 256 MiB is not used
 */
#include "arch/arch.h"
#include "arch/mips/firmware.h"
#include "arch/mips/irqchip.h"
#include "arch/mips/mm.h"
#include "lib/string.h"
#include <asm/timex.h>

#define MEMSIZE_DEFAULT (32UL << 20)	/* the smallest Malta */
#define MEMSIZE_MAX (256UL << 20)	/* above it come devices and the PCI windows */
#define LOW_RESERVED (1UL << 20)	/* exception vectors, and the firmware's tables and strings */
#define COM1_PORT 0x3f8
#define COM1_IRQ 4

struct machine machine;

extern char _text[], _end[];

static void reserve(unsigned long base, unsigned long size)
{
	int i = machine.nr_reserved;

	if (!size || i == MACHINE_MAX_RANGES)
		return;
	for (; i && machine.reserved[i - 1].base > base; i--)
		machine.reserved[i] = machine.reserved[i - 1];
	machine.reserved[i] = (struct mem_range){ base, size };
	machine.nr_reserved++;
}

/* The value of the word that begins with `name` (up to and with '='); moves *line behind the word. */
static bool take_word(const char **line, const char *name, u32 *value)
{
	size_t len = strlen(name);

	if (strncmp(*line, name, len))
		return false;
	*value = firmware_number(*line + len);
	while (**line && **line != ' ')
		(*line)++;
	while (**line == ' ')
		(*line)++;
	return true;
}

/* YAMON's own way to name a RAM disk is the environment; a boot loader's (and QEMU's), the first words. */
static void parse_command_line(void)
{
	const char *line = firmware_argument(1), *start = firmware_getenv("rd_start"), *size = firmware_getenv("rd_size");
	u32 rd_start = start ? firmware_number(start) : 0, rd_size = size ? firmware_number(size) : 0;

	if (!line)
		line = "";
	while (take_word(&line, "rd_start=", &rd_start) || take_word(&line, "rd_size=", &rd_size))
		;
	strscpy(machine.cmdline, line, sizeof(machine.cmdline));
	if (rd_size && rd_start >= KSEG0 && rd_start < KSEG1) {
		machine.initrd_start = SEGMENT_ADDR(rd_start);
		machine.initrd_end = machine.initrd_start + rd_size;
		reserve(__pa(machine.initrd_start), rd_size);
	}
}

static unsigned long memory_size(void)
{
	const char *text = firmware_getenv("memsize");
	unsigned long size = text ? firmware_number(text) : MEMSIZE_DEFAULT;

	return size < MEMSIZE_MAX ? size : MEMSIZE_MAX;
}

void setup_arch(void)
{
	machine.model = "MIPS Malta";
	machine.mem[machine.nr_mem++] = (struct mem_range){ 0, memory_size() };
	reserve(0, LOW_RESERVED);
	reserve(__pa(_text), (unsigned long)(_end - _text));
	parse_command_line();
	machine.nr_cpus = 1;
	machine.uart_base = (unsigned long)isa_port(COM1_PORT);
	machine.uart_irq = COM1_IRQ;
	machine.irqchip_base = (unsigned long)isa_port(PIC_MASTER);
	time_measure();
}
