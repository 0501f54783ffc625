# SPDX-License-Identifier: BSD-2-Clause
"""ktap.py - decides from a machine's console log which in-kernel tests passed.  Pure: no machine, no clock.

A test passes only on its own `ok` line in a run that is whole: the plan names a
number, that many results follow in order, the machine ended by itself with the
status that fits, and nothing in the log says that the kernel was in trouble,
before, between or after the results.  A fault of the run fails the run's own
item; it fails every test whose verdict it made worthless too.
"""

import re
from collections import namedtuple

# What a kernel in trouble prints; a log with such a line is never a success.
TROUBLE = re.compile(r"Kernel panic|\bOops\b|\bBUG:|\bWARNING:|Unable to handle kernel|sbi_trap_error")

_VERSION = re.compile(r"^KTAP version 1$")
_PLAN = re.compile(r"^1\.\.(\d+)$")
_RESULT = re.compile(r"^(not )?ok (\d+) (?:- )?(\w+)(?: # (SKIP|skip)\b ?(.*))?$")

# status: "passed", "failed", "skipped"; text: the diagnostics, or the reason for skipping
Verdict = namedtuple("Verdict", "status text")


def last_lines(log, count=15):
    return "\n".join(log.rstrip("\n").splitlines()[-count:])


def trouble(log):
    """The first line that shows the kernel in trouble, or None."""
    return next((line for line in log.splitlines() if TROUBLE.search(line)), None)


def _read(log):
    """(plan or None, [(number, name, Verdict)]) of the KTAP in a console log; other lines are diagnostics."""
    plan, results, notes, started = None, [], [], False
    for line in log.splitlines():
        if _VERSION.match(line):
            started = True
            continue
        if not started:
            continue
        if m := _PLAN.match(line):
            plan = int(m[1]) if plan is None else -1    # a second plan fits nothing
        elif m := _RESULT.match(line):
            status = "failed" if m[1] else "skipped" if m[4] else "passed"
            results.append((int(m[2]), m[3], Verdict(status, m[5] if m[4] else "\n".join(notes))))
            notes = []
        else:
            notes.append(line)
    return plan, results


def judge(log, names, exit_status=None, timed_out=None):
    """({name: Verdict}, [fault]) for the tests `names`, of a run that printed `log`.

    exit_status: QEMU's, or None on machines that have none to give.
    timed_out: seconds after which the machine was stopped, or None when it ended by itself.
    """
    plan, results = _read(log)
    faults = []
    if timed_out is not None:
        faults.append(f"the machine was still running after {timed_out} s")
    if line := trouble(log):
        faults.append(f"the kernel was in trouble: {line}")
    if plan is None:
        faults.append("no plan (1..N): the tests never started")
    elif plan == 0:
        faults.append("the plan is 1..0: no test ran")
    elif plan != len(results):
        faults.append(f"the plan is 1..{plan}, but there are {len(results)} results")
    if [number for number, _, _ in results] != list(range(1, len(results) + 1)):
        faults.append("the results are not numbered 1, 2, 3, ...")

    verdicts = {}
    for _, name, verdict in results:
        if name in verdicts:
            faults.append(f"{name} has two results")
        elif name not in names:
            faults.append(f"{name} has a result, but no source declares it")
        verdicts[name] = verdict
    failed = any(v.status == "failed" for v in verdicts.values())
    if exit_status is not None and timed_out is None and exit_status != int(failed):
        faults.append(f"QEMU's exit status is {exit_status}, expected {int(failed)}")
    for name in names:
        if name not in verdicts:
            why = faults[0] if faults else "not in a whole run: the image does not hold this test"
            verdicts[name] = Verdict("failed", f"no verdict: {why}\n{last_lines(log)}")
    return verdicts, faults


_CMOCKA = re.compile(r"^(not )?ok (\d+) (?:(# SKIP)|-) (\w+)$")


def judge_cmocka(output, names, exit_status):
    """The same for a host unit test's output (cmocka's TAP, which marks a skip as `not ok N # SKIP name`)."""
    verdicts, notes, failing = {}, [], None
    for line in output.splitlines():
        if m := _CMOCKA.match(line):
            status = "skipped" if m[3] else "failed" if m[1] else "passed"
            verdicts[m[4]] = Verdict(status, "\n".join(notes))
            notes, failing = [], m[4] if status == "failed" else None
        elif failing:       # cmocka explains a failure below its line
            verdicts[failing] = Verdict("failed", verdicts[failing].text + line + "\n")
        else:
            notes.append(line)
    failed = sum(v.status == "failed" for v in verdicts.values())
    for name in names:
        if name not in verdicts:
            verdicts[name] = Verdict("failed", f"no verdict, exit status {exit_status}\n{last_lines(output, 40)}")
    if exit_status != failed:
        for name, v in verdicts.items():
            if v.status == "passed":
                verdicts[name] = Verdict("failed", f"exit status {exit_status} after {failed} failures\n"
                                         + last_lines(output, 40))
    return verdicts
