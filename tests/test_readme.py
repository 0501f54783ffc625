# SPDX-License-Identifier: BSD-2-Clause
"""test_readme.py - what README.md shows is what happens: its tour is typed, its figures are measured.

Numbers and the width of columns may differ from what stands there; words may not.
"""

import json
import re
import subprocess

import pytest
import qemu

README = (qemu.TOP / "README.md").read_text(encoding="utf-8")
_PROMPT = re.compile(r"(/[^\s#]*) # ?(.*)")


def blocks():
    """The indented blocks of the tour, as lists of lines."""
    tour = README.split("## Five minutes")[1].split("\n## ")[0]
    return [[line[4:].rstrip() for line in block.splitlines()]
            for block in re.findall(r"(?:^    .*\n)+", tour, flags=re.M)]


def shape(lines):
    """Lines without what differs from run to run: numbers, and how wide the blanks are."""
    return [re.sub(r"\s+", " ", re.sub(r"0x[0-9a-f]+|\d+(\.\d+)?", "N", line)).strip() for line in lines]


def test_tour_is_real():
    with qemu.Machine("riscv64") as machine:
        log = shape(machine.boot().splitlines())
        typed = 0
        for block in blocks():
            if block[0].startswith("["):
                boot = shape([line for line in block if not _PROMPT.fullmatch(line)])
                assert boot == log[-len(boot):]
                continue
            steps = [(i, m) for i, line in enumerate(block) if (m := _PROMPT.fullmatch(line))]
            for (i, prompt), (end, _) in zip(steps, steps[1:] + [(len(block), None)]):
                assert machine.cwd == prompt[1], prompt[0]
                assert shape(machine.run(prompt[2]).splitlines()) == shape(block[i + 1:end]), prompt[0]
                typed += 1
        assert typed >= 10


def test_figures_are_measured(arch):
    subprocess.run([qemu.TOP / "tools/bench", "--quick", arch], check=True, capture_output=True, timeout=300)
    figures = json.loads((qemu.TOP / "build/bench.json").read_text(encoding="utf-8"))[arch]
    table = README.split(f"| {arch} |")
    if len(table) != 2:
        pytest.fail(f"README.md has no table of figures for {arch}")
    rows = dict(re.findall(r"^\| (.+?) \| ([\d.,]+) \|", table[1].split("\n\n")[0], flags=re.M))
    # What does not depend on the site is shared by them, so what switching costs a site changes with their number.
    for text, name, rel in (("a traced call, function tracer", "function_tracer", 0.03),
                            ("the same with 8 other ops on another function", "function_tracer_8_others", 0.03),
                            ("the same with 64", "function_tracer_64_others", 0.03),
                            ("a direct call, to a trampoline that does nothing", "direct_call", 0.03),
                            ("memory a record, bytes", "record_size", 0),
                            ("switching one site on, the whole of writing `current_tracer`", "switch_one_on", 0.25),
                            ("switching all on, a site", "switch_all_on", 0.15),
                            ("switching all off, a site", "switch_all_off", 0.15),
                            ("switching one site on where there are 10,000 more", "switch_one_on_10000", 0.25),
                            ("a traced call, with `ftrace_patch=stop_machine`", "stopped_function_tracer", 0.03),
                            ("the same with 8 other ops on another function, stopped",
                             "stopped_function_tracer_8_others", 0.1),
                            ("switching all on, a site, stopped", "stopped_switch_all_on", 0.15)):
        assert float(rows[text].replace(",", "")) == pytest.approx(figures[name], rel=rel), text
    # Twenty times as many sites: it is the same within the cost of a deeper search.
    assert figures["switch_one_on_10000"] < 1.1 * figures["switch_one_on"]
