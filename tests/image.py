# SPDX-License-Identifier: BSD-2-Clause
"""image.py - builds the small kernel-like images that the tests of tools/lint and tools/kallsyms feed them."""

import subprocess
from collections import namedtuple
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent

# What differs between machines, as assembly: one NOP of the sled, a return, a pointer.
Target = namedtuple("Target", "cross flags nop ret pointer word")
TARGETS = {
    "riscv64": Target("riscv64-linux-gnu-", ["-march=rv64imac_zicsr_zifencei", "-mabi=lp64"],
                      ".2byte 0x0001", ".2byte 0x8082", ".8byte", 8),
    "mips": Target("mips-linux-gnu-", ["-mabi=32", "-mips32r2", "-mno-abicalls", "-fno-pic", "-G0"],
                   ".4byte 0", ".4byte 0x03e00008", ".4byte", 4),
    "mips64el": Target("mips64el-linux-gnuabi64-", ["-mabi=64", "-march=mips64r2", "-msym32", "-mno-abicalls",
                                                    "-fno-pic", "-G0"],
                       ".4byte 0", ".4byte 0x03e00008", ".8byte", 8),
}

SCRIPT = """
PHDRS {{ text PT_LOAD FLAGS({text_flags}); data PT_LOAD FLAGS(6); }}
SECTIONS {{
  . = 0x80200000;
  _text = .;
  .text : {{ *(.text) }} :text
  .init.text : {{ *(.init.text) }} :text
  .other : {{ *(.other) }} :text
  .rodata : {{
    *(.rodata) . = ALIGN(8);
    __start_registry_things = .; KEEP(*(registry_things)) __stop_registry_things = .;
    *(.rodata.kallsyms)
  }} :text
  . = ALIGN(4096);
  .init.data : {{
    . = ALIGN(8); __start_mcount_loc = .; KEEP(*(__patchable_function_entries)) KEEP(*(__mcount_loc))
    {table_end} __stop_mcount_loc = .;
    {initcalls}
  }} :data
  .data : {{ *(.data) }} :data
  /DISCARD/ : {{ *(.reginfo .MIPS.abiflags .MIPS.options .gnu.attributes .pdr .riscv.attributes) }}
}}
"""


def function(target, name, *, sled=None, before="", section=".text", kind="@function", bind=".globl", site=None, body=""):
    """Assembly of a function with a patch site.  sled: NOP lines; before: what stands before the label.

    As the compiler does, the entry names a local label: a weak function that loses leaves its own entry behind.
    """
    sled = "\n".join([target.nop] * 8) if sled is None else sled
    return f"""
    .section {section}, "ax"
    .balign 8
    {before}
    {bind} {name}
    .type {name}, {kind}
{name}:
.LPFE_{name}:
    {sled}
    {body}
    {target.ret}
    .size {name}, . - {name}
    .section __patchable_function_entries, "aw"
    {target.pointer} {site or ".LPFE_" + name}
"""


def pg_function(target, name, *, section=".text", move="move $1, $31", callee="_mcount", slot=None, end=""):
    """Assembly of a function as gcc -pg makes one for MIPS; its site is the global label site_NAME.  end: after the slot."""
    slot = slot or ("nop" if target.word == 8 else "addiu $29, $29, -8")
    return f"""
    .set noreorder
    .set noat
    .section {section}, "ax"
    .balign 8
    .globl {name}, site_{name}
    .type {name}, @function
{name}:
    addiu $29, $29, -32
site_{name}:
    {move}
    jal {callee}
    {slot}
    {end}
    jr $31
    addiu $29, $29, 32
    .size {name}, . - {name}
"""


MCOUNT = """
    .set noreorder
    .text
    .globl _mcount
    .type _mcount, @function
_mcount:
    jr $31
    nop
    .size _mcount, . - _mcount
"""


class Image:
    """Objects and the image linked from them, in a folder of its own."""

    def __init__(self, folder, arch):
        self.folder, self.target = Path(folder), TARGETS[arch]
        self.objects = []
        self.elf = self.folder / "kernel.elf"

    def add(self, source, where="kernel/a"):
        """Assembles `source` into obj/WHERE.o."""
        path = self.folder / "obj" / f"{where}.o"
        path.parent.mkdir(parents=True, exist_ok=True)
        asm = path.with_suffix(".s")
        asm.write_text(source)
        self._tool("gcc", *self.target.flags, "-c", "-o", path, asm)
        self.objects.append(path)
        return self

    def compile(self, source, where="kernel/a", *flags):
        path = self.folder / "obj" / f"{where}.o"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".c").write_text(source)
        self._tool("gcc", *self.target.flags, "-O2", "-ffreestanding", "-fno-pic", "-fno-asynchronous-unwind-tables",
                   "-falign-functions=8", *flags, "-c", "-o", path, path.with_suffix(".c"))
        self.objects.append(path)
        return self

    def functions(self, *names):
        return self.add("".join(function(self.target, name) for name in names), "kernel/good")

    def link(self, text_flags=5, initcalls="", table_end=""):
        script = self.folder / "script.lds"
        script.write_text(SCRIPT.format(text_flags=text_flags, initcalls=initcalls, table_end=table_end))
        self._tool("ld", "-T", script, "--build-id=none", "-z", "noexecstack", "-e", "0", "-o", self.elf, *self.objects)
        return self

    def _tool(self, name, *args):
        subprocess.run([self.target.cross + name, *args], check=True)

    def run(self, tool, *args):
        """(exit status, output) of one of our tools."""
        done = subprocess.run([TOP / "tools" / tool, *args], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def lint(self, *args):
        return self.run("lint", self.elf, *args)
