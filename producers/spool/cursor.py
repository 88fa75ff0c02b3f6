"""Where the unsent part of the queue begins, kept in a file of its own."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

_BODY = struct.Struct(">QQ")
_CHECKSUM = struct.Struct(">I")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """An offset within a segment."""

    segment: int = 0
    offset: int = 0


def load(path: Path) -> Position:
    """Return the kept position; the very beginning where the file is missing or torn (then events may come twice)."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Position()
    body, checksum = data[: _BODY.size], data[_BODY.size :]
    if len(data) != _BODY.size + _CHECKSUM.size or checksum != _CHECKSUM.pack(zlib.crc32(body)):
        return Position()
    return Position(*_BODY.unpack(body))


def store(path: Path, position: Position) -> None:
    """Keep a position; a crash leaves the old one or the new one."""
    body = _BODY.pack(position.segment, position.offset)
    scratch = path.with_suffix(".new")
    scratch.write_bytes(body + _CHECKSUM.pack(zlib.crc32(body)))
    scratch.replace(path)
