# SPDX-License-Identifier: BSD-2-Clause
"""test_boot.py - what can be said of a boot only by comparing several."""

import re

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
