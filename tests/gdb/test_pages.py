# SPDX-License-Identifier: BSD-2-Clause
"""test_pages.py - raw pages taken out of a stopped machine's memory say what the machine's own `trace` said.

The decoder shares nothing with the kernel's reader but the `format` texts, which the same kernel prints.
"""

import bisect
import re
import sys

import qemu
import trace_page

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

PAGE_SIZE = 4096
FORMATS = "cd /sys/kernel/tracing/events; cat header_page ftrace/function/format ftrace/print/format"
# A ring so small that it goes round, a pause that 27 bits of nanoseconds cannot hold, a marker longer than short events.
# In 210 characters: what is longer, QEMU's Malta cuts off.
CMDLINE = ('trace_buf_size=4k ftrace=function ftrace_filter=vfs_*,ksys_* autorun="cd /sys/k*/t*;'
           'cat /p*/k* /p*/k*|grep -c .;echo a >trace_marker;sleep .2;cat /p*/cmdline >trace_marker;'
           'echo 0 >tracing_on;cat trace;poweroff"')

SCRIPT = """
hbreak arch_power_off
continue
echo == pages\\n
pb-ftrace-pages {pages}
echo == end\\n
kill
"""

LINE = re.compile(r"^ *\S.*-(\d+) +\[000\] \S{5} +(\d+\.\d{6}): (.*)$", re.M)


class Names:
    """The name of the function that an address is in, by the ELF's symbols: all of them where several share a start."""

    def __init__(self, image):
        self.names = {}
        for s in image.symbols:
            if s.section and s.type in (elf.STT_FUNC, elf.STT_NOTYPE) and not s.name.startswith((".", "$")):
                self.names.setdefault(s.value, set()).add(s.name)
        self.starts = sorted(self.names)

    def at(self, address):
        return self.names[self.starts[bisect.bisect(self.starts, address) - 1]]


def texts(event, fields, names):
    """The texts that `trace` may have for an event."""
    if event == "print":
        return {f"{name}: {fields['buf'].partition(bytes(1))[0].decode()}".rstrip("\n") for name in names.at(fields["ip"])}
    return {f"{name} <-{parent}" for name in names.at(fields["ip"]) for parent in names.at(fields["parent_ip"])}


def seconds(stamp):
    """As the kernel rounds and prints nanoseconds."""
    us = (stamp + 500) // 1000
    return f"{us // 1000000}.{us % 1000000:06}"


def test_raw_pages_say_what_trace_says(arch, tmp_path):
    with qemu.Machine(arch, "quiet") as machine:
        machine.boot()
        formats = trace_page.Formats(machine.run(FORMATS))
    dump = tmp_path / "pages"
    output = qemu.gdb(arch, SCRIPT.format(pages=dump), tmp_path, CMDLINE)
    assert re.search(r"^== pages\n(\d+) of \1 pages of CPU 0\n== end$", output, re.M), output

    trace = qemu.plain((tmp_path / "console.log").read_text(errors="replace")).partition("# tracer: function\n")[2]
    lines = LINE.findall(trace)
    image = elf.Elf(qemu.TOP / "build" / arch / "kernel.elf")
    names, raw = Names(image), dump.read_bytes()
    events = [event for at in range(0, len(raw), PAGE_SIZE)
              for event in trace_page.decode(raw[at:at + PAGE_SIZE], image.order, image.word, formats)]

    for (stamp, event, fields), (pid, time, text) in zip(events, lines):
        assert (fields["common_pid"], seconds(stamp)) == (int(pid), time), text
        assert text in texts(event, fields, names), (event, fields)
    assert len(events) == len(lines), trace

    # What was compared is worth it.
    kept, written = re.search(r"^# entries-in-buffer/entries-written: (\d+)/(\d+) ", trace, re.M).groups()
    assert len(lines) == int(kept) < int(written), "the ring did not go round"
    markers = [(stamp, fields["buf"].partition(b"\n")[0].decode()) for stamp, event, fields in events if event == "print"]
    assert [text for _, text in markers] == ["a", CMDLINE]
    assert markers[1][0] - markers[0][0] > 1 << trace_page.DELTA_BITS
    assert any(text == "vfs_read <-ksys_read" for *_, text in lines)
