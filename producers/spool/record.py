"""How a payload stands in a segment file: magic, length, CRC-32 of length and payload, then the payload.

Numbers are four bytes, big-endian. A record that ends early or does not match its checksum was torn by a crash or
damaged by the disk; it is passed over, and the next one is found by its magic, so that damage costs only what it hit.
The first byte of the magic never occurs in UTF-8 text.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xf5NC2"
_LENGTH = struct.Struct(">I")
_HEAD = struct.Struct(">4sII")
OVERHEAD = _HEAD.size


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record's payload and its place in the segment."""

    payload: bytes
    start: int
    end: int


def encode(payload: bytes) -> bytes:
    """Return a payload's record."""
    length = _LENGTH.pack(len(payload))
    return MAGIC + length + _LENGTH.pack(zlib.crc32(payload, zlib.crc32(length))) + payload


def decode(segment: bytes, start: int = 0) -> Iterator[Record]:
    """Yield each whole record from an offset on; between one and the next, there may be damaged bytes."""
    at = segment.find(MAGIC, start)
    while at != -1:
        record = _at(segment, at)
        if record is not None:
            yield record
        at = segment.find(MAGIC, at + 1 if record is None else record.end)


def _at(segment: bytes, at: int) -> Record | None:
    if at + OVERHEAD > len(segment):
        return None
    _, length, checksum = _HEAD.unpack_from(segment, at)
    end = at + OVERHEAD + length
    if end > len(segment):
        return None
    payload = segment[at + OVERHEAD : end]
    if zlib.crc32(payload, zlib.crc32(_LENGTH.pack(length))) != checksum:
        return None
    return Record(payload, at, end)
