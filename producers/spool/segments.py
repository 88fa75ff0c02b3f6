"""The segment files of a spool: numbered, append-only, oldest first."""

import os
from dataclasses import dataclass
from pathlib import Path

_SUFFIX = ".segment"


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of the queue and its size in bytes."""

    number: int
    path: Path
    size: int


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
                Segment(int(entry.name.removesuffix(_SUFFIX)), Path(entry.path), entry.stat().st_size)
                for entry in entries
                if entry.name.endswith(_SUFFIX)
            ]
        return sorted(found, key=lambda segment: segment.number)

    def create(self, number: int, *, durable: bool) -> Segment:
        """Make an empty segment, known to the folder on disk where `durable`."""
        path = self._folder / f"{number:020d}{_SUFFIX}"
        path.touch(mode=0o600, exist_ok=False)
        if durable:
            self._sync()
        return Segment(number, path, 0)

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
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
