"""What a run costs."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

import psutil

START_SHARE: Final = 0.1
"""Part of the backlog that is not measured: the start of processes, joining the group, the first look at anything."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the measured part of a backlog took, all processes together."""

    events: int
    seconds: float
    cpu_seconds: float
    largest_bytes: int
    """Of the resident memory of the largest process, at its most."""

    @property
    def events_per_second(self) -> float:
        """Events a second of the clock."""
        return self.events / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor time an event."""
        return 1e6 * self.cpu_seconds / self.events


class _Reading(NamedTuple):
    events: int
    seconds: float
    cpu_seconds: float


class Meter:
    """Measures processes and their children between a tenth of a backlog and its end."""

    def __init__(self, processes: Sequence[psutil.Process]) -> None:
        self._processes = processes
        self._first: _Reading | None = None
        self._last: _Reading | None = None
        self._largest_bytes = 0

    def look(self, done: int, *, of: int) -> bool:
        """Note how far the work is; return whether all is done."""
        family = [each for process in self._processes for each in (process, *process.children(recursive=True))]
        reading = _Reading(done, time.perf_counter(), sum(map(_cpu_seconds, family)))
        self._largest_bytes = max(self._largest_bytes, *map(_resident_bytes, family), 0)
        if done >= START_SHARE * of:
            self._first = self._first or reading
        self._last = reading
        return done >= of

    def cost(self) -> Cost:
        """Return what was spent between the first and the last look that count.

        Raises:
            ValueError: the backlog was worked off between two looks.

        """
        if self._first is None or self._last is None or self._first.events == self._last.events:
            raise ValueError("the backlog is too short to be measured: give it more events")
        events, seconds, cpu_seconds = (b - a for a, b in zip(self._first, self._last, strict=True))
        return Cost(int(events), seconds, cpu_seconds, self._largest_bytes)


def _cpu_seconds(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _resident_bytes(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0
