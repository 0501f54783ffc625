# SPDX-License-Identifier: BSD-2-Clause
"""test_stop_machine.py - the classic protocol, ftrace_patch=stop_machine: what is tested of tracing elsewhere holds there too."""

import re

import case
import pytest
import qemu

OPTION = "ftrace_patch=stop_machine"
# Shell cases about tracing that say nothing of how sites look.
CASES = ["ftrace_enabled", "ftrace_filter", "trace_boot", "trace_function", "trace_pipe"]


@pytest.mark.parametrize("name", CASES)
def test_case(arch, name):
    parsed = case.parse((qemu.TOP / f"tests/cases/{name}.case").read_text(encoding="utf-8"))
    if arch in parsed.skip:
        pytest.skip(parsed.skip[arch])
    with qemu.Machine(arch, f"{parsed.cmdline} {OPTION}") as machine:
        case.run(parsed, machine)


@pytest.mark.parametrize("what", ["ftrace_*", "patch_*", "storm_*"])
def test_ktest(arch, what):
    with qemu.Machine(arch, f"{OPTION} storm_rounds=100") as machine:
        machine.boot()
        output = machine.run(f"ktest {what}; echo status $?", limit=300)
        assert machine.power_off() == 0
    assert re.search(r"^# totals: pass:[1-9]\d* fail:0 ", output, re.M) and output.endswith("status 0\n"), output


def test_no_site_carries_an_index_and_the_only_ops_is_called_directly(arch):
    with qemu.Machine(arch, f"{OPTION} ftrace=function") as machine:
        machine.boot()
        machine.run("cd /sys/kernel/tracing")
        assert re.fullmatch(r"(\d+) sites, \1 on, consistent\n", machine.run("cat ftrace_audit"))
        line = machine.run("head -n 1 enabled_functions")
        assert re.fullmatch(r"\w+ \(1\) +->function_trace_call\+0x0/0x[0-9a-f]+\n", line), line
        assert machine.run("grep -c vfs_ trace") != "0\n"
        assert machine.run("echo nop > current_tracer") == ""
        assert re.fullmatch(r"\d+ sites, 0 on, consistent\n", machine.run("cat ftrace_audit"))
        assert machine.power_off() == 0
