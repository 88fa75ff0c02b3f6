"""Waiting for a machine that has nothing else to do."""

from typing import Final

import psutil

from benchmarks.end_to_end.clock import now

_CALM_PERCENT: Final = 35.0
_LOOK_SECONDS: Final = 1.5


def await_calm(patience: float) -> float:
    """Wait until the machine is hardly busy, `patience` seconds at most; return how busy it was at the last look.

    That is the share of all cores' time, in percent; the path itself takes some of it while it has no events.
    """
    deadline = now() + 1e3 * patience
    while True:
        busy = psutil.cpu_percent(interval=_LOOK_SECONDS)
        if busy <= _CALM_PERCENT or now() > deadline:
            return busy
