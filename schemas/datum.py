"""Looking at, joining and framing datums without decoding them.

Avro's binary encoding (Apache Avro specification, "Binary Encoding"): a record is its fields one after the other; a
string or bytes value is a zigzag varint length and that many bytes; int, long, enum and union branch are zigzag
varints; a map is blocks of a varint count and that many pairs, ended by a zero count.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from schemas.errors import DatumError

ANALYZED_TAIL = ("os_type", "command", "status", "exit_code", "output")
"""The fields that decide an analysis: the last of CommandExecuted, in this order."""


_Skip = Callable[[bytes, int, int], int]
"""Takes a buffer, an offset and a number of values; returns the offset behind them.

Raises IndexError or DatumError where the buffer ends before; a string's end may lie behind the buffer's.
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
        self._before_tenant = _runs(head[:tenant])
        self._after_tenant = _runs(head[tenant + 1 :])

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
            return _skip_nullables
        raise ValueError(f"no way past the union {avro_type} before the analysed tail")
    if isinstance(avro_type, dict) and avro_type["type"] == "map" and avro_type["values"] == "string":
        return _skip_maps
    name = avro_type["type"] if isinstance(avro_type, dict) else avro_type
    if name not in _SKIPS:
        raise ValueError(f"no way past the type {name} before the analysed tail")
    return _SKIPS[name]


def _runs(skips: Iterable[_Skip]) -> tuple[tuple[_Skip, int], ...]:
    """Return the skips with how often each is to be done in a row."""
    return tuple((skip, len(list(run))) for skip, run in groupby(skips))


def _skip_all(datum: bytes, at: int, runs: tuple[tuple[_Skip, int], ...]) -> int:
    """Return the offset after values of these runs; from here on it is the worker's most travelled code."""
    for skip, count in runs:
        at = skip(datum, at, count)
    return at


def _skip_sized(datum: bytes, at: int, count: int) -> int:
    for _ in range(count):
        byte = datum[at]
        at = at + 1 + (byte >> 1) if not byte & _NOT_ONE_BYTE_LENGTH else _skip_long(datum, at)
    return at


def _skip_long(datum: bytes, at: int) -> int:
    """Pass a string whose length has more than one byte; those of two bytes are common."""
    low, high = datum[at], datum[at + 1]
    if high < 0x80 < low and not low & 1:
        return at + 2 + (high << 6) + ((low & 0x7F) >> 1)
    length, at = _read_length(datum, at)
    return at + length


@cache
def _varints(count: int) -> re.Pattern[bytes]:
    return re.compile(rb"(?:[\x80-\xff]{0,9}[\x00-\x7f]){%d}" % count)


def _skip_varints(datum: bytes, at: int, count: int) -> int:
    found = _varints(count).match(datum, at)
    if found is None:
        raise DatumError("datum ends within its numbers, or a varint is longer than ten bytes")
    return found.end()


def _skip_bytes(_datum: bytes, at: int, count: int) -> int:
    return at + count


def _skip_nullables(datum: bytes, at: int, count: int) -> int:
    for _ in range(count):
        branch = datum[at]
        if branch not in {0, 2}:
            raise DatumError(f"union branch byte {branch} does not exist")
        at = _skip_sized(datum, at + 1, branch >> 1)
    return at


def _skip_maps(datum: bytes, at: int, count: int) -> int:
    for _ in range(count):
        at = _skip_map(datum, at)
    return at


def _skip_map(datum: bytes, at: int) -> int:
    while True:
        pairs, at = _read_varint(datum, at)
        if pairs == 0:
            return at
        if pairs > 0:
            at = _skip_sized(datum, at, 2 * pairs)
        else:
            size, at = _read_length(datum, at)
            at += size


def _read_length(datum: bytes, at: int) -> tuple[int, int]:
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


_SKIPS: dict[str, _Skip] = {
    "string": _skip_sized,
    "bytes": _skip_sized,
    "int": _skip_varints,
    "long": _skip_varints,
    "enum": _skip_varints,
    "boolean": _skip_bytes,
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
