"""Keeping to a rate."""

import time
from collections.abc import Callable


class Pace:
    """Lets steps through at `rate` a second, evenly; None lets all through at once."""

    def __init__(
        self,
        rate: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._interval = 0.0 if rate is None else 1 / rate
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def wait(self) -> None:
        """Wait until the next step is due; what is late is caught up with."""
        if not self._interval:
            return
        delay = self._next - self._clock()
        if delay > 0:
            self._sleep(delay)
        self._next += self._interval
