# SPDX-License-Identifier: BSD-2-Clause
"""test_oops.py - what a report of a crash says about the code, held against the image."""

import re
import sys

import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

# machine: (bytes of a unit, bytes of a site, units before the trapped one and from it on, what marks that one)
CODE = {
    "riscv64": (2, 16, 10, 2, "()"),
    "mips64el": (4, 32, 3, 6, "<>"),
    "mips": (4, 32, 3, 6, "<>"),
}


def test_code_line_shows_the_instructions_around_the_trapped_one(arch):
    size, site, before, onwards, mark = CODE[arch]
    with qemu.Machine(arch, 'quiet autorun="crash ACCESS_NULL"') as machine:
        assert machine.wait_end() == 1
        log = machine.log
    shown = re.search(r"\] Code:((?: [(<]?[0-9a-f]+[)>]?)+)\n", log)[1].split()
    offset = int(re.search(r"\] epc : crash_access_null\+(0x[0-9a-f]+)/", log)[1], 16)
    assert len(shown) == before + onwards, shown
    assert shown[before][0] + shown[before][-1] == mark, shown
    shown[before] = shown[before].strip(mark)

    image = elf.Elf(qemu.TOP / "build" / arch / "kernel.elf")
    function = image.symbol("crash_access_null")
    at = function.value + offset - before * size
    compiled = [f"{unit:0{2 * size}x}" for unit in image.words(at, (before + onwards) * size, size)]
    # Neither the patch site, which holds something else by now, nor that of the next function.
    inside = [i for i in range(len(shown)) if site <= at + i * size - function.value < function.size]
    assert before in inside and [shown[i] for i in inside] == [compiled[i] for i in inside], (shown, compiled)
