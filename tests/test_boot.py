# SPDX-License-Identifier: BSD-2-Clause
"""test_boot.py - what can be said of a boot only by comparing several."""

import os
import re
import subprocess

import pytest
import qemu


def initcalls(build):
    """Boots to the prompt; the names of the initcalls in the order they ran."""
    with qemu.Machine(build, "initcall_debug loglevel=8") as machine:
        log = machine.boot()
        machine.power_off()
    return re.findall(r"calling  (\w+)\+", log)


def test_both_forms_of_initcall_tables_run_the_same_calls(arch):
    relative = initcalls(arch)
    assert len(relative) > 1
    assert initcalls(f"{arch}-abs") == relative


def test_counted_time_makes_two_runs_equal(arch):
    logs = []
    for _ in range(2):
        with qemu.Machine(arch, 'autorun="poweroff"', icount=True) as machine:
            machine.wait_end()
            logs.append(machine.log)
    assert logs[0] == logs[1]


def test_poweroff_hands_its_status_to_qemu(arch):
    for status in (0, 1, 42):
        with qemu.Machine(arch, f'autorun="poweroff {status}"') as machine:
            assert machine.wait_end() == status


@pytest.mark.parametrize("megabytes", [64, 512])
def test_memory_is_what_the_firmware_says(arch, megabytes):
    env = dict(os.environ, ARCH=arch, CMDLINE='autorun="poweroff"', BUILD=str(qemu.TOP / "build" / arch))
    log = subprocess.run([qemu.TOP / "tools/qemu", "stdio", "-m", f"{megabytes}M"], env=env, stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=qemu.BOOT_LIMIT, check=False).stdout
    free, total = (int(n) for n in re.search(r"Memory: (\d+)K/(\d+)K available", log).groups())
    # A Malta's first 256 MiB are all that kseg0 shows of it at one piece.
    there = megabytes if arch == "riscv64" else min(megabytes, 256)
    assert total == there << 10 and total - 8192 < free < total, log
