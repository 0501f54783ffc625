# SPDX-License-Identifier: BSD-2-Clause
"""test_make.py - the build as its user sees it, and that a boot reaches the prompt every time."""

import os
import re
import subprocess

import pytest
import qemu


def make(*words):
    """As if typed: what the make above us put into the environment is not for this one."""
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *words], cwd=qemu.TOP, env=env, capture_output=True, text=True, timeout=300,
                          check=False)


def test_second_make_does_nothing(arch):
    assert make("build", f"ARCH={arch}").returncode == 0
    again = make("build", f"ARCH={arch}")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_help_lists_every_target_and_variable():
    text = make("help").stdout
    for target in ("build", "run", "test", "soak", "bench", "gdb", "clean", "help"):
        assert re.search(rf"^  make {target} +\S", text, re.M), text
    for variable in ("ARCH=", "SMP=", "CMDLINE=", "ICOUNT=", "T="):
        assert variable in text


def test_unknown_machine_is_refused():
    result = make("build", "ARCH=vax")
    assert result.returncode != 0 and "ARCH=vax is not one of:" in result.stderr


def test_soak_says_that_nothing_went_wrong(arch):
    result = make("soak", f"ARCH={arch}", "SOAK=20", "SEED=1")
    cpus = 8 if arch in qemu.HAS_SMP else 1
    assert result.returncode == 0 and f"soak: 20 changes on {cpus} CPUs, seed 1\n" in result.stdout, result
    assert result.stdout.endswith("soak: nothing went wrong\n")


def test_soak_that_is_no_success_has_a_failing_status():
    result = make("soak", "ARCH=riscv64", "SMP=2", "SOAK=many")
    assert result.returncode != 0 and "soak: many: Invalid argument" in result.stdout, result


def test_soak_that_does_not_end_is_a_failure_and_leaves_its_log():
    result = make("soak", "ARCH=riscv64", "SMP=2", "SOAK=1000000", "LIMIT=20s")
    assert result.returncode != 0 and "riscv64: did not come to an end\n" in result.stdout, result
    log = (qemu.TOP / "build/riscv64/soak.log").read_text(encoding="utf-8")
    assert "soak: 1000000 changes on 2 CPUs" in log


@pytest.mark.parametrize("changes", ("0", "-1", "many"))
def test_soak_of_no_changes_is_refused(arch, changes):
    with qemu.Machine(arch) as machine:
        machine.boot()
        assert machine.run(f"soak {changes}; echo $?") == f"soak: {changes}: Invalid argument\n1\n"


def test_more_cpus_than_the_machine_has_are_refused(arch):
    env = dict(os.environ, ARCH=arch, SMP="2")
    result = subprocess.run([qemu.TOP / "tools/qemu", "print"], env=env, capture_output=True, text=True, check=False)
    if arch in qemu.HAS_SMP:
        assert result.returncode == 0 and "-smp\n2\n" in result.stdout
    else:
        assert (result.returncode, result.stderr) == (2, f"qemu: SMP=2: {arch} has one CPU\n")


@pytest.mark.parametrize("cpus", ("0", "9", "-1", "8x", "many"))
def test_cpus_that_no_machine_has_are_refused(arch, cpus):
    has = "1 to 8 CPUs" if arch in qemu.HAS_SMP else "one CPU"
    for verb in ("print", "run"):
        result = subprocess.run([qemu.TOP / "tools/qemu", verb], env=dict(os.environ, ARCH=arch, SMP=cpus),
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
        assert (result.returncode, result.stdout, result.stderr) == (2, "", f"qemu: SMP={cpus}: {arch} has {has}\n")


def test_ten_boots_in_a_row_reach_the_prompt(arch):
    for _ in range(10):
        with qemu.Machine(arch) as machine:
            machine.boot()
            machine.power_off()


def test_products_are_where_they_are_promised(arch):
    build = qemu.TOP / "build" / arch
    assert (build / "kernel.elf").stat().st_size and (build / "initramfs.cpio").stat().st_size
    assert "vfs_read" in (build / "kernel.map").read_text(encoding="utf-8")
    assert "<vfs_read>:" in (build / "kernel.dis").read_text(encoding="utf-8")


def test_sites_of_gcc_pg_are_refused_where_there_are_none():
    refused = make("build", "ARCH=riscv64", "MCOUNT=pg")
    assert refused.returncode != 0 and "MCOUNT=pg is not a way of ARCH=riscv64" in refused.stderr
