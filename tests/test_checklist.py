# SPDX-License-Identifier: BSD-2-Clause
"""test_checklist.py - the checklist's own judgement: an item is shown by tests that exist, ran and passed, and by nothing else."""

import checklist
import pytest
import qemu

ITEM = """- **W1** It works.
  unit/test_a.c: one, two
  cases/a.case
  ktest/test_b.c: three
  [mips] arch/mips/test_patch.c: four
  test_c.py: test_five
"""
IDS = {"unit": "tests/unit/test_a.c::{}", "case": "tests/cases/a.case::riscv64", "ktest": "tests/ktest/test_b.c::riscv64::three",
       "arch": "tests/ktest/ktest.c::mips::four", "py": "tests/test_c.py::test_five[x-riscv64]"}
KNOWN = {IDS["unit"].format("one"), IDS["unit"].format("two"), *(v for k, v in IDS.items() if k != "unit"),
         "tests/test_c.py::test_five[x-mips]", "tests/test_c.py::test_fiver", "tests/ktest/test_b.c::mips::three"}
PASSED = {nodeid: "passed" for nodeid in KNOWN}


@pytest.fixture(autouse=True)
def one_source(monkeypatch):
    monkeypatch.setattr(checklist, "SOURCES", {"W": 1})


def judge(arch="riscv64", known=frozenset(KNOWN), **changed):
    outcomes = dict(PASSED)
    for name, outcome in changed.items():
        outcomes[IDS[name].format("one")] = outcome
    return checklist.judge(checklist.parse(ITEM)[0], arch, known, outcomes)


def test_item_whose_tests_passed_is_shown():
    assert judge() is None
    assert judge(py="skipped", case="skipped") is None


@pytest.mark.parametrize("missing", ["unit", "case", "ktest", "py"])
def test_test_that_does_not_exist_is_an_error(missing):
    with pytest.raises(checklist.ChecklistError, match="there is no test"):
        judge(known=KNOWN - {IDS[missing].format("one")})


@pytest.mark.parametrize("name", ["unit", "case", "ktest", "py"])
def test_test_that_failed_or_did_not_run_shows_nothing(name):
    assert "failed" in judge(**{name: "failed"})
    assert "was not run" in judge(**{name: None})


def test_tests_that_were_all_skipped_show_nothing():
    item = checklist.parse(ITEM)[0]
    assert checklist.judge(item, "riscv64", KNOWN, dict.fromkeys(KNOWN, "skipped")) == "all its tests were skipped"


def test_reference_for_some_machines_is_for_those():
    item = checklist.parse("- **W1** It works.\n  [mips] arch/mips/test_patch.c: four\n")[0]
    assert checklist.machines(item) == ["mips"]
    assert checklist.judge(item, "mips", KNOWN, PASSED) is None


@pytest.mark.parametrize("text, words", [
    ("- **W1** Nothing shows it.\n", "either tests or a reason"),
    ("- **W1** Both. *Not yet: x.*\n  cases/a.case\n", "either tests or a reason"),
    ("- **W1** A.\n  cases/a.case\n- **W1** B.\n  cases/a.case\n", "wrong with W1"),
    ("- **W2** A.\n  cases/a.case\n", "wrong with W1"),
    ("- **W1** A.\n  [vax] cases/a.case\n", "no such machine"),
    ("- **W1** A.\n  unit/test_a.c\n", "names of tests follow"),
    ("- **W1** A.\n  cases/a.case\n  and so on\n", "neither a reference"),
])
def test_malformed_document_is_refused(text, words):
    with pytest.raises(checklist.ChecklistError, match=words):
        checklist.parse(text)


def test_every_item_of_the_document_is_there(monkeypatch):
    monkeypatch.undo()
    items = checklist.parse((qemu.TOP / "tests/CHECKLIST.md").read_text(encoding="utf-8"))
    assert len(items) == 175 and sum(item.kind == "shown" for item in items) > 150
