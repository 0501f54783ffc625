# SPDX-License-Identifier: BSD-2-Clause
"""patchbay.py - gdb commands for a stopped patchbay kernel.  `make gdb` loads it.

  pb-dmesg                  the kernel's log
  pb-ps                     its tasks
  pb-ftrace-recs [GLOB]     the records of the sites whose function matches (all), with what stands there now
  pb-ftrace-ops             the registered ftrace_ops
  pb-ftrace-pages FILE [N]  writes the ring buffer's raw pages of CPU N (0), the oldest first, to FILE
  pb-site FUNCTION          the bytes at the start of a function, word by word, decoded

They only read memory: nothing in the kernel runs, so they work at any moment,
halfway through a patch too.
"""

import fnmatch
import pathlib
import struct
import sys

import gdb

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import elf

# ---- reading the kernel ----

def value(expression):
    return gdb.parse_and_eval(expression)


def address(val):
    return int(val.cast(gdb.lookup_type("unsigned long")))


def symbol_at(addr):
    """'schedule', 'schedule+8' or '0x...'."""
    text = gdb.execute(f"info symbol {addr:#x}", to_string=True)
    return text.split(" in section")[0].replace(" + ", "+") if " in section" in text else f"{addr:#x}"


def read(addr, size):
    return bytes(gdb.selected_inferior().read_memory(addr, size))


def list_entries(head, type_name, member):
    """The structs linked by `member` in a list_head."""
    kind = gdb.lookup_type(type_name).pointer()
    offset = next(f.bitpos // 8 for f in kind.target().fields() if f.name == member)
    node = head["next"]
    while node != head.address:
        yield gdb.Value(address(node) - offset).cast(kind).dereference()
        node = node["next"]


# ---- patch sites ----

def signed(number, bits):
    return number - (1 << bits) if number >> (bits - 1) else number


def decode_riscv(addr, word):
    """One word of a site as assembly."""
    if word == 0x00010001:
        return "c.nop; c.nop"
    if word == 0x00000013:
        return "nop"
    if word & 0xFFF == 0x2EF:
        offset = (word >> 31 << 20 | (word >> 12 & 0xFF) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 0x3FF) << 1)
        return f"jal t0, {symbol_at(addr + signed(offset, 21))}"
    if word & 0xFFF == 0x297:
        return f"auipc t0, {word >> 12:#x}"
    if word & 0xFFFFF == 0x282E7:
        upper = struct.unpack("<I", read(addr - 4, 4))[0] & 0xFFFFF000
        return f"jalr t0, {signed(word >> 20, 12)}(t0) = {symbol_at(addr - 4 + signed(upper, 32) + signed(word >> 20, 12))}"
    if word & 0x7FFF == 0x2013:
        return f"hint {word >> 15} (slti zero, x{word >> 15 & 31}, {signed(word >> 20, 12)})"
    return gdb.execute(f"x/i {addr:#x}", to_string=True).partition(":\t")[2].strip()


def decode_mips(addr, word):
    """The same; what the assembler would say of `lui zero` hides that it is a number."""
    if word == 0:
        return "nop"
    if word >> 16 == 0x3C00:
        return f"hint {word & 0xFFFF} (lui zero, {word & 0xFFFF:#x})"
    if word >> 26 == 3:
        return f"jal {symbol_at((addr + 4) & ~0x0FFFFFFF | (word & 0x03FFFFFF) << 2)}"
    if word == 0x03E00825:
        return "move at, ra"
    return gdb.execute(f"x/i {addr:#x}", to_string=True).partition(":\t")[2].strip()


# gdb's name of the architecture begins with -> (bytes of a site, decoder)
SITES = {"riscv": (16, decode_riscv), "mips": (32, decode_mips)}


def byte_order():
    return ">" if "big" in gdb.execute("show endian", to_string=True) else "<"


def site_words(addr):
    """[(address, word, text)] of the site at addr."""
    name = gdb.selected_inferior().architecture().name()
    size, decode = next((v for k, v in SITES.items() if name.startswith(k)), (None, None))
    if size is None:
        raise gdb.GdbError(f"no site decoder for {name}")
    words = struct.unpack(f"{byte_order()}{size // 4}I", read(addr, size))
    return [(addr + 4 * i, word, decode(addr + 4 * i, word)) for i, word in enumerate(words)]


def function_start(name):
    """Where a function's symbol is.  Not gdb's &name: GCC's debug information has a function begin behind its NOPs."""
    if not name:
        raise gdb.GdbError("usage: pb-site FUNCTION")
    symbol = elf.Elf(gdb.current_progspace().filename).symbol(name)
    if not symbol:
        raise gdb.GdbError(f"no function {name}")
    return symbol.value


class Site(gdb.Command):
    """pb-site FUNCTION: the bytes at the start of a function, word by word, decoded."""

    def __init__(self):
        super().__init__("pb-site", gdb.COMMAND_USER, gdb.COMPLETE_SYMBOL)

    def invoke(self, arg, from_tty):
        start = function_start(arg)
        print(f"{symbol_at(start)} {start:#x}")
        for addr, word, text in site_words(start):
            print(f"  +{addr - start:<3} {word:08x}  {text}")


# ---- ftrace ----

REF_MASK = (1 << 19) - 1
REC_FLAGS = {31: "ENABLED", 30: "REGS", 29: "REGS_EN", 26: "IPMODIFY", 25: "DISABLED", 24: "DIRECT",
             22: "CALL_OPS", 21: "CALL_OPS_EN", 20: "TOUCHED", 19: "MODIFIED"}
OPS_FLAGS = ("ENABLED DYNAMIC SAVE_REGS SAVE_REGS_IF_SUPPORTED RECURSION STUB INITIALIZED DELETED ADDING REMOVING "
             "MODIFYING ALLOC_TRAMP IPMODIFY PID RCU TRACE_ARRAY PERMANENT DIRECT SUBOP").split()


def records():
    """(address of the site, flags) of every record."""
    order = byte_order()
    base = address(value("&_text"))
    page = value("ftrace_pages_start")
    while address(page):
        raw = read(address(page["records"]), 8 * int(page["index"]))
        for offset, flags in struct.iter_unpack(order + "iI", raw):
            yield base + offset, flags
        page = page["next"]


class Recs(gdb.Command):
    """pb-ftrace-recs [GLOB]: the records of the sites whose function matches, with what stands there now."""

    def __init__(self):
        super().__init__("pb-ftrace-recs", gdb.COMMAND_USER)

    def invoke(self, arg, from_tty):
        shown = 0
        for ip, flags in records():
            name = symbol_at(ip)
            if arg and not fnmatch.fnmatchcase(name, arg):
                continue
            names = "|".join(text for bit, text in REC_FLAGS.items() if flags >> bit & 1)
            code = "; ".join(text for _, _, text in site_words(ip))
            print(f"{ip:#x} {name} ({flags & REF_MASK}) {names or '-'}: {code}")
            shown += 1
        print(f"{shown} records")


class Ops(gdb.Command):
    """pb-ftrace-ops: the registered ftrace_ops, the newest first."""

    def __init__(self):
        super().__init__("pb-ftrace-ops", gdb.COMMAND_USER)

    def invoke(self, arg, from_tty):
        ops, end = value("ftrace_ops_list"), value("&ftrace_list_end")
        count = 0
        while ops != end:
            flags = int(ops["flags"])
            names = "|".join(name for bit, name in enumerate(OPS_FLAGS) if flags >> bit & 1)
            hashes = ops["func_hash"].dereference()
            print(f"{symbol_at(address(ops))} func={symbol_at(address(ops['func']))} "
                  f"index={int(ops['dispatch_index'])} filter={self.size(hashes['filter_hash'])} "
                  f"notrace={self.size(hashes['notrace_hash'])} {names}")
            ops = ops["next"]
            count += 1
        print(f"{count} ops, {int(value('ftrace_sites_on'))} sites on")

    @staticmethod
    def size(hash_pointer):
        return int(hash_pointer["count"]) if address(hash_pointer) else 0


RB_PAGE_SIZE = 4096


class Pages(gdb.Command):
    """pb-ftrace-pages FILE [N]: writes the ring buffer's raw pages of CPU N (0), the oldest first, to FILE.

    The pages in the ring, whole, up to the one being written; not the one that trace_pipe took out.
    """

    def __init__(self):
        super().__init__("pb-ftrace-pages", gdb.COMMAND_USER, gdb.COMPLETE_FILENAME)

    def invoke(self, arg, from_tty):
        words = gdb.string_to_argv(arg)
        if not words or not all(word.isdecimal() for word in words[1:]) or len(words) > 2:
            raise gdb.GdbError("usage: pb-ftrace-pages FILE [N]")
        cpu = int(words[1]) if words[1:] else 0
        rings = value("global_trace.buffer.buffers")
        if cpu > rings.type.range()[1] or not address(rings[cpu]):
            raise gdb.GdbError(f"no ring buffer of CPU {cpu}")
        head, used, total = (int(rings[cpu][field]) for field in ("head", "used", "nr_pages"))
        with open(words[0], "wb") as file:
            for n in range(head, head + used):
                file.write(read(address(rings[cpu]["pages"][n % total]["page"]), RB_PAGE_SIZE))
        print(f"{used} of {total} pages of CPU {cpu}")


# ---- tasks and the log ----

# struct task_struct.__state and .exit_state -> letter, as ps in the kernel shows them
STATES = {0x0: "R", 0x1: "S", 0x2: "D", 0x80: "X"}


class Ps(gdb.Command):
    """pb-ps: pid, state, CPU, preempt count, comm and where each task is."""

    def __init__(self):
        super().__init__("pb-ps", gdb.COMMAND_USER)

    def invoke(self, arg, from_tty):
        print("  PID S CPU PREEMPT COMM")
        self.show(value("init_task"))
        for task in list_entries(value("task_list"), "struct task_struct", "tasks"):
            self.show(task)

    @staticmethod
    def show(task):
        state = "Z" if int(task["exit_state"]) else STATES.get(int(task["__state"]), "?")
        print(f"{int(task['pid']):5} {state} {int(task['cpu']):3} {int(task['preempt_count']):7x} "
              f"{task['comm'].string()}")


class Dmesg(gdb.Command):
    """pb-dmesg: the kernel's log, also what its console did not show."""

    def __init__(self):
        super().__init__("pb-dmesg", gdb.COMMAND_USER)

    def invoke(self, arg, from_tty):
        ring = value("'printk.c'::log_buf")
        data = read(address(ring.address), ring.type.sizeof)
        kind = gdb.lookup_type("struct log_record")
        pos, end = (int(value(f"'printk.c'::{place}.pos")) for place in ("first", "next"))

        def piece(at, size):
            at %= len(data)
            return (data + data)[at:at + size]

        while pos < end:
            record = gdb.Value(piece(pos, kind.sizeof), kind)
            text = piece(pos + kind.sizeof, int(record["len"])).decode(errors="replace")
            us = int(record["ns"]) // 1000
            for line in text.split("\n"):
                print(f"[{us // 1000000:5}.{us % 1000000:06}] {line}")
            pos += kind.sizeof + int(record["len"])


for command in (Site, Recs, Ops, Pages, Ps, Dmesg):
    command()
