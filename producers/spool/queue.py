"""The queue itself: append at its end, read from its beginning, forget what was sent.

Files in its folder: `segments/` (see segments.py and record.py), `cursor` (where the unsent part begins), `lock` (held
for each change, by flock) and `drain.lock` (held by the one process that sends).

Durability: append() returns once the records are handed to the kernel, which survives the death of the process, and
with `durable` once fdatasync(2) has put them on the disk, which survives a power cut. One call is one sync, whatever
the number of its payloads. The cursor is not synced: after a power cut some events may be sent twice, none is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from producers import metrics
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
    """Payloads in order, each with the position after it; `is_last` where nothing waits behind them."""

    payloads: tuple[bytes, ...] = ()
    ends: tuple[Position, ...] = ()
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: how many payloads, and the oldest of them."""

    events: int = 0
    oldest: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Whole:
    """The part of a segment that is known to be looked through: where its last record ends, how many there are."""

    end: int = 0
    events: int = 0


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
        self._whole: dict[int, _Whole] = {}
        self._unreadable: set[Position] = set()
        self._unkept = Position()
        try:
            _make(folder, durable=durable)
            with locked(self._lock):
                pass
        except OSError as error:
            raise SpoolUnusableError(
                f"cannot use the spool folder {folder} ({error.strerror}); "
                "set NETCOPILOT_SPOOL_DIR to a folder this user can write"
            ) from error
        self._drain_right = TryLock(folder / "drain.lock")

    def is_empty(self) -> bool:
        """Return whether nothing waits; costs microseconds."""
        return self._segments.is_empty()

    def size(self) -> int:
        """Return the bytes on disk."""
        return sum(segment.size for segment in self._segments.all())

    def backlog(self) -> Backlog:
        """Return what waits; reads the segments that this process did not write, each once, and the oldest one."""
        with locked(self._lock):
            start, events, oldest = self._start(), 0, None
            for segment in self._segments.all():
                if segment.number != start.segment:
                    events += self._look_through(segment).events
                    oldest = oldest or next((found.payload for found in segment.records()), None)
                    continue
                waiting = [found.payload for found in segment.records(start.offset)]
                events += len(waiting)
                oldest = waiting[0] if waiting else None
            return Backlog(events, oldest)

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
                self._write(held[-1] if held else None, payloads[:fitting])
        if fitting < len(payloads):
            raise SpoolFullError(self._max_bytes, accepted=fitting)

    def start_draining(self) -> bool:
        """Return whether this process, and none besides, may read and forget now; it keeps that right."""
        return self._drain_right.acquire()

    def stop_draining(self) -> None:
        """Let another process read and forget."""
        self._unkept = Position()
        self._drain_right.release()

    def read(self, *, after: Position | None = None, max_payloads: int, max_bytes: int) -> Batch:
        """Return the oldest unsent payloads, or those after a position; an empty batch where there are none.

        Raises:
            OSError: the disk refuses.

        """
        with locked(self._lock):
            start = self._start() if after is None else after
            found = self._segments.all()
            for segment in found:
                if segment.number < start.segment:
                    continue
                offset = start.offset if segment.number == start.segment else 0
                batch = self._read(segment, offset, max_payloads, max_bytes)
                if batch.payloads:
                    is_last = segment is found[-1] and batch.ends[-1].offset == segment.size
                    return replace(batch, is_last=is_last)
                if after is None:
                    self._drop(segment, offset)
        return Batch()

    def forget(self, position: Position) -> None:
        """Take everything before a position out of the queue; segments that are wholly sent are removed.

        Where the disk refuses to keep the position, this process knows it all the same; the next one sends what is left
        of the segment again.

        Raises:
            OSError: the disk refuses to remove a segment.

        """
        with locked(self._lock):
            self._keep(position)
            for segment in self._segments.all():
                if segment.number > position.segment:
                    break
                if segment.number < position.segment or position.offset >= segment.size:
                    self._drop(segment, segment.size)

    def _start(self) -> Position:
        return max(cursor.load(self._cursor), self._unkept)

    def _keep(self, position: Position) -> None:
        try:
            cursor.store(self._cursor, position)
        except OSError as error:
            if self._unkept == Position():
                log.warning("spool_cursor_not_kept", reason=error.strerror, consequence="a restart sends events again")
            self._unkept = position
        else:
            self._unkept = Position()

    def _fitting(self, payloads: Sequence[bytes], used: int) -> int:
        for index, payload in enumerate(payloads):
            used += record.OVERHEAD + len(payload)
            if used > self._max_bytes:
                return index
        return len(payloads)

    def _write(self, last: Segment | None, payloads: Sequence[bytes]) -> None:
        if last is None or not last.takes_more or last.size >= self._segment_bytes:
            number = max(last.number if last else 0, self._start().segment) + 1
            last = self._segments.create(number, durable=self._durable)
        whole = self._look_through(last)
        if whole.end < last.size:
            self._note_unreadable(last, whole.end, last.size - whole.end)
        data = b"".join(map(record.encode, payloads))
        try:
            segments.append(last.path, whole.end, data, durable=self._durable)
        except OSError:
            if not whole.end:
                last.path.unlink()
            raise
        self._whole[last.number] = _Whole(whole.end + len(data), whole.events + len(payloads))

    def _look_through(self, segment: Segment) -> _Whole:
        """Return what a segment holds; only what other processes wrote since the last time is looked at."""
        whole = self._whole.get(segment.number, _Whole())
        if whole.end < segment.size:
            for found in segment.records(whole.end):
                whole = _Whole(found.end, whole.events + 1)
            self._whole[segment.number] = whole
        return whole

    def _read(self, segment: Segment, start: int, max_payloads: int, max_bytes: int) -> Batch:
        payloads: list[bytes] = []
        ends: list[Position] = []
        at, total = start, 0
        for found in segment.records(start):
            if len(payloads) == max_payloads or (payloads and total + len(found.payload) > max_bytes):
                break
            if found.start > at:
                self._note_unreadable(segment, at, found.start - at)
            payloads.append(found.payload)
            ends.append(Position(segment.number, found.end))
            at, total = found.end, total + len(found.payload)
        return Batch(tuple(payloads), tuple(ends))

    def _drop(self, segment: Segment, sent: int) -> None:
        if sent < segment.size:
            self._note_unreadable(segment, sent, segment.size - sent)
        segment.path.unlink()
        self._whole.pop(segment.number, None)
        if segment.number == self._unkept.segment:
            self._unkept = Position()

    def _note_unreadable(self, segment: Segment, at: int, size: int) -> None:
        place = Position(segment.number, at)
        if place not in self._unreadable:
            self._unreadable.add(place)
            metrics.SPOOL_UNREADABLE_BYTES.inc(size)
            log.warning("spool_bytes_unreadable", segment=segment.path.name, offset=at, bytes=size)


def _make(folder: Path, *, durable: bool) -> None:
    inner = folder / "segments"
    if inner.is_dir():
        return
    inner.mkdir(parents=True, exist_ok=True, mode=0o700)
    if durable:
        segments.sync_folder(folder)
        segments.sync_folder(folder.parent)
