"""What a verification found: checks, a line for each thing they looked at, and the verdict of all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Status(StrEnum):
    """What became of events, from harmless to grave."""

    OK = "OK"
    DEAD = "dead letter"
    """In the dead letters, with a reason: not lost."""
    NOT_YET = "not yet"
    """On its way: not analysed, written or merged so far."""
    STRAY = "STRAY"
    """A row that names a place in the topic where another event stands, or none."""
    DUPLICATED = "DUPLICATED"
    LOST = "LOST"


FAULTS: Final = (Status.STRAY, Status.DUPLICATED, Status.LOST)
_ORDER: Final = tuple(Status)


@dataclass(frozen=True, slots=True)
class Line:
    """One partition, agent or table: how many events of each status, and the first few of those that stand out."""

    subject: str
    counts: Mapping[Status, int]
    examples: Mapping[Status, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""

    @property
    def status(self) -> Status:
        """The gravest status that occurs; dead letters alone leave a line OK."""
        worst = max((status for status, count in self.counts.items() if count), key=_ORDER.index, default=Status.OK)
        return Status.OK if worst is Status.DEAD else worst

    def record(self) -> dict[str, Any]:
        """Return the line as JSON shows it."""
        return {
            "subject": self.subject,
            "status": self.status,
            "counts": {status: count for status, count in self.counts.items() if count},
            "examples": {status: list(names) for status, names in self.examples.items() if names},
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison. `question` says in a sentence what is compared."""

    name: str
    question: str
    lines: tuple[Line, ...]

    def total(self, status: Status) -> int:
        """Return how many events of all lines have a status."""
        return sum(line.counts.get(status, 0) for line in self.lines)

    def record(self) -> dict[str, Any]:
        """Return the check as JSON shows it."""
        return {"name": self.name, "question": self.question, "lines": [line.record() for line in self.lines]}


@dataclass(frozen=True, slots=True)
class Report:
    """All checks."""

    checks: tuple[Check, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing is lost, duplicated or stray; what is on its way, or a dead letter, is neither."""
        return not any(check.total(fault) for check in self.checks for fault in FAULTS)

    def record(self) -> dict[str, Any]:
        """Return the report as JSON shows it."""
        totals = {status: sum(check.total(status) for check in self.checks) for status in FAULTS}
        return {"clean": self.clean, "faults": totals, "checks": [check.record() for check in self.checks]}
