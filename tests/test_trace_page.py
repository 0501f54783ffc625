# SPDX-License-Identifier: BSD-2-Clause
"""test_trace_page.py - the decoder of raw pages on pages made by hand: as many broken ones as good ones, all layouts."""

import pytest
from trace_page import Formats, decode

LAYOUTS = [(order, size) for order in ("little", "big") for size in (4, 8)]
STAMP = 0x0123456789ABCDEF

# What the kernel prints, for longs of {long} bytes, but for lines that no decoder reads.
FORMATS = """\
	field: u64 timestamp;	offset:0;	size:8;	signed:0;
	field: local_t commit;	offset:8;	size:{long};	signed:1;
	field: int overwrite;	offset:8;	size:1;	signed:1;
	field: char data;	offset:{data};	size:{room};	signed:1;
name: function
ID: 1
format:
{common}
	field:unsigned long ip;	offset:8;	size:{long};	signed:0;
	field:unsigned long parent_ip;	offset:{parent};	size:{long};	signed:0;

print fmt: " %ps <-- %ps", (void *)REC->ip, (void *)REC->parent_ip
name: print
ID: 5
format:
{common}
	field:unsigned long ip;	offset:8;	size:{long};	signed:0;
	field:char buf[];	offset:{parent};	size:0;	signed:0;

print fmt: "%ps: %s", (void *)REC->ip, REC->buf
"""
COMMON = """\
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;
"""


def formats(size):
    return Formats(FORMATS.format(common=COMMON, long=size, data=8 + size, room=4096 - 8 - size, parent=8 + size))


# Byte for byte: a function event 5 ns after the page's stamp, 2 << 27 ns nothing, the marker "hi\n" 1 ns later.
GOLDEN = {
    ("little", 4): "efcdab8967452301 30000000"
                   "a4000000 01000103 feffffff 00001080 04001080"
                   "1e000000 02000000"
                   "24000000 05000000 07000000 00001080 68690a00",
    ("big", 4): "0123456789abcdef 00000030"
                "20000005 00010103 fffffffe 80100000 80100004"
                "f0000000 00000002"
                "20000001 00050000 00000007 80100000 68690a00",
    ("little", 8): "efcdab8967452301 4800000000000000"
                   "a0000000 1c000000 01000103 feffffff 0000108000000000 0400108000000000"
                   "1e000000 02000000"
                   "20000000 1c000000 05000000 07000000 0000108000000000 68690a0000000000",
    ("big", 8): "0123456789abcdef 0000000000000048"
                "00000005 0000001c 00010103 fffffffe 0000000080100000 0000000080100004"
                "f0000000 00000002"
                "00000001 0000001c 00050000 00000007 0000000080100000 68690a0000000000",
}

@pytest.mark.parametrize("order,size", LAYOUTS)
def test_golden_page(order, size):
    page = bytes.fromhex(GOLDEN[order, size]).ljust(4096, b"\xaa")
    (at, name, call), (later, kind, marker) = decode(page, order, size, formats(size))
    assert (at, name) == (STAMP + 5, "function")
    assert call == {"common_type": 1, "common_flags": 1, "common_preempt_count": 3, "common_pid": -2,
                    "ip": 0x80100000, "parent_ip": 0x80100004}
    assert (later, kind) == (STAMP + 5 + (2 << 27) + 1, "print")
    assert marker == {"common_type": 5, "common_flags": 0, "common_preempt_count": 0, "common_pid": 7,
                      "ip": 0x80100000, "buf": b"hi\n".ljust(size, b"\0")}


# ---- pages put together ----

class Maker:
    """Pieces of a page in one layout."""

    def __init__(self, order, size):
        self.order, self.size = order, size

    def number(self, value, size):
        return value.to_bytes(size, self.order)

    def word(self, value):
        return self.number(value, 4)

    def head(self, type_len, delta):
        return self.word(type_len << 27 | delta if self.order == "big" else type_len | delta << 5)

    def call(self, ip=1, number=1):
        return self.number(number, 2) + bytes(2) + self.word(7) + self.number(ip, self.size) + self.number(2, self.size)

    def event(self, delta=1, **what):
        payload = self.call(**what)
        return self.head(len(payload) // 4, delta) + payload

    def page(self, data=b"", commit=None, after=b""):
        body = self.number(STAMP, 8) + self.number(len(data) if commit is None else commit, self.size) + data + after
        return body.ljust(4096, b"\xaa")


def seen(make, page):
    """[(nanoseconds since the page's stamp, ip, count or text)]"""
    return [(stamp - STAMP, next((fields[k] for k in ("ip", "count") if k in fields)))
            for stamp, _, fields in decode(page, make.order, make.size, formats(make.size))]


# what: (page, what is seen)
GOOD = {
    "no event": lambda m: (m.page(), []),
    "length in the header": lambda m: (m.page(m.event(3, ip=9)), [(3, 9)]),
    "length in a word": lambda m: (m.page(m.head(0, 3) + m.word(4 + len(m.call())) + m.call(9)), [(3, 9)]),
    "padding to the end": lambda m: (m.page(m.event() + m.head(29, 0) + m.head(7, 7)), [(1, 1)]),
    "padding in between": lambda m: (m.page(m.event() + m.head(29, 5) + m.word(8) + m.head(2, 2) + m.event()),
                                     [(1, 1), (2, 1)]),
    "time extend": lambda m: (m.page(m.head(30, 6) + m.word(3) + m.event()), [(7 + (3 << 27), 1)]),
    "long time extend": lambda m: (m.page(m.head(30, 0) + m.word(1 << 31) + m.event()), [(1 + (1 << 58), 1)]),
    "absolute stamp": lambda m: (m.page(m.event() + m.head(31, 6) + m.word(3) + m.event(0)),
                                 [(1, 1), ((STAMP & ~((1 << 59) - 1) | 3 << 27 | 6) - STAMP, 1)]),
    "the largest delta": lambda m: (m.page(m.event((1 << 27) - 1)), [((1 << 27) - 1, 1)]),
    "a full page": lambda m: (m.page(m.event() * 100 + m.head(29, 0) + bytes(4096 - 8 - m.size - 4 - 100 * len(m.event()))),
                              [(n + 1, 1) for n in range(100)]),
    "events missed": lambda m: (m.page(m.event(), 1 << 31 | len(m.event())), [(0, None), (1, 1)]),
    "events missed, counted": lambda m: (m.page(m.event(), 3 << 30 | len(m.event()), m.number(42, m.size)),
                                         [(0, 42), (1, 1)]),
}

BROKEN = {
    "no page": lambda m: b"",
    "a page too short": lambda m: m.page(m.event())[:-1],
    "a page too long": lambda m: m.page(m.event()) + b"\0",
    "commit beyond the page": lambda m: m.page(m.event(), 4096 - 8 - m.size + 4),
    "commit with unknown flags": lambda m: m.page(m.event(), 1 << 29 | len(m.event())),
    "half a header": lambda m: m.page(m.event() + bytes(2)),
    "an event over the end": lambda m: m.page(m.event(), len(m.event()) - 4),
    "a long event over the end": lambda m: m.page(m.head(0, 3) + m.word(4 + len(m.call()) + 4) + m.call()),
    "a length that is missing": lambda m: m.page(m.event() + m.head(0, 3)),
    "a length that does not count itself": lambda m: m.page(m.head(0, 3) + m.word(3) + m.call()),
    "padding over the end": lambda m: m.page(m.event() + m.head(29, 5) + m.word(8)),
    "half a time extend": lambda m: m.page(m.event() + m.head(30, 5)),
    "half an absolute stamp": lambda m: m.page(m.event() + m.head(31, 5)),
    "an unknown type": lambda m: m.page(m.event(number=2)),
    "an event shorter than its fields": lambda m: m.page(m.head(2, 3) + m.call()[:8]),
    "a marker without its text": lambda m: m.page(m.head(2, 3) + m.call(number=5)[:8]),
    "a count of missed events over the end": lambda m: m.page(m.head(29, 0) + bytes(4096 - 8 - m.size - 4),
                                                              3 << 30 | 4096 - 8 - m.size),
}


@pytest.mark.parametrize("order,size", LAYOUTS)
@pytest.mark.parametrize("what", GOOD)
def test_good_page(what, order, size):
    make = Maker(order, size)
    page, expected = GOOD[what](make)
    assert seen(make, page) == expected


@pytest.mark.parametrize("order,size", LAYOUTS)
@pytest.mark.parametrize("what", BROKEN)
def test_broken_page_is_an_error(what, order, size):
    make = Maker(order, size)
    with pytest.raises(ValueError):
        decode(BROKEN[what](make), order, size, formats(size))


def test_formats_of_another_machine_are_an_error():
    with pytest.raises(ValueError):
        decode(Maker("little", 8).page(), "little", 8, formats(4))


@pytest.mark.parametrize("text", ["", "cat: no such file\n", FORMATS.partition("name:")[0], FORMATS[FORMATS.index("name:"):]])
def test_broken_formats_are_an_error(text):
    with pytest.raises(ValueError):
        Formats(text.replace("{common}", COMMON))
