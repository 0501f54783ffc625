# SPDX-License-Identifier: BSD-2-Clause
"""test_built.py - the kernels as they were built: the table of sites, the initcalls, the flags they were compiled with."""

import re
import struct
import sys

import pytest
import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

NAME = re.compile(r"__initcall__kmod_(\w+?)__(\d+)_(\d+)_(\w+?)(early|[0-7]s?|rootfs)")


@pytest.fixture(name="kernel")
def built(arch):
    return elf.Elf(qemu.TOP / "build" / arch / "kernel.elf")


def initcalls(kernel):
    """The entries in order of address: (symbol, match of its name)."""
    first, end = kernel.symbol("__initcall_start").value, kernel.symbol("__initcall_end").value
    found = sorted((s.value, s) for s in kernel.symbols if s.name.startswith("__initcall__") and first <= s.value < end)
    return [(symbol, NAME.fullmatch(symbol.name)) for _, symbol in found]


def objects(arch, *folders):
    return [path for folder in folders for path in sorted((qemu.TOP / "build" / arch / "obj" / folder).rglob("*.o"))]


def test_table_of_sites_is_init_data(kernel):
    start, stop = kernel.symbol("__start_mcount_loc").value, kernel.symbol("__stop_mcount_loc").value
    section = kernel.section(".init.data")
    assert start % 8 == 0 and (stop - start) % kernel.word == 0 and stop > start
    assert section.addr <= start < stop <= section.addr + section.size
    assert kernel.symbol("__init_begin").value <= start < stop <= kernel.symbol("__init_end").value
    assert kernel.section("__patchable_function_entries") is None


def test_every_object_brings_its_sites(arch, kernel):
    brought = sum(section.size // kernel.word for path in objects(arch, "kernel", "init")
                  for section in elf.Elf(path).sections if section.name == "__patchable_function_entries")
    start, stop = kernel.symbol("__start_mcount_loc").value, kernel.symbol("__stop_mcount_loc").value
    assert brought == (stop - start) // kernel.word > 400


def test_sites_are_functions_that_somebody_calls_by_name(kernel):
    """Variables and what was inlined away are none; a noinline function is one."""
    start, stop = kernel.symbol("__start_mcount_loc").value, kernel.symbol("__stop_mcount_loc").value
    sites = set(kernel.words(start, stop - start, kernel.word))
    kinds = {address: {s.type for s in kernel.symbols if s.value == address} for address in sites}
    assert all(elf.STT_FUNC in kind and elf.STT_OBJECT not in kind for kind in kinds.values())
    assert kernel.symbol("do_initcall_level").value in sites and kernel.symbol("do_one_initcall").value in sites
    assert kernel.symbol("initcall_from_entry") is None     # inlined
    assert kernel.symbol("jiffies").value not in sites


def test_flags_that_make_sites(arch):
    flags = (qemu.TOP / "build" / arch / "flags").read_text(encoding="utf-8").split()
    assert "-fpatchable-function-entry=8" in flags and "-falign-functions=8" in flags
    assert not {"-pg", "-mrecord-mcount", "-mnop-mcount", "-mfentry"} & set(flags)
    assert arch != "riscv64" or "--no-relax" in (qemu.TOP / "arch/arch.mk").read_text(encoding="utf-8")


def test_initcall_names_say_file_counter_line_function_and_level(kernel):
    entries = initcalls(kernel)
    assert len(entries) > 10 and all(match for _, match in entries)
    for _, match in entries:
        module, _, line, function, _ = match.groups()
        sources = [path for folder in ("kernel", "init", "arch", "trace", "tests/ktest")
                   for path in (qemu.TOP / folder).rglob(f"{module}.c")]
        lines = [path.read_text(encoding="utf-8").splitlines() for path in sources]
        assert any(len(text) >= int(line) and function.removeprefix("record_") in text[int(line) - 1] for text in lines), match[0]
    numbered = [match.group(1, 2) for _, match in entries]
    assert len(set(numbered)) == len(numbered)


def test_initcall_entries_are_distances(kernel):
    entries = initcalls(kernel)
    assert [s.value - entries[0][0].value for s, _ in entries] == [4 * n for n in range(len(entries))]
    mask = (1 << kernel.bits) - 1
    for symbol, match in entries:
        distance, = struct.unpack(kernel.endian + "i", kernel.read(symbol.value, 4))
        target = (symbol.value + distance) & mask
        assert any(s.name == match[4] and s.value == target and s.type == elf.STT_FUNC for s in kernel.symbols), match[0]


def test_initcall_entries_are_pointers_in_the_other_form(arch):
    kernel = elf.Elf(qemu.TOP / "build" / f"{arch}-abs" / "kernel.elf")
    entries = initcalls(kernel)
    assert [s.value - entries[0][0].value for s, _ in entries] == [kernel.word * n for n in range(len(entries))]
    for symbol, match in entries:
        target, = kernel.words(symbol.value, kernel.word, kernel.word)
        assert any(s.name == match[4] and s.value == target and s.type == elf.STT_FUNC for s in kernel.symbols), match[0]


def test_initcall_sections_are_merged(arch, kernel):
    """An object has a section for each level; the image has none, only their bounds."""
    in_objects = {s.name for path in objects(arch, "kernel", "trace") for s in elf.Elf(path).sections}
    assert {".initcall1.init", ".initcall5.init", ".initcallrootfs.init"} <= in_objects
    assert not [s.name for s in kernel.sections if "initcall" in s.name]
    assert all(s.section.name == ".init.data" for s, _ in initcalls(kernel))


def test_initcalls_of_a_level_are_in_link_order(arch, kernel):
    text = (qemu.TOP / "build" / arch / "kernel.map").read_text(encoding="utf-8")
    linked = re.findall(r"^ \.initcall(\w+)\.init\s+0x\w+\s+0x[1-9a-f]\w* \S*/(\S+)\.o$", text, re.M)
    ran = [(match[5], match[1]) for _, match in initcalls(kernel)]
    assert len(linked) > 10 and list(dict.fromkeys(ran)) == linked
