"""What the fleet's agents see during a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.fleet.day import runs
from benchmarks.fleet.devices import checks_of
from streams.analysis import Execution

_DEVICES: Final = 200
_MINUTES: Final = 24 * 60
_LONGEST_OUTPUT: Final = 2_500
"""Longer outputs are left out, so that half of those that remain are shorter than about 600 characters."""
_SKEW: Final = 3.0
"""How much likelier outputs are repeated that were seen often: the rank is uniform to this power."""


@dataclass(frozen=True, slots=True)
class Sight:
    """An execution on a device."""

    device: str
    execution: Execution


def sights(count: int, *, new_share: float, random: Random) -> list[Sight]:
    """Return `count` executions in their order; of their outputs, `new_share` were never seen before.

    New ones drift as benchmarks.fleet has them: counters and times move, rows change places, 2 % stand in an incident.
    The others are repeated, few of them often and most of them rarely.
    """
    fresh = _fresh(random)
    known: list[Sight] = [next(fresh)]
    return [_next(known, fresh, new_share, random) for _ in range(count)]


def _next(known: list[Sight], fresh: Iterator[Sight], new_share: float, random: Random) -> Sight:
    if random.random() < new_share:
        known.append(next(fresh))
        return known[-1]
    return known[int(len(known) * random.random() ** _SKEW)]


def _fresh(random: Random) -> Iterator[Sight]:
    """Yield executions whose outputs were not yielded before."""
    seen = set()
    for run in runs(checks_of(_DEVICES, random), _MINUTES, random):
        output = run.execution.output
        if len(output) <= _LONGEST_OUTPUT and output not in seen:
            seen.add(output)
            yield Sight(f"device-{len(seen) % _DEVICES}", run.execution)
