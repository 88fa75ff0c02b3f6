"""What a fleet's agents see: every run drifts, some rows move, and now and then something breaks for a while."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.fleet.devices import Check
from streams.analysis import Execution
from tests.streams.analysis.mutants.catalogue import drifted
from tests.streams.analysis.mutants.faults import FAULTS
from tests.streams.analysis.mutants.faults.execution import EXECUTION_FAULTS
from tests.streams.analysis.mutants.rows import ROW_CHANGES

INCIDENT_SHARE: Final = 0.02
_MOVED_ROWS_SHARE: Final = 0.03
_SHORTEST_RUNS: Final = 3
_LONGEST_RUNS: Final = 12
_ENDS_SHARE: Final = 0.2
_MEAN_RUNS: Final = (_SHORTEST_RUNS + _LONGEST_RUNS) / 2
_BREAKS: Final = INCIDENT_SHARE / _MEAN_RUNS / (1 - INCIDENT_SHARE)
"""Probability that an incident begins with a run, so that INCIDENT_SHARE of all runs stand in one."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution, when it was, and whether something was broken."""

    minute: int
    execution: Execution
    usual: Execution
    incident: bool


@dataclass(slots=True)
class _Situation:
    """How a check's device is: as usual, or broken for some more runs."""

    check: Check
    broken: Execution | None = None
    runs_left: int = 0


def runs(checks: Sequence[Check], minutes: int, random: Random) -> Iterator[Run]:
    """Yield what all checks see in `minutes`, in the order of time."""
    situations = [_begun(check, random) for check in checks]
    for minute in range(minutes):
        for situation in situations:
            check = situation.check
            if minute % check.minutes == check.first:
                _happen(situation, random)
                seen = situation.broken or check.execution
                yield Run(minute, _seen(seen, random), check.execution, incident=situation.broken is not None)


def _begun(check: Check, random: Random) -> _Situation:
    """Return how things stand when the day begins: INCIDENT_SHARE of them broken."""
    if random.random() >= INCIDENT_SHARE:
        return _Situation(check)
    return _Situation(check, _break(check.execution, random), random.randint(1, _LONGEST_RUNS))


def _happen(situation: _Situation, random: Random) -> None:
    """Let an incident begin, go on or end."""
    if situation.runs_left:
        situation.runs_left -= 1
    elif random.random() < _BREAKS:
        situation.broken = _break(situation.check.execution, random)
        situation.runs_left = random.randint(_SHORTEST_RUNS, _LONGEST_RUNS) - 1
    else:
        situation.broken = None


def _break(execution: Execution, random: Random) -> Execution | None:
    """Return the execution with one of the faults that it can show; most of them are no failed commands."""
    specific = [fault for fault in FAULTS if fault not in EXECUTION_FAULTS]
    broken = [changed for fault in specific if (changed := fault.apply(execution, random)) is not None]
    if broken and random.random() > _ENDS_SHARE:
        return random.choice(broken)
    return random.choice(EXECUTION_FAULTS).apply(execution, random)


def _seen(execution: Execution, random: Random) -> Execution:
    if random.random() < _MOVED_ROWS_SHARE:
        execution = random.choice(ROW_CHANGES).apply(execution, random) or execution
    return drifted(execution, random)
