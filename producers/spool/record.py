"""How a payload stands in a segment file: length and CRC-32 (both four bytes, big-endian), then the payload.

A record that ends early or does not match its checksum was torn by a crash: it and what follows do not count.
"""

import struct
import zlib
from collections.abc import Iterator

_HEAD = struct.Struct(">II")
OVERHEAD = _HEAD.size


def encode(payload: bytes) -> bytes:
    """Return a payload's record."""
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def decode(segment: bytes, start: int = 0) -> Iterator[tuple[bytes, int]]:
    """Yield each whole record's payload and the offset of its end, up to the first torn one."""
    at = start
    while at + OVERHEAD <= len(segment):
        length, checksum = _HEAD.unpack_from(segment, at)
        end = at + OVERHEAD + length
        payload = segment[at + OVERHEAD : end]
        if len(payload) != length or zlib.crc32(payload) != checksum:
            return
        yield payload, end
        at = end
