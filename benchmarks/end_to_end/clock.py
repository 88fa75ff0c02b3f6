"""One clock for all processes of a run: Linux's monotonic one, which they share."""

import time
from dataclasses import dataclass
from typing import Self


def now() -> float:
    """Return milliseconds of the monotonic clock."""
    return time.monotonic_ns() / 1e6


@dataclass(frozen=True, slots=True)
class WallClock:
    """Translates times since the Unix epoch, as brokers and events state them."""

    ahead: float
    """Milliseconds between the two clocks' zeros."""

    @classmethod
    def read(cls) -> Self:
        """Compare the clocks as they are now."""
        return cls(time.time_ns() / 1e6 - now())

    def monotonic(self, epoch_milliseconds: float) -> float:
        """Return the same moment on the monotonic clock."""
        return epoch_milliseconds - self.ahead


def sleep_until(moment: float) -> None:
    """Return at a moment of the monotonic clock, at once where it has passed."""
    remaining = moment - now()
    if remaining > 0:
        time.sleep(remaining / 1e3)
