# SPDX-License-Identifier: BSD-2-Clause
"""test_shell_keys.py - keys that a shell case cannot press, on the real console.

The line editor alone is tested on the host (unit/test_shell_lineedit.c); here what it offers
comes from the real file systems and commands.
"""

import re

import qemu

UP, DOWN, LEFT, HOME = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[H"


def typed(machine, keys):
    """What the command printed that these keys made."""
    machine.send(keys + "\r")
    machine.wait_for(r"\r\n")
    return machine.wait_prompt()


def test_tab_completes_commands_and_paths(arch):
    with qemu.Machine(arch) as machine:
        machine.boot()
        assert typed(machine, "unam\t") == "patchbay\n"
        assert typed(machine, "true;ec\tone | ca\t") == "one\n"
        assert typed(machine, "echo /pro\tver\t") == "/proc/version\n"
        assert typed(machine, "cd /sys/ker\ttraci\t") == ""
        assert typed(machine, "echo set_ftrace_f\t > /dev/nu\t; echo current_t\t") == "current_tracer\n"
        assert typed(machine, "echo nosuch_\t/x\t") == "nosuch_/x\n"
        assert typed(machine, "true;explain kallsyms_lookup_na\t | head -n 1").startswith("kallsyms_lookup_name: ")


def test_second_tab_lists_the_names(arch):
    with qemu.Machine(arch) as machine:
        machine.boot()
        machine.send("cd /sys/kernel/tracing/buffer\t\t")
        listed, _ = machine.wait_for(r"buffer_total_size_kb")
        assert "buffer_size_kb" in listed
        machine.send("\x15cd /proc\r")
        machine.wait_for(r"/proc # ")


def test_arrows_edit_and_recall_lines(arch):
    with qemu.Machine(arch) as machine:
        machine.boot()
        assert typed(machine, "ech one" + 4 * LEFT + "o") == "one\n"
        assert typed(machine, "echo two") == "two\n"
        assert typed(machine, UP + UP + " again") == "one again\n"
        assert typed(machine, UP + UP + UP + DOWN + HOME + "time ").endswith("s\n")


def test_a_long_line_arrives_whole(arch):
    words = " ".join(f"word{i}" for i in range(150))
    with qemu.Machine(arch) as machine:
        machine.boot()
        assert machine.run("echo " + words) == words + "\n"
        # Editing a line that has wrapped redraws it, prompt and all, so wait for the output itself.
        machine.send("cho " + words + HOME + "e\r")
        machine.wait_for("\r\n" + re.escape(words) + "\r\n")
        machine.wait_prompt()
