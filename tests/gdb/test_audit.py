# SPDX-License-Identifier: BSD-2-Clause
"""test_audit.py - one word of one site is overwritten from outside, and what the runner reads after every case says so."""

import re
import sys

import case
import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

FUNCTION = "vfs_mkdir"
AUDIT = "cat /sys/kernel/tracing/ftrace_audit"
CMDLINE = f'quiet autorun="{AUDIT}; {AUDIT}; poweroff"'

# By address: for gdb a function begins behind its NOPs.
SCRIPT = """
hbreak ftrace_audit
continue
continue
set *(unsigned int *)({site} + 12) = 0x0bad0bad
echo == overwritten\\n
delete
hbreak arch_power_off
continue
echo == end\\n
kill
"""


def verdict(text):
    parsed = case.parse("# description: whatever\n/ # true\n")
    return case.difference([parsed.audit], text.splitlines())


def test_overwritten_site_fails_the_case_and_is_named(arch, tmp_path):
    site = elf.Elf(qemu.TOP / "build" / arch / "kernel.elf").symbol(FUNCTION).value
    output = qemu.gdb(arch, SCRIPT.format(site=site), tmp_path, CMDLINE)
    assert re.findall(r"^== (\w+)$", output, re.M) == ["overwritten", "end"], output
    console = qemu.plain((tmp_path / "console.log").read_text(encoding="utf-8", errors="replace"))
    answers = re.findall(r"^(.*(?:consistent|expected).*)$", console, re.M)
    assert len(answers) == 2, console
    assert verdict(answers[0]) is None
    assert verdict(answers[1])
    assert re.search(rf"{FUNCTION}\+0x0/0x[0-9a-f]+: word 3: expected 000000[01][03], found 0bad0bad", answers[1])
