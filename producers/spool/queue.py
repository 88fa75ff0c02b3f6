"""The queue itself: append at its end, read from its beginning, forget what was sent.

Files in its folder: `segments/` (see segments.py and record.py), `cursor` (where the unsent part begins), `lock` (held
for each change, by flock) and `drain.lock` (held by the one process that sends).

Durability: append() returns once the records are handed to the kernel, which survives the death of the process, and
with `durable` once fdatasync(2) has put them on the disk, which survives a power cut. One call is one sync, whatever
the number of its payloads. The cursor is not synced: after a power cut some events may be sent twice, none is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from producers.errors import SpoolFullError, SpoolUnusableError
from producers.spool import cursor, record, segments
from producers.spool.cursor import Position
from producers.spool.filelock import TryLock, locked
from producers.spool.segments import Segment, SegmentFolder
from runtime.log import get_logger

_SEGMENTS_PER_SPOOL = 16

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """Payloads in order, each with the position after it."""

    payloads: tuple[bytes, ...] = ()
    ends: tuple[Position, ...] = ()


class Spool:
    """A bounded first-in-first-out queue of payloads on disk; any number of processes and threads may share it."""

    def __init__(self, folder: Path, *, max_bytes: int, durable: bool = True) -> None:
        """Open the queue in a folder, made where it is missing.

        Raises:
            SpoolUnusableError: the folder cannot be made or written.

        """
        self._max_bytes = max_bytes
        self._segment_bytes = max(max_bytes // _SEGMENTS_PER_SPOOL, 1)
        self._durable = durable
        self._lock = folder / "lock"
        self._cursor = folder / "cursor"
        self._segments = SegmentFolder(folder / "segments")
        self._whole: dict[int, int] = {}
        try:
            (folder / "segments").mkdir(parents=True, exist_ok=True, mode=0o700)
            with locked(self._lock):
                pass
        except OSError as error:
            raise SpoolUnusableError(
                f"cannot use the spool folder {folder} ({error.strerror}); "
                "set NETCOPILOT_SPOOL_DIR to a folder this user can write"
            ) from error
        self.drain_right = TryLock(folder / "drain.lock")

    def is_empty(self) -> bool:
        """Return whether nothing waits; costs microseconds."""
        return self._segments.is_empty()

    def size(self) -> int:
        """Return the bytes on disk."""
        return sum(segment.size for segment in self._segments.all())

    def append(self, payloads: Sequence[bytes]) -> None:
        """Put payloads at the end, in order; they are safe when this returns.

        Raises:
            SpoolFullError: the limit is reached; its `accepted` payloads, from the first, are safe.
            OSError: the disk refuses (no space left, for one); none of them is in the queue.

        """
        with locked(self._lock):
            held = self._segments.all()
            fitting = self._fitting(payloads, sum(segment.size for segment in held))
            if fitting:
                self._write(held[-1] if held else None, b"".join(map(record.encode, payloads[:fitting])))
        if fitting < len(payloads):
            raise SpoolFullError(self._max_bytes, accepted=fitting)

    def read(self, *, after: Position | None = None, max_payloads: int, max_bytes: int) -> Batch:
        """Return the oldest unsent payloads, or those after a position; an empty batch where there are none."""
        with locked(self._lock):
            start = cursor.load(self._cursor) if after is None else after
            for segment in self._segments.all():
                if segment.number < start.segment:
                    continue
                offset = start.offset if segment.number == start.segment else 0
                batch = _read(segment, offset, max_payloads, max_bytes)
                if batch.payloads:
                    return batch
                if after is None:
                    self._drop(segment, offset)
        return Batch()

    def forget(self, position: Position) -> None:
        """Take everything before a position out of the queue; segments that are wholly sent are removed."""
        with locked(self._lock):
            cursor.store(self._cursor, position)
            for segment in self._segments.all():
                if segment.number > position.segment:
                    break
                if segment.number < position.segment or position.offset >= segment.size:
                    self._drop(segment, segment.size)

    def _fitting(self, payloads: Sequence[bytes], used: int) -> int:
        for index, payload in enumerate(payloads):
            used += record.OVERHEAD + len(payload)
            if used > self._max_bytes:
                return index
        return len(payloads)

    def _write(self, last: Segment | None, data: bytes) -> None:
        if last is None or last.size >= self._segment_bytes:
            number = max(last.number if last else 0, cursor.load(self._cursor).segment) + 1
            last = self._segments.create(number, durable=self._durable)
        end = self._end_of_whole_records(last)
        segments.append(last.path, end, data, durable=self._durable)
        self._whole[last.number] = end + len(data)

    def _end_of_whole_records(self, segment: Segment) -> int:
        """Return where a segment's last whole record ends; only what other processes wrote since is looked at."""
        known = self._whole.get(segment.number, 0)
        if known == segment.size:
            return known
        end = max((end for _, end in record.decode(segment.path.read_bytes(), known)), default=known)
        if end < segment.size:
            log.warning("spool_torn_tail_cut", segment=segment.path.name, torn_bytes=segment.size - end)
        return end

    def _drop(self, segment: Segment, sent: int) -> None:
        if sent < segment.size:
            log.warning("spool_torn_tail_cut", segment=segment.path.name, torn_bytes=segment.size - sent)
        segment.path.unlink()
        self._whole.pop(segment.number, None)


def _read(segment: Segment, start: int, max_payloads: int, max_bytes: int) -> Batch:
    payloads: list[bytes] = []
    ends: list[Position] = []
    total = 0
    for payload, end in record.decode(segment.path.read_bytes(), start):
        if len(payloads) == max_payloads or (payloads and total + len(payload) > max_bytes):
            break
        payloads.append(payload)
        ends.append(Position(segment.number, end))
        total += len(payload)
    return Batch(tuple(payloads), tuple(ends))
