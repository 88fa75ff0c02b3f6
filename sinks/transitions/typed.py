"""A command that a person typed, as `typed_commands` keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from schemas.command_form import Form, form_of


class Outcome(StrEnum):
    """Whether a command did what was asked; one that shows something bad did."""

    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Typed:
    """One row of `typed_commands`; times are microseconds since the Unix epoch."""

    tenant_id: str
    sitting: str
    started_at: int
    event_id: UUID
    user_id: str
    os_type: str
    command: str
    status: str
    verdict: str
    finding_kinds: Sequence[str]
    inserted_at: int

    @property
    def form(self) -> Form:
        """The command's form."""
        return form_of(self.command)

    @property
    def outcome(self) -> Outcome:
        """Denied and failed by the status or by the findings about the command itself, not by what it found.

        A ping without an answer exits as failed, and its finding says why: it was done. A router that does not know
        a command ends as well as ever, and its finding says so: it failed.
        """
        if self.status == "DENIED" or "access.denied" in self.finding_kinds:
            return Outcome.DENIED
        if self.status == "TIMEOUT" or any(kind.startswith("command.") for kind in self.finding_kinds):
            return Outcome.FAILED
        return Outcome.FAILED if self.status == "FAILED" and not self.finding_kinds else Outcome.DONE
