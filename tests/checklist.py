# SPDX-License-Identifier: BSD-2-Clause
"""checklist.py - tests/CHECKLIST.md: which test shows each item, and did it run?  Pure.

An item of the document is

    - **W12** What it says, in a sentence or more.
      unit/test_ftrace_hash.c: name, another_name
      [mips64el mips] arch/mips/test_patch.c: name
      cases/ftrace_filter.case

with a reference a line, each a file below tests/ (or an architecture's own in-kernel tests) and names of tests in it;
[...] limits it to machines.  An item without a test ends in *Does not apply: REASON* or *Not yet: REASON*.
"""

import re
from collections import namedtuple

# The items there must be: letter -> how many.
SOURCES = {"W": 75, "B": 25, "I": 25, "T": 50}
ARCHES = ("riscv64", "mips64el", "mips")

# arches: of the reference; file: as written; name: None for a shell case, which is one test
Reference = namedtuple("Reference", "arches file name")
# kind: "shown", "does not apply" or "not yet"; references of the first, reason of the others
Item = namedtuple("Item", "id text kind references reason")

_REFERENCE = re.compile(r"^  (?:\[([\w ]+)\] )?((?:unit|ktest|cases|gdb|arch/\w+)?/?[\w.]+\.(?:c|py|case))(?:: (.*))?$")
_REASON = re.compile(r"\*(Does not apply|Not yet): (.+?)\*$")


class ChecklistError(Exception):
    """The document is wrong, or an item is not shown."""


def _references(line):
    match = _REFERENCE.match(line)
    arches = tuple(match[1].split()) if match[1] else ARCHES
    if set(arches) - set(ARCHES):
        raise ChecklistError(f"no such machine: {line.strip()}")
    names = [name.strip() for name in match[3].split(",")] if match[3] else [None]
    if (match[3] is None) != match[2].endswith(".case"):
        raise ChecklistError(f"names of tests follow a file, unless it is a case: {line.strip()}")
    return [Reference(arches, match[2], name) for name in names]


def _item(block):
    text, references = [], []
    for line in block.splitlines():
        if _REFERENCE.match(line):
            references += _references(line)
        elif references:
            raise ChecklistError(f"neither a reference nor before them: {line.strip()}")
        else:
            text.append(line.strip())
    ident, _, text = " ".join(text).partition("** ")
    reason = _REASON.search(text)
    if bool(references) == bool(reason):
        raise ChecklistError(f"{ident} wants either tests or a reason why there is none")
    kind = reason[1].lower() if reason else "shown"
    return Item(ident, text, kind, references, reason[2] if reason else "")


def parse(document):
    """The items, in order; ChecklistError when one is malformed, missing or there twice."""
    blocks = re.findall(r"^- \*\*((?:[A-Z]\d+)\*\* (?:.+\n)(?:  .+\n)*)", document, flags=re.M)
    items = [_item(block) for block in blocks]
    wanted = [f"{letter}{n}" for letter, count in SOURCES.items() for n in range(1, count + 1)]
    if [item.id for item in items] != wanted:
        odd = [w for w in wanted if [i.id for i in items].count(w) != 1] or ["the order"]
        raise ChecklistError(f"each item once and in order: wrong with {' '.join(odd)}")
    return items


def nodeids(reference, arch, known):
    """Which of the `known` tests, by pytest's ids, the reference means on this machine."""
    file = "ktest/ktest.c" if reference.file.startswith("arch/") else reference.file
    path = f"tests/{file}::"
    if reference.name is None:
        return [path + arch] if path + arch in known else []
    if file.startswith("ktest/"):
        return [n for n in (f"{path}{arch}::{reference.name}",) if n in known]
    exact, found = path + reference.name, []
    for nodeid in known:
        machine = next((a for a in ARCHES if re.search(rf"[\[-]{a}[\]-]", nodeid)), arch)
        if nodeid == exact or (nodeid.startswith(exact + "[") and machine == arch):
            found.append(nodeid)
    return found


def judge(item, arch, known, outcomes):
    """None: the tests passed; else why nothing is said about the item in this run.

    outcomes: {nodeid: "passed", "failed" or "skipped"} of the tests that ran.  Raises ChecklistError when a test
    does not exist.
    """
    if not any(re.match(r"tests/\w+/", nodeid) for nodeid in known):
        return "only a part of the tests was looked for"
    wanted = []
    for reference in item.references:
        if arch in reference.arches:
            ids = nodeids(reference, arch, known)
            if not ids:
                raise ChecklistError(f"{item.id}: there is no test {reference.file} {reference.name or ''} on {arch}")
            wanted += ids
    for outcome, why in (("failed", "failed"), (None, "was not run")):
        for nodeid in wanted:
            if outcomes.get(nodeid) == outcome:
                return f"{nodeid} {why}"
    return None if any(outcomes[nodeid] == "passed" for nodeid in wanted) else "all its tests were skipped"


def machines(item):
    return [arch for arch in ARCHES if any(arch in reference.arches for reference in item.references)]
