# SPDX-License-Identifier: BSD-2-Clause
"""linux_answers.py - what Linux and patchbay answer to the same lines.  Pure but for play() and ask_linux().

  tests/linux/script      the lines
  tests/linux/answers     what a Linux answered, recorded by tools/compare-linux, so that tests need none
  tests/linux/exceptions  where patchbay answers otherwise on purpose: each names its row in trace/DIFFERENCES.md

An answer is what a line printed; an error counts as its errno's text, whoever says it (`echo: write error: Invalid
argument` or another shell's words: `! Invalid argument`).  What cannot be equal on two kernels is taken out of both
answers by RULES; nothing else is.
"""

import errno
import os
import re
import shlex
import subprocess
import tempfile
from collections import namedtuple
from fnmatch import fnmatch
from pathlib import Path

import case

TOP = Path(__file__).resolve().parent.parent
FOLDER = TOP / "tests/linux"
TRACING = "/sys/kernel/tracing"

_MARK = "=== line "
_ERRNO_TEXTS = {os.strerror(number) for number in errno.errorcode}


def script_lines(text):
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def expand(line):
    """{x x 100}: a hundred x."""
    return re.sub(r"\{(\S+) x (\d+)\}", lambda m: m[1] * int(m[2]), line)


# ---- asking ----

def ask_linux(command, lines):
    """Runs the lines in a Linux; returns what each printed, as lists of lines.

    command: how to, a shell command with {script} for a file of shell lines.  It prints what they print,
    and may print each line itself before (as `sh -v` does, also after `# `).
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script"
        marked = [text for n, line in enumerate(lines) for text in (f"echo '{_MARK}{n}'", expand(line))]
        path.write_text("\n".join([f"cd {TRACING}", *marked, f"echo '{_MARK}end'"]) + "\n", encoding="utf-8")
        done = subprocess.run(command.replace("{script}", shlex.quote(str(path))), shell=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return answers_in(done.stdout.decode(errors="replace"), lines)


def answers_in(output, lines):
    """What each of the lines printed, from the output of a whole run; ValueError when it is not whole."""
    answers, number = [[] for _ in lines], None
    # A mark may stand behind an output that had no newline, and so may the line that prints it.
    output = re.sub(rf"(# )?echo '{_MARK}\w+'\n", "", output.replace("\r", ""))
    for text in output.splitlines():
        before, mark, which = text.partition(_MARK)
        if number is not None and (before or not mark) and before.removeprefix("# ") != expand(lines[number]):
            answers[number].append(before)
        if mark == _MARK:
            number = int(which) if which != "end" else None
    if number is not None or _MARK not in output:
        raise ValueError("the Linux did not come to the script's end; its last words:\n" + output[-2000:])
    return answers


def play(machine, lines):
    """The same on a booted qemu.Machine."""
    machine.run(f"cd {TRACING}")
    return [machine.run(expand(line)).splitlines() for line in lines]


# ---- what cannot be equal ----

# functions: names of those that both kernels can trace; narrow: patchbay's machine has longs of 32 bits, big-endian
Context = namedtuple("Context", "functions narrow")


def _errors(answer, context):
    """An error's wording is the shell's; which error it is, the kernel's."""
    def short(text):
        said = text.rpartition(": ")[2]
        return f"! {said}" if said in _ERRNO_TEXTS and ": " in text else text.rstrip()
    return [short(text) for text in answer]


def _addresses(answer, context):
    """Functions are elsewhere."""
    return [re.sub("^[0-9a-f]+ (?=.)", "", text) for text in answer]


def _functions(answer, context):
    """Each kernel has functions of its own, in an order of its own.  (Linux lists some twice: dead weak bodies.)

    What stands behind a function's colon is a probe of it, and compared.
    """
    return sorted({text for text in answer if text[0] in "#!" or text.split()[0].split(":")[0] in context.functions})


def _sites(answer, context):
    """A site's ops have other names and addresses; whether a site calls one ops (`O`) is the machine's affair."""
    return [re.sub(r"\s*\tops:.*", "", text).replace(" O", "  ").rstrip() for text in answer]


_EVENT = re.compile(r"^ *\S.{0,15}-\d+ +(\[\d+\] )(\S{5} )? *[\d.]+: ")


def _trace(answer, context):
    """Tasks, times, addresses and callers are each kernel's own; so is how often a function was called."""
    lines = []
    for text in answer:
        text = _EVENT.sub(lambda m: f"TASK {m[1]}{m[2] or ''}TIME: ", text)
        text = re.sub(r"\+0x[0-9a-f]+/0x[0-9a-f]+", "+OFFSET/SIZE", re.sub(r"<[0-9a-f]{8,16}>", "<ADDRESS>", text))
        lines.append(re.sub(r" <-[\w.]+", " <-CALLER", text))
    if not any(re.search(r"<-|TIME: [\w.]+$", text) for text in lines):
        return lines
    return list(dict.fromkeys(re.sub(r"(entries-written:) \d+/\d+", r"\1 N/N", text) for text in lines))


def _raw_padding(answer, context):
    """Behind the bytes of a raw marker Linux shows what happens to be in memory; in the script a newline ends them."""
    return [re.sub("( buf:.*? 0a).*", r"\1", text) for text in answer]


def _raw_ids(answer, context):
    """The number that names a raw marker is the first four bytes, in the machine's order."""
    def swapped(match):
        return f"# {int.from_bytes(int(match[1], 16).to_bytes(4, 'big'), 'little'):x} buf:"
    return [re.sub("# ([0-9a-f]+) buf:", swapped, text) for text in answer] if context.narrow else answer


def _pieces(answer, context):
    """An event has room for 8 bytes more on a 32-bit machine: a long text is cut elsewhere."""
    return [re.sub(r"(\w)\1{5,}", r"\1...", text) for text in answer] if context.narrow else answer


def _times(answer, context):
    """A clock's time."""
    return [re.sub(r" ts: +[\d.]+$", " ts: TIME", text) for text in answer]


def _numbers(answer, context):
    """How many sites a kernel has, and in how much memory."""
    return [re.sub(r"\d+", "N", text) for text in answer]


def _layout(answer, context):
    """A long has 4 bytes on a 32-bit machine, and what follows it stands earlier."""
    return [re.sub(r"(offset|size):\d+;", r"\1:N;", text) for text in answer] if context.narrow else answer


def _sizes(answer, context):
    """So a page of the buffer holds 4084 bytes in place of 4080, which shows from about a megabyte on."""
    return [re.sub(r"\d{4,}", "N", text) for text in answer] if context.narrow else answer


# Applied in this order, to lines that match.
RULES = (
    (r".*", _errors),
    (r"cat available_filter_functions_addrs", _addresses),
    (r"cat .*(set_ftrace_filter|set_graph_function|set_(ftrace|graph)_notrace)", _functions),
    (r"cat .*(available_filter_functions(_addrs)?|enabled_functions|touched_functions)", _functions),
    (r"cat (enabled|touched)_functions", _sites),
    (r"cat (.*/)?trace", _trace),
    (r"cat trace", _raw_padding),
    (r"cat trace", _pieces),
    (r"cat .*/stats", _times),
    (r"cat dyn_ftrace_total_info", _numbers),
    (r"cat events/.*", _layout),
    (r"cat buffer_(total_)?size_kb", _sizes),
)
_OURS = ((r"cat trace", _raw_ids),)

# What a Linux lists only if it was configured so: the one that was asked need not have been.
CONFIGURED = {"recursed_functions": "CONFIG_FTRACE_RECORD_RECURSION"}

# Lists of what there is, for which patchbay may have less than Linux.
LISTS = re.compile(r"ls .*|cat (trace_options|available_tracers)")


def normalise(line, answer, context, rules=RULES):
    for pattern, rule in rules:
        if answer and re.fullmatch(pattern, line):
            answer = rule(answer, context)
    return answer


def _listed(line, answer):
    """{name: how it is listed}; in trace_options one that is off has `no` before it."""
    words = [word for text in answer for word in text.split()]
    return {re.sub("^no", "", word) if line == "cat trace_options" else word: word for word in words}


# ---- comparing ----

# expected: with case.py's {{...}}; both None: only `note` says what is wrong
Difference = namedtuple("Difference", "line expected got note")


class Comparison:
    """Compares answers, line by line; `differences` are what is left, `used` the exceptions that made a difference."""

    def __init__(self, functions, exceptions, narrow=False, absent=()):
        """absent: patterns of names that patchbay may lack, as trace/DIFFERENCES.md has them."""
        self.context = Context(set(functions), narrow)
        self.exceptions, self.absent = exceptions, absent
        self.differences, self.used = [], set()

    def add(self, line, linux, ours):
        expected = normalise(line, linux, self.context)
        got = normalise(line, normalise(line, ours, self.context), self.context, _OURS)
        for exception in self.exceptions:
            if line in exception.lines:
                replaced = exception.apply(expected)
                if replaced != expected:
                    self.used.add(exception)
                expected = replaced
        if LISTS.fullmatch(line):
            expected, got = self._common(line, expected, got)
        if not case.matches(expected, got):
            self.differences.append(Difference(line, expected, got, ""))

    def _common(self, line, linux, ours):
        theirs = _listed(line, linux)
        names = {name: shown for name, shown in _listed(line, ours).items() if name in theirs or name not in CONFIGURED}
        unnamed = [name for name in theirs if name not in names and not any(fnmatch(name, p) for p in self.absent)]
        if unnamed:
            self.differences.append(Difference(line, None, None, "patchbay lacks these, and trace/DIFFERENCES.md does "
                                               f"not say so: {' '.join(unnamed)}"))
        return [shown for name, shown in theirs.items() if name in names], list(names.values())

    def report(self):
        lines = []
        for d in self.differences:
            lines += [f"$ {d.line}", d.note or case.difference(d.expected, d.got)]
        return "\n".join(lines)


def absent_names(differences_md):
    """Every `word` of the document that lists what is missing, without its folder; `funcgraph-*` stands for many."""
    return {word.split("/")[-1] for word in re.findall(r"`([\w./*-]+?)/?`", differences_md)}


# ---- the record ----

Record = namedtuple("Record", "release functions lines answers")


def format_record(record):
    words = " ".join(sorted(record.functions))
    text = [f"# What Linux {record.release} answered to tests/linux/script: made by tools/compare-linux, not by hand.",
            "# Functions that both kernels can trace:"]
    text += [f"#   {m[0]}" for m in re.finditer(r"\S.{0,110}(?= |$)", words)]
    for line, answer in zip(record.lines, record.answers):
        text += [f"$ {line}", *(f"    {said}".rstrip() for said in answer)]
    return "\n".join(text) + "\n"


def parse_record(text):
    release = re.match(r"# What Linux (\S+)", text)[1]
    functions = {word for line in re.findall(r"^#   (.*)", text, flags=re.M) for word in line.split()}
    lines, answers = [], []
    for line in text.splitlines():
        if line.startswith("$ "):
            lines.append(line[2:])
            answers.append([])
        elif not line.startswith("#"):
            answers[-1].append(line[4:])
    return Record(release, functions, lines, answers)


# ---- exceptions ----

class Exemption(namedtuple("Exemption", "row lines linux ours")):
    """An exception.  row: the first words of a row of trace/DIFFERENCES.md; lines: of the script.

    linux: a regular expression for lines of Linux's answer; ours: what patchbay says there.
    """

    def apply(self, answer):
        text = re.sub(f"^(?:{self.linux})$", self.ours, "\n".join(answer), flags=re.M)
        return text.split("\n") if text else []


def parse_exceptions(text):
    found = []
    for block in re.split(r"\n\s*\n", text):
        fields = re.findall(r"^(row|line|linux|patchbay):(?: (.*))?$", block, flags=re.M)
        rest = re.sub(r"^(#.*|(row|line|linux|patchbay):.*)$", "", block, flags=re.M).strip()
        if rest:
            raise ValueError(f"{rest!r} is not a field of an exception")
        if not fields:
            continue
        values = {key: [value for name, value in fields if name == key] for key in ("row", "line", "linux", "patchbay")}
        if any(len(values[key]) != 1 for key in ("row", "linux", "patchbay")) or not values["line"]:
            raise ValueError(f"an exception has one row, linux and patchbay, and some lines:\n{block}")
        found.append(Exemption(values["row"][0], tuple(values["line"]), values["linux"][0], values["patchbay"][0]))
    return found


def load():
    """(lines of the script, Record, exceptions) of the project."""
    def read(name):
        return (FOLDER / name).read_text(encoding="utf-8")
    return script_lines(read("script")), parse_record(read("answers")), parse_exceptions(read("exceptions"))
