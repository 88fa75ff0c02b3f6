"""The data folder, which belongs to one process at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.errors import ConfigurationError

_LOCK = "server.lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Own the folder (made here) until the block ends; the lock dies with the process, however it dies.

    Raises:
        ConfigurationError: another process owns it; the message names the folder and the process. Or its path has
            a question mark, which the engine's library takes for the beginning of options.

    """
    if "?" in str(folder.resolve()):
        raise ConfigurationError(f"The path {folder} has a question mark: choose another folder with --data-dir.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise ConfigurationError(
                f"The data folder {folder} is in use by the embedded ClickHouse with process id {holder}: "
                "stop that process, or give this one a folder of its own with --data-dir."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
