"""Looking at, joining and framing datums without decoding them.

Avro's binary encoding (Apache Avro specification, "Binary Encoding"): a record is its fields one after the other; a
string or bytes value is a zigzag varint length and that many bytes; int, long, enum and union branch are zigzag
varints; a map is blocks of a varint count and that many pairs, ended by a zero count.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from schemas.errors import DatumError

ANALYZED_TAIL = ("os_type", "command", "status", "exit_code", "output")
"""The fields that decide an analysis: the last of CommandExecuted, in this order."""


_Skip = Callable[[bytes, int], int]
"""Takes a buffer and the offset of a value; returns the offset behind it, past the buffer's end if need be.

Raises IndexError where the buffer ends at once, DatumError where no such value stands.
"""
_NOT_ONE_BYTE_LENGTH = 0x81
"""Bits that tell a length of one byte from a longer or a negative one."""


class Span(NamedTuple):
    """Where the parts of a CommandExecuted datum stand."""

    tenant: bytes
    """The tenant id's UTF-8 bytes."""
    tail: int
    """Offset of the analysed tail's first byte."""


class TailLocator:
    """Finds the analysed tail of CommandExecuted datums of one schema version."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        """Compile the way to the tail.

        Raises:
            ValueError: the schema's last fields are not ANALYZED_TAIL, or it has no tenant_id before them.

        """
        names = [field["name"] for field in definition["fields"]]
        if tuple(names[-len(ANALYZED_TAIL) :]) != ANALYZED_TAIL:
            raise ValueError(f"{definition['name']} does not end in {', '.join(ANALYZED_TAIL)}")
        head = [_skip_of(field["type"]) for field in definition["fields"][: -len(ANALYZED_TAIL)]]
        tenant = names.index("tenant_id", 0, len(head))
        self._before_tenant = tuple(_joined(head[:tenant]))
        self._after_tenant = tuple(_joined(head[tenant + 1 :]))

    def locate(self, buffer: bytes, start: int = 0) -> Span:
        """Return the tenant and the tail's offset in the buffer, whose datum begins at `start` and ends with it.

        Only lengths are read: whether the text is UTF-8 and the UUID a UUID is the reader's to find out.

        Raises:
            DatumError: the datum ends before its tail.

        """
        try:
            length, tenant = _read_length(buffer, _skip_all(buffer, start, self._before_tenant))
            tail = _skip_all(buffer, tenant + length, self._after_tenant)
        except IndexError:
            raise DatumError("datum ends within its head") from None
        if tail >= len(buffer):
            raise DatumError("datum ends before its analysed tail")
        return Span(buffer[tenant : tenant + length], tail)


def _skip_of(avro_type: Any) -> _Skip:
    """Return the way past a value of this type."""
    if isinstance(avro_type, list):
        if avro_type == ["null", "string"]:
            return _skip_nullable
        raise ValueError(f"no way past the union {avro_type} before the analysed tail")
    if isinstance(avro_type, dict) and avro_type["type"] == "map" and avro_type["values"] == "string":
        return _skip_map
    name = avro_type["type"] if isinstance(avro_type, dict) else avro_type
    if name not in _SKIPS:
        raise ValueError(f"no way past the type {name} before the analysed tail")
    return _SKIPS[name]


def _joined(skips: Iterable[_Skip]) -> Iterator[_Skip]:
    """Yield the skips, and one for all varints that stand together."""
    for skip, run in groupby(skips):
        if skip is _skip_varint:
            yield _skip_of_varints(len(list(run)))
        else:
            yield from run


def _skip_all(datum: bytes, at: int, skips: tuple[_Skip, ...]) -> int:
    """Return the offset after values of these types; this loop is the worker's most travelled one."""
    for skip in skips:
        if skip is _skip_sized and not (byte := datum[at]) & _NOT_ONE_BYTE_LENGTH:
            at += 1 + (byte >> 1)
        else:
            at = skip(datum, at)
    return at


def _skip_sized(datum: bytes, at: int) -> int:
    length, at = _read_length(datum, at)
    return at + length


def _skip_of_varints(count: int) -> _Skip:
    match = re.compile(rb"(?:[\x80-\xff]*[\x00-\x7f]){%d}" % count).match

    def skip(datum: bytes, at: int) -> int:
        found = match(datum, at)
        if found is None:
            raise DatumError("datum ends within its head")
        return found.end()

    return skip


_skip_varint = _skip_of_varints(1)


def _skip_byte(_datum: bytes, at: int) -> int:
    return at + 1


def _skip_nullable(datum: bytes, at: int) -> int:
    branch = datum[at]
    if branch == 0:
        return at + 1
    if branch == 2:
        return _skip_sized(datum, at + 1)
    raise DatumError(f"union branch byte {branch} does not exist")


def _skip_map(datum: bytes, at: int) -> int:
    while True:
        count, at = _read_varint(datum, at)
        if count == 0:
            return at
        if count < 0:
            size, at = _read_length(datum, at)
            at += size
            continue
        for _ in range(count):
            at = _skip_all(datum, at, _PAIR)


def _read_length(datum: bytes, at: int) -> tuple[int, int]:
    first = datum[at]
    if not first & _NOT_ONE_BYTE_LENGTH:
        return first >> 1, at + 1
    length, at = _read_varint(datum, at)
    if length < 0:
        raise DatumError("a length is negative")
    return length, at


def _read_varint(datum: bytes, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = datum[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (result >> 1) ^ -(result & 1), at
        shift += 7
        if shift > 63:
            raise DatumError("a varint is longer than ten bytes")


_PAIR = (_skip_sized, _skip_sized)
"""A key and a value of a map of strings."""
_SKIPS: dict[str, _Skip] = {
    "string": _skip_sized,
    "bytes": _skip_sized,
    "int": _skip_varint,
    "long": _skip_varint,
    "enum": _skip_varint,
    "boolean": _skip_byte,
}


def zigzag(number: int) -> bytes:
    """Return the encoding of an int or long."""
    value = number << 1 if number >= 0 else ((-number - 1) << 1) | 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
