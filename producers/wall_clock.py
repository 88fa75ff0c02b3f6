"""Noticing that somebody has set the device's clock."""

import time
from collections.abc import Callable

_NOTABLE_SECONDS = 0.5
"""What is less is a clock that is kept right, step by step."""


class WallClock:
    """Compares the clock that people set with the one that nobody can."""

    def __init__(
        self, *, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._ahead = wall() - monotonic()

    def was_set_back(self) -> bool:
        """Return whether the wall clock was set back since the last call."""
        before, self._ahead = self._ahead, self._wall() - self._monotonic()
        return self._ahead < before - _NOTABLE_SECONDS
