"""The segment files of a spool: numbered, append-only, oldest first."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from producers.spool import record, record_v1
from producers.spool.record import Record

_SUFFIX = ".records"
_SUFFIX_V1 = ".segment"


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of the queue and its size in bytes."""

    number: int
    path: Path
    size: int

    @property
    def takes_more(self) -> bool:
        """Whether this version writes such files; those of the first version are only read."""
        return self.path.suffix == _SUFFIX

    def records(self, start: int = 0) -> Iterator[Record]:
        """Yield each whole record from an offset on.

        Raises:
            OSError: the disk refuses.

        """
        decode = record.decode if self.takes_more else record_v1.decode
        return decode(self.path.read_bytes(), start)


class SegmentFolder:
    """The folder that holds them. Callers hold the spool's lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_empty(self) -> bool:
        """Return whether there is no segment, without any lock: for a quick look."""
        with os.scandir(self._folder) as entries:
            return next(entries, None) is None

    def all(self) -> list[Segment]:
        """Return every segment, oldest first."""
        with os.scandir(self._folder) as entries:
            found = [
                Segment(int(Path(entry.name).stem), Path(entry.path), entry.stat().st_size)
                for entry in entries
                if entry.name.endswith((_SUFFIX, _SUFFIX_V1))
            ]
        return sorted(found, key=lambda segment: segment.number)

    def create(self, number: int, *, durable: bool) -> Segment:
        """Make an empty segment, known to the folder on disk where `durable`."""
        path = self._folder / f"{number:020d}{_SUFFIX}"
        path.touch(mode=0o600, exist_ok=False)
        if durable:
            sync_folder(self._folder)
        return Segment(number, path, 0)


def sync_folder(folder: Path) -> None:
    """Put a folder's list of files on the disk itself."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append(path: Path, at: int, data: bytes, *, durable: bool) -> None:
    """Write at an offset, cutting off what stands after it; leave nothing behind where the disk refuses."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.ftruncate(descriptor, at)
        os.lseek(descriptor, at, os.SEEK_SET)
        try:
            _write_all(descriptor, data)
            if durable:
                os.fdatasync(descriptor)
        except OSError:
            os.ftruncate(descriptor, at)
            raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
