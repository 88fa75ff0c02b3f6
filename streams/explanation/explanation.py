"""What a model said of a fingerprint, after grounding and policy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from schemas.risk import Risk


class Outcome(StrEnum):
    """The symbols of Analysis.outcome.

    EXPLAINED: there is a text, and every number and name in it stands in what was analysed. UNGROUNDED: what the model
    wrote did not, or was no answer; there is no text. REFUSED: the model declined.
    """

    EXPLAINED = "EXPLAINED"
    UNGROUNDED = "UNGROUNDED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command that a person may run next: a template, why, and our own word on its risk."""

    command: str
    reason: str
    risk: Risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The fields of schemas/source/Analysis.avsc; the texts are templates (see `schemas.placeholders`)."""

    tenant_id: str
    fingerprint: bytes
    created_at: datetime
    model: str
    prompt_version: str
    rules_version: str
    outcome: Outcome
    explanation: str = ""
    likely_causes: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    confidence: float = 0.0
    event_id: UUID
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def key(self) -> bytes:
        """The message key: the newest explanation of a fingerprint is the one that compaction keeps."""
        return f"{self.tenant_id}/{self.fingerprint.hex()}".encode()

    def record(self) -> Mapping[str, Any]:
        """Return the fields as the codec takes them."""
        return asdict(self)
