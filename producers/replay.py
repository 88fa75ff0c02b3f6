"""Publishing a recording from its first line to its last."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from producers.envelope import seal
from producers.errors import RecordingError
from producers.pace import Pace
from producers.publisher import Outcome, Publisher, Receipt
from producers.recordings import Line, RecordingReader
from runtime.errors import NetcopilotError


@dataclass(slots=True)
class Tally:
    """What became of the events so far; changed on the publisher's thread."""

    published: int = 0
    bad_lines: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    first_error: NetcopilotError | None = None

    def add(self, receipt: Receipt) -> None:
        """Count a receipt."""
        self.outcomes[receipt.outcome] += 1
        self.first_error = self.first_error or receipt.error

    @property
    def done(self) -> int:
        """Events that have their receipt."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Summary:
    """How a replay ended; `waiting` says that some events are still in the spool."""

    tally: Tally
    seconds: float
    waiting: bool

    def __str__(self) -> str:
        outcomes = self.tally.outcomes
        rate = self.tally.published / self.seconds if self.seconds else 0.0
        parts = [f"{self.tally.published} events in {self.seconds:.2f} s ({rate:,.0f}/s)"]
        if self.waiting:
            parts.append("some wait in the spool for the broker; the next run or an agent sends them")
        if outcomes[Outcome.REFUSED]:
            parts.append(f"{outcomes[Outcome.REFUSED]} lost ({self.tally.first_error})")
        if self.tally.bad_lines:
            parts.append(f"{self.tally.bad_lines} bad lines")
        return "; ".join(parts)


class Replay:
    """Reads lines, publishes their events, and counts."""

    def __init__(self, reader: RecordingReader, publisher: Publisher, pace: Pace) -> None:
        self._reader = reader
        self._publisher = publisher
        self._pace = pace
        self.tally = Tally()

    def run(self, lines: Iterable[Line], *, on_bad_line: Callable[[Line, RecordingError], None]) -> None:
        """Publish every line; a line that is no execution is given to `on_bad_line`, counted and passed over."""
        for line in lines:
            self._pace.wait()
            try:
                event = self._reader.read(line.text)
            except RecordingError as error:
                self.tally.bad_lines += 1
                on_bad_line(line, error)
                continue
            self._publisher.publish(seal(event), self.tally.add)
            self.tally.published += 1

    def finish(self, *, started: float, patience: float) -> Summary:
        """Wait while the broker acknowledges at least something every `patience` seconds; the rest is spooled."""
        self._publisher.settle(patience)
        self._publisher.close(0)
        return Summary(self.tally, time.monotonic() - started, waiting=self._publisher.has_backlog())
