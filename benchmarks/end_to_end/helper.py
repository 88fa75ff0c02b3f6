"""Processes of the benchmark's own, each at the other end of a pipe."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

READY: Final = "ready"
_SPAWN: Final = multiprocessing.get_context("spawn")
_GRACE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Helper:
    """A process, and our end of the pipe to it."""

    pid: int
    channel: Connection

    def await_ready(self) -> None:
        """Wait until it says that it is prepared.

        Raises:
            RuntimeError: it says something else.
            EOFError: it ended.

        """
        said = self.channel.recv()
        if said != READY:
            raise RuntimeError(f"a process of the benchmark is not ready, it says {said!r}")


@contextmanager
def helper(work: Callable[..., None], *arguments: object) -> Iterator[Helper]:
    """Run `work` in a process for the block, with its end of the pipe as the last argument."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=work, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Helper(process.pid or 0, ours)
        process.join(_GRACE_SECONDS)
    finally:
        process.kill()
        process.join()
