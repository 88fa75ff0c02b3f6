"""How far back a page of the newest executions is looked for.

The table is ordered by device, so "the newest of all devices" has no index of its own, and FINAL reads all that the
conditions admit before it sorts; a lower bound lets the time index leave out what is older. The windows grow until the
page is full.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from api.queries.history import Bounds
from api.timepoint import epoch_microseconds

_WINDOWS = (timedelta(minutes=5), timedelta(hours=6))
_MICROSECOND = timedelta(microseconds=1)


def widening(where: Bounds, *, now: datetime) -> Iterator[Bounds]:
    """Yield ever wider bounds; the last are those given."""
    newest = _newest_us(where, now)
    for window in _WINDOWS:
        since = newest - window // _MICROSECOND
        if where.since_us is None or since > where.since_us:
            yield replace(where, since_us=since)
    yield where


def _newest_us(where: Bounds, now: datetime) -> int:
    candidates = [epoch_microseconds(now), where.until_us]
    if where.after is not None:
        candidates.append(where.after.started_us)
    return min(candidate for candidate in candidates if candidate is not None)
