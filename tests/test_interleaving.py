# SPDX-License-Identifier: BSD-2-Clause
"""test_interleaving.py - what arch/README.md says of every interleaving is what the in-kernel tests print."""

import re

import qemu

README = (qemu.TOP / "arch/README.md").read_text(encoding="utf-8").split("## Every interleaving")[1].split("\n## ")[0]


def quoted_totals(arch):
    """{form: (cases, unsafe)} of the table whose head names the machine."""
    tables = dict(re.findall(r"^\| ([\w, ]+) \| cases \| unsafe \|\n((?:\|.*\n)+)", README, flags=re.M))
    rows = next(rows for head, rows in tables.items() if arch in head.split(", "))
    return {form: (int(cases), int(unsafe))
            for form, cases, unsafe in re.findall(r"^\| (.+) \| (\d+) \| (\d+) \|$", rows, flags=re.M)}


def test_totals_and_failures_are_those_in_the_readme(arch):
    with qemu.Machine(arch) as machine:
        machine.boot()
        output = machine.run("ktest interleaving*; echo status $?")
        assert machine.power_off() == 0
    assert output.endswith("status 0\n"), output
    lines = re.findall(r"interleaving: (.*?)\s*$", output, flags=re.M)
    totals = {m[1]: (int(m[2]), int(m[3])) for line in lines
              if (m := re.fullmatch(r"(.+): (\d+) cases, (\d+) unsafe", line))}
    assert totals == quoted_totals(arch)

    # Line by line, the totals are what was played.
    cases = [line for line in lines if re.search(r": (ip\+\d+|trampoline):", line)]
    for form, (count, unsafe) in totals.items():
        outcomes = [
            outcome for line in cases if re.match(rf"{re.escape(form)}, (on|off|another|to the)", line)
            for outcome in re.findall(r"\d-\d (\S)", line)]
        assert (len(outcomes), outcomes.count("X")) == (count, unsafe), form
    lost = [line for line in cases if "X" in line and line.startswith(("two words, on", "two words, off"))]
    assert lost == (re.findall(r"^    (two words.*)$", README, flags=re.M) if arch == "riscv64" else [])
