# SPDX-License-Identifier: BSD-2-Clause
"""test_linux.py - patchbay answers as Linux does; and the comparison that says so would notice if it did not."""

import re

import linux_answers as la
import pytest
import qemu

SCRIPT, RECORD, EXCEPTIONS = la.load()
DOCUMENT = (qemu.TOP / "trace/DIFFERENCES.md").read_text(encoding="utf-8")
FUNCTIONS = "cat available_filter_functions"


def test_answers_are_linuxs(arch):
    with qemu.Machine(arch) as machine:
        machine.boot()
        listed, *ours = la.play(machine, [FUNCTIONS, *SCRIPT])
        assert machine.power_off() == 0
    common = RECORD.functions & set(listed)
    assert len(common) > len(RECORD.functions) * 3 / 4, "functions that Linux has, too, have gone: record anew"
    comparison = la.Comparison(common, EXCEPTIONS, narrow=arch == "mips", absent=la.absent_names(DOCUMENT))
    for line, theirs, mine in zip(SCRIPT, RECORD.answers, ours):
        comparison.add(line, theirs, mine)
    assert not comparison.differences, comparison.report()
    assert comparison.used == set(EXCEPTIONS), "an exception makes no difference any more"


def test_record_is_of_this_script():
    assert RECORD.lines == SCRIPT, "tools/compare-linux --record was not run since"
    assert len(SCRIPT) >= 150
    assert sum(any(text.startswith("! ") for text in answer) for answer in RECORD.answers) >= 100


def test_exceptions_have_their_reason():
    rows = [line.strip("| ") for line in DOCUMENT.splitlines() if line.startswith("| ")]
    for exception in EXCEPTIONS:
        assert any(row.startswith(exception.row) for row in rows), f"no row begins with: {exception.row}"
        assert all(line in SCRIPT for line in exception.lines), exception.lines


def compare(line, linux, ours, functions=(), exceptions=(), absent=(), narrow=False):
    comparison = la.Comparison(functions, exceptions, narrow=narrow, absent=absent)
    comparison.add(line, linux.splitlines(), ours.splitlines())
    return comparison


@pytest.mark.parametrize("line, linux, ours", [
    ("echo x > f", "sh: 1: echo: echo: I/O error", ""),
    ("echo x > f", "", "echo: write error: Invalid argument"),
    ("echo x > f", "echo: f: Invalid argument", "echo: write error: No such device"),
    ("cat tracing_on", "1", "0"),
    ("cat set_ftrace_filter", "schedule", "#### all functions enabled ####"),
    ("cat set_ftrace_filter", "schedule\nvfs_read", "schedule"),
    ("cat set_ftrace_filter", "schedule:traceon:unlimited", "schedule:traceon:endless"),
    ("cat set_ftrace_filter", "schedule:traceon:count=3", "schedule:traceon:count=2"),
    ("cat set_ftrace_filter", "schedule:traceon:unlimited", ""),
    ("cat enabled_functions", "schedule (1)    ", "schedule (2)    "),
    ("cat enabled_functions", "schedule (1)    ", "schedule (1) R  "),
    ("cat trace", "  init-1  [000] .....  0.1: tracing_mark_write: a", "  sh-4  [000] .....  0.1: tracing_mark_write: b"),
    ("cat trace", "  init-1  [000] .....  0.1: schedule <-x", "  sh-4  [000] d....  0.1: schedule <-y"),
    ("cat trace", "  init-1  [000] .....  0.1: schedule", "  sh-4  [000] .....  0.1: schedule <-y"),
    ("cat trace", "a  [000] .....  0.1: # 1 buf: 65 0a 77", "a  [000] .....  0.1: # 1 buf: 66 0a 77"),
    ("cat per_cpu/cpu0/stats", "entries: 1", "entries: 2"),
    ("cat trace_options", "print-parent", "noprint-parent"),
    ("cat trace_options", "print-parent\nhex", "print-parent\nbin"),
    ("ls .", "trace\nsnapshot", "trace"),
    ("ls .", "trace", "ours\ntrace"),
    ("cat available_tracers", "function nop", "nop function"),
])
def test_difference_is_seen(line, linux, ours):
    assert compare(line, linux, ours, functions=("schedule", "vfs_read")).differences


@pytest.mark.parametrize("line, linux, ours", [
    ("echo x > f", "sh: 1: echo: Invalid argument", "echo: write error: Invalid argument"),
    ("cat set_ftrace_filter", "vfs_read\nonly_linux\nschedule", "schedule\nvfs_read\nonly_ours"),
    ("cat enabled_functions", "schedule (1)     \t", "schedule (1)       O   \tops: x+0x0/0x8 (y+0x0/0x8)"),
    ("cat trace", "   init-1       [000] .....     0.1: schedule <-a\n   init-1       [000] .....     0.2: schedule <-b",
     "   ls-5       [000] .....     0.5: schedule <-c"),
    ("cat trace_clock", "[local] boot tai", "[local] boot"),
    ("ls .", "snapshot\ntrace", "trace"),
    ("ls .", "trace", "recursed_functions\ntrace"),
    ("ls .", "recursed_functions\ntrace", "recursed_functions\ntrace"),
])
def test_what_cannot_be_equal_is_not_compared(line, linux, ours):
    assert not compare(line, linux, ours, functions=("schedule", "vfs_read"), absent={"snap*"},
                       exceptions=EXCEPTIONS).differences


def test_raw_marker_is_named_in_the_machines_order():
    assert not compare("cat trace", "TASK # 64636261 buf: 0a ff", "TASK # 61626364 buf: 0a", narrow=True).differences
    assert compare("cat trace", "TASK # 64636261 buf: 0a", "TASK # 61626364 buf: 0a").differences


@pytest.mark.parametrize("output", [
    "=== line 0\nno newline=== line 1\nsh: Invalid argument\n=== line end\n",
    "cd x\necho '=== line 0'\n=== line 0\ncat a\nno newlineecho '=== line 1'\n=== line 1\necho x > f\nsh: Invalid argument\n"
    "echo '=== line end'\n=== line end\n",
    "# echo '=== line 0'\n=== line 0\n# cat a\nno newline\n# echo '=== line 1'\n=== line 1\n# echo x > f\n"
    "sh: Invalid argument\n# echo '=== line end'\n=== line end\n",
], ids=("answers only", "sh -v", "lines after #"))
def test_answers_are_found_in_a_linuxs_output(output):
    assert la.answers_in(output, ["cat a", "echo x > f"]) == [["no newline"], ["sh: Invalid argument"]]


def test_linux_that_stops_half_way_is_no_answer():
    with pytest.raises(ValueError, match="did not come to the script's end"):
        la.answers_in("=== line 0\nanswer\n=== line 1\n", ["cat a", "cat b"])


def test_record_survives_being_written():
    record = la.Record("6.12", {"vfs_read", "schedule"}, ["cat x", "echo y"], [["a", "", "  b"], []])
    again = la.parse_record(la.format_record(record))
    assert again == record


def test_broken_exceptions_are_refused():
    with pytest.raises(ValueError, match="not a field"):
        la.parse_exceptions("row: x\nline: y\nlinux: a\npatchbay: b\nrows: z\n")
    with pytest.raises(ValueError, match="one row"):
        la.parse_exceptions("row: x\nlinux: a\npatchbay: b\n")


def test_repeated_characters_are_written_out():
    assert la.expand("echo {a x 3}b{* x 2} > f") == "echo aaab** > f"
    assert not re.search(r"\{\S+ x", "".join(map(la.expand, SCRIPT)))
