"""Sending dead letters again, in order, each counted."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from runtime.errors import DataError
from sinks.dlq.letter import Letter, Position
from sinks.dlq.post import Post

_TOGETHER = 500
"""Letters whose deliveries are awaited together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a replay is held to."""

    most_replays: int
    """A letter that was sent again so often is refused."""
    stop_on_error: bool = False
    rate: float | None = None
    """Letters a second at most."""
    dry_run: bool = False


@dataclass(slots=True)
class Tally:
    """How far a replay came."""

    sent: Counter[str] = field(default_factory=Counter)
    """Letters by the topic they went to."""
    refused: int = 0
    repeated: int = 0
    """Letters of a message that another letter had told of: a process died before it noted the first."""
    reached: Position | None = None
    """Where to go on: all before is done."""

    @property
    def taken(self) -> int:
        """Letters that were looked at."""
        return self.sent.total() + self.refused + self.repeated


class Replay:
    """Sends letters; of what it says it has sent, the broker has everything."""

    def __init__(self, post: Post, terms: Terms, *, on_refusal: Callable[[Letter, str], None]) -> None:
        self._post = post
        self._terms = terms
        self._on_refusal = on_refusal
        self._waiting: list[Letter] = []
        self._together = min(_TOGETHER, max(1, int(terms.rate or _TOGETHER)))
        self._known: set[tuple[str, int, int, int]] = set()
        self.tally = Tally()

    def run(self, letters: Iterable[Letter]) -> None:
        """Send the letters.

        Raises:
            DataError: one was refused, and the terms say to stop then; what stood before it was sent.
            TransientError: the broker did not take all.

        """
        reached = None
        for letter in letters:
            self._take(letter)
            reached = letter.position.next
            if len(self._waiting) >= self._together:
                self._send(reached)
        self._send(reached)

    def _take(self, letter: Letter) -> None:
        if reason := self._refusal(letter):
            self._refuse(letter, reason)
        elif self._is_known(letter):
            self.tally.repeated += 1
        else:
            self._waiting.append(letter)

    def _refusal(self, letter: Letter) -> str:
        if not self._post.serves(letter.death.topic):
            return "it does not say from which of the platform's topics it came"
        if letter.replays >= self._terms.most_replays:
            return f"it was sent again {letter.replays} times already"
        return ""

    def _refuse(self, letter: Letter, reason: str) -> None:
        if self._terms.stop_on_error:
            self._send(letter.position)
            raise DataError(f"{letter.position}: {reason}")
        self.tally.refused += 1
        self._on_refusal(letter, reason)

    def _is_known(self, letter: Letter) -> bool:
        death = letter.death
        name = (death.topic, death.partition, death.offset, hash(letter.value))
        known = name in self._known
        self._known.add(name)
        return known

    def _send(self, reached: Position | None) -> None:
        if not self._terms.dry_run:
            self._post.send(self._waiting)
        self.tally.sent.update(letter.death.topic for letter in self._waiting)
        self.tally.reached = reached
        if self._terms.rate is not None and not self._terms.dry_run:
            time.sleep(len(self._waiting) / self._terms.rate)
        self._waiting = []
