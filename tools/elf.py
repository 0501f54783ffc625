# SPDX-License-Identifier: BSD-2-Clause
"""elf.py - reads the parts of an ELF file that the build checks: sections, segments, symbols, bytes.

Our own, because every build pays for it twice: a kernel's symbol table takes
milliseconds here and the better part of a second with a general ELF library.
Handles both byte orders and both word sizes.  Anything malformed is an ElfError.
"""

import struct
from collections import namedtuple

EM_MIPS, EM_RISCV = 8, 243
PT_LOAD = 1
PF_X, PF_W = 1, 2
SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHT_REL = 2, 4, 8, 9
R_MIPS_26 = 4
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4
SHN_UNDEF, SHN_LORESERVE = 0, 0xFF00
STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION, STT_FILE = range(5)
STB_LOCAL, STB_GLOBAL, STB_WEAK = range(3)

Section = namedtuple("Section", "name type flags addr offset size link info align entsize")
Segment = namedtuple("Segment", "type flags vaddr offset filesz memsz")
# `file` is the STT_FILE name that a local symbol stands under, None for globals; `section` may be None.
Symbol = namedtuple("Symbol", "name value size type bind section file")


class ElfError(Exception):
    pass


class Elf:
    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        if self.data[:4] != b"\x7fELF" or len(self.data) < 52:
            raise ElfError("not an ELF file")
        self.bits = 64 if self.data[4] == 2 else 32
        self.order = "little" if self.data[5] == 1 else "big"
        self.endian = "<" if self.data[5] == 1 else ">"
        self.word = self.bits // 8
        try:
            self._read_headers()
            self.symbols = self._read_symbols()
        except (struct.error, IndexError) as e:
            raise ElfError(f"truncated or damaged: {e}") from e
        self._by_name = None

    def _read_headers(self):
        long = "Q" if self.bits == 64 else "I"
        fields = struct.unpack_from(f"{self.endian}HHI{long * 3}I6H", self.data, 16)
        (self.type, self.machine, _, self.entry, phoff, shoff, _, _, phentsize, phnum,
         shentsize, shnum, shstrndx) = fields
        self.segments = []
        for i in range(phnum):
            at = phoff + i * phentsize
            if self.bits == 64:
                kind, flags, off, va, _, fsz, msz = struct.unpack_from(self.endian + "IIQQQQQ", self.data, at)
            else:
                kind, off, va, _, fsz, msz, flags = struct.unpack_from(self.endian + "7I", self.data, at)
            self.segments.append(Segment(kind, flags, va, off, fsz, msz))
        raw = [struct.unpack_from(f"{self.endian}II{long * 4}II{long * 2}", self.data, shoff + i * shentsize)
               for i in range(shnum)]
        names = raw[shstrndx][4] if shnum else 0
        self.sections = [Section(self._string(names + r[0]), *r[1:]) for r in raw]

    def _string(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode()

    def _read_symbols(self):
        table = next((s for s in self.sections if s.type == SHT_SYMTAB), None)
        if table is None:
            return []
        strings = self.sections[table.link]
        text = self.data[strings.offset:strings.offset + strings.size]
        entry = struct.Struct(self.endian + ("IBBHQQ" if self.bits == 64 else "IIIBBH"))
        whole = self.data[table.offset:table.offset + table.size // entry.size * entry.size]
        result, file = [], None
        for fields in entry.iter_unpack(whole):
            if self.bits == 64:
                name, info, _, index, value, size = fields
            else:
                name, value, size, info, _, index = fields
            kind, bind = info & 15, info >> 4
            label = text[name:text.index(b"\0", name)].decode()
            if kind == STT_FILE:
                file = label
                continue
            section = self.sections[index] if SHN_UNDEF < index < SHN_LORESERVE else None
            result.append(Symbol(label, value, size, kind, bind, section, file if bind == STB_LOCAL else None))
        return result

    def symbol(self, name):
        """The symbol of this name (a global one if there are several), or None."""
        if self._by_name is None:
            self._by_name = {s.name: s for s in sorted(self.symbols, key=lambda s: s.bind != STB_LOCAL)}
        return self._by_name.get(name)

    def section(self, name):
        return next((s for s in self.sections if s.name == name), None)

    def mcount_call(self):
        """What gcc -pg leaves in a function of a linked MIPS image: move at, ra; jal _mcount; delay slot."""
        mcount = self.symbol("_mcount")
        if self.machine != EM_MIPS or mcount is None:
            raise ElfError("no _mcount, or not a MIPS image")
        # o32 pushes two words for _mcount to pop: addiu sp, sp, -8.
        return [0x03E00825, 0x0C000000 | mcount.value >> 2 & 0x03FFFFFF, 0 if self.bits == 64 else 0x27BDFFF8]

    def calls_of(self, name):
        """How many R_MIPS_26 relocations of an object file (jal, j) name this symbol.  Only for MIPS."""
        table = next((s for s in self.sections if s.type == SHT_SYMTAB), None)
        if table is None or self.machine != EM_MIPS:
            return 0
        size, strings = 24 if self.bits == 64 else 16, self.sections[table.link].offset
        names = (struct.unpack_from(self.endian + "I", self.data, at)[0]
                 for at in range(table.offset, table.offset + table.size, size))
        indices = {i for i, at in enumerate(names) if self._string(strings + at) == name}
        return sum(kind == R_MIPS_26 and index in indices for s in self.sections if s.type in (SHT_REL, SHT_RELA)
                   for index, kind in self._mips_relocations(s))

    def _mips_relocations(self, section):
        """(symbol index, type) of each.  The 64-bit ABI has fields of its own: u32 symbol, u8 special, type3, type2, type."""
        form = ("8xI3xB" if self.bits == 64 else "4xI") + (f"{self.word}x" if section.type == SHT_RELA else "")
        whole = self.data[section.offset:section.offset + section.size]
        for fields in struct.iter_unpack(self.endian + form, whole):
            yield fields if self.bits == 64 else (fields[0] >> 8, fields[0] & 255)

    def section_at(self, addr):
        """The allocated section that holds this address, or None."""
        return next((s for s in self.sections if s.flags & SHF_ALLOC and s.addr <= addr < s.addr + s.size), None)

    def read(self, addr, size):
        """`size` bytes as loaded at virtual address `addr`; ElfError when the file has none there."""
        for s in self.sections:
            if s.flags & SHF_ALLOC and s.type != SHT_NOBITS and s.addr <= addr and addr + size <= s.addr + s.size:
                at = s.offset + addr - s.addr
                return self.data[at:at + size]
        raise ElfError(f"no bytes at {addr:#x}")

    def words(self, addr, size, width):
        """The unsigned integers of `width` bytes in [addr, addr + size), in the file's byte order."""
        code = {1: "B", 2: "H", 4: "I", 8: "Q"}[width]
        return list(struct.unpack(f"{self.endian}{size // width}{code}", self.read(addr, size)))
