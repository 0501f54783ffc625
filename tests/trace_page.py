# SPDX-License-Identifier: BSD-2-Clause
"""trace_page.py - decodes raw pages of the kernel's ring buffer as a tool on another machine does.  Pure: no machine.

    formats = Formats(text of events/header_page and of the events' format files, one after the other)
    for stamp, event, fields in decode(page, "big", 4, formats): ...

Where a field is, how long and whether signed comes from those texts and from nowhere else; the rest of a page's layout
is Linux's (trace/ring_buffer_layout.h says it for the kernel's own readers).  Anything malformed is a ValueError.
"""

import re
from collections import namedtuple

DATA_MAX, PADDING, TIME_EXTEND, TIME_STAMP = 28, 29, 30, 31
DELTA_BITS = 27
ABSOLUTE_MASK = (1 << 59) - 1
MISSED_EVENTS, MISSED_STORED = 1 << 31, 1 << 30

# size None: an array of as many elements as the event has room for
Field = namedtuple("Field", "offset size signed array")

_EVENT = re.compile(r"^name: (\w+)\nID: (\d+)\nformat:\n", re.M)
_FIELD = re.compile(r"^\tfield:[^;]*?(\w+)(\[\d*\])?;\toffset:(\d+);\tsize:(\d+);\tsigned:([01]);$", re.M)


class Formats:
    """page: {name: Field} of a page's header; events: {id: (event, {name: Field})}."""

    def __init__(self, text):
        header, *rest = _EVENT.split(text)
        self.page = self._fields(header)
        self.events = {int(number): (name, self._fields(body))
                       for name, number, body in zip(rest[::3], rest[1::3], rest[2::3])}
        if not {"timestamp", "commit", "data"} <= self.page.keys():
            raise ValueError("no format of a page's header")
        if not self.events or any("common_type" not in fields for _, fields in self.events.values()):
            raise ValueError("an event's format without common_type, or no event at all")

    @staticmethod
    def _fields(text):
        return {name: Field(int(offset), None if array == "[]" else int(size), signed == "1", bool(array))
                for name, array, offset, size, signed in _FIELD.findall(text)}


def take(data, at, size, what):
    if at + size > len(data):
        raise ValueError(f"{what} at byte {at} of {len(data)}: {size} bytes do not fit")
    return data[at:at + size]


def field_value(data, field, byte_order, what):
    size = max(len(data) - field.offset, 0) if field.size is None else field.size
    raw = take(data, field.offset, size, what)
    return raw if field.array else int.from_bytes(raw, byte_order, signed=field.signed)


def items(data, byte_order):
    """(type_len, time delta, payload) of each item of a page's data, payload None when it is no event."""
    def word(at):
        return int.from_bytes(take(data, at, 4, "word"), byte_order)

    at = 0
    while at < len(data):
        header = word(at)
        if byte_order == "big":
            type_len, delta = header >> DELTA_BITS, header & ((1 << DELTA_BITS) - 1)
        else:
            type_len, delta = header & 31, header >> 5
        payload = None
        if type_len == PADDING and not delta:
            return
        if 1 <= type_len <= DATA_MAX:
            payload = take(data, at + 4, 4 * type_len, "event")
            at += 4 + 4 * type_len
        elif type_len in (0, PADDING):
            length = word(at + 4)  # counts itself
            if length < 4:
                raise ValueError(f"event at byte {at} has length {length}")
            body = take(data, at + 8, length - 4, "event")
            if type_len == 0:
                payload = body
            at += 4 + length
        else:
            delta |= word(at + 4) << DELTA_BITS
            at += 8
        yield type_len, delta, payload


def decode_event(payload, byte_order, formats):
    """(event, {field: value}); arrays stay bytes, with what padding the writer left at their end."""
    number = field_value(payload, next(iter(formats.events.values()))[1]["common_type"], byte_order, "common_type")
    if number not in formats.events:
        raise ValueError(f"event of unknown type {number}")
    name, fields = formats.events[number]
    if any(f.size is None and f.offset > len(payload) for f in fields.values()):
        raise ValueError(f"{name} event of only {len(payload)} bytes")
    return name, {key: field_value(payload, field, byte_order, f"{name}.{key}") for key, field in fields.items()}


def decode(page, byte_order, long_size, formats):
    """[(nanoseconds, event, {field: value})] of one page; byte_order is "little" or "big", long_size 4 or 8.

    Events lost before the page come first, as an event "missed" with {"count": how many, or None if not known}.
    """
    if formats.page["commit"].size != long_size:
        raise ValueError(f"the formats are those of a machine with longs of {formats.page['commit'].size} bytes")
    start, room = formats.page["data"][:2]
    if len(page) != start + room:
        raise ValueError(f"a page has {start + room} bytes, not {len(page)}")
    stamp = field_value(page, formats.page["timestamp"], byte_order, "timestamp")
    commit = field_value(page, formats.page["commit"]._replace(signed=False), byte_order, "commit")
    used = commit & ~(MISSED_EVENTS | MISSED_STORED)
    data = take(page[start:], 0, used, "commit")
    events = []
    if commit & MISSED_EVENTS:
        count = None
        if commit & MISSED_STORED:
            count = int.from_bytes(take(page, start + used, long_size, "count of missed events"), byte_order)
        events.append((stamp, "missed", {"count": count}))
    for type_len, delta, payload in items(data, byte_order):
        if type_len == TIME_STAMP:
            stamp = stamp & ~ABSOLUTE_MASK | delta & ABSOLUTE_MASK
        elif type_len != PADDING:  # an event taken back: no time passed
            stamp += delta
        if payload is not None:
            events.append((stamp, *decode_event(payload, byte_order, formats)))
    return events
