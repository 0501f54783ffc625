# SPDX-License-Identifier: BSD-2-Clause
"""test_compiler.py - what the build takes for granted of the compilers and the linker, on files of a few lines."""

import re
import subprocess
import sys

import pytest
import qemu

sys.path.insert(0, str(qemu.TOP / "tools"))
import elf

RISCV = "riscv64-linux-gnu-gcc"
COMPILERS = {"riscv64": RISCV, "mips64el": "mips64el-linux-gnuabi64-gcc", "mips": "mips-linux-gnu-gcc"}


def assembly(compiler, source, *flags):
    return subprocess.run([compiler, "-O2", "-S", "-o", "-", "-x", "c", *flags, "-"], input=source, text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def compiled(tmp_path, source, *flags, compiler=RISCV, name="a"):
    path = tmp_path / f"{name}.o"
    subprocess.run([compiler, "-O2", "-c", "-o", path, "-x", "c", *flags, "-"], input=source, text=True, check=True)
    return elf.Elf(path)


def entries(obj):
    return sum(s.size // obj.word for s in obj.sections if s.name == "__patchable_function_entries")


def text_of(obj, name):
    symbol = obj.symbol(name)
    start = symbol.section.offset + symbol.value
    return obj.data[start:start + symbol.size]


def test_some_nops_may_stand_before_the_label():
    """=3,1: one before, two behind; the record is the first NOP's, not the function's."""
    text = assembly(RISCV, "void abc(void) {}", "-fpatchable-function-entry=3,1")
    assert re.search(r"\.LPFE\d:\s+nop\s+(\.type.*\s+)?abc:\s+(\.\w+.*\s+)*nop\s+nop\s", text), text
    assert re.search(r'\.section\s+__patchable_function_entries,"awo?".*\n(\s+\.align.*\n)?\s+\.8byte\s+\.LPFE\d', text), text


@pytest.mark.parametrize("march, nops", [("rv64imac", b"\x01\x00" * 8), ("rv64ima", b"\x13\x00\x00\x00" * 8)])
def test_nop_is_2_bytes_with_compressed_instructions_and_4_without(tmp_path, march, nops):
    obj = compiled(tmp_path, "void abc(void) {}", "-fpatchable-function-entry=8", f"-march={march}", "-mabi=lp64")
    assert text_of(obj, "abc").startswith(nops) and not text_of(obj, "abc")[len(nops):].startswith(nops[:4])


def test_every_function_of_an_object_is_recorded_but_those_that_are_not_to(tmp_path, arch):
    source = """void a(void) {} void b(void) {}
        __attribute__((patchable_function_entry(0))) void c(void) {}
        __attribute__((no_instrument_function)) void d(void) {}"""
    assert entries(compiled(tmp_path, source, "-fpatchable-function-entry=8", compiler=COMPILERS[arch])) == 3


def test_nops_come_before_the_frame(tmp_path):
    """So a callback finds the arguments where the caller put them."""
    source = "void g(char *); void abc(int x) { char room[x]; g(room); }"
    obj = compiled(tmp_path, source, "-fpatchable-function-entry=8", "-march=rv64imac", "-mabi=lp64")
    assert text_of(obj, "abc").startswith(b"\x01\x00" * 8)


def test_function_in_a_header_is_a_site_in_each_object(tmp_path):
    header = "static __attribute__((noinline)) int twice(int x) { asm volatile(\"\"); return 2 * x; }\n"
    objects = [compiled(tmp_path, header + f"int use{n}(int x) {{ return twice(x) + 1; }}", "-fpatchable-function-entry=8",
                        name=f"o{n}") for n in range(2)]
    assert [entries(obj) for obj in objects] == [2, 2]


def test_used_keeps_and_unused_only_silences(arch):
    source = """static int plain = 1; static int silenced __attribute__((unused)) = 1;
        static int kept __attribute__((used, section(".initcall5.init"))) = 1;"""
    text = assembly(COMPILERS[arch], source, "-Wno-unused-variable")
    assert "kept" in text and "silenced" not in text and "plain" not in text and ".initcall5.init" in text


def test_initcall_macro_expands_before_it_pastes(arch):
    """Two on one line differ by the counter; no macro's name is left in the symbol, no blank in the section's."""
    source = '#include "init/initcall.h"\nint f(void); int g(void);\nfs_initcall(f); fs_initcall(g);\n'
    text = assembly(COMPILERS[arch], source, f"-I{qemu.TOP}", f"-I{qemu.TOP}/arch/{'riscv' if arch == 'riscv64' else 'mips'}",
                    "-DKBUILD_MODNAME=my_file", "-ffreestanding")
    assert re.findall(r"(__initcall__\w+):", text) == ["__initcall__kmod_my_file__0_3_f5", "__initcall__kmod_my_file__1_3_g5"]
    assert text.count('".initcall5.init"') >= 2
