# SPDX-License-Identifier: BSD-2-Clause
"""test_arch.py - what keeps the machines at parity, as facts of the sources."""

import re

import pytest
import qemu

ARCH_FOLDERS = ("riscv", "mips")
# Where a machine may be asked for by name.
OWN = {"arch", "linker", "tools", "build"}
_ASKS = re.compile(r"^\s*#\s*(?:el)?if(?:n?def)?\b.*(?:riscv|mips)", re.I)


def files(folder):
    top = qemu.TOP / "arch" / folder
    return sorted(str(path.relative_to(top)) for path in top.rglob("*") if path.is_file())


def asks_for_a_machine(text):
    """Lines of C or assembly, continued ones joined, that are compiled for some machines only."""
    return [line for line in text.replace("\\\n", " ").splitlines() if _ASKS.match(line)]


def test_both_folders_hold_the_same_files():
    assert files("riscv") == files("mips")
    assert "ftrace.c" in files("riscv")


def test_every_file_of_a_machine_is_described():
    """README.md's table names them, but for headers of a .c file and a machine's own tests."""
    table = (qemu.TOP / "arch/README.md").read_text(encoding="utf-8").split("## ")[0]
    for name in files("mips"):
        if name.startswith(("asm/", "test_")) or (name.endswith(".h") and name[:-1] + "c" in files("mips")):
            continue
        if f"`{name}`" not in table:
            pytest.fail(f"arch/README.md does not say what {name} holds")


def test_nobody_else_asks_which_machine_it_is():
    sources = [path for pattern in ("*.c", "*.h", "*.S") for path in qemu.TOP.rglob(pattern)
               if path.relative_to(qemu.TOP).parts[0] not in OWN]
    found = [f"{path.relative_to(qemu.TOP)}: {line}" for path in sources
             for line in asks_for_a_machine(path.read_text(encoding="utf-8"))]
    assert len(sources) > 100 and not found, "\n".join(found)


@pytest.mark.parametrize("line", ["#ifdef __riscv", "#if defined(__mips__) && X", "#  elif _MIPS_SIM == _ABI64",
                                  "#ifndef CONFIG_RISCV", "#if X \\\n    || __riscv_xlen == 64"])
def test_a_line_that_asks_is_found(line):
    assert asks_for_a_machine(line)


@pytest.mark.parametrize("line", ["#if __SIZEOF_POINTER__ == 8", "#include <asm/page.h>", "/* mips */", "#ifdef __BIG_ENDIAN__"])
def test_other_lines_are_not(line):
    assert not asks_for_a_machine(line)
