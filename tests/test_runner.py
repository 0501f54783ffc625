# SPDX-License-Identifier: BSD-2-Clause
"""test_runner.py - the runner rejects what is no success: its failure paths, run.

First the judges on canned logs, then shell cases against a fake console, then
the whole of tools/run_tests in a tree of its own with a fake machine.
"""

import os
import shutil
import subprocess
import sys
import textwrap

import case
import ktap
import pytest
import qemu

GOOD = """\
OpenSBI v1.1
[    0.000000] patchbay 0.1
KTAP version 1
1..3
ok 1 list_add_appends
[    0.100000] a message of the kernel in between
ok 2 mutex_trylock_fails_when_held
ok 3 smp_calls_other_cpus # SKIP one CPU
"""
NAMES = ["list_add_appends", "mutex_trylock_fails_when_held", "smp_calls_other_cpus"]
SECOND = "ok 2 mutex_trylock_fails_when_held\n"


# ---- in-kernel tests: ktap.judge() ----

def statuses(verdicts):
    return [verdicts[name].status for name in NAMES]


def test_good_log_is_accepted():
    verdicts, faults = ktap.judge(GOOD, NAMES, 0)
    assert faults == []
    assert statuses(verdicts) == ["passed", "passed", "skipped"]
    assert verdicts["smp_calls_other_cpus"].text == "one CPU"


def test_good_log_is_accepted_on_a_machine_without_exit_status():
    assert ktap.judge(GOOD, NAMES, None)[1] == []


def test_failed_test_fails_with_its_diagnostics_and_is_no_fault_of_the_run():
    log = GOOD.replace(SECOND, "# kernel/x.c:7: a = 1 (0x1), expected b = 2 (0x2)\nnot " + SECOND)
    verdicts, faults = ktap.judge(log, NAMES, 1)
    assert faults == []
    assert statuses(verdicts) == ["passed", "failed", "skipped"]
    assert "kernel/x.c:7" in verdicts["mutex_trylock_fails_when_held"].text


# what: (log, exit status, seconds after which it was stopped, words of a fault)
BROKEN = {
    "panic after all passed": (GOOD + "[    0.2] Kernel panic - not syncing: late\n", 0, None, "Kernel panic"),
    "oops between tests": (GOOD.replace(SECOND, "[    0.2] Oops [#1]\n" + SECOND), 0, None, "Oops"),
    "bug": (GOOD + "[    0.2] BUG: at kernel/x.c:3\n", 0, None, "BUG"),
    "warning": (GOOD + "[    0.2] WARNING: at kernel/x.c:3\n", 0, None, "WARNING"),
    "hang": (GOOD, None, 300, "still running after 300 s"),
    "hang in the middle": (GOOD.partition("ok 2")[0], None, 300, "1 results"),
    "empty log": ("", 0, None, "never started"),
    "boot only": (GOOD.partition("KTAP")[0], 0, None, "never started"),
    "no plan": (GOOD.replace("1..3\n", ""), 0, None, "no plan"),
    "zero tests": ("KTAP version 1\n1..0\n", 0, None, "no test ran"),
    "truncated": (GOOD.rpartition("ok 3")[0], 0, None, "the plan is 1..3, but there are 2 results"),
    "more results than planned": (GOOD.replace("1..3", "1..2"), 0, None, "the plan is 1..2"),
    "two plans": (GOOD + "1..3\n", 0, None, "the plan is"),
    "two results for one test": (GOOD.replace("1..3", "1..4") + "ok 4 list_add_appends\n", 0, None, "two results"),
    "numbers out of order": (GOOD.replace("ok 2", "ok 7"), 0, None, "not numbered"),
    "undeclared test": (GOOD.replace("1..3", "1..4") + "ok 4 stranger\n", 0, None, "no source declares it"),
    "failing status after success": (GOOD, 1, None, "exit status is 1, expected 0"),
    "good status after a failure": (GOOD.replace(SECOND, "not " + SECOND), 0, None, "exit status is 0, expected 1"),
    "killed": (GOOD, -9, None, "exit status is -9"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_run_is_rejected(what):
    log, status, stopped, words = BROKEN[what]
    faults = ktap.judge(log, NAMES, status, stopped)[1]
    assert any(words in fault for fault in faults), faults


def test_test_without_a_verdict_fails_and_shows_why():
    verdicts, _ = ktap.judge(GOOD.partition(SECOND)[0] + "Kernel panic - not syncing: x\n", NAMES, 1)
    assert statuses(verdicts) == ["passed", "failed", "failed"]
    assert "Kernel panic - not syncing: x" in verdicts["mutex_trylock_fails_when_held"].text


def test_test_that_the_image_lost_fails():
    verdicts, faults = ktap.judge(GOOD, [*NAMES, "gone_from_the_image"], 0)
    assert faults == [] and verdicts["gone_from_the_image"].status == "failed"


def test_lines_before_the_ktap_header_are_no_results():
    verdicts, _ = ktap.judge("ok 1 list_add_appends\n", NAMES, 0)
    assert statuses(verdicts) == ["failed"] * 3


# ---- host unit tests: ktap.judge_cmocka() ----

CMOCKA = "1..3\nok 1 - first\nnot ok 2 - second\n# 0x1 != 0x2\n# t.c:7: error: Failure!\nnot ok 3 # SKIP third\n"


def test_cmocka_results_are_read():
    verdicts = ktap.judge_cmocka(CMOCKA, ["first", "second", "third"], 1)
    assert [verdicts[n].status for n in ("first", "second", "third")] == ["passed", "failed", "skipped"]
    assert "t.c:7" in verdicts["second"].text


@pytest.mark.parametrize("output, status", [
    ("1..1\nok 1 - first\n==1==ERROR: AddressSanitizer: heap-use-after-free\n", 1),
    ("1..1\nok 1 - first\n==1==ERROR: LeakSanitizer: detected memory leaks\n", 23),
    ("1..1\nok 1 - first\n", -11),
    ("1..1\n", 0),
    ("", "none, stopped after 120 s"),
])
def test_cmocka_success_that_is_none_is_rejected(output, status):
    assert ktap.judge_cmocka(output, ["first"], status)["first"].status == "failed"


# ---- shell cases: the file ----

def parsed(text):
    return case.parse("# description: a test\n" + textwrap.dedent(text))


def test_case_file_is_read():
    c = parsed("""\
        # cmdline: quiet loglevel=3
        # skip: mips no such device
        / # cd /sys/kernel/tracing
        /sys/kernel/tracing # cat current_tracer
        nop
        """)
    assert (c.cmdline, c.skip) == ("quiet loglevel=3", {"mips": "no such device"})
    assert [(s.number, s.cwd, s.typed, s.expected) for s in c.steps] == [
        (4, "/", "cd /sys/kernel/tracing", []), (5, "/sys/kernel/tracing", "cat current_tracer", ["nop"])]


@pytest.mark.parametrize("text, words", [
    ("/ # true\n", "description"),
    ("# description: x\n", "no line with a prompt"),
    ("", "description"),
    ("# description: x\nstray\n/ # true\n", "line 2: text before the first prompt"),
    ("# description: x\n/ # echo\n{{(}}\n", "line 3"),
    ("# description: x\n# audit: {{(}}\n/ # echo\n", "line 0"),
])
def test_wrong_case_file_is_rejected(text, words):
    with pytest.raises(case.CaseError, match=words):
        case.parse(text)


@pytest.mark.parametrize("expected, actual", [
    ([], []),
    (["a"], ["a"]),
    (["a  "], ["a"]),
    (["..."], []),
    (["..."], ["a", "b"]),
    (["a", "...", "d"], ["a", "b", "c", "d"]),
    (["...", "b", "...", "b"], ["a", "b", "b", "c", "b"]),
    ([r"{{\d+}} ns (1+1)"], ["17 ns (1+1)"]),
])
def test_output_that_fits(expected, actual):
    assert case.matches(expected, actual)


@pytest.mark.parametrize("expected, actual", [
    ([], ["a"]),
    (["a"], []),
    (["a"], ["b"]),
    (["a"], ["a", "b"]),
    (["a", "b"], ["a"]),
    (["a"], [" a"]),
    (["a", "...", "d"], ["a", "b", "c"]),
    (["...", "b"], ["b", "a"]),
    (["a.c"], ["abc"]),
    ([r"{{\d+}}"], ["17 ns"]),
    ([r"{{a|b}}c"], ["a"]),
])
def test_output_that_does_not_fit(expected, actual):
    assert not case.matches(expected, actual)


def test_difference_points_at_the_first_line_that_differs():
    text = case.difference(["same", "wanted"], ["same", "got"])
    assert "  > wanted" in text and "  > got" in text and "    same" in text


# ---- shell cases: against a fake console ----

# Echoes what is typed as the kernel's line editor does, and answers a few commands.
CONSOLE = r"""#!/usr/bin/python3
import os, sys
def put(s): os.write(1, s.replace("\n", "\r\n").encode())
def line():
    s = ""
    while (c := os.read(0, 1).decode()) not in ("\r", "\x03", ""):
        put(c); s += c
    if c == "": sys.exit(9)
    put("^C\n" if c == "\x03" else "\n")
    return s
put("OpenSBI\n[    0.0] boot\n")
audit = "496 sites, 0 on, consistent"
while True:
    put("/ # ")
    s = line()
    if s == "poweroff": put("[    1.0] power off\n"); sys.exit(0)
    if s == "cat pipe":
        put("event\n")
        while os.read(0, 1) != b"\x03": pass
        put("^C\n")
    if s.startswith("echo "): put(s[5:] + "\n")
    if s == "echo -n": put("bare")
    if s == "crash": put("Kernel panic - not syncing: crash\n"); sys.exit(1)
    if s == "die": sys.exit(1)
    if s == "loop":
        while True: os.read(0, 1)
    if s == "whisper": put("WARNING: at x.c:1\n")
    if s == "overwrite": audit = "vfs_read+0x0/0x58: word 0: expected 00000013, found 00000000"
    if s == "kill": audit += ", but ftrace is dead"
    if s == "cat /sys/kernel/tracing/ftrace_audit": put(audit + "\n")
"""


@pytest.fixture
def machine(tmp_path):
    class Fake(qemu.Machine):       # nothing that is shared: real machines start in the background meanwhile
        program = tmp_path / "qemu"

    Fake.program.write_text(CONSOLE)
    Fake.program.chmod(0o755)
    with Fake("riscv64") as m:
        yield m


def play(machine, text):
    case.run(parsed(text), machine)


def test_case_that_fits_passes(machine):
    play(machine, "/ # echo hello\nhello\n/ # true\n/ # echo two\n{{t.o}}\n/ # \n")
    assert machine.process.returncode == 0 and "OpenSBI" in machine.log


def test_case_interrupts_a_command_after_the_output_it_waits_for(machine):
    play(machine, "/ # cat pipe\nevent\n^C\n/ # ^C\n/ # echo on\non\n")


def test_case_may_say_what_else_the_audit_finds(machine):
    play(machine, r"# audit: {{\d+}} sites, {{\d+}} on, consistent, but ftrace is dead" "\n/ # kill\n")


def test_case_of_a_panic_ends_with_it(machine):
    play(machine, "# exit: 1\n/ # crash\nKernel panic - not syncing: {{.*}}\n")


@pytest.mark.parametrize("text, error, words", [
    ("/ # echo hello\nhullo\n", case.Mismatch, "line 2: / # echo hello"),
    ("/ # echo hello\n", case.Mismatch, "hello"),
    ("/sys # echo hello\nhello\n", case.Mismatch, "expected the prompt `/sys # `"),
    ("/ # crash\nKernel panic - not syncing: crash\n", case.Mismatch, "exit status is 1, expected 0"),
    ("/ # crash\n/ # echo hello\nhello\n", qemu.Gone, "Kernel panic"),
    ("/ # die\n", case.Mismatch, "exit status is 1, expected 0"),
    ("/ # whisper\n...\n", case.Mismatch, "in trouble: WARNING"),
    ("/ # overwrite\n", case.Mismatch, "vfs_read+0x0/0x58: word 0: expected 00000013, found 00000000"),
    ("/ # kill\n", case.Mismatch, "but ftrace is dead"),
    ("# audit: nothing\n/ # true\n", case.Mismatch, "496 sites"),
])
def test_case_that_does_not_fit_fails(machine, text, error, words):
    with pytest.raises(error) as raised:
        play(machine, text)
    assert words in str(raised.value)


def test_command_that_hangs_is_a_failure_that_shows_the_last_lines(machine):
    machine.boot()
    with pytest.raises(qemu.Hang, match=r"(?s)after 0.5 s .*/ # loop"):
        machine.run("loop", limit=0.5)


def test_machine_that_does_not_power_off_is_a_failure(machine):
    machine.boot()
    with pytest.raises(qemu.Hang, match="still running"):
        machine.wait_end(limit=0.5)


def test_output_without_a_last_newline_is_seen_whole(machine):
    machine.boot()
    assert machine.run("echo -n") == "-n\nbare"


# ---- tools/run_tests, whole: riscv64 boots twice, with one CPU and with several ----

class Tree:
    """A source tree with our runner, and a machine that prints a canned log."""

    def __init__(self, top):
        self.top = top
        for name in ("tools/run_tests", "tests/conftest.py", "tests/ktap.py", "tests/qemu.py", "tests/case.py",
                     "tests/checklist.py", "tools/elf.py"):
            (top / name).parent.mkdir(exist_ok=True)
            shutil.copy(qemu.TOP / name, top / name)
        self.write("Makefile", "build unit:\n")
        self.write("tests/ktest/ktest.c", "")
        self.write("tests/ktest/test_a.c", "".join(f"KTEST({name})\n" for name in NAMES))
        self.machine(GOOD)

    def write(self, name, text):
        (self.top / name).parent.mkdir(exist_ok=True, parents=True)
        (self.top / name).write_text(text)

    def machine(self, log, status=0):
        self.write("log", log)
        self.write("tools/qemu", f"#!/bin/sh\ncat {self.top}/log\nexit {status}\n")
        (self.top / "tools/qemu").chmod(0o755)

    def run(self, *args):
        """(exit status, last line, all output) of run_tests."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        done = subprocess.run([sys.executable, self.top / "tools/run_tests", "riscv64", *args], env=env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.splitlines()[-1], done.stdout


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_success_ends_with_the_totals_and_status_0(tree):
    status, last, output = tree.run()
    assert (status, last) == (0, "6 passed, 0 failed, 2 skipped"), output


def test_pattern_narrows_by_part_of_the_name_and_by_glob(tree):
    assert tree.run("-k", "list_add")[:2] == (0, "2 passed, 0 failed")
    assert tree.run("-k", "ktest/*::riscv64::*held")[:2] == (0, "1 passed, 0 failed")


@pytest.mark.parametrize("what, log, machine_status, last", [
    ("panic after PASS", GOOD + "Kernel panic - not syncing: late\n", 1, "4 passed, 2 failed, 2 skipped"),
    ("failed test", GOOD.replace("ok 2", "not ok 2"), 1, "4 passed, 2 failed, 2 skipped"),
    ("truncated", GOOD.partition("ok 2")[0], 0, "2 passed, 6 failed"),
    ("nothing", "", 0, "0 passed, 8 failed"),
])
def test_run_that_is_no_success_has_a_failing_status(tree, what, log, machine_status, last):
    tree.machine(log, machine_status)
    assert tree.run()[:2] == (1, last)


def test_zero_tests_are_a_failure(tree):
    assert tree.run("-k", "nothing_is_called_this")[:2] == (1, "0 passed, 0 failed")


def test_skipped_tests_alone_are_no_success(tree):
    assert tree.run("-k", "smp_calls")[:2] == (1, "0 passed, 0 failed, 2 skipped")


def test_test_file_that_cannot_be_read_is_a_failure(tree):
    tree.write("tests/test_x.py", "import nothing_like_this\n")
    status, last, output = tree.run()
    assert (status, last) == (1, "6 passed, 1 failed, 2 skipped") and "ModuleNotFoundError" in output, output


def test_wrong_case_file_is_a_failure(tree):
    tree.write("tests/cases/x.case", "no description\n")
    status, last, output = tree.run()
    assert status == 1 and "text before the first prompt" in output, output


def test_unit_test_that_was_not_built_is_a_failure(tree):
    tree.write("tests/unit/test_x.c", "cmocka_unit_test(works)")
    status, last, output = tree.run("-k", "works")
    assert (status, last) == (1, "0 passed, 1 failed") and "make unit" in output


def test_unit_tests_named_through_a_macro_of_their_own_are_found(tree):
    tree.write("tests/unit/test_x.c", "#define TEST(name) cmocka_unit_test_setup(name, start)\nTEST(one),\nTEST(two),\n")
    status, last, output = tree.run("-k", "unit")
    assert (status, last) == (1, "0 passed, 2 failed") and "test_x.c::two" in output, output


def test_build_that_fails_is_a_failure(tree):
    tree.write("Makefile", "build:\n\t@echo broken.c:1: error; false\nunit:\n")
    status, last, output = tree.run()
    assert (status, last) == (1, "0 passed, 1 failed") and "broken.c:1: error" in output
