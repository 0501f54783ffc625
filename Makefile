# SPDX-License-Identifier: BSD-2-Clause
#
# patchbay: `make help` lists what there is.
#
# Which code can be traced is decided here, by folder: TRACED folders are
# compiled with patchable function entries, UNTRACED ones without.  Sources are
# found by folder: adding a file edits no list.

ARCH ?= riscv64
SMP ?= 1
CMDLINE ?=
ICOUNT ?=
# Initcall tables: 1 = 4-byte offsets from the entry, 0 = pointers.
CONFIG_PREL32 ?= 1
# How the compiler marks sites: empty = NOPs at a function's start; pg = calls of _mcount behind its prologue (MIPS).
MCOUNT ?=

ALL_ARCHES := riscv64 mips64el mips
ifeq ($(filter $(ARCH),$(ALL_ARCHES)),)
$(error ARCH=$(ARCH) is not one of: $(ALL_ARCHES))
endif

VERSION := 0.1
include arch/arch.mk
ifneq ($(MCOUNT),$(filter $(MCOUNT),$(MCOUNT_$(SRCARCH))))
$(error MCOUNT=$(MCOUNT) is not a way of ARCH=$(ARCH): $(or $(MCOUNT_$(SRCARCH)),there is only one))
endif

CC := $(CROSS)gcc
LD := $(CROSS)ld
OBJDUMP := $(CROSS)objdump
PYTHON := /usr/bin/python3

B := build/$(ARCH)$(if $(MCOUNT),-$(MCOUNT))$(if $(filter 1,$(CONFIG_PREL32)),,-abs)
O := $(B)/obj

TRACED := kernel init
UNTRACED := arch/$(SRCARCH) lib trace tests/ktest

# -fno-ipa-ra: a caller may not assume that a traced callee leaves a register alone, a trampoline may run there.
# -falign-functions=8 everywhere: a site's first word must be aligned in every object.
# -funsigned-char: on MIPS, too, as it is on RISC-V.
# -Wno-unused-parameter: callbacks have the parameters of their type.
CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -Wmissing-prototypes -Wstrict-prototypes \
	-ffreestanding -nostdlib -fno-pic -fno-common -funsigned-char -fno-strict-aliasing -fno-delete-null-pointer-checks \
	-fno-stack-protector -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -fno-ipa-ra \
	-falign-functions=8 $(ARCH_CFLAGS) \
	-I. -Iarch/$(SRCARCH) -DCONFIG_PREL32=$(CONFIG_PREL32) -DOS_HEADER='"kernel/os.h"'
TRACE_CFLAGS := -fpatchable-function-entry=8
AFLAGS := -D__ASSEMBLER__ -g $(ARCH_CFLAGS) -I. -Iarch/$(SRCARCH)

# -pg refuses to be told -fomit-frame-pointer, which -O2 does anyway where nobody says otherwise.
ifeq ($(MCOUNT),pg)
MCOUNT_FLAGS := -DCONFIG_MCOUNT_PG
CFLAGS := $(filter-out -fomit-frame-pointer -fno-omit-frame-pointer,$(CFLAGS)) $(MCOUNT_FLAGS)
AFLAGS += $(MCOUNT_FLAGS)
TRACE_CFLAGS := -pg
RECORDMCOUNT := tools/recordmcount
endif

sources = $(shell find $(1) \( -name '*.c' -o -name '*.S' \) 2>/dev/null | LC_ALL=C sort)
TRACED_SRC := $(call sources,$(TRACED))
UNTRACED_SRC := $(call sources,$(UNTRACED))
OBJS := $(patsubst %,$(O)/%.o,$(basename $(TRACED_SRC) $(UNTRACED_SRC)))
DEPS := $(OBJS:.o=.d)

.DELETE_ON_ERROR:
.DEFAULT_GOAL := build
.PHONY: build run test soak bench gdb unit setup clean help

build: $(B)/kernel.elf $(B)/initramfs.cpio ## build the kernel and its initramfs for ARCH

# What is missing on this machine is installed once, by package name.
build/.setup-$(ARCH): tools/setup
	@tools/setup build run $(ARCH)
	@mkdir -p $(@D) && touch $@

setup: ## install what is missing for everything, on all machines
	@tools/setup build run test gdb $(ALL_ARCHES)

# The flags are a dependency of every object.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(subst ','\'',$(CFLAGS) $(TRACE_CFLAGS) $(AFLAGS)) $(VERSION)' | cmp -s - $@ || \
		echo '$(CC) $(subst ','\'',$(CFLAGS) $(TRACE_CFLAGS) $(AFLAGS)) $(VERSION)' > $@
FORCE:

# $(1): extra compiler flags
compile = @mkdir -p $(@D); echo "  CC      $<"; $(CC) $(CFLAGS) $(1) -DKBUILD_MODNAME=$(subst -,_,$(notdir $*)) -MMD -MP -c -o $@ $<

$(foreach dir,$(TRACED),$(O)/$(dir)/%.o): TRACE := $(TRACE_CFLAGS)
$(O)/%.o: %.c $(B)/flags | build/.setup-$(ARCH)
	$(call compile,$(TRACE) $(CFLAGS_$(subst /,_,$*)))
$(O)/%.o: %.S $(B)/flags | build/.setup-$(ARCH)
	@mkdir -p $(@D); echo "  AS      $<"; $(CC) $(AFLAGS) -MMD -MP -c -o $@ $<

# The hot path: a frame pointer would cost five instructions an event.
CFLAGS_trace_trace_functions = -fomit-frame-pointer

# One file knows what the build is called and what made it.
CFLAGS_kernel_version = -DPATCHBAY_VERSION='"$(VERSION)"' -DPATCHBAY_MACHINE='"$(ARCH)"' \
	-DPATCHBAY_COMPILER='"$(shell $(CC) --version 2>/dev/null | head -n 1)"'

$(B)/kernel.lds: linker/$(ARCH).lds.S linker/sections.lds.h $(B)/flags | build/.setup-$(ARCH)
	@mkdir -p $(@D)
	@$(CC) -E -P -x assembler-with-cpp -D__ASSEMBLER__ $(MCOUNT_FLAGS) $(ARCH_CFLAGS) -Uriscv -Umips -I. -Iarch/$(SRCARCH) -o $@ $<

# Links until the symbol table inside equals the symbols outside, then proves the image.  $(1): more objects
LINK_DEPS := $(OBJS) $(B)/kernel.lds tools/link tools/kallsyms $(RECORDMCOUNT) tools/lint tools/elf.py
define link
	@echo "  LD      $@"
	@LD='$(LD)' CC='$(CC)' AFLAGS='$(AFLAGS)' LDFLAGS='$(ARCH_LDFLAGS)' RECORDMCOUNT='$(RECORDMCOUNT)' tools/link $@ $(B)/kernel.lds $(OBJS) $(1)
	@tools/lint $@ $(if $(MCOUNT),--mcount $(MCOUNT)) $(if $(1),,--objects $(O) --traced '$(TRACED)' $(OBJS))
endef

$(B)/kernel.elf: $(LINK_DEPS)
	$(call link)
	@$(OBJDUMP) -d $@ > $(B)/kernel.dis

# The same kernel with % empty functions more: tools/bench shows that what a switch costs does not depend on them.
$(B)/sites-%/kernel.elf: $(LINK_DEPS) | $(B)/initramfs.cpio
	@mkdir -p $(@D) && seq $* | sed 's/.*/void site_&(void) { }/' > $(@D)/sites.c
	@echo "  CC      $(@D)/sites.c"; $(CC) $(CFLAGS) -g0 -w $(TRACE_CFLAGS) -c -o $(@D)/sites.o $(@D)/sites.c
	$(call link,$(@D)/sites.o)
	@cp $(B)/initramfs.cpio $(@D)

# Everything under initramfs/ of the sources, in the format the kernel unpacks.
INITRAMFS_FILES := $(shell find init/initramfs -type f 2>/dev/null)
$(B)/initramfs.cpio: $(INITRAMFS_FILES) Makefile | build/.setup-$(ARCH)
	@mkdir -p $(@D)
	@cd init/initramfs && find . -mindepth 1 | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc > $(CURDIR)/$@

run: build ## boot it with the serial console on this terminal (Ctrl-A X leaves)
	@ARCH=$(ARCH) SMP=$(SMP) CMDLINE='$(subst ','\'',$(CMDLINE))' ICOUNT=$(ICOUNT) BUILD=$(B) tools/qemu run

gdb: build ## QEMU halted at reset, gdb attached with helper commands
	@tools/setup gdb
	@ARCH=$(ARCH) SMP=$(SMP) CMDLINE='$(subst ','\'',$(CMDLINE))' ICOUNT=$(ICOUNT) BUILD=$(B) tools/qemu gdb

-include $(DEPS)
-include tests/unit/unit.mk

test: ## everything that can fail; ARCH= and T=PATTERN narrow it
	@tools/setup build run test gdb $(if $(filter command line,$(origin ARCH)),$(ARCH),$(ALL_ARCHES))
	@tools/run_tests $(if $(filter command line,$(origin ARCH)),$(ARCH),$(ALL_ARCHES)) $(if $(T),-k '$(T)')

soak: ## random changes under all workloads on all CPUs; SOAK=changes (10000), SMP=, SEED=, ARCH=
	@tools/setup build run $(if $(filter command line,$(origin ARCH)),$(ARCH),$(ALL_ARCHES))
	@SOAK='$(SOAK)' SEED='$(SEED)' $(if $(filter command line environment,$(origin SMP)),SMP=$(SMP),SMP=8) \
		tools/soak $(if $(filter command line,$(origin ARCH)),$(ARCH),$(ALL_ARCHES))

bench: ## instructions a traced call and more, beside Linux's; build/bench.json
	@tools/setup build run
	@tools/bench $(if $(filter command line,$(origin ARCH)),$(ARCH),$(ALL_ARCHES))

clean: ## remove what was built
	rm -rf build

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo 'Variables: ARCH=$(subst $() ,|,$(ALL_ARCHES))  SMP=n  CMDLINE="kernel words"  ICOUNT=1 (1 instruction = 1 ns)'
	@echo '           T=pattern (tests)  CONFIG_PREL32=0|1 (form of the initcall tables)'
	@echo '           MCOUNT=pg (MIPS: sites are calls of _mcount, as gcc -pg makes them; into build/ARCH-pg)'
