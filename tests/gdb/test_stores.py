# SPDX-License-Identifier: BSD-2-Clause
"""test_stores.py - the stores by which the kernel changes a site are those that the interleaving tests play.

*/test_interleaving.c proves that tables of stores are safe, in each order in which a hart may find them.  Here gdb steps
through the kernel as it makes the same changes, instruction by instruction, and sees which word of the site becomes what.
"""

import re

import qemu

CMDLINE = 'quiet autorun="ktest interleaving_near*; ktest interleaving_far*; poweroff"'

SCRIPT = """
python
import struct

def number(expression):
    return int(gdb.parse_and_eval(expression)) & (1 << 64) - 1

def run_to(place):
    gdb.execute(f"thbreak *{place}", to_string=True)
    gdb.execute("continue", to_string=True)

def text(stores):
    return " ".join(f"{i}:{word:08x}" for i, word in stores)

def one_change():
    run_to("make_change")
    il = gdb.parse_and_eval("*il")
    site, size = int(il["site"]), il["words"].type.sizeof
    table = [(int(il["stores"][i]["word"]), int(il["stores"][i]["value"])) for i in range(int(il["nr_stores"]))]
    name = f"{il['form'].string()}, {il['change'].string()}"

    def words():
        return struct.unpack(f"ORDER{size // 4}I", bytes(gdb.selected_inferior().read_memory(site, size)))
    run_to("ftrace_change_sites")
    back, before, made = number("$ra"), words(), []
    while number("$pc") != back:
        gdb.execute("stepi", to_string=True)
        now = words()
        made += [(i, new) for i, (old, new) in enumerate(zip(before, now)) if old != new]
        before = now
    print(f"== {name}\\ntable {text(table)}\\nmade  {text(made)}")

for _ in range(COUNT):
    one_change()
end
echo == end\\n
kill
"""

# machine: (changes near, changes far)
CHANGES = {"riscv64": (5, 4), "mips64el": (5, 6), "mips": (5, 6)}


def test_the_kernel_makes_the_stores_that_are_played(arch, tmp_path):
    near, far = CHANGES[arch]
    script = SCRIPT.replace("ORDER", ">" if arch == "mips" else "<").replace("COUNT", str(near + far))
    output = qemu.gdb(arch, script, tmp_path, CMDLINE, limit=300)
    changes = re.findall(r"^== (\w+), (.+)\ntable (.*)\nmade  (.*)$", output, flags=re.M)
    assert [form for form, *_ in changes] == ["near"] * near + ["far"] * far, output
    for form, change, table, made in changes:
        assert made == table, f"{form}, {change}: the kernel stores {made}, the table says {table}"
