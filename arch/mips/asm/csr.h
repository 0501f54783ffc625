/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * csr.h - control registers: coprocessor 0 (MIPS32/MIPS64 Architecture for Programmers,
 * volume III: privileged resource architecture).
 *
 * A register is named by number and select.  A write takes effect for the instructions
 * that follow only after a hazard barrier: `ehb`.
 */
#ifndef ASM_CSR_H
#define ASM_CSR_H

#define CP0_INDEX $0
#define CP0_ENTRYLO0 $2
#define CP0_ENTRYLO1 $3
#define CP0_PAGEMASK $5
#define CP0_WIRED $6
#define CP0_BADVADDR $8
#define CP0_COUNT $9
#define CP0_ENTRYHI $10
#define CP0_COMPARE $11
#define CP0_STATUS $12
#define CP0_CAUSE $13
#define CP0_EPC $14
#define CP0_EBASE $15, 1
#define CP0_CONFIG $16
#define CP0_CONFIG1 $16, 1
#define CP0_ERROREPC $30

#define ST_IE 0x00000001	/* interrupts on, unless EXL or ERL */
#define ST_EXL 0x00000002	/* an exception was taken: kernel mode, interrupts off */
#define ST_ERL 0x00000004	/* the same for reset and cache errors, which return to ErrorEPC */
#define ST_IM(n) (0x00000100 << (n))	/* interrupt line n is let through */
#define ST_BEV 0x00400000	/* vectors are the boot ROM's */

#define CAUSE_EXCCODE(cause) ((cause) >> 2 & 31)
#define CAUSE_IP(n) (0x00000100 << (n))	/* interrupt line n is active */
#define CAUSE_BD 0x80000000	/* in a branch delay slot: EPC is the branch */

#define CONFIG_AR(config) ((config) >> 10 & 7)	/* architecture: 0 release 1, 1 releases 2 to 5 */

#ifndef __ASSEMBLER__
#include "lib/compiler.h"

#define cp0_read(reg)                                                                                  \
	({                                                                                             \
		u32 _v;                                                                                \
		__asm__ volatile("mfc0 %0, " __stringify(reg) : "=r"(_v) :: "memory");                 \
		_v;                                                                                    \
	})
#define cp0_write(reg, v) __asm__ volatile("mtc0 %z0, " __stringify(reg) "\n\tehb" :: "Jr"((u32)(v)) : "memory")

/* Registers that hold an address. */
#if __SIZEOF_POINTER__ == 8
#define cp0_write_addr(reg, v) \
	__asm__ volatile("dmtc0 %z0, " __stringify(reg) "\n\tehb" :: "Jr"((unsigned long)(v)) : "memory")
#else
#define cp0_write_addr(reg, v) cp0_write(reg, v)
#endif
#endif

#endif
