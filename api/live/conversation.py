"""A live stream's write side and its client's leaving, whichever ends first."""

import asyncio
import time
from collections.abc import Awaitable, Coroutine
from typing import Any

WRITE_SECONDS = 30.0
"""How long one write may wait for a client to read; it may be twice as long until that is noticed."""


class Writes:
    """Knows for how long a stream's write waits for its client; a timer for each write would cost more than it."""

    def __init__(self) -> None:
        self._since: float | None = None

    async def wait_for(self, write: Awaitable[None]) -> None:
        """Wait for a write."""
        self._since = time.monotonic()
        await write
        self._since = None

    @property
    def is_stuck(self) -> bool:
        """Whether a write takes longer than it may."""
        return self._since is not None and time.monotonic() - self._since > WRITE_SECONDS


async def write_until_left(
    writing: Coroutine[Any, Any, None],
    leaving: Coroutine[Any, Any, None],
    writes: Writes,
    *,
    ordinary: tuple[type[BaseException], ...] = (),
) -> None:
    """Write until the stream ends, the client has left or it reads no more; all is over on return.

    `ordinary` errors are how clients leave; any other error of the writing is raised.
    """
    write, leave = asyncio.create_task(writing), asyncio.create_task(leaving)
    try:
        while not (write.done() or leave.done() or writes.is_stuck):
            await asyncio.wait((write, leave), timeout=WRITE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leave.cancel()
        write.cancel()
        await asyncio.gather(write, leave, return_exceptions=True)
    error = None if write.cancelled() else write.exception()
    if error is not None and not isinstance(error, ordinary):
        raise error
