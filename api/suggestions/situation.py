"""What suggestions are asked for: the last command, what it showed, and what it says of the things it named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from schemas.command_form import Argument, form_of
from schemas.placeholders import Statement, placeholder_values


@dataclass(frozen=True, slots=True)
class Execution:
    """The execution that is the context: a row of `api.queries.suggestions.latest` or `executed`."""

    os_type: str
    command: str
    verdict: str
    fingerprint: str
    """32 hexadecimal digits."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the placeholders of an explanation stand for."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Return a row of ClickHouse's answer."""
        statements = [
            Statement(
                kind=finding["kind"],
                severity=finding["severity"],
                subject=finding["subject"],
                line=finding["line_start"],
                facts=finding["facts"],
            )
            for finding in row["findings"]
        ]
        return cls(
            os_type=row["os_type"],
            command=row["command"],
            verdict=row["verdict"],
            fingerprint=row["fingerprint"],
            values=placeholder_values(statements, row["facts"]),
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when somebody is about to type."""

    os_type: str
    after: str = ""
    verdict: str = ""
    fingerprint: str = ""
    prefix: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the placeholders of the fingerprint's explanation stand for in this execution."""

    @property
    def previous(self) -> str:
        """The key of the last command's form, under which its followers are counted; empty without one."""
        return form_of(self.after).key

    @property
    def stem(self) -> str:
        """The first word of the prefix in lower case: every suggestion begins with it."""
        return "".join(self.prefix.lower().split()[:1])

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """What the last command names."""
        return form_of(self.after).arguments
