"""A timer for waits that are many and short."""

import asyncio
from collections.abc import Callable
from math import inf


class Alarm:
    """Rings once after a wait that took too long; setting it again and again costs hardly more than reading the clock.

    A timer of the event loop is started only where none runs. When it ends, it looks how far the alarm was moved
    meanwhile, and starts anew for the rest.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._loop = asyncio.get_running_loop()
        self._due = inf
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Ring in so many seconds, and not before."""
        self._due = self._loop.time() + seconds
        if self._timer is not None and self._timer.when() > self._due:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._look)

    def unset(self) -> None:
        """Do not ring."""
        self._due = inf

    def _look(self) -> None:
        self._timer = None
        if self._due <= self._loop.time():
            self._due = inf
            self._ring()
        elif self._due < inf:
            self._timer = self._loop.call_at(self._due, self._look)
