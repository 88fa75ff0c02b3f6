"""A statement about an output that a reader can check against that output."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

UNKNOWN: Final = "unknown"
"""The verdict of an output that was neither parsed nor matched by any rule."""


class Severity(IntEnum):
    """How bad it is; ordered, so that the highest of several is their `max`."""

    OK = 0
    INFO = 1
    WARNING = 2
    CRITICAL = 3

    @property
    def symbol(self) -> str:
        """The name used in events: `ok`, `info`, `warning` or `critical`."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Excerpt:
    r"""A verbatim piece of an output and the lines it stands on.

    Lines are 1-based and end at `\n`; an output without any text is quoted as `""` on lines 0 to 0.
    """

    text: str
    line_start: int
    line_end: int


NOTHING: Final = Excerpt("", 0, 0)
"""What can be quoted of an output that holds no text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing concerned, what is the matter with it, and the proof.

    `evidence` is a verbatim excerpt of the output, found on lines `line_start` to `line_end`.
    `facts` holds the numbers and words that the rule used, as they stand in this output.
    """

    kind: str
    severity: Severity
    subject: str
    evidence: str
    line_start: int
    line_end: int
    facts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def quoting(
        cls,
        excerpt: Excerpt,
        kind: str,
        severity: Severity,
        subject: str,
        facts: Mapping[str, str] | None = None,
    ) -> "Finding":
        """Return the finding that `excerpt` proves."""
        return cls(
            kind=kind,
            severity=severity,
            subject=subject,
            evidence=excerpt.text,
            line_start=excerpt.line_start,
            line_end=excerpt.line_end,
            facts=facts or {},
        )

    def record(self) -> dict[str, Any]:
        """Return the fields that events and answers have in common, the severity by its symbol."""
        return {
            "kind": self.kind,
            "severity": self.severity.symbol,
            "subject": self.subject,
            "evidence": self.evidence,
            "line_start": self.line_start,
            "line_end": self.line_end,
            "facts": dict(self.facts),
        }
