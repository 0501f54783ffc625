/* SPDX-License-Identifier: BSD-2-Clause */
/* csr.h - supervisor control and status registers (RISC-V privileged specification, chapter 4). */
#ifndef ASM_CSR_H
#define ASM_CSR_H

#define SR_SIE 0x00000002	/* interrupts on */
#define SR_SPIE 0x00000020	/* ... before the trap */
#define SR_SPP 0x00000100	/* the trap came from supervisor mode */

#define IE_SSIE (1 << 1)	/* software interrupt: IPI */
#define IE_STIE (1 << 5)	/* timer */
#define IE_SEIE (1 << 9)	/* external: PLIC */

#define SATP_MODE_SV39 (8UL << 60)

#ifndef __ASSEMBLER__
#define csr_read(csr) ({ unsigned long _v; __asm__ volatile("csrr %0, " #csr : "=r"(_v) :: "memory"); _v; })
#define csr_write(csr, v) ({ __asm__ volatile("csrw " #csr ", %0" :: "rK"(v) : "memory"); })
#define csr_set(csr, v) ({ __asm__ volatile("csrs " #csr ", %0" :: "rK"(v) : "memory"); })
#define csr_clear(csr, v) ({ __asm__ volatile("csrc " #csr ", %0" :: "rK"(v) : "memory"); })
#define csr_read_clear(csr, v) \
	({ unsigned long _v; __asm__ volatile("csrrc %0, " #csr ", %1" : "=r"(_v) : "rK"(v) : "memory"); _v; })
#endif

#endif
