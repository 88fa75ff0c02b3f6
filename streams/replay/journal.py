"""How far a replay came, in a file of its own that survives any crash."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from runtime.errors import ConfigurationError
from streams.replay.scope import Scope
from streams.replay.tally import Tally


@dataclass(frozen=True, slots=True)
class Entry:
    """A replay as it stands: everything before the position is done, and the broker has what came of it."""

    scope: Scope
    rules: str
    """What the analyses depend on beside the output (streams.caching.version)."""
    position: str
    tally: Tally
    finished_at: datetime | None = None

    def to_json(self) -> str:
        """Return what of_json() takes."""
        return json.dumps(
            {
                "scope": self.scope.record(),
                "rules": self.rules,
                "position": self.position,
                "tally": self.tally.record(),
                "finished_at": self.finished_at.isoformat() if self.finished_at is not None else None,
            }
        )

    @classmethod
    def of_json(cls, text: str) -> Self:
        """Return the entry of a text; raises ValueError, KeyError or TypeError where it is none."""
        record = json.loads(text)
        finished_at = record["finished_at"]
        return cls(
            scope=Scope.of(record["scope"]),
            rules=record["rules"],
            position=record["position"],
            tally=Tally.of(record["tally"]),
            finished_at=datetime.fromisoformat(finished_at).astimezone(UTC) if finished_at else None,
        )


class Journal:
    """The entries of a folder, one file for each replay's name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> Entry | None:
        """Return a replay's entry, None where it was never begun.

        Raises:
            ConfigurationError: the file is none of this release's.

        """
        try:
            return Entry.of_json(self._path(name).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise ConfigurationError(
                f"{self._path(name)} does not tell how far replay {name} came ({type(error).__name__}): "
                "remove it to begin anew"
            ) from error

    def write(self, entry: Entry) -> None:
        """Keep an entry: after a crash there is this one or the one before, never half of one."""
        path = self._path(entry.scope.name)
        draft = path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            file.write(entry.to_json())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Keep other processes from the same replay.

        Raises:
            ConfigurationError: one is at it, or the folder cannot be written.

        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = self._path(name).with_suffix(".lock").open("w")
        except OSError as error:
            raise ConfigurationError(
                f"cannot write to {self._folder} ({error.strerror}): set NETCOPILOT_REPLAY_DIR"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ConfigurationError(f"replay {name} is running already, in another process") from error
            yield

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
