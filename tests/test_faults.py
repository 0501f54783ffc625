# SPDX-License-Identifier: BSD-2-Clause
"""test_faults.py - failures on purpose, from a user's side; and that tests/README.md tells how many there are.

The sweeps themselves are ftrace_faults.h's.  Here every allocation of a typed line fails, the shell's own included.
"""

import re
import subprocess

import qemu
from ktap import trouble

README = (qemu.TOP / "tests/README.md").read_text(encoding="utf-8")
TRACING = "/sys/kernel/tracing"
AUDIT = re.compile(r"\d+ sites, \d+ on, consistent\n")
NO_MEMORY = "Cannot allocate memory"

# Typed one after the other; each works when nothing fails.
LINES = (
    "echo 'vfs_m*' > set_ftrace_filter",
    "echo 'vfs_r*' >> set_ftrace_filter",
    "echo function > current_tracer",
    "cat set_ftrace_filter | head -n 1",
    "echo vfs_read > set_ftrace_notrace",
    "echo 'vfs_*' > set_graph_function; cat set_graph_function; echo > set_graph_function",
    "grep -c . enabled_functions",
    "cat available_tracers trace_options",
    "echo nop > current_tracer",
    "echo > set_ftrace_filter; echo > set_ftrace_notrace",
)
# More than any of them has.
MOST_ALLOCATIONS = 120


def totals(output):
    """The closing lines of the sweeps in what a test printed, each once."""
    return list(dict.fromkeys(re.findall(r"# faults: (\d+ operations, .*?)\s*$", output, re.M)))


def quoted(where):
    """What tests/README.md says of the sweeps that run there."""
    table = README.split("| failures on purpose | |")[1].split("\n\n")[0]
    return re.findall(rf"^\| {where} \| (\d+ operations, .*?) \|$", table, re.M)


def test_totals_in_the_kernel_are_as_told(arch):
    with qemu.Machine(arch) as machine:
        machine.boot()
        found = totals(machine.run("ktest faults_every_*_that_fails_is_survived"))
    assert len(found) == 2
    assert found == quoted("every machine"), "tests/README.md must say: " + ", ".join(found)


def test_totals_on_the_host_are_as_told():
    done = subprocess.run([qemu.TOP / "build/unit/test_ftrace_faults"], check=True, text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found = totals(done.stdout)
    assert len(found) == 2
    assert found == quoted("the host"), "tests/README.md must say: " + ", ".join(found)


def sweep(machine, line):
    """Types the line with allocation 1, 2, ... failing, until several times none does; returns how many did."""
    good = machine.run(line)
    failed, in_a_row, n = 0, 0, 0
    while in_a_row < 5:
        n += 1
        assert n < MOST_ALLOCATIONS, f"more than {MOST_ALLOCATIONS} allocations: {line}"
        output = machine.run(f"echo alloc {n} > /proc/fail-nth; {line}; echo alloc 0 > /proc/fail-nth")
        assert NO_MEMORY in output or output == good, f"allocation {n} of: {line}\n{output}"
        in_a_row = 0 if NO_MEMORY in output else in_a_row + 1
        failed += NO_MEMORY in output
        assert AUDIT.fullmatch(audit := machine.run("cat ftrace_audit")), audit
    return failed


def test_every_allocation_of_a_typed_line_may_fail(arch):
    with qemu.Machine(arch) as machine:
        machine.boot()
        machine.run(f"cd {TRACING}")
        for line in LINES:
            assert sweep(machine, line) > 10, line
            # And it works again.
            assert NO_MEMORY not in machine.run(line), line
        assert machine.run("cat current_tracer") == "nop\n"
        assert not trouble(machine.log), trouble(machine.log)


# Allocations of boot: the first two read the command line, the last of these make the trace buffer.
BOOT_ALLOCATIONS = range(3, 9)
NO_RECORDS = "ftrace: no memory for the records of"
NO_BUFFER = "ftrace: no memory for the trace buffer"


def test_boot_goes_on_without_memory_for_records_or_buffer(arch):
    seen = set()
    for n in BOOT_ALLOCATIONS:
        with qemu.Machine(arch, f"ftrace_dump_on_oops fail_nth=alloc,{n}") as machine:
            log = machine.boot()
            tracer = machine.run(f"echo function > {TRACING}/current_tracer; cat {TRACING}/current_tracer")
            audit = machine.run(f"cat {TRACING}/ftrace_audit")
            assert machine.run("workload vfs").endswith(", ok\n")
            assert machine.power_off() == 0
            assert not trouble(machine.log), trouble(machine.log)
        if NO_RECORDS in log:
            assert (tracer, audit) == ("echo: write error: No such device\nnop\n", "0 sites, 0 on, consistent, but ftrace is dead\n")
        elif NO_BUFFER in log:
            assert "No such file or directory" in tracer and "No such file or directory" in audit
        else:
            assert tracer == "function\n" and AUDIT.fullmatch(audit)
        seen.add(next((text for text in (NO_RECORDS, NO_BUFFER) if text in log), ""))
    assert seen >= {NO_RECORDS, NO_BUFFER}
