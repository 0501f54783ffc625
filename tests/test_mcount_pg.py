# SPDX-License-Identifier: BSD-2-Clause
"""test_mcount_pg.py - the MIPS kernel whose sites are the calls of _mcount that gcc -pg makes (MCOUNT=pg)."""

import re
import sys

import pytest
import qemu
from test_make import make

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

HAS_PG = ("mips64el", "mips")


@pytest.fixture(name="build")
def built(arch):
    if arch not in HAS_PG:
        pytest.skip("MCOUNT=pg is for MIPS")
    done = make("-s", "build", f"ARCH={arch}", "MCOUNT=pg")
    assert done.returncode == 0, done.stdout + done.stderr
    return qemu.TOP / "build" / f"{arch}-pg"


def test_every_compiled_call_becomes_a_site(arch, build):
    compiled = sum(elf.Elf(path).calls_of("_mcount") for path in (build / "obj").rglob("*.o"))
    with qemu.Machine(arch, build=build) as machine:
        log = machine.boot()
    assert compiled > 100
    assert f"ftrace: allocating {compiled} entries" in log
    assert f"ftrace: {compiled} sites made NOPs" in log


def test_function_tracer(arch, build):
    with qemu.Machine(arch, build=build) as machine:
        machine.boot()
        machine.run("cd /sys/kernel/tracing")
        assert machine.run("echo 'vfs_*' > set_ftrace_filter") == ""
        assert "vfs_open\n" in machine.run("cat set_ftrace_filter")
        assert machine.run("echo function > current_tracer") == ""
        audit = machine.run("cat ftrace_audit")
        machine.run("ls /")
        trace = machine.run("cat trace")
        assert machine.run("echo nop > current_tracer") == ""
        off = machine.run("cat ftrace_audit")
        assert machine.power_off() == 0
    assert "consistent" in audit and "consistent" in off, audit + off
    # The function and its caller by name, though the site is behind the prologue.
    assert re.search(r"ls-\d+ .*: vfs_open <-\w+\n", trace), trace


@pytest.mark.parametrize("what", ["ftrace_*", "patch_*"])
def test_ktest(arch, build, what):
    with qemu.Machine(arch, build=build) as machine:
        machine.boot()
        output = machine.run(f"ktest {what}; echo status $?")
        assert machine.power_off() == 0
    assert re.search(r"^# totals: pass:[1-9]\d* fail:0 ", output, re.M) and output.endswith("status 0\n"), output


def test_redirecting_behind_a_prologue_is_refused(arch, build):
    with qemu.Machine(arch, build=build) as machine:
        machine.boot()
        output = machine.run("ktest ftrace_an_ipmodify*")
        assert machine.power_off() == 0
    assert "# SKIP" in output and "fail:0" in output, output


def test_riscv64_has_no_such_build():
    refused = make("build", "ARCH=riscv64", "MCOUNT=pg")
    assert refused.returncode != 0 and "MCOUNT=pg is not a way of ARCH=riscv64" in refused.stderr
