"""Whether rows stand where they say in the topic they came from."""

from collections.abc import Mapping
from typing import Any

from sinks.verification.deliveries import EXAMPLES
from sinks.verification.ledger import Ledger
from sinks.verification.position import Position
from sinks.verification.report import Check, Line, Status
from sinks.verification.selection import Selection

_QUESTION = "every row of this topic stands at the place it names"


def check_places(
    ledger: Ledger, topic: str, topic_id: bytes, positions: Mapping[int, Position], selection: Selection
) -> Check:
    """Return whether rows name the places of their messages, a line for each partition and one for earlier topics.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it lacks tables or rights.

    """
    parameters = {**selection.parameters(), "topic_id": topic_id.hex()}
    rows: dict[int, tuple[int, int, list[str]]] = {}
    for number, known, strays, names in ledger.ask_in_shares("strays", parameters):
        before = rows.get(number, (0, 0, []))
        rows[number] = (before[0] + known, before[1] + strays, sorted([*before[2], *names])[:EXAMPLES])
    ends: dict[int, int] = {row[0]: row[1] for row in ledger.ask("ends", parameters)}
    lines = [
        _line(f"{topic}/{number}", rows.get(number, (0, 0, [])), ends.get(number, position.first), position)
        for number, position in sorted(positions.items())
    ]
    return Check("places", _QUESTION, (*lines, *_earlier(ledger, parameters)))


def _line(subject: str, rows: tuple[int, int, list[str]], end: int, position: Position) -> Line:
    known, strays, names = rows
    note = f"offset {position.done} is kept, the topic ends at {end}" if position.done is not None else ""
    return Line(subject, {Status.OK: known, Status.STRAY: strays}, {Status.STRAY: tuple(names)}, note)


def _earlier(ledger: Ledger, parameters: Mapping[str, Any]) -> tuple[Line, ...]:
    count = ledger.ask("earlier_topics", parameters)[0][0]
    note = "rows of topics that are no more, which nothing can be compared with"
    return (Line("earlier topics", {Status.OK: count}, note=note),) if count else ()
