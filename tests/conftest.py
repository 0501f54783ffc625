# SPDX-License-Identifier: BSD-2-Clause
"""conftest.py - how pytest finds and runs the tests that are not Python.

  tests/unit/test_*.c     host unit tests: one item a cmocka test, run from build/unit/
  tests/ktest/test_*.c    in-kernel tests: one item a KTEST() and machine, all from one boot of that machine
  tests/ktest/ktest.c     the KTEST()s that stand elsewhere (an architecture's own), and that boot as a whole
                          (a machine that can have several CPUs does all this a second time with SMP_CPUS of them)
  tests/cases/*.case      shell cases: one item a file and machine, one boot each
  tests/CHECKLIST.md      what must be shown: one item an entry and machine, at the end; it looks at the others' outcomes

The names come from the sources (those of tests elsewhere from the image), so a
test that never ran is a failure and not an absence.  A machine's other build (mips-pg: MCOUNT=pg) plays the
same cases and in-kernel tests.  Machines and unit tests start when collection ends, as many at once
as there are CPUs; an item waits for its own.
"""

import fnmatch
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

sys.dont_write_bytecode = True
import case
import checklist
import ktap
import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

KTEST_LIMIT = 300
SMP_CPUS = 4
UNIT_LIMIT = 120

_KTEST = re.compile(r"^KTEST\((\w+)\)", re.M)
_CMOCKA_MACRO = re.compile(r"^#define\s+(\w+)\(\w+\)\s+cmocka_unit_test.*\n", re.M)


def pytest_addoption(parser):
    parser.addoption("--arch", action="append", help="machine, or other build of one, to test (repeatable; all that are built)")
    parser.addoption("--match", default="", help="run only tests whose id contains this, or matches this glob")


def pytest_configure(config):
    known = [*qemu.ARCHES, *qemu.PG_BUILDS]
    built = [build for build in known if (qemu.TOP / "build" / build / "kernel.elf").exists()]
    config.builds = config.getoption("--arch") or built
    config.jobs = Jobs()
    config.pluginmanager.register(Outcomes(config))


def pytest_generate_tests(metafunc):
    builds = metafunc.config.builds
    if "arch" in metafunc.fixturenames:
        metafunc.parametrize("arch", [build for build in builds if build in qemu.ARCHES])
    if "pg_build" in metafunc.fixturenames:
        metafunc.parametrize("pg_build", [build for build in builds if build in qemu.PG_BUILDS])


def pytest_ignore_collect(collection_path, config):
    if collection_path.name == "test_mcount_pg.py" and not set(config.builds) & set(qemu.PG_BUILDS):
        return True
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    config.known = {item.nodeid for item in items}
    items.sort(key=lambda item: isinstance(item, ChecklistItem))
    pattern = config.getoption("--match")
    if not pattern:
        return
    kept = [i for i in items if pattern in i.nodeid or fnmatch.fnmatch(i.nodeid, f"*{pattern}*")]
    config.hook.pytest_deselected(items=[i for i in items if i not in kept])
    items[:] = kept


def pytest_collection_finish(session):
    for item in session.items:
        if isinstance(item, JobItem) and not session.config.option.collectonly:
            item.start()


def pytest_unconfigure(config):
    config.jobs.pool.shutdown(cancel_futures=True)


class Outcomes:
    """What became of each test so far, for the checklist: config.outcomes."""

    def __init__(self, config):
        self.outcomes = config.outcomes = {}

    def pytest_runtest_logreport(self, report):
        if report.failed or report.skipped or report.when == "call":
            if self.outcomes.get(report.nodeid) != "failed":
                self.outcomes[report.nodeid] = report.outcome


class Jobs:
    """Work that several items may share, each done once, in the background."""

    def __init__(self):
        self.pool = ThreadPoolExecutor(os.cpu_count())
        self.futures = {}

    def start(self, key, function, *args):
        if key not in self.futures:
            self.futures[key] = self.pool.submit(function, *args)

    def result(self, key):
        return self.futures[key].result()


class Failure(Exception):
    """A test failed; the text is all there is to say."""


class JobItem(pytest.Item):
    """An item whose work is a job.  Subclasses give `key` and work(), and judge() the result."""

    def start(self):
        self.config.jobs.start(self.key, *self.work())

    def runtest(self):
        self.judge(self.config.jobs.result(self.key))

    @staticmethod
    def obey(verdict):
        if verdict.status == "skipped":
            pytest.skip(verdict.text)
        if verdict.status == "failed":
            raise Failure(verdict.text)

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, (Failure, case.CaseError, case.Mismatch, qemu.Hang, qemu.Gone)):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, 0, self.name


# ---- shell cases ----

class CaseFile(pytest.File):
    def collect(self):
        parsed = case.parse(self.path.read_text(encoding="utf-8"))
        for build in self.config.builds:
            yield CaseItem.from_parent(self, name=build, case=parsed, build=build)

    repr_failure = JobItem.repr_failure


class CaseItem(JobItem):
    def __init__(self, *, case, build, **kwargs):
        super().__init__(**kwargs)
        self.case, self.build, self.key = case, build, self.nodeid
        self.skip = case.skip.get(build) or case.skip.get(qemu.arch_of(build))
        if self.skip:
            self.add_marker(pytest.mark.skip(reason=self.skip))

    def work(self):
        return (lambda: None,) if self.skip else (play_case, self.case, self.build)

    def judge(self, result):
        """play_case() raised whatever was wrong."""


def play_case(parsed, build):
    with qemu.Machine(build, parsed.cmdline, smp=parsed.smp) as machine:
        case.run(parsed, machine)


# ---- in-kernel tests ----

def source_ktests(*files):
    return [name for f in files for name in _KTEST.findall(f.read_text(encoding="utf-8"))]


def all_ktests(build):
    """(names that sources in tests/ktest declare, names that only the image of the build has)."""
    declared = source_ktests(*sorted((qemu.TOP / "tests/ktest").glob("test_*.c")))
    image = qemu.TOP / "build" / build / "kernel.elf"
    prefix = "ktest_entry_"
    symbols = elf.Elf(image).symbols if image.exists() else []
    held = sorted(s.name[len(prefix):] for s in symbols if s.name.startswith(prefix))
    twice = [name for name, count in Counter(held or declared).items() if count > 1]
    if twice:
        raise KtestFile.CollectError(f"two in-kernel tests are called {', '.join(twice)}: results go by name")
    return declared, [name for name in held if name not in declared]


class KtestFile(pytest.File):
    def collect(self):
        for build in self.config.builds:
            names = [None, *all_ktests(build)[1]] if self.path.name == "ktest.c" else source_ktests(self.path)
            # Those of the classic protocol say nothing without it: test_stop_machine.py boots with it.
            names = [name for name in names if not (name or "").startswith("patch_classic_")]
            for cpus in self.cpus_of(build):
                machine = build if cpus == 1 else f"{build}-smp{cpus}"
                for name in names:
                    yield KtestItem.from_parent(self, name=f"{machine}::{name or 'run'}", test=name, build=build, cpus=cpus)

    def cpus_of(self, build):
        if build not in qemu.HAS_SMP:
            return [1]
        return [SMP_CPUS] if self.path.name == "test_smp.c" else [1, SMP_CPUS]


class KtestItem(JobItem):
    """test None: the run as a whole."""

    def __init__(self, *, test, build, cpus, **kwargs):
        super().__init__(**kwargs)
        self.test, self.key = test, ("ktest", build, cpus)
        self.build, self.cpus = build, cpus

    def work(self):
        return run_ktests, self.build, self.cpus

    def judge(self, result):
        verdicts, faults, log = result
        if self.test:
            self.obey(verdicts[self.test])
        elif faults:
            raise Failure("\n".join(faults) + "\n" + ktap.last_lines(log, 40))


def run_ktests(build, cpus):
    """Boots the machine for all in-kernel tests; returns (verdicts, faults, console log)."""
    declared, others = all_ktests(build)
    # The thousand rounds are the main builds'; another one is not worth the time that they take, and with several CPUs
    # changes at the same time count more, which the soak makes.
    rounds = " storm_rounds=20" if cpus > 1 else "" if build in qemu.ARCHES else " storm_rounds=100"
    with qemu.Machine(build, "ktest" + rounds, smp=cpus) as machine:
        status, timed_out = None, None
        try:
            status = machine.wait_end(KTEST_LIMIT)
        except qemu.Hang:
            timed_out = KTEST_LIMIT
        return (*ktap.judge(machine.log, declared + others, status, timed_out), machine.log)


# ---- host unit tests ----

def cmocka_names(text):
    """The tests of a file: what stands in cmocka_unit_test...(NAME), or in a macro of the file's own for that."""
    macros = "|".join(["cmocka_unit_test\\w*", *_CMOCKA_MACRO.findall(text)])
    return re.findall(rf"\b(?:{macros})\(\s*(\w+)", _CMOCKA_MACRO.sub("", text))


class UnitFile(pytest.File):
    def collect(self):
        names = cmocka_names(self.path.read_text(encoding="utf-8"))
        if not names:
            raise self.CollectError(f"{self.path.name} has no cmocka_unit_test()")
        for name in names:
            yield UnitItem.from_parent(self, name=name, names=names)


class UnitItem(JobItem):
    def __init__(self, *, names, **kwargs):
        super().__init__(**kwargs)
        self.names, self.key = names, ("unit", self.path)

    def work(self):
        return run_unit, qemu.TOP / "build/unit" / self.path.stem, self.names

    def judge(self, result):
        self.obey(result[self.name])


def run_unit(program, names):
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", ASAN_OPTIONS="detect_leaks=1", UBSAN_OPTIONS="print_stacktrace=1")
    try:
        done = subprocess.run([program], env=env, cwd=qemu.TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=UNIT_LIMIT, check=False)
        output, status = done.stdout, done.returncode
    except subprocess.TimeoutExpired as e:
        output, status = e.stdout or b"", f"none, stopped after {UNIT_LIMIT} s"
    except OSError as e:
        output, status = f"{e} (`make unit` builds it)".encode(), "none"
    return ktap.judge_cmocka(output.decode(errors="replace"), names, status)


# ---- the checklist ----

class ChecklistFile(pytest.File):
    def collect(self):
        try:
            items = checklist.parse(self.path.read_text(encoding="utf-8"))
        except checklist.ChecklistError as e:
            raise self.CollectError(str(e)) from e
        for entry in items:
            for arch in checklist.machines(entry):
                if arch in self.config.builds:
                    yield ChecklistItem.from_parent(self, name=f"{arch}::{entry.id}", entry=entry, arch=arch)


class ChecklistItem(pytest.Item):
    def __init__(self, *, entry, arch, **kwargs):
        super().__init__(**kwargs)
        self.entry, self.arch = entry, arch

    def runtest(self):
        try:
            silent = checklist.judge(self.entry, self.arch, self.config.known, self.config.outcomes)
        except checklist.ChecklistError as e:
            raise Failure(str(e)) from None
        if silent:
            pytest.skip(silent)

    repr_failure, reportinfo = JobItem.repr_failure, JobItem.reportinfo


def pytest_collect_file(file_path, parent):
    folder, name = file_path.parent.name, file_path.name
    if name == "CHECKLIST.md":
        return ChecklistFile.from_parent(parent, path=file_path)
    if folder == "cases" and file_path.suffix == ".case":
        return CaseFile.from_parent(parent, path=file_path)
    if folder == "ktest" and (name == "ktest.c" or fnmatch.fnmatch(name, "test_*.c")):
        return KtestFile.from_parent(parent, path=file_path)
    if folder == "unit" and fnmatch.fnmatch(name, "test_*.c"):
        return UnitFile.from_parent(parent, path=file_path)
    return None
