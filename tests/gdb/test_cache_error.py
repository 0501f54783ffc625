# SPDX-License-Identifier: BSD-2-Clause
"""test_cache_error.py - the cache-error exception of MIPS, which QEMU never raises, entered as the hardware does.

The CPU puts the address of the instruction it was at into ErrorEPC, sets Status.ERL, and goes on at EBase + 0x100 in
kseg1.  gdb cannot write ErrorEPC, so a few instructions do it, in the free part of the vectors' page.
"""

import re
import sys

import pytest
import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

MIPS = ("mips64el", "mips")
KSEG1_OFFSET = 0x20000000
# Offsets from EBase, and the code that arch_trap_init() copies there: two for a TLB refill, cache error, everything else.
VECTORS = ((0x000, "vec_tlb_refill"), (0x080, "vec_tlb_refill"), (0x100, "vec_cache_error"), (0x180, "vec_general"))
SCRATCH = 0x400

# t8: where the error was.  (k0 and k1 would not outlive an interrupt.)
RAISE = {
    "mips64el": (0x40B8F000,),          # dmtc0 t8, ErrorEPC
    "mips": (0x4098F000,),              # mtc0  t8, ErrorEPC
}
RAISE_REST = (
    0x40196000,                         # mfc0 t9, Status
    0x37390004,                         # ori  t9, t9, ERL
    0x40996000,                         # mtc0 t9, Status
    0x000000C0,                         # ehb
    0x3C19A000,                         # lui  t9, 0xa000
    0x37390100,                         # ori  t9, t9, 0x100
    0x03200008,                         # jr   t9
    0x00000000,
)


@pytest.fixture(name="ebase")
def has_cache_errors(arch):
    if arch not in MIPS:
        pytest.skip("RISC-V has no exception for cache errors")
    return 0xFFFFFFFF80000000 if arch == "mips64el" else 0x80000000


def test_vectors_hold_what_was_written_for_them(arch, ebase, tmp_path):
    image = elf.Elf(qemu.TOP / "build" / arch / "kernel.elf")
    script = ["tbreak start_kernel", "continue"]
    expected = []
    for offset, name in VECTORS:
        start, end = image.symbol(name).value, image.symbol(name + "_end").value
        expected.append(image.words(start, end - start, 4))
        script += ["echo == vector\\n", f"x/{(end - start) // 4}xw {ebase + offset:#x}"]
    output = qemu.gdb(arch, "\n".join([*script, "kill"]), tmp_path)
    shown = [[int(word, 16) for word in re.findall(r"\t0x([0-9a-f]{8})", part)] for part in output.split("== vector")[1:]]
    assert shown == expected, output


def test_cache_error_is_reported_and_ends_the_run(arch, ebase, tmp_path):
    code = RAISE[arch] + RAISE_REST
    store = "\n".join(f"set {{unsigned int}}{ebase + SCRATCH + 4 * i:#x} = {word:#x}" for i, word in enumerate(code))
    output = qemu.gdb(arch, f"""
break cmd_ls
continue
{store}
set $r24 = $pc
echo == at\\n
print/x $pc
set $pc = {ebase + SCRATCH:#x}
hbreak *(&do_cache_error + {KSEG1_OFFSET:#x})
continue
echo == handler\\n
print/x $pc - {KSEG1_OFFSET:#x} == &do_cache_error
print/x $sp - {KSEG1_OFFSET:#x} > &overflow_stack && $sp - {KSEG1_OFFSET:#x} < (char *)&overflow_stack + 8192
print/x $sr & 7
delete
continue
""", tmp_path, 'quiet autorun="ls"')
    moments = dict(re.findall(r"^== (\w+)\n(.*?)(?=^== |\Z)", output, re.M | re.S))
    assert list(moments) == ["at", "handler"], output
    # In kseg1 with a stack there, and the CPU no longer at an exception level.
    assert re.findall(r"= (0x\w+)", moments["handler"]) == ["0x1", "0x1", "0x0"], output
    at = int(re.search(r"= 0x([0-9a-f]+)", moments["at"])[1], 16)

    log = qemu.plain((tmp_path / "console.log").read_text())
    assert re.search(r"^\[.*\] Oops - cache error \[#1\]$", log, re.M), log
    assert re.search(r"^\[.*\] epc : cmd_ls\+0x\w+/0x\w+$", log, re.M), log
    assert re.search(rf"^\[.*\] epc: {at:0{16 if arch == 'mips64el' else 8}x} status: [0-9a-f]{{7}}[4567] ", log, re.M), log
    # Backtrace through the interrupted function, and the verdict.
    assert re.search(r"Call Trace:\n\[.*\] \[<\w+>\] cmd_ls\+", log), log
    assert log.endswith("reboot: power off, status 1\n"), log
