"""Looking at, joining and framing datums without decoding them.

Avro's binary encoding (Apache Avro specification, "Binary Encoding"): a record is its fields one after the other; a
string or bytes value is a zigzag varint length and that many bytes; int, long, enum and union branch are zigzag
varints; a map is blocks of a varint count and that many pairs, ended by a zero count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from schemas.errors import DatumError

ANALYZED_TAIL = ("os_type", "command", "status", "exit_code", "output")
"""The fields that decide an analysis: the last of CommandExecuted, in this order."""


class _Shape(IntEnum):
    VARINT = 0
    SIZED = 1  # string, bytes
    BYTE = 2  # boolean
    NULLABLE_SIZED = 3  # union of null and string
    SIZED_MAP = 4  # map of strings


_SIZED, _VARINT = _Shape.SIZED, _Shape.VARINT
_NOT_ONE_BYTE_LENGTH = 0x81
"""Bits that tell a length of one byte from a longer or a negative one."""


@dataclass(frozen=True, slots=True)
class Span:
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
        head = [_shape(field["type"]) for field in definition["fields"][: -len(ANALYZED_TAIL)]]
        tenant = names.index("tenant_id", 0, len(head))
        self._before_tenant = tuple(head[:tenant])
        self._after_tenant = tuple(head[tenant + 1 :])

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


def _shape(avro_type: Any) -> _Shape:
    if isinstance(avro_type, list):
        if avro_type == ["null", "string"]:
            return _Shape.NULLABLE_SIZED
        raise ValueError(f"no way past the union {avro_type} before the analysed tail")
    if isinstance(avro_type, dict) and avro_type["type"] == "map" and avro_type["values"] == "string":
        return _Shape.SIZED_MAP
    name = avro_type["type"] if isinstance(avro_type, dict) else avro_type
    shapes = {
        "string": _Shape.SIZED,
        "bytes": _Shape.SIZED,
        "int": _Shape.VARINT,
        "long": _Shape.VARINT,
        "enum": _Shape.VARINT,
        "boolean": _Shape.BYTE,
    }
    if name not in shapes:
        raise ValueError(f"no way past the type {name} before the analysed tail")
    return shapes[name]


def _skip_all(datum: bytes, at: int, shapes: tuple[_Shape, ...]) -> int:
    """Return the offset after values of these shapes; this loop is the worker's most travelled one."""
    for shape in shapes:
        if shape is _SIZED:
            byte = datum[at]
            at = at + 1 + (byte >> 1) if not byte & _NOT_ONE_BYTE_LENGTH else _skip_sized(datum, at)
        elif shape is _VARINT:
            while datum[at] & 0x80:
                at += 1
            at += 1
        else:
            at = _SKIPS[shape](datum, at)
    return at


def _skip_sized(datum: bytes, at: int) -> int:
    length, at = _read_length(datum, at)
    return at + length


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
        for _ in range(2 * count):
            if at >= len(datum):
                raise DatumError("datum ends within its labels")
            at = _skip_sized(datum, at)


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


_SKIPS = {_Shape.BYTE: _skip_byte, _Shape.NULLABLE_SIZED: _skip_nullable, _Shape.SIZED_MAP: _skip_map}


def zigzag(number: int) -> bytes:
    """Return the encoding of an int or long."""
    value = number << 1 if number >= 0 else ((-number - 1) << 1) | 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
