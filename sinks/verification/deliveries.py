"""Whether every message became a row, or a dead letter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sinks.verification.ledger import Ledger
from sinks.verification.position import Position
from sinks.verification.report import Check, Line, Status
from sinks.verification.selection import Selection
from sinks.verification.sighting import Source

EXAMPLES: Final = 5
"""How many events are named of each status, here as in the statements."""
_QUESTIONS: Final = {
    Source.EXECUTED: "every execution published by an agent was analysed, or is a dead letter",
    Source.ANALYZED: "every analysed execution is a row, or a dead letter",
}


def check_deliveries(
    ledger: Ledger, source: Source, topic: str, positions: Mapping[int, Position], selection: Selection
) -> Check:
    """Return what became of a topic's messages, a line for each partition.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it lacks tables or rights.

    """
    parameters = {**selection.parameters(), "source": source.value}
    tallies: defaultdict[int, _Tally] = defaultdict(_Tally)
    for row in ledger.ask_in_shares("outcomes", parameters):
        tallies[row[0]].add(row)
    lines = [tallies[number].line(f"{topic}/{number}", positions[number]) for number in sorted(positions)]
    return Check(source.value, _QUESTIONS[source], tuple(lines))


class _Tally:
    """Sums up a partition's outcomes over the shares."""

    def __init__(self) -> None:
        self._counts: dict[Status, int] = {}
        self._names: dict[Status, list[str]] = {}
        self._repeated = 0

    def add(self, row: Sequence[Any]) -> None:
        _, outcome, messages, events, names = row
        status = Status(outcome)
        self._counts[status] = self._counts.get(status, 0) + messages
        self._repeated += messages - events
        self._names[status] = sorted([*self._names.get(status, ()), *names])[:EXAMPLES]

    def line(self, subject: str, position: Position) -> Line:
        counts = dict(self._counts)
        counts[Status.LOST] = counts.get(Status.LOST, 0) + position.expired
        examples: dict[Status, tuple[str, ...]] = {
            status: tuple(names) for status, names in self._names.items() if status is not Status.OK
        }
        return Line(subject, counts, examples, "; ".join(self._notes(position)))

    def _notes(self, position: Position) -> Iterable[str]:
        if position.expired:
            yield f"offsets {position.done} to {position.first - 1} were deleted by the broker before they were done"
        if self._repeated:
            yield f"{self._repeated} messages repeat an event, as delivery at least once may"
        if position.done is None and self._counts:
            yield "nobody has noted a position here yet"
