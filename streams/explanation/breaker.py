"""Leaving a model alone that keeps failing."""

import time
from collections.abc import Callable

from streams.explanation import metrics


class Breaker:
    """Opens after `failures` in a row; `rest` seconds later it lets one probe through, which closes it or not."""

    def __init__(self, *, failures: int, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._open_until: float | None = None
        self._probing = False

    def is_open(self) -> bool:
        """Tell whether no work may begin now: the model rests, or a probe is under way."""
        if self._open_until is None:
            return False
        return self._probing or self._clock() < self._open_until

    def begin(self) -> None:
        """Note that work begins; while the model rests no longer than it should, that is the probe."""
        self._probing = self._open_until is not None

    def succeed(self) -> None:
        """Note that the model answered."""
        self._failures = 0
        self._probing = False
        self._open_until = None
        metrics.BREAKER_OPEN.set(0)

    def fail(self) -> None:
        """Note that the model failed."""
        self._failures += 1
        if self._probing or self._failures >= self._limit:
            self._open_until = self._clock() + self._rest
            metrics.BREAKER_OPEN.set(1)
        self._probing = False
