# SPDX-License-Identifier: BSD-2-Clause
#
# unit.mk - host unit tests, with ASan and UBSan: `make unit` builds build/unit/test_*.
#
# lib/, trace/ and the host's stand-ins (tests/unit/host_*.c, tests/unit/asm/) make
# one archive, so that a test pulls in only the files it uses.  Each
# tests/unit/test_X.c becomes a program of its own.  Logic that lives elsewhere is
# tested by including its .c file in the test, which then defines the few functions
# that file calls.  host_names.h renames what libc defines too (memcpy -> kern_memcpy).
#
# Included by the Makefile at the top of the tree.

UNIT_DIR := build/unit
UNIT_CC := gcc
UNIT_CFLAGS := -std=gnu11 -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined -funsigned-char -fno-strict-aliasing -fno-builtin -Wall -Wextra -Wno-unused-parameter \
	-Wmissing-prototypes -Wstrict-prototypes -Werror -I. -Itests/unit -include tests/unit/host_names.h \
	-DOS_HEADER='"tests/unit/host_os.h"'

UNIT_LIB_SRC := $(wildcard lib/*.c trace/*.c tests/unit/host_*.c)
UNIT_LIB_OBJ := $(UNIT_LIB_SRC:%.c=$(UNIT_DIR)/obj/%.o)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(UNIT_DIR)/%,$(wildcard tests/unit/test_*.c))

.PHONY: unit
unit: $(UNIT_TESTS) ## host unit tests, built into build/unit

# Written anew each time: `ar r` into an old archive would keep members of deleted files.
$(UNIT_DIR)/libhost.a: $(UNIT_LIB_OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(UNIT_DIR)/obj/%.o: %.c tests/unit/unit.mk
	@mkdir -p $(@D); echo "  HOSTCC  $<"
	@$(UNIT_CC) $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<

.SECONDARY: $(UNIT_LIB_OBJ) $(UNIT_TESTS:$(UNIT_DIR)/%=$(UNIT_DIR)/obj/tests/unit/%.o)
$(UNIT_TESTS): $(UNIT_DIR)/%: $(UNIT_DIR)/obj/tests/unit/%.o $(UNIT_DIR)/libhost.a
	@$(UNIT_CC) $(UNIT_CFLAGS) -o $@ $^ -lcmocka -lpthread

-include $(UNIT_LIB_OBJ:.o=.d) $(UNIT_TESTS:$(UNIT_DIR)/%=$(UNIT_DIR)/obj/tests/unit/%.d)
