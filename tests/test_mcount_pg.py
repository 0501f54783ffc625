# SPDX-License-Identifier: BSD-2-Clause
"""test_mcount_pg.py - the MIPS kernels whose sites are the calls of _mcount that gcc -pg makes (MCOUNT=pg).

Here is what is particular to them; they play all shell cases and run all in-kernel tests as well (conftest.py).
"""

import sys

import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf


def test_every_compiled_call_becomes_a_site(pg_build):
    objects = qemu.TOP / "build" / pg_build / "obj"
    sources = [path.relative_to(qemu.TOP) for top in ("kernel", "init") for path in (qemu.TOP / top).rglob("*.c")]
    compiled = sum(elf.Elf(objects / path.with_suffix(".o")).calls_of("_mcount") for path in sources)
    with qemu.Machine(pg_build) as machine:
        log = machine.boot()
        audit = machine.run("cat /sys/kernel/tracing/ftrace_audit")
    assert compiled > 100
    assert f"ftrace: allocating {compiled} entries" in log
    assert f"ftrace: {compiled} sites made NOPs" in log
    assert audit.endswith(" 0 on, consistent\n")


def test_a_live_patch_is_refused(pg_build):
    with qemu.Machine(pg_build) as machine:
        machine.boot()
        output = machine.run("workload livepatch; echo $?")
    assert output.splitlines() == ["not patched: livepatch_target() says 1", "v2: Invalid argument",
                                   "workload livepatch: sites are behind prologues, too late to go elsewhere", "0"]
