/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sections.lds.h - the parts that every machine's linker script shares.
 *
 * MCOUNT_REC gathers the patch sites: the compiler's __patchable_function_entries
 * (and __mcount_loc, where a tool collected them) lie between __start_mcount_loc and
 * __stop_mcount_loc, one address a site.  Nothing refers to single entries, so KEEP.
 */

#define MCOUNT_REC                                                      \
	. = ALIGN(8);                                                   \
	__start_mcount_loc = .;                                         \
	KEEP(*(__mcount_loc))                                           \
	KEEP(*(__patchable_function_entries))                           \
	__stop_mcount_loc = .;

/* `Ns` (sync) follows N and has no level of its own; rootfs runs at the end of level 5; early is before all levels. */
#define INIT_CALLS_LEVEL(level)                                         \
	__initcall##level##_start = .;                                  \
	KEEP(*(.initcall##level##.init))                                \
	KEEP(*(.initcall##level##s.init))

#define INIT_CALLS                                                      \
	. = ALIGN(8);                                                   \
	__initcall_start = .;                                           \
	KEEP(*(.initcallearly.init))                                    \
	INIT_CALLS_LEVEL(0)                                             \
	INIT_CALLS_LEVEL(1)                                             \
	INIT_CALLS_LEVEL(2)                                             \
	INIT_CALLS_LEVEL(3)                                             \
	INIT_CALLS_LEVEL(4)                                             \
	INIT_CALLS_LEVEL(5)                                             \
	INIT_CALLS_LEVEL(rootfs)                                        \
	INIT_CALLS_LEVEL(6)                                             \
	INIT_CALLS_LEVEL(7)                                             \
	__initcall_end = .;

/* One registry (lib/registry.h): an array of pointers.  A new registry is a new line here. */
#define REGISTRY(name)                                                  \
	. = ALIGN(8);                                                   \
	__start_registry_##name = .;                                    \
	KEEP(*(registry_##name))                                        \
	__stop_registry_##name = .;

#define REGISTRIES                                                      \
	REGISTRY(commands)                                              \
	REGISTRY(ktests)                                                \
	REGISTRY(params)                                                \
	REGISTRY(proc_files)                                            \
	REGISTRY(tracefs_files)                                         \
	REGISTRY(tracers)                                               \
	REGISTRY(workloads)

/* The code of an untraced folder in one piece, so that an address tells where it comes from (kernel/os.c). */
#define TEXT_OF(folder, first, last)                                    \
	__start_text_##folder = .;                                      \
	first                                                           \
	*/obj/folder/?*(.text .text.*)                                  \
	last                                                            \
	__stop_text_##folder = .;

/* What a machine wants at the start and at the end of its folder. */
#ifndef ARCH_TEXT_FIRST
#define ARCH_TEXT_FIRST
#define ARCH_TEXT_LAST
#endif

#define TEXT                                                            \
	*(.head.text)                                                   \
	_stext = .;                                                     \
	TEXT_OF(arch, ARCH_TEXT_FIRST, ARCH_TEXT_LAST)                  \
	TEXT_OF(lib, , )                                                \
	TEXT_OF(trace, , )                                              \
	TEXT_OF(tests, , )                                              \
	*(.text .text.*)                                                \
	. = ALIGN(8);                                                   \
	_etext = .;

#define INIT_TEXT                                                       \
	_sinittext = .;                                                 \
	*(.init.text)                                                   \
	_einittext = .;

/* The symbol table is last, so that its size moves no other read-only object. */
#define RODATA                                                          \
	*(.rodata .rodata.* .srodata .srodata.*)                        \
	REGISTRIES                                                      \
	. = ALIGN(8);                                                   \
	*(.rodata.kallsyms)

#define INIT_DATA                                                       \
	*(.init.data .init.rodata)                                      \
	INIT_CALLS                                                      \
	MCOUNT_REC

/* CPU 0 uses the linked copy of the per-CPU section itself; the others get copies at boot. */
#define PERCPU                                                          \
	. = ALIGN(64);                                                  \
	__per_cpu_start = .;                                            \
	*(.data..percpu)                                                \
	. = ALIGN(64);                                                  \
	__per_cpu_end = .;

#define DATA                                                            \
	_sdata = .;                                                     \
	*(.data.read_mostly)                                            \
	PERCPU /* before .data.*, which would take it */                \
	*(.data .data.* .sdata .sdata.*)                                \
	. = ALIGN(8);                                                   \
	_edata = .;

#define BSS                                                             \
	__bss_start = .;                                                \
	*(.sbss .sbss.* .bss .bss.* COMMON)                             \
	. = ALIGN(8);                                                   \
	__bss_stop = .;

/* The boot stack.  The page below it is nobody's: unmapped where the machine can do that, and trap entry knows its addresses. */
#define BOOT_STACK                                                      \
	. += PAGE_SIZE;                                                 \
	. = ALIGN(2 * THREAD_SIZE);                                     \
	init_stack = .;                                                 \
	. += THREAD_SIZE;

/* Read-execute, read-only, and twice read-write: each begins a page of its own. */
#define SEGMENTS                                                        \
	text PT_LOAD FLAGS(5);                                          \
	rodata PT_LOAD FLAGS(4);                                        \
	init PT_LOAD FLAGS(6);                                          \
	data PT_LOAD FLAGS(6);

/* All of the image, from the address that the machine's script has set.  .init.text and .init.data are freed after boot. */
#define IMAGE                                                           \
	_text = .;                                                      \
	.text : { TEXT } :text                                          \
	. = ALIGN(PAGE_SIZE);                                           \
	__init_begin = .;                                               \
	.init.text : { INIT_TEXT } :text                                \
	. = ALIGN(PAGE_SIZE);                                           \
	__init_text_end = .;                                            \
	.rodata : { RODATA } :rodata                                    \
	. = ALIGN(PAGE_SIZE);                                           \
	__end_rodata = .;                                               \
	.init.data : { INIT_DATA } :init                                \
	. = ALIGN(PAGE_SIZE);                                           \
	__init_end = .;                                                 \
	.data : { DATA } :data                                          \
	.bss (NOLOAD) : { BSS BOOT_STACK } :data                        \
	. = ALIGN(PAGE_SIZE);                                           \
	_end = .;

#define DISCARDS                                                        \
	/DISCARD/ : {                                                   \
		*(.comment .note .note.* .eh_frame .riscv.attributes .MIPS.abiflags .MIPS.options .reginfo .pdr .gnu.attributes) \
	}

/* Calls of _mcount are looked up in the first link's image, which has no table yet: there it is tools/lint that checks. */
#ifdef CONFIG_MCOUNT_PG
#define ASSERT_SITES
#else
#define ASSERT_SITES                                                                              \
	ASSERT(__stop_mcount_loc > __start_mcount_loc, "no patch sites: -fpatchable-function-entry is missing")
#endif

/* What must hold for the kernel to be right; checked at every link. */
#define ASSERTS(word)                                                                             \
	ASSERT_SITES                                                                                     \
	ASSERT((__stop_mcount_loc - __start_mcount_loc) % word == 0, "the table of patch sites is torn")      \
	ASSERT(__initcall7_start >= __initcall0_start, "initcall levels out of order")                   \
	ASSERT(__per_cpu_end > __per_cpu_start, "per-CPU data is not in its section")                      \
	ASSERT(_end - _text < 16M, "the image is too large for the boot mapping")
