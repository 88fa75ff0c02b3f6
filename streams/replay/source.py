"""Where history comes from, as a replay sees it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from streams.analysis.analysis import Analysis

MOST_TOGETHER = 500
"""Events of a stretch at most: what is done again after a crash."""


@dataclass(frozen=True, slots=True)
class Past:
    """A message of commands.executed as it was, or as it would have been; a `Record` of the driver's."""

    place: str
    """Where to find it, for people."""
    partition: int
    offset: int
    timestamp: int
    """When it was read: the analysis' latency counts from there."""
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Stretch(NamedTuple):
    """Events that are analysed together. `position` is where to go on once all of them are done."""

    events: Sequence[Past]
    position: str
    looked_at: int
    """What this adds to the count that the source's `remaining` tells."""
    known: Mapping[UUID, Analysis] | None = None
    """Current analyses by event, where they were read with the events."""


class Source(Protocol):
    """History in a fixed order. All methods raise TransientError or ConfigurationError."""

    def begin(self) -> str:
        """Return the position of the scope's begin."""

    def remaining(self, position: str) -> int:
        """Return about how much there is to look at from a position on."""

    def stretches(self, position: str) -> Iterator[Stretch]:
        """Yield what follows a position, up to the scope's end."""
