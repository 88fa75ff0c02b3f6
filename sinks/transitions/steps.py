"""From the commands of a sitting to the steps between them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final

from sinks.transitions.typed import Typed

PAUSE: Final = timedelta(minutes=30)
"""After this long nothing follows on what was typed before."""

_PAUSE_US: Final = PAUSE // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of `inserted_at`, in microseconds since the Unix epoch: after `since`, up to and with `until`."""

    since: int
    until: int

    def holds(self, *moments: int) -> bool:
        """Whether any of the moments lies in it."""
        return any(self.since < moment <= self.until for moment in moments)


@dataclass(frozen=True, slots=True)
class Step:
    """`command` was typed after `previous`, or after whatever it may be where there is no `previous`."""

    command: Typed
    previous: Typed | None = None
    withdrawn: bool = False
    """Whether a command that arrived later turned out to stand between the two."""


def steps(typed: Iterable[Typed], window: Window) -> Iterator[Step]:
    """Yield the steps that the arrivals of a window make, from commands ordered by tenant, sitting and time.

    The commands are those of every sitting in which something arrived, up to `PAUSE` around it. A withdrawn step
    counts as made and withdrawn, whether or not it was ever made: its table counts sets of events.
    """
    for _, sitting in groupby(typed, key=lambda command: (command.tenant_id, command.sitting)):
        yield from _sitting(list(_once(sitting)), window)


def _once(sitting: Iterable[Typed]) -> Iterator[Typed]:
    """Yield each event once, as it arrived first; its deliveries stand side by side."""
    for _, deliveries in groupby(sitting, key=lambda command: command.event_id):
        yield min(deliveries, key=lambda command: command.inserted_at)


def _sitting(commands: Sequence[Typed], window: Window) -> Iterator[Step]:
    for place, command in enumerate(commands):
        if window.holds(command.inserted_at):
            yield Step(command)
        yield from _before(command, (commands[number] for number in reversed(range(place))), window)


def _before(command: Typed, earlier: Iterable[Typed], window: Window) -> Iterator[Step]:
    """Yield the step from the command before, and withdraw those from commands that were before it for a while.

    `earlier` is nearest first. One of them once stood before `command` if all between arrived after both.
    """
    between: int | None = None
    for previous in earlier:
        if command.started_at - previous.started_at > _PAUSE_US:
            return
        if between is None:
            if window.holds(command.inserted_at, previous.inserted_at):
                yield Step(command, previous)
        elif previous.inserted_at < between and window.holds(between):
            yield Step(command, previous, withdrawn=True)
        between = previous.inserted_at if between is None else min(between, previous.inserted_at)
        if between <= command.inserted_at:
            return
