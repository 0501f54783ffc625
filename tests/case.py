# SPDX-License-Identifier: BSD-2-Clause
"""case.py - shell cases: the lines a person would type, and what must come back.  See tests/README.md.

parse() and difference() are pure; run() plays a case on a Machine.
"""

import re
from collections import namedtuple

from ktap import last_lines, trouble
from qemu import CTRL_C, Gone

_PROMPT = re.compile(r"^(/[^\s#]*) # ?(.*)$")
_HEADER = re.compile(r"^# (description|cmdline|skip|exit|smp|audit): *(.*)$")

# What every case must leave behind, if it leaves a prompt.
_AUDIT = "cat /sys/kernel/tracing/ftrace_audit"
_CONSISTENT = r"{{\d+}} sites, {{\d+}} on, consistent"

# number: of the line in the file; cwd: the directory in the prompt; typed; expected: lines
Step = namedtuple("Step", "number cwd typed expected")
Case = namedtuple("Case", "description cmdline skip exit smp audit steps")


class CaseError(Exception):
    """The case file itself is wrong."""


class Mismatch(Exception):
    """The machine printed something else."""


def parse(text):
    header = {"description": "", "cmdline": "", "exit": "0", "smp": "1", "audit": _CONSISTENT}
    skip, steps = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        if m := _PROMPT.match(line):
            steps.append(Step(number, m[1], m[2], []))
        elif steps:
            steps[-1].expected.append(line)
        elif m := _HEADER.match(line):
            if m[1] == "skip":
                arch, _, reason = m[2].partition(" ")
                skip[arch] = reason
            else:
                header[m[1]] = m[2]
        elif line and not line.startswith("#"):
            raise CaseError(f"line {number}: text before the first prompt")
    if not header["description"]:
        raise CaseError("no line `# description: ...`")
    if not steps:
        raise CaseError("no line with a prompt: nothing would be tested")
    _pattern(header["audit"])
    for step in steps:
        for i, line in enumerate(step.expected):
            _pattern(line, step.number + 1 + i)
    return Case(header["description"], header["cmdline"], skip, int(header["exit"]), int(header["smp"]), header["audit"],
                steps)


def _pattern(line, number=0):
    """The regular expression for one expected line; {{...}} in it is one already."""
    parts = re.split(r"\{\{(.*?)\}\}", line.rstrip())
    try:
        return re.compile("".join(f"(?:{p})" if i % 2 else re.escape(p) for i, p in enumerate(parts)))
    except re.error as e:
        raise CaseError(f"line {number}: {e}") from e


def matches(expected, actual):
    """Whether the lines fit; `...` stands for any number of lines.  Blanks at the end of a line do not count."""
    e = a = 0
    resume = None       # (index after the last `...`, how far it has reached)
    while a < len(actual) or e < len(expected):
        if e < len(expected) and expected[e] == "...":
            e, resume = e + 1, (e + 1, a)
        elif e < len(expected) and a < len(actual) and _pattern(expected[e]).fullmatch(actual[a].rstrip()):
            e, a = e + 1, a + 1
        elif resume and resume[1] < len(actual):
            resume = (resume[0], resume[1] + 1)
            e, a = resume
        else:
            return False
    return True


def difference(expected, actual):
    """None when the lines fit, else a text that shows both."""
    if matches(expected, actual):
        return None
    good = 0
    while good < len(expected) and expected[good] != "..." and matches(expected[:good + 1], actual[:good + 1]):
        good += 1

    def shown(lines):
        return "\n".join(("  > " if i == good else "    ") + line for i, line in enumerate(lines)) or "    (nothing)"
    return f"  expected:\n{shown(expected)}\n  got:\n{shown(actual)}"


def _interrupt(machine, step):
    """Plays a step whose expected output has a line ^C: that output first, then Ctrl-C."""
    at = step.expected.index("^C")
    machine.send(step.typed + "\r")
    machine.wait_for(re.escape(step.typed) + r"\r*\n")
    for line in step.expected[:at]:
        if line != "...":
            machine.wait_for(_pattern(line))
    machine.send(CTRL_C)
    before, echo, after = machine.wait_prompt().partition("^C")
    return difference(step.expected[at + 1:], (after if echo else before).lstrip("\n").splitlines())


def _play(machine, step):
    if machine.cwd != step.cwd:
        return f"  expected the prompt `{step.cwd} # `, got `{machine.cwd} # `"
    if "^C" in step.expected:
        return _interrupt(machine, step)
    if step.typed == "^C":
        machine.send(CTRL_C)
        return difference(step.expected, machine.wait_prompt().replace("^C\n", "", 1).splitlines())
    return difference(step.expected, machine.run(step.typed).splitlines())


def _last_step_ends(machine, step):
    """The last command never comes back to a prompt: compares what it printed until QEMU ended."""
    _, _, text = machine.log.rpartition(f"{step.cwd} # ")
    return difference(step.expected, machine.output_of(step.typed, text).splitlines())


def _audit(case, machine):
    """Is every patch site still what the records and the registered ops say?"""
    diff = difference([case.audit], machine.run(_AUDIT).splitlines())
    if diff:
        raise Mismatch(f"after the last line, {_AUDIT}\n{diff}")


def run(case, machine):
    """Plays the case; raises Mismatch, Hang or Gone."""
    machine.boot()
    ended = False
    for step in case.steps:
        if not step.typed and step is case.steps[-1]:
            break       # a transcript may end in a bare prompt
        try:
            diff = _play(machine, step)
        except Gone:
            if step is not case.steps[-1]:
                raise
            diff, ended = _last_step_ends(machine, step), True
        if diff:
            raise Mismatch(f"line {step.number}: {step.cwd} # {step.typed}\n{diff}")
    if not ended:
        _audit(case, machine)
    status, wanted = (machine.wait_end(), case.exit) if ended else (machine.power_off(), 0)
    if status is not None and status != wanted:
        raise Mismatch(f"QEMU's exit status is {status}, expected {wanted}\n{last_lines(machine.log)}")
    line = trouble(machine.log)
    if line and not any(trouble(text) for step in case.steps for text in step.expected):
        raise Mismatch(f"the kernel was in trouble: {line}\n{last_lines(machine.log)}")
