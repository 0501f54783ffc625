/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * initcall.h - functions that boot calls by itself, in order of level.
 *
 * `fs_initcall(fn)` after the definition of `static int __init fn(void)` is all
 * there is to write.  The macro leaves one entry in a section named after its
 * level (.initcall5.init); the linker script puts the sections one after the
 * other and marks where each level begins; do_initcalls() walks them.
 *
 *   level          section      what may be used from there on
 *   early          early        memory, locks, the scheduler; still before other CPUs are started
 *   pure           0            everything early gave; only static initialisation belongs here
 *   core           1, 1s        other CPUs, workqueues
 *   postcore       2, 2s
 *   arch           3, 3s        devices the machine always has
 *   subsys         4, 4s        registries that later levels add to
 *   fs             5, 5s        the mount table; tracefs and procfs files are made here
 *   rootfs         rootfs       unpacks the initramfs: after level 5, before 6, in level 5's range
 *   device         6, 6s        files of the initramfs; __initcall() is this level
 *   late           7, 7s        everything else is up
 *
 * A level's "s" (sync) entries run after its plain ones and have no mark of their
 * own.  Order inside a level is link order: nothing may depend on it.
 *
 * An entry is 4 bytes: the distance from the entry itself to the function
 * (CONFIG_PREL32, the default; half the size, and nothing to relocate), or a plain
 * pointer with CONFIG_PREL32=0.  The entry's symbol is
 * __initcall__kmod_FILE__COUNTER_LINE_FUNCTIONlevel, so nm shows who registered what.
 *
 * The entries are init data: they are gone once free_initmem() has run.
 */
#ifndef INIT_INITCALL_H
#define INIT_INITCALL_H

#include "lib/compiler.h"

#ifndef CONFIG_PREL32
#define CONFIG_PREL32 1
#endif

/* The build passes -DKBUILD_MODNAME=FILE; a file compiled by hand has none. */
#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME kernel
#endif

/* Returns 0 or -errno; either way boot goes on (-ENODEV: what it drives is not there). */
typedef int (*initcall_t)(void);

#if CONFIG_PREL32
typedef s32 initcall_entry_t;
#else
typedef initcall_t initcall_entry_t;
#endif

/* The pointer that a 4-byte self-relative offset stands for; the offset is signed. */
static inline void *offset_to_ptr(const s32 *off)
{
	return (void *)((unsigned long)off + (unsigned long)(long)*off);
}

static inline initcall_t initcall_from_entry(const initcall_entry_t *entry)
{
#if CONFIG_PREL32
	return (initcall_t)offset_to_ptr(entry);
#else
	return *entry;
#endif
}

/* Two steps, so that KBUILD_MODNAME, __COUNTER__ and __LINE__ are expanded before they are pasted. */
#define ___initcall_name(mod, counter, line, fn, id) __initcall__kmod_##mod##__##counter##_##line##_##fn##id
#define __initcall_name(mod, counter, line, fn, id) ___initcall_name(mod, counter, line, fn, id)

/*
 * The entry is assembly: C has no constant expression for "distance to a function",
 * and the compiler may reorder variables but not these.  It does not see that a static
 * fn is used here, hence `used`.
 */
#if CONFIG_PREL32
#define __initcall_asm(fn, name) ".balign 4\n" name ":\n.4byte " fn " - .\n"
#elif __SIZEOF_POINTER__ == 8
#define __initcall_asm(fn, name) ".balign 8\n" name ":\n.8byte " fn "\n"
#else
#define __initcall_asm(fn, name) ".balign 4\n" name ":\n.4byte " fn "\n"
#endif

#define ____define_initcall(fn, name, sec)              \
	extern __typeof__(fn) fn __used;                \
	__asm__(".pushsection \"" sec "\", \"a\"\n"     \
		__initcall_asm(#fn, __stringify(name)) ".popsection\n")

#define __define_initcall(fn, id)                                                   \
	____define_initcall(fn, __initcall_name(KBUILD_MODNAME, __COUNTER__, __LINE__, fn, id), \
			    ".initcall" #id ".init")

#define early_initcall(fn) __define_initcall(fn, early)
#define pure_initcall(fn) __define_initcall(fn, 0)
#define core_initcall(fn) __define_initcall(fn, 1)
#define core_initcall_sync(fn) __define_initcall(fn, 1s)
#define postcore_initcall(fn) __define_initcall(fn, 2)
#define postcore_initcall_sync(fn) __define_initcall(fn, 2s)
#define arch_initcall(fn) __define_initcall(fn, 3)
#define arch_initcall_sync(fn) __define_initcall(fn, 3s)
#define subsys_initcall(fn) __define_initcall(fn, 4)
#define subsys_initcall_sync(fn) __define_initcall(fn, 4s)
#define fs_initcall(fn) __define_initcall(fn, 5)
#define fs_initcall_sync(fn) __define_initcall(fn, 5s)
#define rootfs_initcall(fn) __define_initcall(fn, rootfs)
#define device_initcall(fn) __define_initcall(fn, 6)
#define device_initcall_sync(fn) __define_initcall(fn, 6s)
#define late_initcall(fn) __define_initcall(fn, 7)
#define late_initcall_sync(fn) __define_initcall(fn, 7s)
#define __initcall(fn) device_initcall(fn)

/* Runs the early level.  Called once by kernel_init, before other CPUs are started. */
void do_pre_smp_initcalls(void);

/* Runs levels 0 to 7.  Called once by kernel_init, in task context. */
void do_initcalls(void);

/*
 * Calls fn and returns what it returned, or -EPERM without calling it when
 * initcall_blacklist= names it.  If fn came back with interrupts off or with another
 * preempt_count than it was called with, warns and puts both right.  Task context.
 */
int do_one_initcall(initcall_t fn);

#endif
