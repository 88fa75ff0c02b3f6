"""Whether an event is more than one row."""

from collections.abc import Iterable, Sequence
from typing import Any

from sinks.tables import COMMANDS
from sinks.verification.deliveries import EXAMPLES
from sinks.verification.ledger import Ledger
from sinks.verification.report import Check, Line, Status
from sinks.verification.selection import Selection

_QUESTION = "every event is one row: visibly, and physically once ClickHouse has merged"


def check_copies(ledger: Ledger, selection: Selection) -> Check:
    """Return how many events are one row, how many wait for a merge, and how many readers see more than once.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it lacks tables or rights.

    """
    events, copied, names = _sum(ledger.ask_in_shares("copies", selection.parameters()))
    visible, twins = _sum_visible(ledger, selection) if copied else (0, ())
    merging = copied - visible
    counts = {Status.OK: events - copied, Status.NOT_YET: merging, Status.DUPLICATED: visible}
    waiting = tuple(name for name in names if name not in twins) if merging else ()
    note = f"{merging:,} events have rows that the next merge removes; readers see one" if merging else ""
    line = Line(COMMANDS, counts, {Status.NOT_YET: waiting, Status.DUPLICATED: twins}, note)
    return Check("rows", _QUESTION, (line,))


def _sum(shares: Iterable[Sequence[Any]]) -> tuple[int, int, tuple[str, ...]]:
    events, copied, names = 0, 0, list[str]()
    for count, more, examples in shares:
        events, copied = events + count, copied + more
        names = sorted([*names, *examples])[:EXAMPLES]
    return events, copied, tuple(names)


def _sum_visible(ledger: Ledger, selection: Selection) -> tuple[int, tuple[str, ...]]:
    shares = ledger.ask_in_shares("visible_copies", selection.parameters())
    visible, _, names = _sum((count, 0, names) for count, names in shares)
    return visible, names
