"""What a replay has done so far."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from streams.replay.reanalysis import Unreadable

_NAMED: Final = 20
"""Unreadable messages that are told by name."""
_NUMBERS: Final = (
    "looked_at", "selected", "made", "unchanged", "findings_changed", "published", "requested", "unreadable",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """Counts of events."""

    looked_at: int = 0
    selected: int = 0
    """Those that are meant and can be read."""
    made: int = 0
    """Analyses that were made; the rest had outputs that came before."""
    unchanged: int = 0
    """Those whose row says the same already."""
    findings_changed: int = 0
    """Those whose kinds of findings are others now."""
    published: int = 0
    requested: int = 0
    """Explanations asked for."""
    unreadable: int = 0
    unreadable_places: list[str] = field(default_factory=list)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Verdicts that changed, from what to what; `-` where there was no row."""

    def refuse(self, unreadable: Unreadable) -> None:
        """Count a message that is no event."""
        self.unreadable += 1
        if len(self.unreadable_places) < _NAMED:
            self.unreadable_places.append(f"{unreadable.past.place}: {unreadable.reason}")

    def record(self) -> dict[str, Any]:
        """Return the tally as JSON shows and keeps it."""
        return {name: getattr(self, name) for name in _NUMBERS} | {
            "unreadable_places": list(self.unreadable_places),
            "verdicts": [[old, new, count] for (old, new), count in sorted(self.verdicts.items())],
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the tally of a record; raises KeyError where it is none."""
        tally = cls(**{name: record[name] for name in _NUMBERS})
        tally.unreadable_places = list(record["unreadable_places"])
        tally.verdicts.update({(old, new): count for old, new, count in record["verdicts"]})
        return tally
