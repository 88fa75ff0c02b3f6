"""Event sequences: 1, 2, 3, ... for each agent, over restarts and over processes that share the agent's identity.

A number is given out once, so a number that never arrives is an event that was lost. The counter is a file that is
changed under flock(2); it survives the death of a process. It is not synced: after a power cut the last numbers may be
given out again (the events differ in their id), none is left out.
"""

import fcntl
import hashlib
import os
import threading
from pathlib import Path

from producers.errors import SpoolUnusableError

_DIGITS = 20


class SequenceCounter:
    """Gives out an agent's numbers."""

    def __init__(self, folder: Path, agent_id: str) -> None:
        """Open the agent's counter in a folder, made where it is missing.

        Raises:
            SpoolUnusableError: the folder cannot be made or written.

        """
        self._path = folder / hashlib.sha256(agent_id.encode()).hexdigest()[:32]
        self._thread_lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SpoolUnusableError(
                f"cannot keep the event sequence in {folder} ({error.strerror}); "
                "set NETCOPILOT_SPOOL_DIR to a folder this user can write"
            ) from error

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)

    def next(self) -> int:
        """Return the next number, the first being 1; takes microseconds.

        Raises:
            SpoolUnusableError: the counter's file is damaged.

        """
        with self._thread_lock:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            try:
                number = self._read() + 1
                os.pwrite(self._descriptor, f"{number:0{_DIGITS}d}".encode(), 0)
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        return number

    def _read(self) -> int:
        text = os.pread(self._descriptor, _DIGITS + 1, 0)
        if not text:
            return 0
        if len(text) != _DIGITS or not text.isdigit():
            raise SpoolUnusableError(
                f"the event sequence in {self._path} is damaged; write the last number that arrived into it, "
                f"with {_DIGITS} digits, or remove it to count from 1"
            )
        return int(text)
