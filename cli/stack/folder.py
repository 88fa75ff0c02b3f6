"""The data folder: what one local stack keeps on disk, and the lock that keeps a second one out."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths below one absolute root."""

    root: Path

    @property
    def logs(self) -> Path:
        """A log file for each child."""
        return self.root / "logs"

    @property
    def spool(self) -> Path:
        """What agents have not delivered yet."""
        return self.root / "spool"

    @property
    def clickhouse(self) -> Path:
        """History."""
        return self.root / "clickhouse"

    @property
    def redis(self) -> Path:
        """Valkey's append-only file."""
        return self.root / "redis"

    @property
    def kafka(self) -> Path:
        """Apache Kafka's log; the embedded broker keeps nothing."""
        return self.root / "kafka"

    @property
    def addresses(self) -> Path:
        """Where the running stack is, as environment variables."""
        return self.root / "netcopilot.env"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder and keep it for this process until the block ends.

        Raises:
            ConfigurationError: another `netcopilot up` holds it, or it cannot be written.

        """
        descriptor = self._open()
        try:
            self._lock(descriptor)
            yield from self._marked()
        finally:
            os.close(descriptor)

    @property
    def _pid(self) -> Path:
        return self.root / "netcopilot.pid"

    def _marked(self) -> Iterator[None]:
        self._pid.write_text(f"{os.getpid()}\n", encoding="ascii")
        try:
            yield
        finally:
            self._pid.unlink(missing_ok=True)

    def _open(self) -> int:
        try:
            for folder in (self.logs, self.spool):
                folder.mkdir(parents=True, exist_ok=True)
            return os.open(self.root, os.O_RDONLY)
        except OSError as error:
            raise ConfigurationError(
                f"The data folder {self.root} cannot be used ({error.strerror}): "
                "set NETCOPILOT_UP_DATA_DIR (--data-dir) to a folder that this user may write."
            ) from error

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = self._pid.read_text(encoding="ascii").strip() if self._pid.exists() else "unknown"
            raise ConfigurationError(
                f"The data folder {self.root} is in use by another `netcopilot up` (pid {holder}): "
                "stop that one, or set NETCOPILOT_UP_DATA_DIR (--data-dir) to another folder."
            ) from error
