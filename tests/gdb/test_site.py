# SPDX-License-Identifier: BSD-2-Clause
"""test_site.py - the bytes of one patch site at the four moments of its life, seen from outside by gdb.

  as linked           the compiler's NOPs
  after ftrace_init   canonical NOPs of 4 bytes
  switched on         the call, and the payload that names its ops
  switched off        canonical NOPs again
"""

import re
import sys

import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

FUNCTION = "vfs_read"
TRACING = "/sys/kernel/tracing"
CMDLINE = (f'quiet autorun="echo {FUNCTION} > {TRACING}/set_ftrace_filter; '
           f'echo function > {TRACING}/current_tracer; echo nop > {TRACING}/current_tracer; poweroff"')

# Each patching of sites goes through ftrace_run_update_code(); the first after boot switches on, the second off.
SCRIPT = f"""
tbreak ftrace_init
continue
finish
echo == initialised\\n
pb-site {FUNCTION}
break ftrace_run_update_code
continue
finish
echo == on\\n
pb-site {FUNCTION}
pb-ftrace-recs {FUNCTION}
pb-ftrace-ops
pb-ps
pb-dmesg
continue
finish
echo == off\\n
pb-site {FUNCTION}
pb-ftrace-recs {FUNCTION}
echo == end\\n
kill
"""

MIPS = ((4, 0), ["03e00825", *["00000000"] * 7],
        ["03e00825  move at, ra", "0c[0-9a-f]{6}  jal ftrace_caller", r"3c00[0-9a-f]{4}  hint [1-9]\d* .*",
         *["00000000  nop"] * 5])

# machine: (unit of the sled and its NOP in the file, words when off, regular expressions of the words when on)
FORMS = {
    "riscv64": ((2, 0x0001), ["00000013"] * 4,
                ["[0-9a-f]{5}2ef  jal t0, ftrace_caller", "00000013  nop", r"[0-9a-f]{8}  hint [1-9]\d* .*",
                 "00000013  nop"]),
    "mips64el": MIPS,
    "mips": MIPS,
}


def sections(output):
    """{moment: text} of what the script printed after each `== moment`."""
    parts = re.split(r"^== (\w+)\n", output, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def site_lines(text):
    """The lines of pb-site without their offsets."""
    return re.findall(r"^  \+\d+ +(.*?)\s*$", text, flags=re.M)


def test_site_as_linked(arch):
    (width, nop), off, _ = FORMS[arch]
    image = elf.Elf(qemu.TOP / "build" / arch / "kernel.elf")
    size = 4 * len(off)
    assert image.words(image.symbol(FUNCTION).value, size, width) == [nop] * (size // width)


def test_site_is_switched_on_and_off(arch, tmp_path):
    _, off, on = FORMS[arch]
    output = qemu.gdb(arch, SCRIPT, tmp_path, CMDLINE)
    moments = sections(output)
    assert list(moments) == ["initialised", "on", "off", "end"], output

    for moment in ("initialised", "off"):
        words = [line.split()[0] for line in site_lines(moments[moment])]
        assert words == off, moments[moment]
    lines = site_lines(moments["on"])
    assert len(lines) == len(on), moments["on"]
    for line, pattern in zip(lines, on):
        assert re.fullmatch(pattern, line), moments["on"]

    # The other helper commands, on the same moments.
    assert re.search(rf"^0x[0-9a-f]+ {FUNCTION} \(1\) ENABLED\|.*\bjal (t0, )?ftrace_caller;", moments["on"], re.M), output
    assert re.search(r"^global_ops func=\w+ index=[1-9]\d* filter=1 notrace=0 ENABLED\|", moments["on"], re.M), output
    assert re.search(r"^1 ops, 1 sites on$", moments["on"], re.M), output
    assert re.search(r"^ +1 [RSD] +0 +\d+ \w+$", moments["on"], re.M), output
    assert re.search(r"^\[ +\d+\.\d{6}\] ftrace: allocating \d+ entries in \d+ pages$", moments["on"], re.M), output
    assert re.search(rf"^0x[0-9a-f]+ {FUNCTION} \(0\) TOUCHED: (nop|move at, ra); nop;", moments["off"], re.M), output


# ---- the order of the stores, as the interleaving tests assume it ----

# Steps through the function that changes sites; a line for each word of the site that became another.
ORDER = f"""
python
def stores(moment):
    print(f"== {{moment}}")
    gdb.execute("hbreak *ftrace_change_sites")
    gdb.execute("continue")
    gdb.execute("delete")
    before, seen = site_words(function_start("{FUNCTION}")), 0
    for _ in range(1000):
        gdb.execute("stepi", to_string=True)
        now = site_words(function_start("{FUNCTION}"))
        for i, (old, new) in enumerate(zip(before, now)):
            if old != new:
                print(f"store {{i}} {{new[2]}}")
                seen += 1
        before = now
        if seen == 2:
            return
stores("on")
stores("off")
end
echo == end\\n
kill
"""

# machine: (the deciding word, the payload's)
WORDS = {"riscv64": (0, 2), "mips64el": (1, 2), "mips": (1, 2)}


def test_payload_is_stored_before_the_deciding_word_and_goes_after_it(arch, tmp_path):
    decides, payload = WORDS[arch]
    output = qemu.gdb(arch, ORDER, tmp_path, CMDLINE)
    moments = sections(output)
    assert list(moments) == ["on", "off", "end"], output
    on, off = (re.findall(r"^store (\d) (\w+)", moments[moment], flags=re.M) for moment in ("on", "off"))
    assert on == [(str(payload), "hint"), (str(decides), "jal")], output
    assert off == [(str(decides), "nop"), (str(payload), "nop")], output
