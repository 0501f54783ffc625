# SPDX-License-Identifier: BSD-2-Clause
# What the build knows of each machine: the compiler, its flags, the folder of its sources.

CROSS_riscv64 := riscv64-linux-gnu-
SRCARCH_riscv64 := riscv
CFLAGS_riscv64 := -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -mstrict-align -mno-relax
LDFLAGS_riscv64 := --no-relax -melf64lriscv

# One source for 64-bit little-endian and 32-bit big-endian.
#   -G0, -mno-abicalls   no gp-relative data and no indirect calls through t9: gp is `current`
#   -msym32              kseg0 addresses are sign-extended 32-bit numbers: two instructions make one
#   -fomit-frame-pointer, -fno-shrink-wrap, -Wvla   backtraces read prologues (arch/mips/unwind.c)
#   -wrapper             mends where GCC puts the NOPs of a patch site
MIPS_CFLAGS := -mno-abicalls -fno-pic -G0 -msoft-float -fomit-frame-pointer -fno-shrink-wrap -Wvla -wrapper tools/mips-as
CROSS_mips64el := mips64el-linux-gnuabi64-
SRCARCH_mips64el := mips
CFLAGS_mips64el := -EL -march=mips64r2 -mabi=64 -msym32 $(MIPS_CFLAGS)
LDFLAGS_mips64el := -melf64ltsmip
CROSS_mips := mips-linux-gnu-
SRCARCH_mips := mips
CFLAGS_mips := -EB -march=mips32r2 -mabi=32 $(MIPS_CFLAGS)
LDFLAGS_mips := -melf32btsmip

# Other ways to mark patch sites than -fpatchable-function-entry.
MCOUNT_mips := pg

CROSS := $(CROSS_$(ARCH))
SRCARCH := $(SRCARCH_$(ARCH))
ARCH_CFLAGS := $(CFLAGS_$(ARCH))
ARCH_LDFLAGS := $(LDFLAGS_$(ARCH))
