"""Records as the first version wrote them: length and CRC-32 of the payload, then the payload. Read, never written.

Nothing marks a record's beginning, so what follows a damaged one cannot be found. An empty payload counts as damage:
zeros, which a power cut can leave at a file's end, would look like endless many.
"""

import struct
import zlib
from collections.abc import Iterator

from producers.spool.record import Record

_HEAD = struct.Struct(">II")


def decode(segment: bytes, start: int = 0) -> Iterator[Record]:
    """Yield each whole record from an offset on, up to the first that is damaged."""
    at = start
    while at + _HEAD.size <= len(segment):
        length, checksum = _HEAD.unpack_from(segment, at)
        end = at + _HEAD.size + length
        payload = segment[at + _HEAD.size : end]
        if not length or len(payload) != length or zlib.crc32(payload) != checksum:
            return
        yield Record(payload, at, end)
        at = end
